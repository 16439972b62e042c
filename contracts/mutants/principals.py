"""Who may do what to whom: the things of others, the work of administrators, and refusals that tell too much."""

from dataclasses import replace

from contracts.mutants.asking import Who, holders_of, nobody, open_to_all, skip_guard
from contracts.mutants.model import Answer, Kind, Patch, Probe, id_of
from contracts.mutants.replies import (
    change_in_body,
    is_success,
    says,
    sent,
    set_in_body,
)
from contracts.mutants.requests import fields_of, query_of, with_token
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation

others_thing = Kind("thing-of-another")
others_list = Kind("list-of-another")
administrators = Kind("work-of-administrators")
once = Kind("single-use-token-accepted-twice")
same_token = Kind("same-token-for-all")
other_status = Kind("401-and-403-exchanged")
existence = Kind("existence-told")

_OWNERS = ("dev-anna", "dev-mehmet", "dev-hoffmann", "dev-sabine", "dev-petra", "dev-marek")
_family = open_to_all(*_OWNERS)
_as_admin = skip_guard(holders_of("portal"), "dev-admin")
_V = id_of("contract/v-900001")


def _for_its_owner(name: str) -> Patch:
    """A list that is asked for by an id of somebody else's is that person's."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if not is_success(exchange.reply) or not any(key.startswith(name) for key, _ in query_of(request)):
            return exchange
        for owner in _OWNERS:
            if not exchange.reply.body.get("hits"):
                exchange = answer(operation, with_token(request, owner), world)
        return exchange

    return patch


def _tells(refusal: Reply) -> Patch:
    """What is somebody else's is refused otherwise than what is not there at all."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if exchange.reply.status not in (403, 404) or exchange.reply.answered_by != "behaviour":
            return exchange
        state = world.state
        for owner in _OWNERS:
            other = answer(operation, with_token(request, owner), world)
            world.state = state
            if is_success(other.reply) or other.reply.status == 409:
                return sent(exchange, refusal)
        return exchange

    return patch


_FORBIDDEN = Reply(403, {"message": "this is somebody else's"})
_MISSING = Reply(404, {"message": "there is none that is yours"})


