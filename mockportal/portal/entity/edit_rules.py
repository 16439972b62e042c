"""Edit rules: what a portal lets its users change, how often, how far and when.

A rule names a slug, an attribute (none means all) and one of four types. A change that breaks a rule is refused with
the rule in `failed_rule`; `validateRule` asks beforehand, so it leaves out the type that judges the new value.

A counted change of an attribute under a cadence is kept as a record of `edit`: `{entity_id, attributes, at}`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.portal.entity.addressing import portals_of
from mockportal.portal.entity.calendar import months_before, today
from mockportal.portal.entity.visibility import call_visible
from mockportal.state.clock import BERLIN, instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_DAYS = MappingProxyType({"days": 1, "weeks": 7})
_LONGEST = 1200  # months; a longer cadence is cut to it, in days to the same span
_DAYS_IN_MONTH = 31


class Edit(NamedTuple):
    """Somebody sets an attribute of an entity to `value`; None removes it."""

    entity: Record
    attribute: str
    value: Json


@operation("validateCadenceEntityEditRules")
def validate_rules(call: Call, state: Draft) -> Json:
    """Tells whether any edit would be refused now. Without `attribute`, all rules of the slug count."""
    slug, attribute = call.params["slug"], call.params.get("attribute")
    entity = _addressed(call, state, slug, call.params["id"])
    own = call.caller.kind == "portal"
    portals = [call.caller.realm] if own else portals_of(call.caller.org, state)
    for rule in [rule for portal in portals for rule in _rules(portal, slug)]:
        if rule["rule_type"] not in _JUDGES_VALUE and _covers(rule, attribute):
            named = str(attribute or rule.get("attribute", ""))
            if RULES[rule["rule_type"]](rule, Edit(entity, named, None), state):
                return {"isBlockedByRules": True, "failedRule": rule}
    return {"isBlockedByRules": False}


def check_rules(portal: Record, state: Draft, entity: Record, changes: Record) -> None:
    """`changes` are the new values by attribute. Raises `Forbidden` with the first rule that they break."""
    for rule, (attribute, value) in product(_rules(portal, entity["_schema"]), changes.items()):
        if _covers(rule, attribute) and RULES[rule["rule_type"]](rule, Edit(entity, attribute, value), state):
            problem = f"the rule {rule['rule_type']} forbids this change of {attribute}"
            raise Forbidden(problem, failed_rule=rule)


def count_edit(portal: Record, state: Draft, entity: Record, attributes: Iterable[str]) -> None:
    """Keeps a change that counts for a cadence, and forgets those that no cadence reaches back to."""
    names = list(attributes)
    now = state.now()
    cadences = [
        rule
        for rule in _rules(portal, entity["_schema"])
        if rule["rule_type"] == "cadence" and any(_covers(rule, name) for name in names)
    ]
    if all(_in_grace(rule, _counted(rule, entity, state), now) for rule in cadences):
        return
    edits = state.collection("edit")
    oldest = min(_cadence_start(rule, now) for rule in cadences)
    for edit in edits.where(entity_id=entity["_id"]):
        if instant(edit["at"]) <= oldest and set(edit["attributes"]) <= set(names):
            edits.remove(edit["id"])
    edits.put(
        {
            "id": state.new_id("edit"),
            "entity_id": entity["_id"],
            "attributes": names,
            "at": state.timestamp(),
        }
    )


def _too_often(rule: Record, edit: Edit, state: Draft) -> bool:
    """More than `changes_allowed` within the cadence. A change within the grace of a counted one is free."""
    counted = _counted(rule, edit.entity, state)
    if _in_grace(rule, counted, state.now()):
        return False
    start = _cadence_start(rule, state.now())
    return bool(sum(at > start for at in counted) >= rule.get("changes_allowed", 1))


def _too_far(rule: Record, edit: Edit, state: Draft) -> bool:
    """Further from the current number than allowed; removing it is a change to 0, no limit allows everything."""
    current, new = edit.entity.get(edit.attribute), 0 if edit.value is None else edit.value
    if not _is_number(current) or not _is_number(new):
        return False
    change = Decimal(str(new)) - Decimal(str(current))
    limit = _limit(rule.get("allowed_decrement" if change < 0 else "allowed_increment"), current)
    return limit is not None and abs(change) > limit


def _too_close_to_due(rule: Record, edit: Edit, state: Draft) -> bool:
    """From so many days before the next open instalment is due."""
    now = today(state)
    due = [day for day in _open_instalments(edit.entity, state) if day >= now]
    return bool(due) and (min(due) - now).days <= rule.get("number_of_days_before_restriction", 0)


def _overdue(rule: Record, edit: Edit, state: Draft) -> bool:
    """While an instalment is unpaid for more than `grace_period` days after it was due."""
    now = today(state)
    return any(
        (now - day).days > rule.get("grace_period", 0) for day in _open_instalments(edit.entity, state)
    )


RULES: Mapping[str, Callable[[Record, Edit, Draft], bool]] = MappingProxyType(
    {
        "cadence": _too_often,
        "relative_to_current_value": _too_far,
        "days_before_date": _too_close_to_due,
        "overdue_payments": _overdue,
    }
)
_JUDGES_VALUE = frozenset(("relative_to_current_value",))


def _rules(portal: Record, slug: str) -> list[Record]:
    rules = portal.get("entity_edit_rules") or ()
    return [rule for rule in rules if rule.get("slug") == slug and rule.get("rule_type") in RULES]


def _covers(rule: Record, attribute: str | None) -> bool:
    return attribute is None or rule.get("attribute") in (None, attribute)


def _addressed(call: Call, state: Draft, slug: str, id: str) -> Record:
    if not COLLECTIONS.has_entity(slug):
        raise NotFound(f"there is no {slug} {id}")
    return (
        call_visible(call, state, slug, id)
        if call.caller.kind == "portal"
        else state.collection(slug).get(id)
    )


def _counted(rule: Record, entity: Record, state: Draft) -> list[datetime]:
    """The instants of the changes that count for a cadence, oldest first."""
    counted: list[datetime] = []
    for edit in state.collection("edit").where(entity_id=entity["_id"]):
        if any(_covers(rule, name) for name in edit["attributes"]):
            at = instant(edit["at"])
            if not _in_grace(rule, counted, at):
                counted.append(at)
    return counted


def _in_grace(rule: Record, counted: list[datetime], at: datetime) -> bool:
    grace = min(max(rule.get("grace_period", 0), 0), _LONGEST)
    return bool(counted) and at < counted[-1] + timedelta(days=grace)


def _cadence_start(rule: Record, now: datetime) -> datetime:
    """The instant after which changes are counted; months are those of the German calendar."""
    period = max(rule.get("cadence_period", 1), 0)
    unit = rule.get("cadence_period_type", "days")
    if unit in _DAYS:
        return now - timedelta(days=min(period * _DAYS[unit], _LONGEST * _DAYS_IN_MONTH))
    local = now.astimezone(BERLIN)
    return datetime.combine(months_before(local.date(), int(min(period, _LONGEST))), local.time(), BERLIN)


def _limit(text: Json, current: Json) -> Decimal | None:
    """`"20%"` is relative to the current value, `"500"` is in its own unit."""
    try:
        amount = abs(Decimal(str(text).replace("%", "").replace(",", ".").strip()))
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    return abs(Decimal(str(current))) * amount / 100 if "%" in str(text) else amount


def _open_instalments(entity: Record, state: Draft) -> list[date]:
    """The due dates of the unpaid instalments of a contract, or of the contracts of a customer."""
    contracts = [entity]
    if entity["_schema"] != "contract":
        customers = [str(entity["_id"]), *related_ids(entity.get("account"))]
        contracts = [found for id in customers for found in state.referring(id, "contract", "customer")]
    return [
        date.fromisoformat(event["due_date"])
        for contract in contracts
        for event in state.referring(str(contract["_id"]), "billing_event", "contract")
        if event["type"] == "installment" and "paid_date" not in event
    ]


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
