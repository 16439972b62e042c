"""State as a value: persistent maps of records, and the draft through which one request changes them.

Committing a draft is keeping its `state`; dropping it undoes everything. Snapshots and forks are references.
A record in the state is never changed in place, and a behaviour never changes one that it was given.
"""

from __future__ import annotations  # rpds maps are generic in their stubs only

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from rpds import HashTrieMap, HashTrieSet

from mockportal.config import LIMITS
from mockportal.errors import BadRequest, Missing
from mockportal.state.clock import timestamp
from mockportal.state.ids import stable_short_id, stable_ulid, stable_uuid
from mockportal.state.kinds import INVERSES, KINDS, Kind
from mockportal.values import Json, Record


class Row(NamedTuple):
    """A record and its rank: collections are listed in the order in which their records were made."""

    rank: int
    record: Record


class Reference(NamedTuple):
    """Record `id` of `kind` points, in `attribute`, at the record that this reference is filed under."""

    kind: str
    attribute: str
    id: str


_IndexKey = tuple[str, str, str]  # (kind, field, value), or ("", "", id) for what refers to id
if TYPE_CHECKING:
    _Table = HashTrieMap[str, Row]
_NO_TABLE: _Table = HashTrieMap()
_NOTHING: HashTrieSet[Any] = HashTrieSet()


@dataclass(frozen=True, slots=True)
class State:
    """Everything a world remembers, as one immutable value."""

    tables: HashTrieMap[str, _Table] = field(default_factory=HashTrieMap)
    index: HashTrieMap[_IndexKey, HashTrieSet[Any]] = field(default_factory=HashTrieMap)
    counters: HashTrieMap[str, int] = field(default_factory=HashTrieMap)

    def counts(self) -> dict[str, int]:
        """`{collection: number of records}`, sorted, without empty ones."""
        return {kind: len(table) for kind, table in sorted(self.tables.items()) if len(table)}


class Draft:
    """The state as one request changes it. `now` and every new id come from here."""

    def __init__(self, state: State, now: datetime, seed: int, base_url: str = "") -> None:
        self.state = state
        self.seed = seed
        self.base_url = base_url
        self._now = now

    def now(self) -> datetime:
        """The world's instant, in UTC."""
        return self._now

    def timestamp(self) -> str:
        """The world's instant as the API writes it: `2026-06-15T07:00:00.000Z`."""
        return timestamp(self._now)

    def new_id(self, kind: str) -> str:
        """A fresh id for a record of `kind`; the same for the same requests since the start of the world."""
        alias = f"#{self._count(kind)}"
        style = KINDS[kind].ids if kind in KINDS else "uuid"
        if style == "short":
            return stable_short_id(self.seed, kind, alias)
        if style == "ulid":
            return stable_ulid(self.seed, kind, alias, self._now)
        return stable_uuid(self.seed, kind, alias)

    def collection(self, kind: str) -> Collection:
        """The records of `kind`."""
        return Collection(self, KINDS[kind])

    def referring(self, id: str, kind: str, attribute: str) -> list[Record]:
        """The records of `kind` whose relation `attribute` names `id`, oldest first."""
        table = self.state.tables.get(kind) or _NO_TABLE
        filed = self.state.index.get(("", "", id)) or _NOTHING
        rows = [table[ref.id] for ref in filed if ref.kind == kind and ref.attribute == attribute]
        return [row.record for row in sorted(rows, key=_rank)]

    def inverses(self, id: str) -> dict[str, list[str]]:
        """`{inverse name: ids}` of everything that refers to `id`, in the order of `INVERSES` and age."""
        found: dict[str, list[Row]] = {}
        for ref in self.state.index.get(("", "", id)) or _NOTHING:
            name = INVERSES.get((ref.kind, ref.attribute))
            if name is not None:
                found.setdefault(name, []).append(self.state.tables[ref.kind][ref.id])
        return {
            name: [str(row.record["_id"]) for row in sorted(rows, key=_rank)]
            for name, rows in sorted(found.items())
        }

    def _count(self, name: str) -> int:
        number = (self.state.counters.get(name) or 0) + 1
        self.state = replace(self.state, counters=self.state.counters.insert(name, number))
        return number

    def _write(self, kind: Kind, id: str, record: Record | None) -> None:
        state = self.state
        table = state.tables.get(kind.name) or _NO_TABLE
        old = table.get(id)
        index = state.index
        before = set(_index_keys(kind, id, old.record)) if old else set()
        after = set(_index_keys(kind, id, record)) if record is not None else set()
        for key, entry in before - after:
            left = index[key].discard(entry)
            index = index.insert(key, left) if len(left) else index.remove(key)
        for key, entry in after - before:
            index = index.insert(key, (index.get(key) or _NOTHING).insert(entry))
        counters = state.counters
        if record is None:
            table = table.discard(id)
        elif old is not None:
            table = table.insert(id, Row(old.rank, record))
        else:
            rank = (counters.get("rank") or 0) + 1
            if len(table) >= LIMITS.records:
                raise BadRequest(f"this world holds no more than {LIMITS.records} records of {kind.name}")
            counters = counters.insert("rank", rank)
            table = table.insert(id, Row(rank, record))
        self.state = State(state.tables.insert(kind.name, table), index, counters)


