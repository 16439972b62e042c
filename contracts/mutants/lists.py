"""Lists that are old, incomplete, in disorder, or not what was asked for."""

from contracts.mutants.asking import changed_on_the_way
from contracts.mutants.bodies import DROPPED, changed
from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.replies import change_in_body, on_body, set_in_body
from contracts.mutants.requests import counted, field, fields, parameter
from contracts.mutants.storing import from_the_start
from mockportal.engine.call import Request
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario
from mockportal.values import Json

hits = Kind("wrong-hits")
unfiltered = Kind("ignored-filter")
unsorted = Kind("ignored-sort")
disordered = Kind("wrong-order")
unpaged = Kind("ignored-paging")
off_by_one = Kind("off-by-one-paging")
overlapping = Kind("overlapping-pages")
stale = Kind("stale-read")
incomplete = Kind("list-misses-newest")
repeated = Kind("duplicate-items")

_CONTRACTS: Json = {"slug": "contract"}


def _plus_one(number: int) -> int:
    return number + 1


def _minus_one(number: int) -> int:
    return max(number - 1, 0)


def _all_pages(operation: Operation, request: Request, scenario: Scenario) -> Request:
    unsized = parameter("size")(operation, request, scenario)
    return parameter("from")(operation, unsized, scenario)


def _reversed(items: Json) -> Json:
    return items[::-1]


def _without_first(items: Json) -> Json:
    return items[1:]


def _hits_of_page(body: Json) -> Json:
    return {**body, "hits": len(body["results"])}


def _total_is_size(body: Json) -> Json:
    return changed(body, "/pagination", lambda page: {**page, "total": page["size"]} if page else DROPPED)


def _first_twice(items: Json) -> Json:
    return [*items[:1], *items]


