"""What one customer sees and changes of another."""

from dataclasses import replace

from contracts.mutants.asking import as_other_user, open_to_all
from contracts.mutants.bodies import at, changed
from contracts.mutants.model import Answer, Kind, Patch, Probe
from contracts.mutants.replies import is_success, sent, set_in_body
from contracts.mutants.requests import with_token
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation

leaking_list = Kind("leak-in-list")
leaking_detail = Kind("leak-in-detail")
foreign_write = Kind("foreign-write")
wrong_person = Kind("wrong-person")
hidden_attribute = Kind("hidden-attribute")

_family = open_to_all("dev-anna", "dev-mehmet", "dev-hoffmann", "dev-sabine")


def _with_those_of(token: str, pointer: str) -> Patch:
    """The list at the pointer goes on with what another user has in it."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        other = answer(operation, with_token(request, token), world)
        if not is_success(exchange.reply) or not is_success(other.reply):
            return exchange
        try:
            more = at(other.reply.body, pointer)
        except LookupError:  # an answer of another shape, such as groups
            return exchange
        longer = changed(
            exchange.reply.body, pointer, lambda own: [*own, *(one for one in more if one not in own)]
        )
        return sent(exchange, replace(exchange.reply, body=longer))

    return patch


def _with_private_pages(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    exchange = answer(operation, request, world)
    if not is_success(exchange.reply):
        return exchange
    shown = exchange.reply.body
    portals = {page.get("portal_id") for page in shown}
    private = [
        page
        for page in world.draft().collection("page")
        if page["portal_id"] in portals and not page.get("is_public")
    ]
    return sent(exchange, replace(exchange.reply, body=[*shown, *private]))


MUTANTS = (
    leaking_list(
        "getAllOrders-foreign", "getAllOrders", "orders of another customer",
        _with_those_of("dev-tom", "/data"),
    ),
    leaking_list(
        "getAllContracts-foreign", "getAllContracts", "contracts of another customer",
        _with_those_of("dev-mehmet", "/data"),
    ),
    leaking_list(
        "searchPortalUserEntities-foreign", "searchPortalUserEntities", "the search finds everybody's",
        _with_those_of("dev-mehmet", "/results"),
        witness=(Probe("searchPortalUserEntities", body={"slug": "contract"}),),
    ),
    leaking_list(
        "getAllRequests-foreign", "getAllRequests", "requests of another customer",
        _with_those_of("dev-hoffmann", "/results"),
    ),
    leaking_detail(
        "getContract-foreign", "getContract", "anybody's contract", _family,
        witness=(Probe("getContract", "dev-emilia"),),
    ),
    leaking_detail(
        "getFileById-foreign", "getFileById", "anybody's file", _family,
        witness=(Probe("getFileById", "dev-emilia"),),
    ),
    leaking_detail(
        "getBillingAccount-foreign", "getBillingAccount", "anybody's billing account", _family,
        witness=(Probe("getBillingAccount", "dev-emilia"),),
    ),
    leaking_detail(
        "getPortalUserEntity-foreign", "getPortalUserEntity", "anybody's entity", _family,
        witness=(Probe("getPortalUserEntity", "dev-emilia"),),
    ),
    leaking_detail(
        "getEntityActivityFeed-foreign", "getEntityActivityFeed", "anybody's feed", _family,
        witness=(Probe("getEntityActivityFeed", "dev-emilia"),),
    ),
    leaking_detail(
        "getMeterReadings-foreign", "getMeterReadings", "anybody's meter readings", _family,
        witness=(Probe("getMeterReadings", "dev-emilia"),),
    ),
    leaking_detail(
        "getConsumption-foreign", "getConsumption", "anybody's consumption", _family,
        witness=(Probe("getConsumption", "dev-emilia"),),
    ),
    leaking_detail(
        "getEntityWorkflows-foreign", "getEntityWorkflows", "anybody's workflows", _family,
        witness=(Probe("getEntityWorkflows", "dev-emilia"),),
    ),
    leaking_detail(
        "getOpportunity-foreign", "getOpportunity", "anybody's opportunity", _family,
        witness=(Probe("getOpportunity", "dev-emilia"),),
    ),
    foreign_write(
        "updateOrder-foreign", "updateOrder getOrder", "anybody may change an order", _family,
        on="updateOrder", witness=(Probe("updateOrder", "dev-emilia"), Probe("getOrder")),
    ),
    foreign_write(
        "updateContract-foreign", "updateContract getContract", "anybody may change a contract", _family,
        on="updateContract", witness=(Probe("updateContract", "dev-emilia"), Probe("getContract")),
    ),
    foreign_write(
        "postOrderAcceptance-foreign", "postOrderAcceptance", "anybody may accept an offer", _family,
        witness=(Probe("postOrderAcceptance", "dev-emilia"),),
    ),
    foreign_write(
        "createMeterReading-foreign", "createMeterReading", "anybody may read a meter", _family,
        witness=(Probe("createMeterReading", "dev-emilia"),),
    ),
    foreign_write(
        "deleteEntityFile-foreign", "deleteEntityFile", "anybody may delete a file", _family,
        witness=(Probe("deleteEntityFile", "dev-emilia"),),
    ),
    foreign_write(
        "saveEntityFile-foreign", "saveEntityFile", "anybody may attach a file", _family,
        witness=(Probe("saveEntityFile", "dev-emilia"),),
    ),
    foreign_write(
        "updateNotificationsStatus-foreign", "updateNotificationsStatus", "anybody may mark a notification",
        _family, witness=(Probe("updateNotificationsStatus", "dev-emilia"),),
    ),
    foreign_write(
        "trackFileDownloaded-foreign", "trackFileDownloaded", "anybody may mark a file", _family,
        witness=(Probe("trackFileDownloaded", "dev-emilia"),),
    ),
    foreign_write(
        "disablePartner-foreign", "disablePartner", "anybody may disable a partner", _family,
        witness=(Probe("disablePartner", "dev-anna"),),
    ),
    wrong_person(
        "getPortalUser-first", "getPortalUser", "everybody is the first user", as_other_user("dev-anna"),
        witness=(Probe("getPortalUser", "dev-mehmet"),),
    ),
    wrong_person(
        "getContact-first", "getContact", "everybody has the same contact", as_other_user("dev-anna"),
        witness=(Probe("getContact", "dev-mehmet"),),
    ),
    wrong_person(
        "getFilesCountByEntity-first", "getFilesCountByEntity", "everybody has the same files",
        as_other_user("dev-anna"), witness=(Probe("getFilesCountByEntity", "dev-mehmet"),),
    ),
    hidden_attribute(
        "getContact-note", "getContact", "a note that is for the staff only",
        set_in_body("/entity/internal_note", "Ruft am liebsten vormittags an."),
    ),
    hidden_attribute(
        "getPublicPages-private", "getPublicPages", "pages that need a login", _with_private_pages,
    ),
)  # fmt: skip
