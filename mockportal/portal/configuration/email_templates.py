"""The e-mail template that a portal uses on each occasion."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.entity.addressing import portal_of, portals_of
from mockportal.portal.pages.pages import UUID
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


@operation("listEmailTemplateReferences")
def list_references(call: Call, state: Draft) -> Json:
    using = _portals_using(call, state, call.fields["template_id"])
    return {"portals": [{"id": one["portal_id"], "name": one.get("name")} for one in using]}


@operation("migrateEmailTemplateReferences")
def migrate_references(call: Call, state: Draft) -> Json:
    """Every slot that has the one template gets the other, in all portals of the organization."""
    source, target = call.fields["source_template_id"], call.fields["destination_template_id"]
    if not UUID.fullmatch(target):
        raise BadRequest("destination_template_id: a template is named by its id")
    migrated = _portals_using(call, state, source)
    for portal in migrated:
        slots = templates_of(state, portal["portal_id"])
        merge_templates(
            state, portal["portal_id"], {slot: target for slot, id in slots.items() if id == source}
        )
    ids = [portal["portal_id"] for portal in migrated]
    return {"migrated_portal_count": len(ids), "migrated_portal_ids": ids, "failed_portal_ids": []}


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


def _portals_using(call: Call, state: Draft, template_id: str) -> list[Record]:
    """The portals of the caller's organization with this template in one of their slots."""
    return [
        portal
        for portal in portals_of(call.caller.org, state)
        if template_id in templates_of(state, portal["portal_id"]).values()
    ]
