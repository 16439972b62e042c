"""Questions that are answered by halves: filters that count only alone, HEAD that is not GET, and answers about things
that are not there."""

from collections.abc import Callable
from dataclasses import replace

from contracts.mutants.asking import changed_on_the_way, unchecked
from contracts.mutants.model import Answer, Kind, Probe, Start, Wire, id_of
from contracts.mutants.replies import has_status, in_place_of
from contracts.mutants.requests import Repair, asks, fields, fields_of, parameter, path, token_of, with_token
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario

paired = Kind("filter-ignored-in-pair")
head = Kind("head-is-not-get")
unknown = Kind("unknown-id-answered")

_NOBODY = "5b0cf1a4-6c6f-4f0e-9a53-0d3f7ce1a0ff"
_missing = has_status(404)


def _if_both(one: str, other: str, repair: Repair) -> Repair:
    """The repair where the query, or the body, has both."""

    def repaired(operation: Operation, request: Request, scenario: Scenario) -> Request:
        body = fields_of(request)
        both = all(asks(name)(request) or asks(f"{name}[]")(request) or name in body for name in (one, other))
        return repair(operation, request, scenario) if both else request

    return repaired


def _on_head(change: Callable[[Start], Start]) -> Wire:
    return lambda start: change(start) if start.method == "HEAD" and start.status < 300 else start


def _headed(name: bytes, value: bytes) -> Callable[[Start], Start]:
    return lambda start: replace(
        start, headers=(*(pair for pair in start.headers if pair[0] != name), (name, value))
    )


