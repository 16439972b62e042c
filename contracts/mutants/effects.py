"""Writes with another effect than they should have, and reads that have one."""

from contracts.mutants.bodies import at
from contracts.mutants.model import Answer, Kind, Probe, id_of
from contracts.mutants.replies import change_in_body, error, has_status, is_success, sent
from contracts.mutants.requests import fields
from contracts.mutants.storing import (
    Edit,
    despite_refusal,
    merge_instead,
    repeat,
    replace_instead,
    rewrite,
    then,
    written,
)
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.state.store import Draft
from mockportal.values import Json, Record

merged = Kind("merge-instead-of-replace")
replaced = Kind("replace-instead-of-merge")
other_id = Kind("other-id-than-stored")
too_much = Kind("deletes-too-much")
despite = Kind("refused-but-done")
reading_writes = Kind("read-that-writes")
not_idempotent = Kind("not-idempotent")
doubled = Kind("done-twice")
gone_twice = Kind("gone-but-deletable")

_UNKNOWN = "5d9ae3c4-6a3c-4a8f-9d0a-6f1f0f7f2c11"
_USER = (
    "email",
    "portal_id",
    "origin",
    "mapped_contact",
    "access_status",
    "mapping_status",
    "registration_status",
)
_PAGE = {"slug": "neu", "order": 50}
_IMPLAUSIBLE = Probe("createMeterReading", fields={"value": 99999.5})


def _other(id: Json) -> Json:
    """Another id that looks as good."""
    return "-".join(part[::-1] for part in id.split("-"))


def _merge_block(old: Record, new: Record, request: Request) -> Record:
    before, blocks = old.get("blocks", {}), new["blocks"]
    return {**new, "blocks": {id: {**before.get(id, {}), **block} for id, block in blocks.items()}}


def _merge_widgets(old: Record, new: Record, request: Request) -> Record:
    known = {widget["id"]: widget for widget in [*old.get("widgets", []), *new["widgets"]]}
    return {**new, "widgets": list(known.values())}


def _later(old: Record, new: Record, request: Request) -> Record:
    return {**new, "order": new["order"] + (1 if old else 0)}


def _more_providers(old: Record, new: Record, request: Request) -> Record:
    known = [*old.get("identity_providers", []), *new.get("identity_providers", [])]
    return {
        **new,
        "identity_providers": [{**one, "slug": f"{one['slug']}-{n}"} for n, one in enumerate(known)],
    }


def _all_blocks_gone(old: Record, new: Record, request: Request) -> Record:
    return {**new, "blocks": {}}


def _next_page_too(draft: Draft, exchange: Exchange) -> None:
    left = next(iter(draft.collection("page").where(portal_id=_portal_of_page(exchange))), None)
    if left is not None:
        draft.collection("page").remove(left["id"])


def _portal_of_page(exchange: Exchange) -> str:
    table = exchange.before.tables["page"]
    return str(table[exchange.request.path_params["id"]].record["portal_id"])


def _all_files_gone(draft: Draft, exchange: Exchange) -> None:
    for _, entity in written(exchange, "contract"):
        draft.collection("contract").put({**entity, "_files": {"$relation": []}})


def _touch(kind: str, pointer: str, **values: Json) -> Edit:
    """A read that changes the record whose id is at a pointer of the answer."""

    def edit(draft: Draft, exchange: Exchange) -> None:
        id = str(at(exchange.reply.body, pointer))
        if id in draft.collection(kind):
            draft.collection(kind).put({**draft.collection(kind).get(id), **values})

    return edit


def _count_up(draft: Draft, exchange: Exchange) -> None:
    page = draft.collection("page").find(exchange.reply.body["id"])
    if page is not None:
        draft.collection("page").put({**page, "order": page["order"] + 1})


def _twice_stored(draft: Draft, exchange: Exchange) -> None:
    for old, new in written(exchange, "page"):
        if not old:
            draft.collection("page").put({**new, "id": draft.new_id("page"), "slug": f"{new['slug']}-2"})


