"""The e-mail template that a portal uses on each occasion."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.entity.addressing import portal_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("getEmailTemplates", "getEmailTemplatesByPortalId")
def show_templates(call: Call, state: Draft) -> Json:
    return templates_of(state, str(portal_of(call, state)["portal_id"]))


@operation("upsertEmailTemplates", "upsertEmailTemplatesByPortalId")
def choose_templates(call: Call, state: Draft) -> Json:
    portal_id = str(portal_of(call, state)["portal_id"])
    merge_templates(state, portal_id, call.fields)
    return {
        "message": "Email Templates upserted successfully",
        "emailTemplates": templates_of(state, portal_id),
    }


def templates_of(state: Draft, portal_id: str) -> Record:
    """`{slot: template id}` without the slots that have none."""
    stored = state.collection("email_templates").find(portal_id) or {}
    return {slot: id for slot, id in stored.items() if slot != "portal_id"}


def merge_templates(state: Draft, portal_id: str, changes: Record) -> None:
    """Only what is sent changes; null clears a slot. Raises `BadRequest` for what is no id, also in a slot that the
    API does not know."""
    wrong = sorted(slot for slot, id in changes.items() if not isinstance(id, str | None))
    if wrong:
        raise BadRequest(f"{wrong[0][:100]}: a template is named by its id")
    merged = {**templates_of(state, portal_id), **changes, "portal_id": portal_id}
    state.collection("email_templates").put({slot: id for slot, id in merged.items() if id is not None})
