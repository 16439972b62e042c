"""The activity feed as it is read, and what else a portal tells it: a password was reset, an entity was opened."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.portal.entity.activities import PASSWORD_RESET, record_activity
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.entity.views import entity_view, find_entity
from mockportal.portal.entity.visibility import call_visible, check_slug, is_shown, visible_entity
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


@operation("getEntityActivityFeed")
def show_feed(call: Call, state: Draft) -> Json:
    """`from` counts pages. An activity about another entity, which the user may not see, is left out."""
    entity = _entity(call, state)
    after, before = _bound(call, "after", _EARLIEST), _bound(call, "before", _LATEST)
    ids = [entity["_id"], *(_related(call, state, entity) if call.params["include_relations"] else ())]
    found = {
        activity["_id"]: activity
        for id in ids
        for activity in state.collection("activity").where(entity_ids=id)
        if after < _at(activity) < before
        and call.params.get("type", activity["type"]) == activity["type"]
        and _is_shown(call, state, activity)
    }
    newest = sorted(found.values(), key=_at)[::-1]
    start = call.params["from"] * call.params["size"]
    chosen = newest[start : start + call.params["size"]]
    return {"total": len(newest), "results": [activity_view(activity) for activity in chosen]}


@operation("createCustomEntityActivity")
def create_activity(call: Call, state: Draft) -> Json:
    """On the feeds of the user and of their contact, whatever `entities` says."""
    contacts = state.collection("contact")
    ids = related_ids(call.caller.user.get("mapped_contact"))
    entities = [call.caller.user, *(contact for id in ids if (contact := contacts.find(id)) is not None)]
    return activity_view(record_activity(call, state, PASSWORD_RESET, entities))


@operation("triggerEntityAccessEvent", "triggerEntityAccessEventV3")
def trigger_access(call: Call, state: Draft) -> Json:
    """Nothing listens to the event: it is in the journal, and has an id."""
    if not {"portal_id", "domain", "origin"} & call.params.keys():
        raise BadRequest("name a portal: portal_id or domain")
    portal_of(call, state)
    slug = call.params["schema"]
    check_slug(call.caller, slug)
    if "entity_id" in call.params:
        visible_entity(call.caller, state, slug, call.params["entity_id"])
    return {"eventId": state.new_id("event")}


def activity_view(activity: Record) -> Record:
    """An activity as the API shows it; the ids of all its entities are the mock's own."""
    return {name: value for name, value in activity.items() if name != "entity_ids"}


def _entity(call: Call, state: Draft) -> Record:
    slug, id = call.params["slug"], call.params["id"]
    if call.caller.kind == "portal":
        return call_visible(call, state, slug, id)
    record = find_entity(state, id)
    if record is None or (record["_schema"], record["_org"]) != (slug, call.caller.org):
        raise NotFound(f"there is no {slug} {id}")
    return record


def _related(call: Call, state: Draft, entity: Record) -> Iterator[str]:
    for value in entity_view(call.caller, state, entity).values():
        for id in related_ids(value):
            other = find_entity(state, id)
            if other is not None and is_shown(call.caller, state, other):
                yield id


def _at(activity: Record) -> datetime:
    return instant(str(activity.get("timestamp", "1970-01-01")))


def _bound(call: Call, name: str, default: datetime) -> datetime:
    """A parameter that is an instant; RFC 3339 knows years that no clock does. Raises `BadRequest`."""
    if name not in call.params:
        return default
    try:
        return instant(call.params[name])
    except (ValueError, OverflowError):
        raise BadRequest(f"{name}: there is no such instant") from None


def _is_shown(call: Call, state: Draft, activity: Record) -> bool:
    about = activity.get("payload", {}).get("entity", {})
    slug = about.get("schema")
    if not COLLECTIONS.has_entity(slug):
        return True
    entity = state.collection(slug).find(str(about.get("id")))
    return entity is None or is_shown(call.caller, state, entity)
