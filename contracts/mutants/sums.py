"""Numbers that are wrong by a cent or a watt hour, and the same question in other words with another answer."""

from collections.abc import Callable
from decimal import Decimal

from contracts.mutants.model import Answer, Kind, Patch, Probe
from contracts.mutants.replies import change_in_body, on_body, set_in_body
from contracts.mutants.requests import Test, asks
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.values import Json

cent = Kind("off-by-little")
other_words = Kind("other-words-other-answer")

_NOBODY = "5b0cf1a4-6c6f-4f0e-9a53-0d3f7ce1a0ff"


def _where(test: Test, patch: Patch) -> Patch:
    """The patch for requests that pass the test."""

    def chosen(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        return (patch if test(request) else lambda *given: answer(*given[:3]))(
            operation, request, world, answer
        )

    return chosen


def _times(factor: str, places: int) -> Callable[[Json], Json]:
    """A number, or the text of one, times `factor`."""

    def change(value: Json) -> Json:
        product = round(Decimal(str(value)) * Decimal(factor), places)
        return str(product) if isinstance(value, str) else float(product)

    return change


def _plus(step: str) -> Callable[[Json], Json]:
    def change(value: Json) -> Json:
        total = Decimal(str(value)) + Decimal(step)
        return (
            str(total) if isinstance(value, str) else int(total) if isinstance(value, int) else float(total)
        )

    return change


def _last(change: Callable[[Json], Json]) -> Callable[[Json], Json]:
    """The last item changed."""
    return lambda items: [*items[:-1], change(items[-1])] if items else items


def _both(pointer: str, cents: int) -> Patch:
    """An amount and its decimal are so many hundredths more."""

    def change(record: Json) -> Json:
        name = pointer.rpartition("/")[2]
        decimal = _plus(str(Decimal(cents) / 100))(record[f"{name}_decimal"])
        return {**record, name: record[name] + cents, f"{name}_decimal": decimal}

    return change_in_body(pointer.rpartition("/")[0], change)


MUTANTS = (
    cent(
        "getConsumption-month",
        "getConsumption",
        "months are a thousandth too high",
        _where(asks("interval", "P1M"), change_in_body("/consumptions/*/value", _times("1.001", 3))),
        witness=(Probe("getConsumption", params={"interval": "P1M", "from": "2026-01-01T00:00:00Z"}),),
    ),
    cent(
        "getConsumption-hour",
        "getConsumption",
        "one hour has a watt hour too many",
        _where(
            asks("interval", "PT1H"),
            change_in_body(
                "/consumptions", _last(lambda one: {**one, "value": round(one["value"] + 0.001, 3)})
            ),
        ),
        witness=(Probe("getConsumption", params={"interval": "PT1H"}),),
    ),
    cent(
        "getCosts-month",
        "getCosts",
        "months cost a cent more, in hundredths and in decimals",
        _where(asks("interval", "P1M"), _both("/costs/*/unit_amount", 1)),
        witness=(Probe("getCosts", params={"interval": "P1M", "from": "2026-01-01T00:00:00Z"}),),
    ),
    cent(
        "getCosts-cent",
        "getCosts",
        "each amount is a cent more than its decimal says",
        change_in_body("/costs/*/unit_amount", _plus("1")),
    ),
    cent(
        "getPrices-part",
        "getPrices",
        "the parts add up to a little less than the price",
        change_in_body("/prices/*/components/margin_amount_decimal", _times("0.99", 6)),
    ),
    cent(
        "getPrices-cent",
        "getPrices",
        "the decimal of a price is a hundredth of a cent too high",
        change_in_body("/prices/*/unit_amount_decimal", _plus("0.0001")),
    ),
    cent(
        "getCustomerBalance-cent",
        "getCustomerBalance",
        "a cent more",
        on_body(
            lambda body: {
                **body,
                "balance": body["balance"] + 1,
                "balance_decimal": _plus("0.01")(body["balance_decimal"]),
            }
        ),
    ),
    cent(
        "getBillingAccount-cent",
        "getBillingAccount",
        "the balance is a cent more",
        _both("/entity/balance", 1),
    ),
    cent(
        "getContract-cent",
        "getContract",
        "the instalment is a cent more",
        _both("/entity/installment_amount", 1),
    ),
    cent(
        "getBillingEvents-decimal-cent",
        "getBillingEvents",
        "one amount differs from its decimal by a cent",
        change_in_body("/results/0/billing_amount_decimal", _plus("0.01")),
    ),
    cent(
        "getOrder-lines",
        "getOrder",
        "the lines add up to a cent less than the total",
        change_in_body(
            "/entity/line_items/*",
            lambda line: {
                **line,
                "amount_total": line["amount_total"] - 1,
                "amount_total_decimal": _plus("-0.01")(line["amount_total_decimal"]),
            },
        ),
    ),
    cent(
        "getAllOrders-tax",
        "getAllOrders",
        "the tax is a cent more, and the total is not",
        change_in_body("/data/*/amount_tax", _plus("1")),
    ),
    cent(
        "getFilesCountByEntity-last",
        "getFilesCountByEntity",
        "the last count is one too high",
        on_body(_last(lambda one: {**one, "file_count": one["file_count"] + 1})),
    ),
    cent(
        "searchPortalUserEntities-amount",
        "searchPortalUserEntities",
        "amounts are a cent more",
        change_in_body("/results/*/installment_amount", _plus("1")),
        witness=(Probe("searchPortalUserEntities", body={"slug": "contract"}),),
    ),
    cent(
        "portalProxyExecute-year",
        "portalProxyExecute",
        "the year is a cent less than twelve months",
        change_in_body("/data/annual_amount", _plus("-1")),
    ),
    other_words(
        "checkContactExistsV3-other",
        "checkContactExistsV3",
        "v3 finds another contact than v2",
        set_in_body("/contactId", _NOBODY),
    ),
    other_words(
        "validateCaaRecordsV3-retry",
        "validateCaaRecordsV3",
        "v3 asks to come again, v2 does not",
        set_in_body("/retry", True),
    ),
    other_words(
        "getOrgPortalConfig-name",
        "getOrgPortalConfig",
        "v2 says another name than v3",
        set_in_body("/name", "Mein Portal"),
    ),
    other_words(
        "getPortalExtensionsV3-fewer",
        "getPortalExtensionsV3",
        "v3 has an extension less",
        on_body(lambda body: body[1:]),
    ),
    other_words(
        "getExternalLinksV3-fewer",
        "getExternalLinksV3",
        "v3 has a link less",
        on_body(lambda body: body[:-1]),
    ),
    other_words(
        "getPublicSchemasV3-label",
        "getPublicSchemasV3",
        "v3 has other labels",
        set_in_body("/schemas/*/attributes/*/label", "Feld"),
    ),
    other_words(
        "getPortalWidgets-headline",
        "getPortalWidgets",
        "v2 has another headline",
        set_in_body("/widgets/*/headline", {"de": "Neu", "en": "New"}),
    ),
    other_words(
        "getFilesCountByEntity-title",
        "getFilesCountByEntity",
        "titles are not those of the things",
        set_in_body("/*/_title", "Vertrag"),
    ),
    other_words(
        "getSearchableAttributesForOpportunities-city",
        "getSearchableAttributesForOpportunities",
        "another city than the opportunity has",
        set_in_body("/data/*/address/*/city", "Musterdorf"),
    ),
    other_words(
        "getAllRequests-status",
        "getAllRequests",
        "requests have another status than orders",
        set_in_body("/results/*/status", "draft"),
    ),
    other_words(
        "fetchPortalUsersByRelatedEntity-email",
        "fetchPortalUsersByRelatedEntity",
        "another address than the user has",
        set_in_body("/portalUsers/*/email", "anna@example.org"),
    ),
    other_words(
        "getBillingAccount-contracts",
        "getBillingAccount",
        "the contracts in it have another status",
        change_in_body(
            "/relations/*",
            lambda one: {**one, "status": "draft"} if one.get("_schema") == "contract" else one,
        ),
    ),
    other_words(
        "getAutomationContext-number",
        "getAutomationContext",
        "the meter has another number",
        set_in_body("/meter/meter_number", "1TST0010000009"),
    ),
    other_words(
        "getPortalUserEntity-nested",
        "getPortalUserEntity",
        "the customer in it has another name",
        set_in_body("/result/customer/*/last_name", "Muster"),
    ),
    other_words(
        "getContact-files",
        "getContact",
        "the user in it has another address",
        change_in_body(
            "/relations/*",
            lambda one: {**one, "email": "x@example.org"} if one.get("_schema") == "portal_user" else one,
        ),
    ),
    other_words(
        "userExists-short",
        "userExists",
        "without an organization of its own nobody is known",
        _where(lambda request: not asks("origin")(request), set_in_body("/exists", False)),
        witness=(Probe("userExists", params={"origin": None}),),
    ),
)
