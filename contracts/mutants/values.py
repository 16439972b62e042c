"""Answers of the right shape that contradict another answer, the request, or themselves."""

from contracts.mutants.asking import changed_on_the_way
from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.replies import change_in_body, set_in_body
from contracts.mutants.requests import field, parameter, path
from mockportal.values import Json

opposite = Kind("opposite-effect")
contradiction = Kind("contradicts-itself")
other_record = Kind("another-record")
twins = Kind("twins-differ")
guess = Kind("constant-answer")


def _turned(decision: Json) -> Json:
    return "decline" if decision == "accept" else "accept"


MUTANTS = (
    opposite(
        "postOrderAcceptance-turned", "postOrderAcceptance", "accepting declines",
        changed_on_the_way(field("decision", _turned)),
    ),
    opposite(
        "createPortalPage-public", "createPortalPage", "a page for users becomes public",
        changed_on_the_way(field("is_public", lambda flag: not flag)),
    ),
    contradiction(
        "getCustomerBalance-decimal", "getCustomerBalance", "the decimal balance is another one",
        set_in_body("/balance_decimal", 12.5),
    ),
    contradiction(
        "getBillingEvents-decimal", "getBillingEvents", "the decimal amount is ten times as much",
        change_in_body("/results/*/billing_amount", lambda amount: amount * 10),
    ),
    contradiction(
        "getFilesCountByEntity-count", "getFilesCountByEntity getAllFiles", "one file too many each",
        change_in_body("/*/file_count", lambda count: count + 1), on="getFilesCountByEntity",
    ),
    contradiction(
        "updateCampaignPortalBlockStatus-total", "updateCampaignPortalBlockStatus", "the sum is wrong",
        change_in_body("/total", lambda total: total + 1),
    ),
    contradiction(
        "getAllowedMeterReadingRange-turned", "getAllowedMeterReadingRange",
        "the minimum is above the maximum", set_in_body("/data/*/min_value", 99999999),
    ),
    contradiction(
        "getPortalPage-id", "getPortalPage getPortalPages", "the id is not the one in the list",
        set_in_body("/id", "a0fde104-51c7-5dfb-a73a-8d25fc537fe6"), on="getPortalPage",
    ),
    contradiction(
        "getOrder-title", "getOrder getAllOrders", "another number than in the list",
        set_in_body("/entity/order_number", "AN-2026-00001"), on="getOrder",
    ),
    contradiction(
        "getContract-number", "getContract getAllContracts", "another number than in the list",
        change_in_body("/entity/contract_number", lambda number: f"{number}-1"), on="getContract",
    ),
    other_record(
        "getPortalPageBlock-first", "getPortalPageBlock", "always the first block",
        changed_on_the_way(path("block_id", "9e03e612-b581-5bd9-86aa-883a770293db")),
        witness=(Probe("getPortalPageBlock", params={"block_id": "145f834c-fde4-5f2f-a5f7-f49c9217624a"}),),
    ),
    other_record(
        "getFileById-other", "getFileById", "always the same file",
        changed_on_the_way(path("id", id_of("file/auftrag-au-2025-01102"))),
    ),
    other_record(
        "getPortalConfigByDomain-other", "getPortalConfigByDomain", "the portal of another domain",
        changed_on_the_way(parameter("domain", "partner.sw-musterau.test")),
    ),
    other_record(
        "getResolvedExternalLinkV3-other", "getResolvedExternalLinkV3", "always the same link",
        changed_on_the_way(path("id", "5657405c-c820-527b-aaad-bcce42b6884a")),
    ),
    twins(
        "getPublicPortalWidgetsV3-fewer", "getPublicPortalWidgetsV3", "v3 has a widget less than v2",
        change_in_body("/widgets", lambda widgets: widgets[1:]),
    ),
    twins(
        "getPublicPortalConfigV3-name", "getPublicPortalConfigV3", "v3 says another name than v2",
        set_in_body("/name", "Portal"),
    ),
    twins(
        "getEmailTemplatesByPortalId-slot", "getEmailTemplatesByPortalId", "v3 has another template than v2",
        set_in_body("/invitation", "a0fde104-51c7-5dfb-a73a-8d25fc537fe6"),
    ),
    twins(
        "configureDistributionV3-host", "configureDistributionV3", "v3 names another host than v2",
        set_in_body("/domainName", "d0000000000000.cdn.test"),
    ),
    guess(
        "userExistsV3-always", "userExistsV3", "everybody exists", set_in_body("/exists", True),
        witness=(Probe("userExistsV3", params={"email": "niemand@example.org"}),),
    ),
    guess(
        "checkContactExistsV3-never", "checkContactExistsV3", "nobody exists", set_in_body("/exists", False),
    ),
    guess(
        "validateCadenceEntityEditRules-blocked", "validateCadenceEntityEditRules", "everything is blocked",
        set_in_body("/isBlockedByRules", True),
    ),
    guess(
        "validateCaaRecords-never", "validateCaaRecords", "no domain is ever configured",
        set_in_body("/isDNSConfigured", False),
    ),
)  # fmt: skip
