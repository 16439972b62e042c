"""The difference of two states as a JSON Patch (RFC 6902) over `/collection/alias-or-id`.

States share the records that they have in common, so that only what differs is compared.
"""

from collections.abc import Iterator, Mapping

import jsonpatch

from mockportal.state.store import State
from mockportal.values import Record


def state_patch(before: State, after: State, names: Mapping[str, str]) -> list[Record]:
    """The operations that make `before` into `after`: changed places of a record, records that came or went.

    A record is called by its name, else by its id.
    """
    left: Record = {}
    right: Record = {}
    for side, state in ((left, before), (right, after)):
        for kind in state.tables:
            if before.tables.get(kind) is not after.tables.get(kind):
                side[kind] = {}
    for kind, id in changed_records(before, after):
        for side, state in ((left, before), (right, after)):
            row = state.tables[kind].get(id) if kind in state.tables else None
            if row is not None:
                side[kind][names.get(id, id)] = row.record
    operations: list[Record] = jsonpatch.make_patch(left, right).patch
    return operations


def changed_records(before: State, after: State) -> Iterator[tuple[str, str]]:
    """The collection and key of every record that differs, in the order of the collections' names."""
    for kind in sorted({*before.tables, *after.tables}):
        yield from ((kind, id) for id in changed_keys(before, after, kind))


def changed_keys(before: State, after: State, kind: str) -> list[str]:
    """The keys of the records of one collection that differ, those that came or went included."""
    old, new = before.tables.get(kind), after.tables.get(kind)
    if old is new:
        return []
    rows, others = dict(old.items() if old else ()), dict(new.items() if new else ())
    return [id for id in {**rows, **others} if rows.get(id) is not others.get(id)]
