"""One writable attribute that gets lost, in the answer or in what is stored, and others that nobody may write."""

from collections.abc import Callable

from contracts.mutants.bodies import changed
from contracts.mutants.model import Answer, Kind, Patch, Probe, id_of
from contracts.mutants.replies import change_in_body, drop_from_body
from contracts.mutants.requests import fields_of
from contracts.mutants.storing import Rewrite, rewrite
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.values import Json, Record

echo = Kind("attribute-wrong-in-echo")
stored = Kind("attribute-not-stored")
assigned = Kind("foreign-attribute-assigned")

_FOREIGN = "5d9ae3c4-6a3c-4a8f-9d0a-6f1f0f7f2c11"


def _lost(pointer: str) -> Rewrite:
    """What is at the pointer of the new record is not stored: the old value stays, or none."""
    *steps, name = pointer.split("/")[1:]

    def change(old: Record, new: Record, request: Request) -> Record:
        before: Json = old
        for step in steps:
            before = before.get(step) if isinstance(before, dict) else None
        kept = before.get(name) if isinstance(before, dict) else None

        def forget(holder: Json) -> Json:
            if not isinstance(holder, dict):
                return holder
            rest = {key: value for key, value in holder.items() if key != name}
            return rest if kept is None else {**rest, name: kept}

        return dict(changed(new, "".join(f"/{step}" for step in steps), forget))

    return change


def _altered(pointer: str, change: Callable[[Json], Json]) -> Rewrite:
    return lambda old, new, request: dict(changed(new, pointer, change))


def _taken_over(kind: str, *names: str) -> Patch:
    """These attributes are stored as they are sent, though nobody may set them."""

    def take(old: Record, new: Record, request: Request) -> Record:
        return {**new, **{name: value for name, value in fields_of(request).items() if name in names}}

    return rewrite(kind, take)


