"""A change of one record from outside the API, checked like a record of a scenario."""

from collections.abc import Mapping

from mockportal.errors import hint
from mockportal.spec.spec import Spec
from mockportal.state.record_check import kinds_in, record_violations
from mockportal.state.store import Draft, merge_patch
from mockportal.values import Record

# The ids of records by collection and alias.
Aliases = Mapping[str, Mapping[str, str]]


class BadChange(ValueError):
    """The change leads to a record that cannot be used, or there is no such record."""


def change_record(draft: Draft, aliases: Aliases, spec: Spec, name: str, patch: Record | None) -> None:
    """Merges a patch into the record `kind/alias-or-id`, or removes it for None. Raises `BadChange`, and then nothing
    has changed."""
    kind_name, _, alias = name.partition("/")
    kind = draft.data.kinds.get(kind_name)
    if kind is None:
        raise BadChange(f"there is no collection {kind_name!r}{hint(kind_name, draft.data.kinds)}")
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
        raise BadChange(f"{name}{wrong[0].path}: {wrong[0].message}")
    records.put(changed)
