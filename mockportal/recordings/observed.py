"""The records that answers of a deployment have shown, as entities of a scenario."""

import re
from collections.abc import Iterable, Iterator

from mockportal.files.inline import inline_file
from mockportal.json_tree import walk
from mockportal.redaction import redaction
from mockportal.spec.spec import Spec
from mockportal.state.data_model import DataModel
from mockportal.state.scenario import scenario_findings
from mockportal.values import Json, Record, decode

_SCHEMA = "_schema"  # the attribute in which a record tells its collection
_SCALARS = (str, int, float, bool, type(None))
_SLUG = re.compile(r"[^a-z0-9]+")
_PLACE = re.compile(r"/entities/([^/]+)/([^/:]+)")
_ROUNDS = 20
_LONGEST = 40


def observed(contents: Iterable[bytes], spec: Spec, data: DataModel) -> dict[str, Record]:
    """The records in these answers, by collection and alias, the newest form of each, without secrets.

    They have their plain values alone: views show relations in other forms than a scenario has.
    """
    found, names = dict[str, Record](), dict[str, str]()
    hide = redaction(())
    for record in (record for content in contents for record in _records(content)):
        kind = data.kinds.get(str(record.get(_SCHEMA)))
        id = record.get(kind.key) if kind is not None and kind.entity else None
        if kind is None or not isinstance(id, str):
            continue
        plain = {name: item for name, item in record.items() if _is_plain(item)}
        known = found.setdefault(kind.name, {})
        alias = names.setdefault(id, _alias(record, id, known))
        known[alias] = {**known.get(alias, {}), **hide.json(plain)}
    return _usable(found, spec, data)


def _records(content: bytes) -> Iterator[Record]:
    try:
        value = decode(content) if content else None
    except ValueError:
        return
    yield from (item for _, item in walk(value) if isinstance(item, dict))


def _alias(record: Record, id: str, known: Record) -> str:
    slug = _SLUG.sub("-", str(record.get("_title", "")).lower()).strip("-")[:_LONGEST]
    return slug if slug and slug not in known else id


def _is_plain(item: Json) -> bool:
    return isinstance(item, _SCALARS) or (
        isinstance(item, list) and all(isinstance(one, _SCALARS) for one in item)
    )


def _usable(entities: dict[str, Record], spec: Spec, data: DataModel) -> dict[str, Record]:
    """The records that a scenario may hold; what a collection does not allow is left out."""
    for _ in range(_ROUNDS):
        mistakes, _notes = scenario_findings(inline_file("observed", {"entities": entities}), (), spec, data)
        found = {match.groups() for mistake in mistakes if (match := _PLACE.search(str(mistake)))}
        if not found:
            return entities
        for kind, alias in found:
            entities.get(kind, {}).pop(alias, None)
        entities = {kind: records for kind, records in entities.items() if records}
    return {}