def _shown_as_sent(holder: str, *names: str) -> Patch:
    """The answer has these attributes as they were sent."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        sent_fields = {name: value for name, value in fields_of(request).items() if name in names}
        if not sent_fields:
            return answer(operation, request, world)
        show = change_in_body(holder, lambda one: {**one, **sent_fields})
        return show(operation, request, world, answer)

    return patch


def _blocks(change: Rewrite) -> Patch:
    """The change in each block that the request has made or changed."""

    def edit(old: Record, new: Record, request: Request) -> Record:
        before = old.get("blocks", {})
        blocks = {
            id: block if before.get(id) == block else change(before.get(id, {}), block, request)
            for id, block in new.get("blocks", {}).items()
        }
        return {**new, "blocks": blocks}

    return rewrite("page", edit)


def _next(value: Json) -> Json:
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else value


def _shorter(value: Json) -> Json:
    return value[:-1] if isinstance(value, str) else value


_OPPORTUNITY = Probe("getOpportunity", "dev-marek", {"id": id_of("opportunity/op-3001")})

MUTANTS = (
    echo(
        "createPortalPage-echo-visibility", "createPortalPage", "the answer lacks the end of the visibility",
        drop_from_body("/visibility/end_date"),
    ),
    echo(
        "updatePortalPage-echo-order", "updatePortalPage", "the answer has another order",
        change_in_body("/order", _next),
    ),
    echo(
        "updateOrder-echo-note", "updateOrder", "the answer lacks the note",
        drop_from_body("/data/customer_note"),
    ),
    echo(
        "putPortalConfig-echo-cutoff", "putPortalConfig", "the answer lacks the cutoff",
        drop_from_body("/inactive_contract_cutoff_years"),
    ),
    echo(
        "createPortalPageBlock-echo-design", "createPortalPageBlock", "the answer lacks the design",
        drop_from_body("/props/design"),
    ),
    echo(
        "updateOpportunity-echo-description", "updateOpportunity", "the description is cut in the answer",
        change_in_body("/data/description", _shorter),
    ),
    echo(
        "upsertPortalWidgetV3-echo-index", "upsertPortalWidgetV3", "the answer counts from one",
        change_in_body("/widgets/*/listIndex", _next),
    ),
    echo(
        "createMeterReading-echo-reader", "createMeterReading", "the answer lacks who read the meter",
        drop_from_body("/data/read_by"),
    ),
    stored(
        "createPortalConfig-lost-extensions", "createPortalConfig getPortalConfigV3 listAllPortalConfigs",
        "the allowed extensions are not stored", rewrite("portal", _lost("/allowed_file_extensions")),
        on="createPortalConfig", witness=(Probe("createPortalConfig"), Probe("listAllPortalConfigs")),
    ),
    stored(
        "updatePortalPage-lost-hidden", "updatePortalPage getPortalPage getPortalPages",
        "who must not see a page is not stored", rewrite("page", _lost("/visibility/hidden_for_targets")),
        on="updatePortalPage",
    ),
    stored(
        "updateOpportunity-lost-date", "updateOpportunity getOpportunity",
        "the preferred start is not stored", rewrite("opportunity", _lost("/preferred_start_date")),
        on="updateOpportunity", witness=(Probe("updateOpportunity"), _OPPORTUNITY),
    ),
    stored(
        "updatePortalUser-lost-newsletter", "updatePortalUser getPortalUser",
        "the choice of the newsletter is not stored", rewrite("portal_user", _lost("/newsletter")),
        on="updatePortalUser",
        witness=(
            Probe("getPortalUser"), Probe("updatePortalUser", fields={"newsletter": False}),
            Probe("getPortalUser"), Probe("updatePortalUser", fields={"newsletter": True}),
            Probe("getPortalUser"),
        ),
    ),
    stored(
        "updatePortalPageBlock-lost-visibility",
        "updatePortalPageBlock getPortalPageBlock getPortalPageBlocks",
        "who must not see a block is not stored", _blocks(_lost("/props/visibility")),
        on="updatePortalPageBlock",
    ),
    stored(
        "upsertPortalWidget-lost-headline", "upsertPortalWidget getPortalWidgets",
        "the headline of a widget is not stored",
        rewrite("widget_list", _altered("/widgets/0/headline", lambda headline: {"de": "Titel"})),
        on="upsertPortalWidget",
    ),
    stored(
        "upsertPortal-lost-grace-period", "upsertPortal getOrgPortalConfig",
        "the grace period is not stored", rewrite("portal", _lost("/meter_reading_grace_period")),
        on="upsertPortal",
        witness=(
            Probe("upsertPortal", fields={"meter_reading_grace_period": 14}), Probe("getOrgPortalConfig"),
        ),
    ),
    stored(
        "upsertEmailTemplates-lost-invitation", "upsertEmailTemplates getEmailTemplates",
        "the invitation is not stored", rewrite("email_templates", _lost("/partnerInvitation")),
        on="upsertEmailTemplates",
    ),
    stored(
        "saveEntityFile-lost-name", "saveEntityFile getFileById getAllFiles", "a file has another name",
        rewrite("file", _altered("/filename", _shorter)), on="saveEntityFile",
        witness=(Probe("saveEntityFile"), Probe("getAllFiles")),
    ),
    stored(
        "updateContact-lost-phone", "updateContact getContact", "a new phone number is not stored",
        rewrite("contact", _lost("/phone")), on="updateContact",
    ),
    assigned(
        "updateContact-assigned-org", "updateContact getContact", "a customer moves to another organization",
        _taken_over("contact", "_created_at", "_org"), on="updateContact",
        witness=(Probe("updateContact", fields={"_org": "9"}), Probe("getContact")),
    ),
    assigned(
        "updateOrder-assigned-status", "updateOrder getOrder", "a customer sets the status",
        _taken_over("order", "status", "amount_total"), on="updateOrder",
        witness=(Probe("updateOrder", fields={"status": "accepted"}), Probe("getOrder")),
    ),
    assigned(
        "updateContract-assigned-org", "updateContract", "a customer moves a contract",
        _shown_as_sent("/data", "_org", "_schema"),
        witness=(Probe("updateContract", fields={"_org": "9"}),),
    ),
    assigned(
        "createPortalPage-assigned-id", "createPortalPage getPortalPage getPortalPages",
        "the caller chooses the portal of a page", _taken_over("page", "portal_id", "last_modified_at"),
        on="createPortalPage",
        witness=(
            Probe("createPortalPage", fields={"portal_id": _FOREIGN}),
            Probe("getPortalPages", "dev-admin"),
        ),
    ),
    assigned(
        "createPortalConfig-assigned-organization", "createPortalConfig", "a portal of another organization",
        _shown_as_sent("", "organization_id"),
        witness=(Probe("createPortalConfig", fields={"organization_id": "9"}),),
    ),
    assigned(
        "updatePortalUser-assigned-access", "updatePortalUser getPortalUser",
        "a user is moved to another kind of portal",
        _taken_over("portal_user", "access_status", "origin", "email"),
        on="updatePortalUser",
        witness=(Probe("updatePortalUser", fields={"origin": "INSTALLER_PORTAL"}), Probe("getPortalUser")),
    ),
)  # fmt: skip
