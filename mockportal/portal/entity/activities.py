"""The activity feed: an append-only record of what happened to which entities, bounded for each entity."""

from mockportal.config import LIMITS
from mockportal.engine.call import Call, Caller
from mockportal.state.store import Draft
from mockportal.values import Record

_SLACK = 50  # the feed of an entity is cut back only when it is this much too long


def record_activity(
    call: Call, state: Draft, type: str, title: str, entities: list[Record], message: str = ""
) -> Record:
    """Appends an activity of `type` on these entities; the first one is its payload's entity."""
    first = entities[0]
    activities = state.collection("activity")
    activity = activities.put(
        {
            "_id": state.new_id("activity"),
            "type": type,
            "title": title,
            "message": message or title,
            "timestamp": state.timestamp(),
            "entity_ids": [str(entity["_id"]) for entity in entities],
            "payload": {
                "entity": {"id": first["_id"], "schema": first["_schema"]},
                "caller": caller_block(call.caller),
            },
        }
    )
    for entity in entities:
        _trim(state, str(entity["_id"]))
    return activity


def caller_block(caller: Caller) -> Record:
    """Who did it, as activities say it."""
    if caller.kind != "portal":
        return {"EpilotAuth": {"token": {"sub": caller.subject, "org_id": caller.org}}}
    user = caller.user
    contacts = user.get("mapped_contact", {}).get("$relation", [])
    token = {
        "sub": user["_id"],
        "email": user.get("email", ""),
        "cognito:username": user.get("email", ""),
        "custom:portal_user_id": user["_id"],
        "custom:org_id": user["_org"],
        "custom:origin": user.get("origin", ""),
    }
    if contacts:
        token["custom:contact_entity_id"] = contacts[0]["entity_id"]
    return {"PortalAuth": {"token": token}}


def _trim(state: Draft, entity_id: str) -> None:
    activities = state.collection("activity")
    if activities.count("entity_ids", entity_id) <= LIMITS.per_entity_activities + _SLACK:
        return
    for old in activities.where(entity_ids=entity_id)[: -LIMITS.per_entity_activities]:
        activities.remove(str(old["_id"]))
