"""What happens again, too late, in part, or at the same time."""

from dataclasses import replace

from contracts.mutants.model import OVERLAPS, Answer, Kind, Patch, Probe
from contracts.mutants.replies import (
    change_in_body,
    has_status,
    is_success,
    sent,
)
from contracts.mutants.storing import Edit, then
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.state.store import Draft, State

partly = Kind("failed-but-partly-done")
repeated = Kind("repeated-create-breaks")
deleted = Kind("repeated-delete")
reused = Kind("id-used-again")
lost = Kind("overlapping-update-lost")
overlap = Kind("overlapping-reads-fail")

_BROKEN = {"message": "Internal server error"}


def _patched(kind: str, alias: str, **values: object) -> Edit:
    """A record of the scenario gets these values."""

    def edit(draft: Draft, exchange: Exchange) -> None:
        for record in [*draft.collection(kind)]:
            if record.get("_title") == alias or record.get("slug") == alias or record.get("email") == alias:
                draft.collection(kind).put({**record, **values})

    return edit


def _all_of(kind: str, **values: object) -> Edit:
    """Every record of a kind gets these values."""

    def edit(draft: Draft, exchange: Exchange) -> None:
        for record in [*draft.collection(kind)]:
            draft.collection(kind).put({**record, **values})

    return edit


