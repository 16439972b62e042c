"""Reactions of users: campaigns are seen, clicked or dismissed, and notifications are read."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.entity.views import find_entity
from mockportal.portal.entity.visibility import is_visible
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# A recipient moves to a higher rank only, so the last two are final.
RANKS: Mapping[str, int] = MappingProxyType({"sent": 0, "seen": 1, "dismissed": 2, "clicked": 2})


@operation("updateCampaignPortalBlockStatus")
def move_recipients(call: Call, state: Draft) -> Json:
    """Each reference counts: as updated where it may have the status or has it, else as failed, like a foreign one."""
    campaign = state.collection("campaign").get(call.params["campaign_id"])
    refs = call.fields["entity_refs"]
    if not refs:
        raise BadRequest("entity_refs: there are none")
    status, recipients, updated = call.fields["status"], list(campaign.get("recipients", ())), 0
    for ref in refs:
        at = _place(call, state, recipients, ref)
        if at is None:
            continue
        recipient = recipients[at]
        if RANKS[status] > RANKS.get(recipient.get("portal_status", ""), -1):
            recipients[at] = {**recipient, "portal_status": status, "updated_at": state.timestamp()}
        updated += recipients[at].get("portal_status") == status
    state.collection("campaign").patch(campaign["id"], {"recipients": recipients})
    failed = len(refs) - updated
    return {"success": failed == 0, "updated": updated, "failed": failed, "total": len(refs)}


@operation("updateNotificationsStatus")
def mark_notifications(call: Call, state: Draft) -> Json:
    """All or nothing: an id that is not one of the user's own notifications changes none of them."""
    items = call.fields["notifications"]
    if not items:
        raise BadRequest("notifications: there are none")
    notifications = state.collection("notification")
    for item in items:
        if notifications.get(item["id"])["portal_user_id"] != call.caller.subject:
            raise NotFound(f"no notification {item['id']}")
        changes = {"status": item["status"], "updated_at": state.timestamp()}
        notifications.patch(item["id"], changes)
    return {"message": "Notifications updated"}


def _place(call: Call, state: Draft, recipients: list[Record], ref: Record) -> int | None:
    """The position of a reference's recipient in the list; None if it is missing or belongs to another user."""
    id, slug = ref["entity_id"], ref["entity_schema"]
    entity = find_entity(state, id)
    if entity is None or entity["_schema"] != slug or not is_visible(call.caller, state, slug, entity):
        return None
    places = (
        at for at, one in enumerate(recipients) if (one["entity_id"], one["entity_schema"]) == (id, slug)
    )
    return next(places, None)