def _conflict_if_done(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    exchange = answer(operation, request, world)
    if is_success(exchange.reply) and exchange.after is exchange.before:
        return sent(exchange, Reply(409, {"message": "the step is completed already"}))
    return exchange


MUTANTS = (
    merged(
        "updatePortalPage-merges", "updatePortalPage getPortalPage getPortalPages", "what is not sent stays",
        merge_instead("page"), on="updatePortalPage",
        witness=(Probe("updatePortalPage", body=_PAGE), Probe("getPortalPage")),
    ),
    merged(
        "updatePortalPageBlock-merges", "updatePortalPageBlock getPortalPageBlock getPortalPageBlocks",
        "what is not sent stays", rewrite("page", _merge_block), on="updatePortalPageBlock",
    ),
    merged(
        "upsertPortalWidget-merges", "upsertPortalWidget getPortalWidgets", "widgets that are not sent stay",
        rewrite("widget_list", _merge_widgets), on="upsertPortalWidget",
    ),
    replaced(
        "updateContact-replaces", "updateContact getContact", "what is not sent is gone",
        replace_instead("contact", "email"), on="updateContact",
    ),
    replaced(
        "updatePortalUser-replaces", "updatePortalUser getPortalUser", "what is not sent is gone",
        replace_instead("portal_user", *_USER), on="updatePortalUser",
    ),
    replaced(
        "updateOrder-replaces", "updateOrder getOrder getAllOrders", "what is not sent is gone",
        replace_instead("order", "customer", "status"), on="updateOrder",
    ),
    replaced(
        "upsertEmailTemplates-replaces", "upsertEmailTemplates getEmailTemplates",
        "slots not sent are cleared", replace_instead("email_templates", "portal_id"),
        on="upsertEmailTemplates",
    ),
    other_id(
        "createPortalPage-id", "createPortalPage getPortalPage", "the page is stored under another id",
        change_in_body("/id", _other), on="createPortalPage",
    ),
    other_id(
        "createPortalPageBlock-id", "createPortalPageBlock getPortalPageBlock",
        "the block is stored under another id", change_in_body("/id", _other), on="createPortalPageBlock",
    ),
    other_id(
        "createPortalConfig-id", "createPortalConfig getPortalConfigV3",
        "the portal is stored under another id", change_in_body("/portal_id", _other),
        on="createPortalConfig",
    ),
    other_id(
        "saveEntityFile-id", "saveEntityFile getFileById", "the file is stored under another id",
        change_in_body("/createdFiles/*/_id", _other), on="saveEntityFile",
    ),
    other_id(
        "updateOrder-id", "updateOrder", "the answer is about another order",
        change_in_body("/data/_id", _other),
    ),
    too_much(
        "deletePortalPage-next", "deletePortalPage getPortalPages", "the next page goes as well",
        then(_next_page_too), on="deletePortalPage",
        witness=(Probe("deletePortalPage"), Probe("getPortalPages", "dev-admin")),
    ),
    too_much(
        "deletePortalPageBlock-all", "deletePortalPageBlock getPortalPageBlocks", "all blocks go",
        rewrite("page", _all_blocks_gone), on="deletePortalPageBlock",
    ),
    too_much(
        "deleteEntityFile-all", "deleteEntityFile getAllFiles", "all files of the entity go",
        then(_all_files_gone), on="deleteEntityFile",
    ),
    despite(
        "createMeterReading-refused", "createMeterReading getMeterReadings",
        "an implausible reading is stored", despite_refusal(fields(value=25102.4), has_status(400)),
        on="createMeterReading", witness=(_IMPLAUSIBLE, Probe("getMeterReadings")),
    ),
    despite(
        "upsertPortalWidget-refused", "upsertPortalWidget getPortalWidgets", "refused widgets clear the list",
        despite_refusal(fields(widgets=[]), has_status(400)), on="upsertPortalWidget",
        witness=(Probe("upsertPortalWidget", body={"widgets": 1}), Probe("getPortalWidgets")),
    ),
    despite(
        "postOrderAcceptance-refused", "postOrderAcceptance getOrder getAllOrders",
        "an unknown decision declines", despite_refusal(fields(decision="decline"), has_status(400)),
        on="postOrderAcceptance",
        witness=(Probe("postOrderAcceptance", body={"decision": "later"}), Probe("getOrder")),
    ),
    reading_writes(
        "getContract-touches", "getContract", "reading updates the contract",
        then(_touch("contract", "/entity/_id", _updated_at="2026-06-15T07:00:00.000Z")),
        witness=(Probe("getContract"), Probe("getContract")),
    ),
    reading_writes(
        "getPortalPage-counts", "getPortalPage", "each reading moves the page", then(_count_up),
        witness=(Probe("getPortalPage"), Probe("getPortalPage")),
    ),
    reading_writes(
        "getOpportunity-closes", "getOpportunity getAllOpportunities", "reading closes the opportunity",
        then(_touch("opportunity", "/entity/_id", status="closed")), on="getOpportunity",
    ),
    not_idempotent(
        "updatePortalPage-moves", "updatePortalPage getPortalPage getPortalPages",
        "each PUT moves the page one down", rewrite("page", _later), on="updatePortalPage",
    ),
    not_idempotent(
        "putPortalConfig-grows", "putPortalConfig getPortalConfigV3 listAllPortalConfigs",
        "each PUT adds the providers again", rewrite("portal", _more_providers), on="putPortalConfig",
    ),
    not_idempotent(
        "updateWorkflowStepAsDone-once", "updateWorkflowStepAsDone", "a step done is 409 the second time",
        _conflict_if_done, witness=(Probe("updateWorkflowStepAsDone"), Probe("updateWorkflowStepAsDone")),
    ),
    doubled(
        "createPortalPageBlock-twice", "createPortalPageBlock getPortalPageBlocks", "two blocks for one",
        repeat(), on="createPortalPageBlock",
    ),
    doubled(
        "saveEntityFile-twice", "saveEntityFile getAllFiles", "two files for one", repeat(),
        on="saveEntityFile",
    ),
    doubled(
        "createPortalPage-twice", "createPortalPage getPortalPages", "two pages for one", then(_twice_stored),
        on="createPortalPage", witness=(Probe("createPortalPage"), Probe("getPortalPages", "dev-admin")),
    ),
    doubled(
        "createCustomEntityActivity-twice", "createCustomEntityActivity getEntityActivityFeed",
        "two activities for one", repeat(), on="createCustomEntityActivity",
        witness=(
            Probe("createCustomEntityActivity"),
            Probe("getEntityActivityFeed", params={"slug": "contact", "id": id_of("contact/anna")}),
        ),
    ),
    gone_twice(
        "deletePortalPage-again", "deletePortalPage", "a page that is not there can be deleted",
        error(204, None, has_status(404)), witness=(Probe("deletePortalPage", params={"id": _UNKNOWN}),),
    ),
    gone_twice(
        "deleteEntityFile-again", "deleteEntityFile", "a file that is not there can be deleted",
        error(202, {"deletedFiles": []}, has_status(404)),
        witness=(Probe("deleteEntityFile"), Probe("deleteEntityFile")),
    ),
    gone_twice(
        "deletePortalConfig-again", "deletePortalConfig", "a portal that is not there can be deleted",
        error(204, None, has_status(404)),
        witness=(Probe("deletePortalConfig", params={"portal_id": _UNKNOWN}),),
    ),
)  # fmt: skip