def _again(reply: Reply) -> Patch:
    """The same request for the second time, in a world that has it in its journal, is answered so."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        known = [
            one for one in world.journal
            if one.operation == operation.id and one.request.body == request.body
            and one.request.path == request.path and one.request.query == request.query
            and one.reply.status < 300
        ]  # fmt: skip
        exchange = answer(operation, request, world)
        if not known or exchange.reply.status == 401:
            return exchange
        world.state = exchange.before
        return sent(exchange, reply)

    return patch


def _ids_again(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    """The counters of ids go back when something is deleted."""
    exchange = answer(operation, request, world)
    if is_success(exchange.reply):
        first = world.scenario.state.counters
        world.state = State(world.state.tables, world.state.index, first)
    return exchange


def _lost_update(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    """Two changes that are under way together both start from the state before them: the later one wins."""
    if request.headers.get(OVERLAPS) != "later":
        return answer(operation, request, world)
    previous = next((one for one in reversed([*world.journal]) if one.operation == operation.id), None)
    if previous is not None:
        world.state = previous.before
    return answer(operation, request, world)


def _fails_together(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    exchange = answer(operation, request, world)
    if OVERLAPS in request.headers and is_success(exchange.reply):
        return sent(exchange, replace(exchange.reply, status=500, body=_BROKEN))
    return exchange


MUTANTS = (
    partly(
        "upsertPortalWidgetV3-refused-clears", "upsertPortalWidgetV3 getPortalWidgetsV3",
        "a refused list clears the old one", then(_all_of("widget_list", widgets=[]), has_status(400)),
        on="upsertPortalWidgetV3",
        witness=(Probe("upsertPortalWidgetV3", body={"widgets": 1}), Probe("getPortalWidgetsV3")),
    ),
    partly(
        "createPortalPage-refused-slug", "createPortalPage getPortalPages getPortalPage",
        "a slug that is taken renames the page that has it",
        then(_patched("page", "login", order=77), has_status(400)), on="createPortalPage",
        witness=(Probe("createPortalPage", fields={"slug": "login"}), Probe("getPortalPages", "dev-admin")),
    ),
    partly(
        "invitePartner-refused-listed", "invitePartner listBusinessPartners",
        "a refused invitation changes a partner",
        then(_patched("contact", "Jan Peters", last_name="Petersen", _title="Jan Petersen"), has_status(400)),
        on="invitePartner", witness=(Probe("invitePartner", body=[]), Probe("listBusinessPartners")),
    ),
    partly(
        "putPortalConfig-refused-name", "putPortalConfig getPortalConfigV3 listAllPortalConfigs",
        "a refused change renames the portal",
        then(_all_of("portal", name="Altes Portal"), has_status(400)),
        on="putPortalConfig", witness=(Probe("putPortalConfig", body=[]), Probe("listAllPortalConfigs")),
    ),
    partly(
        "upsertEmailTemplatesByPortalId-refused-clears",
        "upsertEmailTemplatesByPortalId getEmailTemplatesByPortalId", "a refused choice clears another",
        then(_all_of("email_templates", confirmAccount=None), has_status(400)),
        on="upsertEmailTemplatesByPortalId",
        witness=(
            Probe("upsertEmailTemplatesByPortalId", body=[]), Probe("getEmailTemplatesByPortalId"),
        ),
    ),
    repeated(
        "saveEntityFile-second", "saveEntityFile", "the same file for the second time is 500",
        _again(Reply(500, _BROKEN)), witness=(Probe("saveEntityFile"), Probe("saveEntityFile")),
    ),
    repeated(
        "createPortalPageBlock-second", "createPortalPageBlock", "the same block for the second time is 500",
        _again(Reply(500, _BROKEN)), witness=(Probe("createPortalPageBlock"), Probe("createPortalPageBlock")),
    ),
    repeated(
        "clonePortalConfig-second", "clonePortalConfig", "a second copy is 500", _again(Reply(500, _BROKEN)),
        witness=(Probe("clonePortalConfig"), Probe("clonePortalConfig")),
    ),
    repeated(
        "invitePartner-second", "invitePartner", "a second invitation is 500 in place of a refusal",
        _again(Reply(500, _BROKEN)), witness=(Probe("invitePartner"), Probe("invitePartner")),
    ),
    repeated(
        "updateCampaignPortalBlockStatus-second", "updateCampaignPortalBlockStatus",
        "the same status for the second time is 404", _again(Reply(404, {"message": "no campaign"})),
        witness=(Probe("updateCampaignPortalBlockStatus"), Probe("updateCampaignPortalBlockStatus")),
    ),
    repeated(
        "triggerEntityAccessEventV3-second", "triggerEntityAccessEventV3", "a second event is 500",
        _again(Reply(500, _BROKEN)),
        witness=(Probe("triggerEntityAccessEventV3"), Probe("triggerEntityAccessEventV3")),
    ),
    deleted(
        "deletePortalPage-twice", "deletePortalPage", "what is gone is deleted once more",
        _again(Reply(204)), witness=(Probe("deletePortalPage"), Probe("deletePortalPage")),
    ),
    deleted(
        "deletePortalPageBlock-twice", "deletePortalPageBlock", "what is gone is deleted once more",
        _again(Reply(204)), witness=(Probe("deletePortalPageBlock"), Probe("deletePortalPageBlock")),
    ),
    deleted(
        "deleteEntityFile-twice", "deleteEntityFile", "what is gone breaks the server",
        _again(Reply(500, _BROKEN)), witness=(Probe("deleteEntityFile"), Probe("deleteEntityFile")),
    ),
    deleted(
        "deletePortalConfig-twice", "deletePortalConfig", "what is gone breaks the server",
        _again(Reply(500, _BROKEN)), witness=(Probe("deletePortalConfig"), Probe("deletePortalConfig")),
    ),
    deleted(
        "revokePartner-twice", "revokePartner", "what is gone breaks the server",
        _again(Reply(500, _BROKEN)), witness=(Probe("revokePartner"), Probe("revokePartner")),
    ),
    reused(
        "deletePortalPage-frees-id", "deletePortalPage createPortalPage", "the next page has an old id",
        _ids_again, on="deletePortalPage",
        witness=(
            Probe("createPortalPage"), Probe("deletePortalPage"),
            Probe("createPortalPage", fields={"slug": "noch-eins"}),
        ),
    ),
    reused(
        "deletePortalPageBlock-frees-id", "deletePortalPageBlock createPortalPageBlock",
        "the next block has an old id", _ids_again, on="deletePortalPageBlock",
        witness=(
            Probe("createPortalPageBlock"), Probe("deletePortalPageBlock"), Probe("createPortalPageBlock"),
        ),
    ),
    reused(
        "deleteEntityFile-frees-id", "deleteEntityFile saveEntityFile", "the next file has an old id",
        _ids_again, on="deleteEntityFile",
        witness=(Probe("saveEntityFile"), Probe("deleteEntityFile"), Probe("saveEntityFile")),
    ),
    reused(
        "clonePortalConfig-same-id", "clonePortalConfig", "every copy has the same id",
        change_in_body("/portal_id", lambda id: "ca7a3c12-0e5a-5d64-862c-6ed52a889dda"),
        witness=(Probe("clonePortalConfig"), Probe("clonePortalConfig")),
    ),
    lost(
        "updateContact-overlap", "updateContact getContact", "of two changes at once one is lost",
        _lost_update, on="updateContact", overlaps=True,
        witness=(
            Probe("updateContact", fields={"salutation": "Ms."}),
            Probe("updateContact", headers={OVERLAPS: "later"}), Probe("getContact"),
        ),
    ),
    lost(
        "updateOrder-overlap", "updateOrder getOrder", "of two changes at once one is lost", _lost_update,
        on="updateOrder", overlaps=True,
        witness=(
            Probe("updateOrder"),
            Probe("updateOrder", body={"note": "x"}, headers={OVERLAPS: "later"}), Probe("getOrder"),
        ),
    ),
    lost(
        "updatePortalUser-overlap", "updatePortalUser getPortalUser", "of two changes at once one is lost",
        _lost_update, on="updatePortalUser", overlaps=True,
        witness=(
            Probe("updatePortalUser", body={"newsletter": False}),
            Probe("updatePortalUser", body={"preferred_language": "en"}, headers={OVERLAPS: "later"}),
            Probe("getPortalUser"),
        ),
    ),
    overlap(
        "getAllContracts-overlap", "getAllContracts", "500 while another request is under way",
        _fails_together, overlaps=True, witness=(Probe("getAllContracts", headers={OVERLAPS: "later"}),),
    ),
    overlap(
        "getPublicPages-overlap", "getPublicPages", "500 while another request is under way",
        _fails_together, overlaps=True, witness=(Probe("getPublicPages", headers={OVERLAPS: "later"}),),
    ),
    overlap(
        "getAutomationContext-overlap", "getAutomationContext", "500 while another request is under way",
        _fails_together, overlaps=True, witness=(Probe("getAutomationContext", headers={OVERLAPS: "later"}),),
    ),
)  # fmt: skip
