"""State as a value: persistent maps of records, and the draft through which one request changes them.

Committing a draft is keeping its `state`; dropping it undoes everything. Snapshots and forks are references.
A record in the state is never changed in place, and a behaviour never changes one that it was given.
"""

from __future__ import annotations  # rpds maps are generic in their stubs only

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from rpds import HashTrieMap, HashTrieSet

from mockportal.config import LIMITS
from mockportal.errors import BadRequest, Missing
from mockportal.state.clock import timestamp
from mockportal.state.data_model import EMPTY, DataModel, Kind
from mockportal.state.derived import DerivedFacts, Place, Reads
from mockportal.state.ids import stable_id
from mockportal.values import Json, Record, merge_patch, size_of

# Estimates of memory, measured with the default scenario: objects take more than their JSON, and a write copies the
# nodes of the persistent maps on the way to a record and to its entries in the index.
_OBJECTS = 2
_RECORD = 1_000
_NODES = 4_000


class Row(NamedTuple):
    """A record, its rank, and the bytes that its state does not share with others; none for one of a start.

    Collections are listed in the order in which their records were made.
    """

    rank: int
    record: Record
    size: int


# (kind, field, value) of an indexed field, or (target id, kind, attribute) of a relation → the rank and id of each
# record that is filed there
_Key = tuple[str, str, str]
_Entry = tuple[int, str]
if TYPE_CHECKING:
    _Table = HashTrieMap[str, Row]
    _Index = HashTrieMap[_Key, HashTrieSet[_Entry]]
_NO_TABLE: _Table = HashTrieMap()
_NOTHING: HashTrieSet[_Entry] = HashTrieSet()


@dataclass(frozen=True, slots=True)
class State:
    """Everything a world remembers, as one immutable value.

    start:   the bytes of the records that it started with, roughly
    held:    the bytes of the records in it that were written since
    written: the bytes of all that was written since, also of what is gone: it never falls from one state to the next
    """

    tables: HashTrieMap[str, _Table] = field(default_factory=HashTrieMap)
    index: _Index = field(default_factory=HashTrieMap)
    counters: HashTrieMap[str, int] = field(default_factory=HashTrieMap)
    start: int = field(default=0, compare=False)
    held: int = field(default=0, compare=False)
    written: int = field(default=0, compare=False)

    def at(self, place: Place) -> object:
        """The row, the entries of an index, or the whole collection at a place that was read; None for none."""
        if len(place) == 2:
            table = self.tables.get(place[0])
            return None if table is None else table.get(place[1])
        return self.tables.get(place[0]) if len(place) == 1 else self.index.get(place)

    def as_start(self) -> State:
        """The same records as the start of worlds, which share them."""
        tables = {
            kind: HashTrieMap({id: row._replace(size=0) for id, row in table.items()})
            for kind, table in self.tables.items()
        }
        return State(HashTrieMap(tables), self.index, self.counters, self.start + self.held)

    def left_behind(self, later: State) -> int:
        """The bytes that are in no use any more once a world has gone on, or back, to `later`."""
        if later is self:
            return 0
        if later.written < self.written:
            return min(self.held, self.written - later.written)
        return max(0, later.written - self.written - (later.held - self.held))

    def counts(self) -> dict[str, int]:
        """`{collection: number of records}`, sorted, without empty ones."""
        return {kind: len(table) for kind, table in sorted(self.tables.items()) if len(table)}


