"""A change of one record from outside the API, checked like a record of a scenario."""

import re
from collections.abc import Mapping, Sequence

from mockportal.errors import hint
from mockportal.spec.spec import Spec
from mockportal.spec.validation import Violation
from mockportal.state.data_model import Kind
from mockportal.state.ids import stable_id
from mockportal.state.record_check import kinds_in, record_violations
from mockportal.state.store import Draft
from mockportal.values import Record, merge_patch

# The ids of records by collection and alias.
Aliases = Mapping[str, Mapping[str, str]]

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class BadChange(ValueError):
    """The change leads to a record that cannot be used, for its `violations`, or there is no such record."""

    def __init__(self, problem: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(problem)
        self.violations = violations


def change_record(draft: Draft, aliases: Aliases, spec: Spec, name: str, patch: Record | None) -> None:
    """Merges a patch into the record `kind/alias-or-id`, or removes it for None. Raises `BadChange`, and then nothing
    has changed."""
    kind_name, _, alias = name.partition("/")
    kind = _kind(draft, kind_name)
    known, records = aliases.get(kind_name, {}), draft.collection(kind_name)
    id = known.get(alias, alias)
    record = records.find(id)
    if record is None:
        raise BadChange(f"there is no {name}{hint(alias, [one for one in known if known[one] in records])}")
    if patch is None:
        records.remove(id)
        return
    changed = merge_patch(record, patch)
    if changed.get(kind.key) != id:
        raise BadChange(f"{name}/{kind.key}: must stay {id!r}")
    wrong = record_violations(spec, draft.data, kind, changed, kinds_in(draft))
    if wrong:
        raise BadChange(f"{name}{wrong[0].path}: {wrong[0].message}", wrong)
    records.put(changed)


def put_record(draft: Draft, aliases: Aliases, spec: Spec, name: str, record: Record) -> None:
    """Keeps a whole record as `kind/alias-or-id`, new or in place of an older one. Raises `BadChange`, and then
    nothing has changed."""
    kind_name, _, alias = name.partition("/")
    kind = _kind(draft, kind_name)
    own = record.get(kind.key)
    keep_record(draft, spec, kind, record, alias if own == alias else key_named(draft, aliases, kind, alias))


def keep_record(draft: Draft, spec: Spec, kind: Kind, record: Record, id: str) -> Record:
    """The record as it was kept under its key, completed like one of a scenario. Raises `BadChange`."""
    if record.get(kind.key, id) != id:
        raise BadChange(f"{kind.key} must stay {id!r}")
    made = draft.data.complete(kind, {kind.key: id, **record}, id, draft, draft.timestamp())
    wrong = record_violations(spec, draft.data, kind, made, kinds_in(draft))
    if wrong:
        raise BadChange(f"{kind.name} {wrong[0].path}: {wrong[0].message}", wrong)
    return draft.collection(kind.name).put(made)


def key_named(draft: Draft, aliases: Aliases, kind: Kind, name: str) -> str:
    """The key that a name means: an alias, a key, or a new alias, which gets the id that a scenario would give."""
    known = aliases.get(kind.name, {}).get(name, name)
    if known != name or kind.ids == "alias" or name in draft.collection(kind.name):
        return known
    if _UUID.fullmatch(name):
        return name
    return stable_id(kind.ids, draft.seed, kind.name, name, draft.now())


def _kind(draft: Draft, name: str) -> Kind:
    kind = draft.data.kinds.get(name)
    if kind is None:
        raise BadChange(f"there is no collection {name!r}{hint(name, draft.data.kinds)}")
    return kind
