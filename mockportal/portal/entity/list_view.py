"""The parts that lists and detail operations share: order and pages, files, relations, workflow, journey actions."""

from collections.abc import Iterable

from mockportal.engine.call import Call
from mockportal.portal.entity.numbers import whole
from mockportal.portal.entity.views import entity_view, related_entities
from mockportal.portal.entity.visibility import is_open, shared_files
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Record


def newest_first(records: Iterable[Record]) -> list[Record]:
    """By `_created_at`, latest first; of two made at the same instant, the later one."""
    return sorted(records, key=lambda record: instant(record["_created_at"]))[::-1]


def page(call: Call, records: list[Record]) -> list[Record]:
    """The part of `records` that `from` and `size` ask for."""
    start, size = (max(0, whole(call.params[name])) for name in ("from", "size"))
    return records[start : start + size]


def with_action(call: Call, view: Record) -> Record:
    """A listed entity carries its first journey action as one object; a detail operation answers with all of them."""
    actions = journey_actions(call.caller.realm, str(view["_schema"]))
    return {**view, "journey_actions": actions[0]} if actions else view


def bundle(call: Call, state: Draft, record: Record) -> Record:
    """An entity with its shared files, the visible entities that it names, and its journey actions."""
    portal = call.caller.realm
    return {
        "entity": entity_view(call.caller, state, record),
        "files": shown(call, state, shared_files(state, [record])),
        "relations": [
            entity
            for entity in related_entities(call.caller, state, record)
            if is_open(portal, str(entity["_schema"]))
        ],
        "journey_actions": journey_actions(portal, str(record["_schema"])),
    }


def shown(call: Call, state: Draft, records: Iterable[Record]) -> list[Record]:
    """The views of visible entities, without those of a slug that the portal keeps closed."""
    portal = call.caller.realm
    return [
        entity_view(call.caller, state, record)
        for record in records
        if is_open(portal, str(record["_schema"]))
    ]


def journey_actions(portal: Record, slug: str) -> list[Record]:
    """The actions that a portal offers for entities of a slug. The configuration spells the label `action_Label`."""
    found = []
    for action in portal.get("entity_actions") or ():
        if action.get("slug") == slug:
            named = {**action, "action_label": action.get("action_label", action.get("action_Label"))}
            fields = ("journey_id", "action_label", "slug", "rules")
            found.append({name: named[name] for name in fields if named.get(name) is not None})
    return found


def workflows_of(state: Draft, entity_id: str) -> list[Record]:
    """The workflow executions on an entity that are shown in portals."""
    executions = state.collection("workflow").where(context_id=entity_id)
    return [execution for execution in executions if execution.get("enableECPWorkflow")]