def _public_head(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    """HEAD needs no token."""
    if request.method == "HEAD" and not token_of(request.headers.get("authorization", "")):
        request = with_token(request, "dev-anna")
    return answer(operation, request, world)


MUTANTS = (
    paired(
        "getBillingEvents-entity-and-date",
        "getBillingEvents",
        "beside an entity, the date counts for nothing",
        changed_on_the_way(_if_both("entity_id", "date_after", parameter("date_after"))),
        witness=(
            Probe(
                "getBillingEvents",
                params={"entity_id": id_of("contract/v-900001"), "date_after": "2026-05-01T00:00:00Z"},
            ),
        ),
    ),
    paired(
        "getAllFiles-types-and-entity",
        "getAllFiles",
        "beside a type, the entity counts for nothing",
        changed_on_the_way(_if_both("file_types", "entity_ids", parameter("entity_ids"))),
        witness=(
            Probe("getAllFiles", params={"file_types": "document", "entity_ids": id_of("contract/v-900001")}),
        ),
    ),
    paired(
        "getEntityActivityFeed-after-and-before",
        "getEntityActivityFeed",
        "beside a start, the end counts for nothing",
        changed_on_the_way(_if_both("after", "before", parameter("before"))),
        witness=(
            Probe(
                "getEntityActivityFeed",
                params={"after": "2026-01-01T00:00:00Z", "before": "2026-02-01T00:00:00Z"},
            ),
        ),
    ),
    paired(
        "getEntityActivityFeed-type-and-size",
        "getEntityActivityFeed",
        "beside a start, the type counts for nothing",
        changed_on_the_way(_if_both("type", "after", parameter("type"))),
        witness=(
            Probe("getEntityActivityFeed", params={"type": "SyncActivity", "after": "2025-01-01T00:00:00Z"}),
        ),
    ),
    paired(
        "searchPortalUserEntities-words-and-filters",
        "searchPortalUserEntities",
        "beside filters, words count for nothing",
        changed_on_the_way(_if_both("q", "filters", fields(q=None))),
        witness=(
            Probe(
                "searchPortalUserEntities",
                body={"slug": "contract", "q": "V-900001", "filters": [{"term": {"status": "active"}}]},
            ),
        ),
    ),
    paired(
        "getPortalPages-fields-and-filter",
        "getPortalPages",
        "beside fields, the filter counts for nothing",
        changed_on_the_way(_if_both("fields", "filter", parameter("filter"))),
        witness=(Probe("getPortalPages", params={"fields": "slug", "filter": "slug=login"}),),
    ),
    paired(
        "getPublicPages-filter-and-fields",
        "getPublicPages",
        "beside a filter, the fields count for nothing",
        changed_on_the_way(_if_both("fields", "filter", parameter("fields"))),
        witness=(Probe("getPublicPages", params={"fields": "slug", "filter": "slug=login"}),),
    ),
    paired(
        "getSearchResultsForOpportunities-two",
        "getSearchResultsForOpportunities",
        "beside a purpose, the address counts for nothing",
        changed_on_the_way(_if_both("purposes", "addresses", fields(addresses=None))),
        witness=(
            Probe(
                "getSearchResultsForOpportunities",
                "dev-anna",
                body={
                    "purposes": ["f4399603-3e48-5c34-821c-d8d43d307846"],
                    "addresses": ["Nirgendwogasse 99"],
                },
            ),
        ),
    ),
    paired(
        "getMeterReadings-sort-and-size",
        "getMeterReadings",
        "beside a start, the order counts for nothing",
        changed_on_the_way(_if_both("from", "sort", fields(sort=None))),
        witness=(Probe("getMeterReadings", fields={"sort": "asc", "from": 1, "size": 2}),),
    ),
    head(
        "getAllOrders-head-204",
        "getAllOrders",
        "HEAD says that there is nothing",
        wire=_on_head(lambda start: replace(start, status=204)),
        witness=(Probe("getAllOrders", method="HEAD"),),
    ),
    head(
        "getOpportunity-head-500",
        "getOpportunity",
        "HEAD fails",
        wire=_on_head(lambda start: replace(start, status=500)),
        witness=(Probe("getOpportunity", method="HEAD"),),
    ),
    head(
        "getSchemas-head-type",
        "getSchemas",
        "HEAD names another type",
        wire=_on_head(_headed(b"content-type", b"text/html")),
        witness=(Probe("getSchemas", method="HEAD"),),
    ),
    head(
        "getExternalLinks-head-length",
        "getExternalLinks",
        "HEAD says that the body is empty",
        wire=_on_head(_headed(b"content-length", b"0")),
        witness=(Probe("getExternalLinks", method="HEAD"),),
    ),
    head(
        "listBusinessPartners-head-longer",
        "listBusinessPartners",
        "HEAD names another length",
        wire=_on_head(_headed(b"content-length", b"99")),
        witness=(Probe("listBusinessPartners", method="HEAD"),),
    ),
    head(
        "getCustomerBalance-head-body",
        "getCustomerBalance",
        "HEAD has a body",
        wire=_on_head(lambda start: replace(start, tail=b'{"balance":0}')),
        witness=(Probe("getCustomerBalance", method="HEAD"),),
    ),
    head(
        "getPortalUser-head-public",
        "getPortalUser",
        "HEAD needs no token",
        _public_head,
        witness=(Probe("getPortalUser", "", method="HEAD"),),
    ),
    unknown(
        "getContract-nobody",
        "getContract",
        "an unknown id finds the first contract",
        unchecked(path("id", id_of("contract/v-900001")), _missing),
        witness=(Probe("getContract", params={"id": _NOBODY}),),
    ),
    unknown(
        "getFileById-nobody",
        "getFileById",
        "an unknown id finds a file",
        unchecked(path("id", id_of("file/vertrag-v-900001")), _missing),
        witness=(Probe("getFileById", params={"id": _NOBODY}),),
    ),
    unknown(
        "getPortalPage-nobody",
        "getPortalPage",
        "an unknown id finds the login page",
        unchecked(path("id", id_of("page/p1-login")), _missing),
        witness=(Probe("getPortalPage", params={"id": _NOBODY}),),
    ),
    unknown(
        "getSSOProvider-nobody",
        "getSSOProvider",
        "an unknown name finds the first provider",
        unchecked(path("provider_slug", "musterau-id"), _missing),
        witness=(Probe("getSSOProvider", params={"provider_slug": "nobody"}),),
    ),
    unknown(
        "getPortalConfigByDomain-nobody",
        "getPortalConfigByDomain",
        "an unknown domain finds the first portal",
        unchecked(parameter("domain", "mein.sw-musterau.test"), _missing),
        witness=(Probe("getPortalConfigByDomain", params={"domain": "nobody.example.org"}),),
    ),
    unknown(
        "getOrgPortalConfigV3-nobody",
        "getOrgPortalConfigV3",
        "an unknown id finds the first portal",
        unchecked(parameter("portal_id", "b252f29a-8423-5d77-91ec-d1fba3e7d114"), _missing),
        witness=(Probe("getOrgPortalConfigV3", params={"portal_id": _NOBODY}),),
    ),
    unknown(
        "getECPContact-nobody",
        "getECPContact",
        "an unknown id finds the caller",
        unchecked(parameter("id", "183c9ee5-80f6-57d3-9024-c3a16d941515"), _missing),
        witness=(Probe("getECPContact", params={"id": _NOBODY}),),
    ),
    unknown(
        "fetchPortalUsersByRelatedEntity-nobody",
        "fetchPortalUsersByRelatedEntity",
        "an unknown entity has users",
        in_place_of(
            lambda reply: reply.status == 200 and reply.body == {"portalUsers": []},
            changed_on_the_way(parameter("entity_id", "b3022fff-43bb-5c2a-8753-d7615ce57ff8")),
        ),
        witness=(Probe("fetchPortalUsersByRelatedEntity", params={"entity_id": _NOBODY}),),
    ),
    unknown(
        "getAutomationContext-nobody",
        "getAutomationContext",
        "an unknown activity has a context",
        unchecked(parameter("activity_id", "01KN2DJED0GAQ91GJEME56AFGT"), _missing),
        witness=(Probe("getAutomationContext", params={"activity_id": "01KN2DJED0GAQ91GJEME56AFG0"}),),
    ),
    unknown(
        "getEmailTemplatesByPortalId-nobody",
        "getEmailTemplatesByPortalId",
        "an unknown portal has templates",
        unchecked(path("portal_id", "b252f29a-8423-5d77-91ec-d1fba3e7d114"), _missing),
        witness=(Probe("getEmailTemplatesByPortalId", params={"portal_id": _NOBODY}),),
    ),
    unknown(
        "updateOrder-nobody",
        "updateOrder",
        "an unknown id changes the newest order",
        unchecked(path("id", id_of("order/an-2026-00431")), _missing),
        witness=(Probe("updateOrder", params={"id": _NOBODY}),),
    ),
)