class Collection:
    """The records of one kind, in a draft. Whatever goes out must not be changed: `put` or `patch` it."""

    def __init__(self, draft: Draft, kind: Kind) -> None:
        self._draft = draft
        self.kind = kind

    @property
    def _table(self) -> _Table:
        return self._draft.state.tables.get(self.kind.name) or _NO_TABLE

    def __iter__(self) -> Iterator[Record]:
        return (row.record for row in sorted(self._table.values(), key=_rank))

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, id: object) -> bool:
        return id in self._table

    def find(self, id: str) -> Record | None:
        """The record with this key, or None."""
        row = self._table.get(id)
        return row.record if row else None

    def get(self, id: str) -> Record:
        """The record with this key. Raises `Missing`."""
        row = self._table.get(id)
        if row is None:
            raise Missing(self.kind.name, id)
        return row.record

    def where(self, **fields: Json) -> list[Record]:
        """The records in which every field equals the given value, oldest first; indexed fields are not scanned."""
        table = self._table
        rows: list[Row] | None = None
        for name in self.kind.indexes:
            if name in fields:
                ids = self._draft.state.index.get((self.kind.name, name, fields[name])) or _NOTHING
                rows = [table[id] for id in ids]
                break
        chosen = [
            row
            for row in (table.values() if rows is None else rows)
            if all(_matches(row.record.get(name), value) for name, value in fields.items())
        ]
        return [row.record for row in sorted(chosen, key=_rank)]

    def count(self, name: str, value: str) -> int:
        """How many records have `value` in an indexed field; nothing is read but the index."""
        return len(self._draft.state.index.get((self.kind.name, name, value)) or _NOTHING)

    def put(self, record: Record) -> Record:
        """Stores `record` under its key, in place of an older one; the answer is what was stored."""
        self._draft._write(self.kind, str(record[self.kind.key]), record)
        return record

    def patch(self, id: str, changes: Record) -> Record:
        """Merges `changes` into a record (RFC 7396: null removes); `_updated_at` is now. Raises `Missing`."""
        record = merge_patch(self.get(id), changes)
        if self.kind.entity:
            record["_updated_at"] = self._draft.timestamp()
        return self.put(record)

    def remove(self, id: str) -> None:
        """Forgets a record. Raises `Missing`."""
        self.get(id)
        self._draft._write(self.kind, id, None)


def merge_patch(record: Json, changes: Json) -> Json:
    """RFC 7396: a new value, both inputs untouched."""
    if not isinstance(changes, dict):
        return changes
    merged = dict(record) if isinstance(record, dict) else {}
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def relation(*ids: str) -> Record:
    """`{"$relation": [{"entity_id": id}, …]}`"""
    return {"$relation": [{"entity_id": id} for id in ids]}


def related_ids(value: Json) -> list[str]:
    """The ids in a relation attribute; empty for anything else."""
    if not isinstance(value, dict):
        return []
    items = value.get("$relation")
    if not isinstance(items, list):
        return []
    return [
        item["entity_id"]
        for item in items
        if isinstance(item, dict) and isinstance(item.get("entity_id"), str)
    ]


def _index_keys(kind: Kind, id: str, record: Record) -> Iterator[tuple[_IndexKey, Any]]:
    for name in kind.indexes:
        value = record.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield (kind.name, name, one), id
    for name, value in record.items():
        for target in related_ids(value):
            yield ("", "", target), Reference(kind.name, name, id)


def _matches(value: Json, wanted: Json) -> bool:
    return bool(value == wanted) or (isinstance(value, list) and wanted in value)


def _rank(row: Row) -> int:
    return row.rank