class Draft:
    """The state as one request changes it. `now` and every new id come from here.

    `base_url` is the address of the mock, `frontend` that of the pages that use it; "" where nobody has named one.
    `reads` notes everything that is looked up, found or not, and `facts` remembers what was derived from it.
    """

    def __init__(
        self,
        state: State,
        now: datetime,
        seed: int,
        base_url: str = "",
        data: DataModel = EMPTY,
        frontend: str = "",
        facts: DerivedFacts | None = None,
    ) -> None:
        self.state = state
        self.data = data
        self.seed = seed
        self.frontend = frontend
        self.facts = DerivedFacts() if facts is None else facts
        self.reads = Reads()
        self.instant = now
        self.address = base_url

    @property
    def base_url(self) -> str:
        """The address of the mock."""
        self.reads.url = self.address
        return self.address

    def now(self) -> datetime:
        """The world's instant, in UTC."""
        self.reads.now = self.instant
        return self.instant

    def timestamp(self) -> str:
        """The world's instant as the API writes it: `2026-06-15T07:00:00.000Z`."""
        return timestamp(self.now())

    def new_id(self, kind: str) -> str:
        """A fresh id for a record of `kind`; the same for the same requests since the start of the world."""
        alias = f"#{self._count(kind)}"
        style = self.data.kinds[kind].ids if kind in self.data.kinds else "uuid"
        return stable_id(style, self.seed, kind, alias, self.now())

    def records_read(self) -> Iterator[tuple[str, str]]:
        """The kind and key of every record that was looked up, found or not."""
        for kind, *key in self.reads.all_places():
            if not key:
                yield from ((kind, id) for id in self.state.tables.get(kind) or _NO_TABLE)
            elif len(key) == 1:
                yield kind, key[0]

    def collection(self, kind: str) -> Collection:
        """The records of `kind`. Raises `UnknownCollection`."""
        return Collection(self, self.data.kind(kind))

    def referring(self, id: str, kind: str, attribute: str) -> list[Record]:
        """The records of `kind` whose relation `attribute` names `id`, oldest first."""
        return self._filed(kind, (id, kind, attribute))

    def inverses(self, id: str, kind: str) -> dict[str, list[str]]:
        """`{inverse name: ids}` of everything that refers to a record of `kind`, oldest first."""
        found: dict[str, set[_Entry]] = {}
        for one in self.data.relations_to[kind]:
            filed = self._entries((id, one.kind, one.attribute))
            if filed:
                found.setdefault(one.inverse, set()).update(filed)
        return {name: [id for _, id in sorted(entries)] for name, entries in found.items()}

    def _filed(self, kind: str, key: _Key) -> list[Record]:
        table = self.state.tables.get(kind) or _NO_TABLE
        rows: dict[Place, Row] = {(kind, id): table[id] for _, id in sorted(self._entries(key))}
        self.reads.places.update(rows)
        return [row.record for row in rows.values()]

    def _entries(self, key: _Key) -> HashTrieSet[_Entry]:
        entries = self.reads.places[key] = self.state.index.get(key)
        return entries or _NOTHING

    def _count(self, name: str) -> int:
        number = (self.state.counters.get(name) or 0) + 1
        self.state = replace(self.state, counters=self.state.counters.insert(name, number))
        return number

    def _write(self, kind: Kind, id: str, record: Record | None) -> None:
        state = self.state
        table = state.tables.get(kind.name) or _NO_TABLE
        old = table.get(id)
        counters, rank = state.counters, old.rank if old is not None else 0
        if old is None:
            if len(table) >= LIMITS.records:
                raise BadRequest(f"{kind.name}: {LIMITS.said('records')}")
            rank = (counters.get("rank") or 0) + 1
            counters = counters.insert("rank", rank)
        index = self._reindexed(kind, (rank, id), old.record if old else {}, record or {})
        size = 0 if record is None else _OBJECTS * size_of(record) + _RECORD
        table = table.discard(id) if record is None else table.insert(id, Row(rank, record, size))
        held = state.held + size - (old.size if old else 0)
        written = state.written + size + _NODES
        tables = state.tables.insert(kind.name, table)
        self.state = State(tables, index, counters, state.start, held, written)

    def _reindexed(self, kind: Kind, entry: _Entry, old: Record, new: Record) -> _Index:
        """The index after a record has changed from `old` to `new`."""
        index = self.state.index
        gone, come = self.data.refiled(kind, old, new)
        for key in gone:
            left = index[key].discard(entry)
            index = index.insert(key, left) if len(left) else index.remove(key)
        for key in come:
            index = index.insert(key, (index.get(key) or _NOTHING).insert(entry))
        return index


class Collection:
    """The records of one kind, in a draft. Whatever goes out must not be changed: `put` or `patch` it."""

    def __init__(self, draft: Draft, kind: Kind) -> None:
        self._draft = draft
        self.kind = kind

    def __iter__(self) -> Iterator[Record]:
        return (row.record for row in sorted(self._read().values(), key=itemgetter(0)))

    def __len__(self) -> int:
        return len(self._read())

    def __contains__(self, id: object) -> bool:
        return self._row(str(id)) is not None

    def _read(self) -> _Table:
        """All rows, whose collection has been read by this."""
        name, state = self.kind.name, self._draft.state
        table = self._draft.reads.places[(name,)] = state.tables.get(name)
        return table or _NO_TABLE

    def find(self, id: str) -> Record | None:
        """The record with this key, or None."""
        row = self._row(id)
        return row.record if row else None

    def get(self, id: str) -> Record:
        """The record with this key. Raises `Missing`."""
        row = self._row(id)
        if row is None:
            raise Missing(self.kind.name, id)
        return row.record

    def _row(self, id: str) -> Row | None:
        table = self._draft.state.tables.get(self.kind.name) or _NO_TABLE
        row = self._draft.reads.places[self.kind.name, id] = table.get(id)
        return row

    def where(self, **fields: Json) -> list[Record]:
        """The records in which every field equals the given value, oldest first; indexed fields are not scanned."""
        indexed = next((name for name in self.kind.indexes if name in fields), None)
        if indexed is None:
            found = list(self)
        else:
            found = self._draft._filed(self.kind.name, (self.kind.name, indexed, fields.pop(indexed)))
        return [
            record
            for record in found
            if not fields or all(_matches(record.get(name), value) for name, value in fields.items())
        ]

    def count(self, name: str, value: str) -> int:
        """The number of records that have `value` in an indexed field; nothing is read but the index."""
        return len(self._draft._entries((self.kind.name, name, value)))

    def keys(self, name: str, value: str) -> list[str]:
        """Their keys, oldest first."""
        return [id for _, id in sorted(self._draft._entries((self.kind.name, name, value)))]

    def oldest_first(self, ids: Iterable[str]) -> list[Record]:
        """The records that have one of these keys."""
        return [row.record for row in sorted(filter(None, map(self._row, {*ids})))]

    def put(self, record: Record) -> Record:
        """Stores `record` under its key, in place of an older one; the answer is what was stored."""
        self._draft._write(self.kind, str(record[self.kind.key]), record)
        return record

    def patch(self, id: str, changes: Record) -> Record:
        """Merges `changes` into a record (RFC 7396: null removes), and notes when. Raises `Missing`."""
        record = merge_patch(self.get(id), changes)
        updated = self._draft.data.updated_attribute
        if updated and self.kind.entity:
            record[updated] = self._draft.timestamp()
        return self.put(record)

    def remove(self, id: str) -> None:
        """Forgets a record. Raises `Missing`."""
        self.get(id)
        self._draft._write(self.kind, id, None)


def _matches(value: Json, wanted: Json) -> bool:
    return bool(value == wanted) or (isinstance(value, list) and wanted in value)