def _again(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    """What is used up by the request can be used again."""
    exchange = answer(operation, request, world)
    if is_success(exchange.reply):
        world.state = exchange.before
    return exchange


def _of_the_portal() -> Patch:
    """One token for each portal, whoever is asked for."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if not is_success(exchange.reply):
            return exchange
        asked = str(fields_of(request).get("portal_id"))
        return sent(exchange, replace(exchange.reply, body={"login_as_token": f"login-as-{asked}"}))

    return patch


def _refused_to(who: Who, code: int) -> Patch:
    """These callers, who are refused, are told another status."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        told = who(request.headers.get("authorization", ""), world.scenario)
        if not told or exchange.reply.status not in (401, 403):
            return exchange
        return sent(exchange, Reply(code, {"message": "no access"}))

    return patch


def _without_firm(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    exchange = answer(operation, request, world)
    if says("business account")(exchange.reply):
        return answer(operation, with_token(request, "dev-sabine"), world)
    return exchange


MUTANTS = (
    others_thing(
        "getOrder-anybody", "getOrder", "anybody's order", _family, witness=(Probe("getOrder", "dev-emilia"),),
    ),
    others_thing(
        "getCosts-anybody", "getCosts", "what anybody's meter costs", _family,
        witness=(Probe("getCosts", "dev-mehmet"),),
    ),
    others_thing(
        "getPrices-anybody", "getPrices", "prices at anybody's meter", _family,
        witness=(Probe("getPrices", "dev-mehmet"),),
    ),
    others_thing(
        "getAllowedMeterReadingRange-anybody", "getAllowedMeterReadingRange", "the range of anybody's meter",
        _family, witness=(Probe("getAllowedMeterReadingRange", "dev-mehmet"),),
    ),
    others_thing(
        "validateCadenceEntityEditRules-anybody", "validateCadenceEntityEditRules",
        "the rules of anybody's entity", _family,
        witness=(Probe("validateCadenceEntityEditRules", "dev-mehmet"),),
    ),
    others_thing(
        "uploadMeterReadingPhoto-anybody", "uploadMeterReadingPhoto", "a photo for anybody's meter", _family,
        witness=(Probe("uploadMeterReadingPhoto", "dev-mehmet"),),
    ),
    others_thing(
        "updateWorkflowStepAsDone-anybody", "updateWorkflowStepAsDone", "anybody may complete a step",
        _family, witness=(Probe("updateWorkflowStepAsDone", "dev-mehmet"),),
    ),
    others_thing(
        "updateOpportunity-anybody", "updateOpportunity getOpportunity", "anybody may change an opportunity",
        _family, on="updateOpportunity", witness=(Probe("updateOpportunity", "dev-mehmet"),),
    ),
    others_thing(
        "enablePartner-anybody", "enablePartner", "anybody may enable a partner", _without_firm,
        witness=(Probe("enablePartner", "dev-anna"),),
    ),
    others_thing(
        "resendPartnerInvitation-anybody", "resendPartnerInvitation", "anybody may invite again",
        _without_firm, witness=(Probe("resendPartnerInvitation", "dev-anna"),),
    ),
    others_thing(
        "getPortalWidgets-anybody", "getPortalWidgets", "widgets for anybody's contract", _family,
        witness=(Probe("getPortalWidgets", "dev-mehmet", {"contract_id": _V}),),
    ),
    others_thing(
        "getExternalLinksV3-anybody", "getExternalLinksV3", "links for anybody's contact", _family,
        witness=(Probe("getExternalLinksV3", "dev-mehmet", {"contactId": id_of("contact/anna")}),),
    ),
    others_list(
        "getBillingEvents-of-entity", "getBillingEvents", "the invoices of anybody's contract",
        _for_its_owner("entity_id"), witness=(Probe("getBillingEvents", "dev-mehmet", {"entity_id": _V}),),
    ),
    others_list(
        "getAllFiles-of-entity", "getAllFiles", "the files of anybody's contract",
        _for_its_owner("entity_ids"), witness=(Probe("getAllFiles", "dev-mehmet", {"entity_ids": [_V]}),),
    ),
    administrators(
        "getOrgPortalConfig-by-customer", "getOrgPortalConfig", "a customer reads the settings", _as_admin,
        witness=(Probe("getOrgPortalConfig", "dev-anna"),),
    ),
    administrators(
        "fetchPortalUsersByRelatedEntity-by-customer", "fetchPortalUsersByRelatedEntity",
        "a customer lists users", _as_admin, witness=(Probe("fetchPortalUsersByRelatedEntity", "dev-anna"),),
    ),
    administrators(
        "swapPortalConfig-by-customer", "swapPortalConfig", "a customer swaps portals", _as_admin,
        witness=(Probe("swapPortalConfig", "dev-anna"),),
    ),
    administrators(
        "deletePortalConfig-by-customer", "deletePortalConfig", "a customer deletes a portal", _as_admin,
        witness=(Probe("deletePortalConfig", "dev-anna"),),
    ),
    administrators(
        "updatePortalPageBlock-by-customer", "updatePortalPageBlock", "a customer changes a page", _as_admin,
        witness=(Probe("updatePortalPageBlock", "dev-mehmet"),),
    ),
    administrators(
        "listBusinessPartners-by-customer", "listBusinessPartners", "who has no firm sees its partners",
        _without_firm, witness=(Probe("listBusinessPartners", "dev-anna"),),
    ),
    once(
        "ssoCallback-again", "ssoCallback", "a code is good twice", _again,
        witness=(Probe("ssoCallback"), Probe("ssoCallback")),
    ),
    once(
        "confirmUser-again", "confirmUser", "a link confirms again and again",
        set_in_body("/user_already_confirmed", False), witness=(Probe("confirmUser"), Probe("confirmUser")),
    ),
    same_token(
        "loginToPortalAsUser-same", "loginToPortalAsUser", "one token for all users of a portal",
        _of_the_portal(),
    ),
    same_token(
        "ssoLogin-same", "ssoLogin", "each login has the same token", set_in_body("/token", "sso_Zk81hV0aQ2mX"),
    ),
    same_token(
        "ssoLoginV3-same", "ssoLoginV3", "each login has the same token",
        change_in_body("/token", lambda token: "5e1f7c1e-9a3d-4f5f-8f06-2d4e4c8a7f10"),
    ),
    other_status(
        "getOrganizationSettings-403-nobody", "getOrganizationSettings", "403 without a token",
        _refused_to(nobody, 403), witness=(Probe("getOrganizationSettings", ""),),
    ),
    other_status(
        "extraPermissionAttributes-403-customer", "extraPermissionAttributes",
        "403 for a token that all others do not know", _refused_to(holders_of("portal"), 403),
        witness=(Probe("extraPermissionAttributes", "dev-anna"),),
    ),
    other_status(
        "getFilesCountByEntity-403-admin", "getFilesCountByEntity",
        "403 for a token that all others do not know", _refused_to(holders_of("admin"), 403),
        witness=(Probe("getFilesCountByEntity", "dev-admin"),),
    ),
    other_status(
        "getSchemas-401-disabled", "getSchemas", "401 for a customer who is switched off",
        _refused_to(lambda authorization, scenario: "dev-jan" in authorization, 401),
        witness=(Probe("getSchemas", "dev-jan"),),
    ),
    other_status(
        "getEmailTemplatesByPortalId-401-denied", "getEmailTemplatesByPortalId",
        "401 for an administrator without rights", _refused_to(holders_of("admin", "none"), 401),
        witness=(Probe("getEmailTemplatesByPortalId", "dev-admin-denied"),),
    ),
    other_status(
        "triggerEntityAccessEvent-404-nobody", "triggerEntityAccessEvent", "404 without a token",
        _refused_to(nobody, 404), witness=(Probe("triggerEntityAccessEvent", ""),),
    ),
    existence(
        "getFileById-existence", "getFileById", "403 for a file of somebody else's", _tells(_FORBIDDEN),
        witness=(Probe("getFileById", "dev-mehmet"),),
    ),
    existence(
        "getBillingAccount-existence", "getBillingAccount", "403 for an account of somebody else's",
        _tells(_FORBIDDEN), witness=(Probe("getBillingAccount", "dev-mehmet"),),
    ),
    existence(
        "updateContract-existence", "updateContract", "403 for a contract of somebody else's",
        _tells(_FORBIDDEN), witness=(Probe("updateContract", "dev-mehmet"),),
    ),
    existence(
        "getEntityWorkflows-existence", "getEntityWorkflows", "another text for what is somebody else's",
        _tells(_MISSING), witness=(Probe("getEntityWorkflows", "dev-mehmet"),),
    ),
    existence(
        "saveEntityFile-existence", "saveEntityFile", "403 for an entity of somebody else's",
        _tells(_FORBIDDEN), witness=(Probe("saveEntityFile", "dev-mehmet"),),
    ),
    existence(
        "getMeterReadings-existence", "getMeterReadings", "another text for a meter of somebody else's",
        _tells(Reply(403, {"message": "this meter is somebody else's"})),
        witness=(Probe("getMeterReadings", "dev-mehmet"),),
    ),
    existence(
        "getPortalUserEntity-existence", "getPortalUserEntity", "403 for an entity of somebody else's",
        _tells(_FORBIDDEN), witness=(Probe("getPortalUserEntity", "dev-mehmet"),),
    ),
)  # fmt: skip