MUTANTS = (
    hits(
        "getAllFiles-page", "getAllFiles", "hits counts the page", on_body(_hits_of_page),
        witness=(Probe("getAllFiles", params={"size": 2}),),
    ),
    hits("getBillingEvents-more", "getBillingEvents", "one hit too many", change_in_body("/hits", _plus_one)),
    hits("getAllRequests-zero", "getAllRequests", "no hits", set_in_body("/hits", 0)),
    hits("getMeterReadings-page", "getMeterReadings", "hits counts the page", on_body(_hits_of_page)),
    hits(
        "searchPortalUserEntities-total", "searchPortalUserEntities", "the total is the size",
        on_body(_total_is_size),
    ),
    hits(
        "getEntityActivityFeed-page", "getEntityActivityFeed", "total counts the page",
        on_body(lambda body: {**body, "total": len(body["results"])}),
        witness=(Probe("getEntityActivityFeed", params={"size": 1}),),
    ),
    hits("addContractByIdentifiers-zero", "addContractByIdentifiers", "no hits", set_in_body("/hits", 0)),
    unfiltered(
        "getBillingEvents-type", "getBillingEvents", "the type counts for nothing",
        changed_on_the_way(parameter("event_type")),
        witness=(Probe("getBillingEvents", params={"event_type": "reimbursement"}),),
    ),
    unfiltered(
        "getBillingEvents-entity", "getBillingEvents", "the entity counts for nothing",
        changed_on_the_way(parameter("entity_id")),
        witness=(Probe("getBillingEvents", params={"entity_id": id_of("contract/v-900001")}),),
    ),
    unfiltered(
        "getAllFiles-entity", "getAllFiles", "the entity counts for nothing",
        changed_on_the_way(parameter("entity_ids")),
        witness=(Probe("getAllFiles", params={"entity_ids": id_of("contract/v-900001")}),),
    ),
    unfiltered(
        "getEntityActivityFeed-type", "getEntityActivityFeed", "the type counts for nothing",
        changed_on_the_way(parameter("type")),
        witness=(Probe("getEntityActivityFeed", params={"type": "EntityCreated"}),),
    ),
    unfiltered(
        "searchPortalUserEntities-filters", "searchPortalUserEntities", "filters count for nothing",
        changed_on_the_way(fields(filters=None)),
        witness=(
            Probe("searchPortalUserEntities", body={**_CONTRACTS, "filters": [{"term": {"branch": "gas"}}]}),
        ),
    ),
    unfiltered(
        "searchPortalUserEntities-q", "searchPortalUserEntities", "words count for nothing",
        changed_on_the_way(fields(q=None, q_fields=None)),
        witness=(Probe("searchPortalUserEntities", body={**_CONTRACTS, "q": "Gas"}),),
    ),
    unfiltered(
        "getSearchResultsForOpportunities-all", "getSearchResultsForOpportunities", "everything is found",
        changed_on_the_way(fields(addresses=None, customers=None, purposes=None, workflows=None)),
    ),
    unfiltered(
        "getPortalPages-filter", "getPortalPages", "the filter counts for nothing",
        changed_on_the_way(parameter("filter")),
        witness=(Probe("getPortalPages", params={"filter": "slug=login"}),),
    ),
    unfiltered(
        "getPublicPages-all-fields", "getPublicPages", "all attributes, whatever was asked for",
        changed_on_the_way(parameter("fields")),
        witness=(Probe("getPublicPages", params={"fields": "slug"}),),
    ),
    unfiltered(
        "fetchPortalUsersByRelatedEntity-any", "fetchPortalUsersByRelatedEntity",
        "the same users for every entity",
        changed_on_the_way(parameter("entity_id", "b3022fff-43bb-5c2a-8753-d7615ce57ff8")),
        witness=(Probe("fetchPortalUsersByRelatedEntity", params={"entity_id": id_of("contract/v-900003")}),),
    ),
    unsorted(
        "getBillingEvents-sort", "getBillingEvents", "the sorting counts for nothing",
        changed_on_the_way(parameter("sort")),
        witness=(Probe("getBillingEvents", params={"sort": "due_date:asc"}),),
    ),
    unsorted(
        "getMeterReadings-sort", "getMeterReadings", "the sorting counts for nothing",
        changed_on_the_way(fields(sort=None)), witness=(Probe("getMeterReadings", fields={"sort": "asc"}),),
    ),
    unsorted(
        "searchPortalUserEntities-sort", "searchPortalUserEntities", "the sorting counts for nothing",
        changed_on_the_way(fields(sort=None)),
        witness=(Probe("searchPortalUserEntities", body={**_CONTRACTS, "sort": "contract_number:desc"}),),
    ),
    disordered("getAllOrders-oldest", "getAllOrders", "the oldest first", change_in_body("/data", _reversed)),
    disordered(
        "getPortalWidgets-reversed", "getPortalWidgets", "the last widget first",
        change_in_body("/widgets", _reversed),
    ),
    disordered(
        "getPublicPortalWidgets-reversed", "getPublicPortalWidgets", "the last widget first",
        change_in_body("/widgets", _reversed),
    ),
    disordered(
        "getPortalPageBlocks-reversed", "getPortalPageBlocks", "the last block first", on_body(_reversed),
    ),
    disordered(
        "getConsumption-reversed", "getConsumption", "the latest first",
        change_in_body("/consumptions", _reversed),
    ),
    unpaged(
        "getAllContracts-all", "getAllContracts", "always all", changed_on_the_way(_all_pages),
        witness=(Probe("getAllContracts", params={"size": 1}),),
    ),
    unpaged(
        "getAllOrders-size", "getAllOrders", "the size counts for nothing",
        changed_on_the_way(parameter("size")), witness=(Probe("getAllOrders", params={"size": 1}),),
    ),
    unpaged(
        "getAllRequests-from", "getAllRequests", "always the first page",
        changed_on_the_way(parameter("from")), witness=(Probe("getAllRequests", params={"from": 1}),),
    ),
    unpaged(
        "getEntityActivityFeed-size", "getEntityActivityFeed", "the size counts for nothing",
        changed_on_the_way(parameter("size")), witness=(Probe("getEntityActivityFeed", params={"size": 1}),),
    ),
    unpaged(
        "getMeterReadings-from", "getMeterReadings", "always the first page",
        changed_on_the_way(field("from", lambda _: 0)),
        witness=(Probe("getMeterReadings", fields={"from": 2}),),
    ),
    off_by_one(
        "getAllFiles-size", "getAllFiles", "one more than asked for",
        changed_on_the_way(counted("size", _plus_one)), witness=(Probe("getAllFiles", params={"size": 2}),),
    ),
    off_by_one(
        "getAllContracts-from", "getAllContracts", "the one at the start is left out",
        changed_on_the_way(counted("from", _plus_one)),
        witness=(Probe("getAllContracts", params={"from": 0}),),
    ),
    off_by_one(
        "searchPortalUserEntities-size", "searchPortalUserEntities", "one less than asked for",
        changed_on_the_way(field("size", _minus_one)),
    ),
    overlapping(
        "getBillingEvents-overlap", "getBillingEvents", "a page begins with the end of the one before",
        changed_on_the_way(counted("from", _minus_one)),
        witness=(Probe("getBillingEvents", params={"from": 5}),),
    ),
    overlapping(
        "getAllOpportunities-overlap", "getAllOpportunities", "a page begins with the end of the one before",
        changed_on_the_way(counted("from", _minus_one)),
        witness=(Probe("getAllOpportunities", "dev-marek", {"from": 2}),),
    ),
    stale(
        "getPortalPages-stale", "getPortalPages createPortalPage updatePortalPage",
        "the pages as they once were", from_the_start(), on="getPortalPages",
        witness=(Probe("createPortalPage"), Probe("getPortalPages", "dev-admin")),
    ),
    stale(
        "getPublicPages-stale", "getPublicPages updatePortalPage", "the pages as they once were",
        from_the_start(), on="getPublicPages", witness=(Probe("updatePortalPage"), Probe("getPublicPages")),
    ),
    stale(
        "listAllPortalConfigs-stale", "listAllPortalConfigs createPortalConfig",
        "the portals as they once were", from_the_start(), on="listAllPortalConfigs",
        witness=(Probe("createPortalConfig"), Probe("listAllPortalConfigs")),
    ),
    stale(
        "getAllFiles-stale", "getAllFiles saveEntityFile", "the files as they once were", from_the_start(),
        on="getAllFiles", witness=(Probe("saveEntityFile"), Probe("getAllFiles")),
    ),
    stale(
        "listBusinessPartners-stale", "listBusinessPartners invitePartner", "the partners as they once were",
        from_the_start(), on="listBusinessPartners",
        witness=(Probe("invitePartner"), Probe("listBusinessPartners")),
    ),
    stale(
        "getPortalWidgetsV3-stale", "getPortalWidgetsV3 upsertPortalWidgetV3",
        "the widgets as they once were", from_the_start(), on="getPortalWidgetsV3",
        witness=(Probe("upsertPortalWidgetV3"), Probe("getPortalWidgetsV3")),
    ),
    stale(
        "getPortalPageBlock-stale", "getPortalPageBlock updatePortalPageBlock", "the block as it once was",
        from_the_start(), on="getPortalPageBlock",
        witness=(Probe("updatePortalPageBlock"), Probe("getPortalPageBlock")),
    ),
    stale(
        "getOrgPortalConfigV3-stale", "getOrgPortalConfigV3 putPortalConfig", "the portal as it once was",
        from_the_start(), on="getOrgPortalConfigV3",
        witness=(Probe("putPortalConfig", fields={"name": "Neu"}), Probe("getOrgPortalConfigV3")),
    ),
    stale(
        "getEmailTemplatesByPortalId-stale", "getEmailTemplatesByPortalId upsertEmailTemplatesByPortalId",
        "the templates as they once were", from_the_start(), on="getEmailTemplatesByPortalId",
        witness=(Probe("upsertEmailTemplatesByPortalId"), Probe("getEmailTemplatesByPortalId")),
    ),
    incomplete(
        "getAllOrders-newest", "getAllOrders", "the newest order is missing",
        change_in_body("/data", _without_first),
    ),
    incomplete(
        "getMeterReadings-newest", "getMeterReadings", "the newest reading is missing",
        change_in_body("/results", _without_first),
    ),
    incomplete(
        "getAllPortalConfigs-last", "getAllPortalConfigs", "the last portal is missing",
        change_in_body("/data", lambda portals: portals[:-1]),
    ),
    repeated(
        "getAllRequests-twice", "getAllRequests", "the first request is there twice",
        change_in_body("/results", _first_twice),
    ),
    repeated(
        "getPortalExtensions-twice", "getPortalExtensions", "the first extension is there twice",
        on_body(_first_twice),
    ),
    repeated(
        "getDefaultPages-twice", "getDefaultPages", "the first page is there twice", on_body(_first_twice),
    ),
    repeated(
        "getAllOpportunities-twice", "getAllOpportunities", "the first opportunity is there twice",
        change_in_body("/data", _first_twice),
    ),
)  # fmt: skip
