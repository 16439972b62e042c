"""The difference of two states as a JSON Patch (RFC 6902) over `/collection/alias-or-id`.

States share the records that they have in common, so that only what differs is compared.
"""

from collections.abc import Mapping

import jsonpatch

from mockportal.state.store import State
from mockportal.values import Record


def state_patch(before: State, after: State, names: Mapping[str, str]) -> list[Record]:
    """The operations that make `before` into `after`: changed places of a record, records that came or went.

    A record is called by its name, else by its id.
    """
    left: Record = {}
    right: Record = {}
    for kind in sorted({*before.tables, *after.tables}):
        old, new = before.tables.get(kind), after.tables.get(kind)
        if old is new:
            continue
        rows, others = dict(old.items() if old else ()), dict(new.items() if new else ())
        changed = [id for id in {**rows, **others} if rows.get(id) is not others.get(id)]
        if old is not None:
            left[kind] = {names.get(id, id): rows[id].record for id in changed if id in rows}
        if new is not None:
            right[kind] = {names.get(id, id): others[id].record for id in changed if id in others}
    operations: list[Record] = jsonpatch.make_patch(left, right).patch
    return operations
