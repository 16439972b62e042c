"""A scenario: its merged files as a plan, and the plan built into a state for a seed and a clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from mockportal.errors import FileError, hint
from mockportal.files.pointers import escape, pointer_to
from mockportal.files.strict_yaml import Tagged, YamlFile
from mockportal.spec.operations import JSON_TYPE
from mockportal.spec.spec import Spec
from mockportal.state.clock import Clock, clock_at, duration, german_day, instant, timestamp
from mockportal.state.data_model import DataModel, Kind, Token
from mockportal.state.ids import stable_id
from mockportal.state.rules import Rule, rule_of
from mockportal.state.scenario_files import load_files
from mockportal.state.store import Draft, State
from mockportal.values import Json, Record

_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a world starts from."""

    name: str
    about: str
    seed: int
    clock: Clock
    state: State
    tokens: Mapping[str, Token]
    rules: tuple[Rule, ...]
    expect: tuple[Record, ...]
    aliases: Mapping[str, Mapping[str, str]]
    data: DataModel

    def id_of(self, kind: str, name: str) -> str:
        """The id that `name` means in a collection: the record with that alias, else `name` itself."""
        return self.aliases.get(kind, {}).get(name, name)


@dataclass(frozen=True, slots=True)
class ScenarioPlan:
    """A scenario read and merged, tags unresolved: it can be built for any seed and clock."""

    name: str
    files: tuple[YamlFile, ...]  # the most derived one first
    tree: Record
    spec: Spec
    data: DataModel

    def build(self, seed: int | None = None, clock: Clock | None = None) -> Scenario:
        """The scenario for `seed` and `clock` (its own where None). Raises `FileError`."""
        return _Builder(self, seed, clock).scenario()

    def where(self, at: str) -> str:
        """File, line and pointer of the value at a pointer of the merged tree."""
        for file in self.files:
            if file.holds(at):
                return file.where(at)
        return max(self.files, key=lambda file: file.line(at)).where(at)


def load_scenario(name: str, folders: Sequence[Path], spec: Spec, data: DataModel) -> ScenarioPlan:
    """Reads the scenario `name` (or a path to its file) and what it extends. Raises `FileError`.

    What its records say is looked at when it is built.
    """
    files, tree = load_files(name, folders, spec.operations, data)
    return ScenarioPlan(Path(name).stem, files, tree, spec, data)


def empty_scenario(name: str, spec: Spec, data: DataModel) -> ScenarioPlan:
    """A scenario without any record, for a document that comes without one."""
    return ScenarioPlan(name, (), {"entities": {}}, spec, data)


