"""The tags of a scenario, made into values: ids, relations, dates and the texts of files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mockportal.errors import FileError, hint
from mockportal.files.pointers import escape
from mockportal.files.shape_problems import shown
from mockportal.files.strict_yaml import Tagged, YamlFile
from mockportal.files.text import read_inside
from mockportal.state.clock import duration, german_day, shifted, timestamp
from mockportal.state.data_model import DataModel
from mockportal.state.scenario_files import dropped, place_in
from mockportal.values import Json

_FILE_BYTES = 1024 * 1024


class StillNeeded(FileError):
    """A record is dropped, and another one refers to it."""


def told_once(mistakes: Iterable[FileError]) -> list[FileError]:
    """The mistakes, with one for each record that is dropped although others need it."""
    told: dict[object, FileError] = {}
    for mistake in mistakes:
        told.setdefault(mistake.place if isinstance(mistake, StillNeeded) else mistake, mistake)
    return list(told.values())


@dataclass(frozen=True, slots=True)
class Tags:
    """The context of tags: the files that they stand in, the instant `now`, and the ids of all records by alias.

    Everything raises `FileError`.
    """

    files: Sequence[YamlFile]
    data: DataModel
    now: datetime
    aliases: Mapping[str, Mapping[str, str]]

    def whole(self, value: Json, at: str) -> Json:
        """`value` with every tag in it resolved."""
        if isinstance(value, Tagged):
            return self.resolved(value, at)
        if isinstance(value, dict):
            return {name: self.whole(item, f"{at}/{escape(name)}") for name, item in value.items()}
        if isinstance(value, list):
            return [self.whole(item, f"{at}/{number}") for number, item in enumerate(value)]
        return value

    def resolved(self, tagged: Tagged, at: str) -> Json:
        """The value that a tag at a pointer of the merged tree stands for."""
        value = tagged.value
        if tagged.tag == "!patch":
            raise self._error(at, "!patch changes a whole record or token; it cannot stand here")
        if tagged.tag == "!rel":
            listed = value if isinstance(value, list) else [value]
            if not all(isinstance(one, str) for one in listed):
                raise self._error(at, "!rel needs a text such as contact/anna, or a list of them")
            return self.data.relation_form.made(*(self.id_of(at, one) for one in listed))
        if not isinstance(value, str):
            raise self._error(at, f"{tagged.tag} needs a text")
        if tagged.tag == "!id":
            return self.id_of(at, value)
        if tagged.tag == "!file":
            return self._file(at, value)
        if tagged.tag == "!drop":
            raise self._error(at, "!drop removes something inherited; there is nothing here")
        try:
            moment = shifted(self.now, duration(value))
        except ValueError as error:
            raise self._error(at, str(error)) from None
        return timestamp(moment) if tagged.tag == "!time" else german_day(moment).isoformat()

    def id_of(self, at: str, path: str, only: str = "") -> str:
        """The id of the record that `path` names as `kind/alias`, of the kind `only` if that is given."""
        kind, _, alias = path.partition("/")
        if kind not in self.data.kinds or (only and kind != only):
            near = hint(kind, self.data.kinds)
            raise self._error(at, f"{shown(path)} names no {only or 'collection'}{near}")
        known = self.aliases.get(kind, {})
        if alias in known:
            return known[alias]
        place = dropped(self.files, kind, alias)
        if place is not None:
            raise StillNeeded(place, f"is dropped, but {place_in(self.files, at)} needs it")
        alone = not any("extends" in file.value for file in self.files)
        raise self._error(at, f"{'no `extends`, so ' * alone}there is no {path}{hint(alias, known)}")

    def _file(self, at: str, name: str) -> str:
        holder = Path(place_in(self.files, at).file)
        try:
            return read_inside(holder.parent, name, _FILE_BYTES)
        except FileError as error:
            raise self._error(at, f"{shown(name)} {error.problem}") from None

    def _error(self, at: str, problem: str) -> FileError:
        return FileError(place_in(self.files, at), problem)