class _Builder:
    def __init__(self, plan: ScenarioPlan, seed: int | None, clock: Clock | None) -> None:
        self._plan = plan
        self._data = plan.data
        self._tree = plan.tree
        self._seed: int = seed if seed is not None else plan.tree.get("seed", 0)
        self._clock = clock if clock is not None else self._own_clock()
        self._now = self._clock.now()
        self._aliases: dict[str, dict[str, str]] = {}

    def scenario(self) -> Scenario:
        entities = self._tree["entities"]
        for kind, records in entities.items():
            self._aliases[kind] = {
                alias: self._id(self._data.kinds[kind], alias, record) for alias, record in records.items()
            }
        draft = Draft(State(), self._now, self._seed, data=self._data)
        for kind, records in entities.items():
            for alias, record in records.items():
                draft.collection(kind).put(self._record(self._data.kinds[kind], alias, record, draft))
        tokens = self._tokens(draft)
        return Scenario(
            name=self._plan.name,
            about=self._tree.get("about", ""),
            seed=self._seed,
            clock=self._clock,
            state=draft.state,
            tokens=MappingProxyType(tokens),
            rules=self._rules(),
            expect=tuple(self._value(self._tree.get("expect", []), "/expect")),
            aliases=MappingProxyType(self._aliases),
            data=self._data,
        )

    def _own_clock(self) -> Clock:
        raw = self._tree.get("clock", "2026-06-15T09:00:00+02:00")
        text, ticking = (raw["now"], raw.get("mode") == "ticking") if isinstance(raw, dict) else (raw, False)
        try:
            moment = instant(text)
        except ValueError:
            raise self._error("/clock", f"{text!r} is not an RFC 3339 instant") from None
        try:
            return clock_at(moment, ticking)
        except ValueError as error:
            raise self._error("/clock", str(error)) from None

    def _id(self, kind: Kind, alias: str, record: Record) -> str:
        explicit = record.get(kind.key)
        if isinstance(explicit, str):
            return explicit
        if kind.ids == "alias":
            return alias
        if isinstance(explicit, Tagged) and explicit.tag == "!id":
            other, _, name = str(explicit.value).partition("/")
            return self._id(
                self._data.kinds[other], name, self._tree["entities"].get(other, {}).get(name, {})
            )
        return stable_id(kind.ids, self._seed, kind.name, alias, self._activity_time(record))

    def _activity_time(self, record: Record) -> datetime:
        text = record.get("timestamp")
        try:
            return instant(text) if isinstance(text, str) else self._now
        except ValueError:
            return self._now

    def _record(self, kind: Kind, alias: str, raw: Record, draft: Draft) -> Record:
        at = pointer_to("entities", kind.name, alias)
        record: Record = {kind.key: self._aliases[kind.name][alias], **self._value(raw, at)}
        record = self._data.complete(kind, record, alias, draft, timestamp(self._now))
        self._check_inverses(kind, record, at)
        if kind.schema is not None:
            for violation in self._plan.spec.schema(kind.schema).violations(record, kind.name):
                raise self._error(at + violation.path, violation.message)
        return record

    def _check_inverses(self, kind: Kind, record: Record, at: str) -> None:
        """Raises `FileError` for a relation that is written at its far end, where it would be forgotten."""
        inverses = self._data.inverses
        for name in sorted(record.keys() & set(inverses.values())):
            if (kind.name, name) in inverses:
                continue  # stored here, and an inverse elsewhere
            if self._data.relation_form.ids(record[name]):
                forward = [
                    f"{other}.{attribute}" for (other, attribute), one in inverses.items() if one == name
                ]
                raise self._error(f"{at}/{name}", f"is the inverse of {' or '.join(forward)}: set it there")

    def _tokens(self, draft: Draft) -> dict[str, Token]:
        """The static tokens by their text."""
        tokens: dict[str, Token] = {}
        for name, raw in self._tree.get("tokens", {}).items():
            at = pointer_to("tokens", name)
            entry: Record = self._value(raw, at)

            def id_of(key: str, kind: str, at: str = at, entry: Record = entry) -> str:
                return self._known(f"{at}/{key}", str(entry[key]), kind)

            tokens[name] = self._data.tokens.read(name, entry, draft, id_of)
        return tokens

    def _rules(self) -> tuple[Rule, ...]:
        rules = []
        for number, raw in enumerate(self._tree.get("rules", ())):
            at = f"/rules/{number}"
            value = self._value(raw, at)
            try:
                rule = rule_of(number, value)
            except ValueError as error:
                raise self._error(at, str(error)) from None
            if rule.reply is not None:
                self._check_reply(rule, at)
            rules.append(rule)
        return tuple(rules)

    def _check_reply(self, rule: Rule, at: str) -> None:
        """A canned reply keeps the contract; what shall break it is a `fault`."""
        assert rule.reply is not None
        status = rule.reply["status"]
        for name in sorted(rule.operations or self._plan.spec.operations):
            response = self._plan.spec.operations[name].response(status)
            if response is None:
                raise self._error(
                    f"{at}/reply/status", f"{name} documents no {status}; use `fault` to break the contract"
                )
            validator = response.validators.get(JSON_TYPE)
            if validator is not None:
                for violation in validator.violations(rule.reply.get("body"), "body"):
                    raise self._error(f"{at}/reply/body{violation.path}", violation.message)

    def _value(self, raw: Json, at: str) -> Json:
        """`raw` with every tag resolved."""
        if isinstance(raw, Tagged):
            return self._resolved(raw, at)
        if isinstance(raw, dict):
            return {name: self._value(item, f"{at}/{escape(name)}") for name, item in raw.items()}
        if isinstance(raw, list):
            return [self._value(item, f"{at}/{number}") for number, item in enumerate(raw)]
        return raw

    def _resolved(self, tagged: Tagged, at: str) -> Json:
        value = tagged.value
        if tagged.tag == "!rel":
            listed = value if isinstance(value, list) else [value]
            return self._data.relation_form.made(*(self._known(at, str(one)) for one in listed))
        if not isinstance(value, str):
            raise self._error(at, f"{tagged.tag} needs a text")
        if tagged.tag == "!id":
            return self._known(at, value)
        if tagged.tag == "!file":
            return self._file(at, value)
        if tagged.tag == "!drop":
            raise self._error(at, "!drop removes something inherited; there is nothing here")
        try:
            moment = self._now + duration(value)
        except ValueError as error:
            raise self._error(at, str(error)) from None
        return timestamp(moment) if tagged.tag == "!time" else german_day(moment).isoformat()

    def _known(self, at: str, path: str, only: str = "") -> str:
        kind, _, alias = path.partition("/")
        if kind not in self._aliases or (only and kind != only):
            raise self._error(at, f"{path!r} names no {only or 'collection'}{hint(kind, self._aliases)}")
        if alias not in self._aliases[kind]:
            raise self._error(at, f"there is no {path}{hint(alias, self._aliases[kind])}")
        return self._aliases[kind][alias]

    def _file(self, at: str, name: str) -> str:
        holder = next((file for file in self._plan.files if file.holds(at)), self._plan.files[0])
        folder = holder.path.parent.resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise self._error(at, f"{name!r} is no file inside {folder.name}/")
        if path.stat().st_size > _FILE_BYTES:
            raise self._error(at, f"{name!r} is larger than {_FILE_BYTES // 2**20} MiB")
        try:
            return path.read_text("utf-8")
        except UnicodeDecodeError:
            raise self._error(at, f"{name!r} is not UTF-8") from None

    def _error(self, at: str, problem: str) -> FileError:
        return FileError(self._plan.where(at), problem)
