"""Days that no calendar has, periods that end before they begin, addresses that are taken, and bounds that are off by
one."""

from contracts.mutants.asking import changed_on_the_way, unchecked
from contracts.mutants.model import Kind, Patch, Probe
from contracts.mutants.replies import change_in_body, error, is_refusal, says, set_in_body
from contracts.mutants.requests import Repair, fields, fields_of, json_request, parameter, query_of
from mockportal.engine.call import Request
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario

no_day = Kind("no-such-day")
turned = Kind("ends-before-it-begins")
taken = Kind("taken-address-accepted")
edge = Kind("bound-off-by-one")


def _in_order(first: str, last: str) -> Repair:
    """A period that is turned round is taken for the one that was meant."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        query, sent = dict(query_of(request)), fields_of(request)
        for given, change in ((query, parameter), (sent, None)):
            if first in given and last in given and str(given[first]) > str(given[last]):
                if change is None:
                    return json_request(request, {**sent, first: sent[last], last: sent[first]})
                one = parameter(first, query[last])(operation, request, scenario)
                return parameter(last, query[first])(operation, one, scenario)
        return request

    return repair


def _unless_small(name: str, value: str) -> Repair:
    """The field has this value, if it was sent with capitals."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        sent = str(fields_of(request).get(name))
        return request if sent == sent.lower() else fields(**{name: value})(operation, request, scenario)

    return repair


def _on_time(name: str, value: str) -> Patch:
    """A request that is refused for a day is answered as if it named another."""
    return unchecked(parameter(name, value), lambda reply: is_refusal(reply) and name in str(reply.body))


MUTANTS = (
    no_day(
        "getContract-february",
        "getContract",
        "a contract that begins on 30 February",
        set_in_body("/entity/start_date", "2023-02-30"),
    ),
    no_day(
        "getAllOrders-june",
        "getAllOrders",
        "offers end on 31 June",
        set_in_body("/data/*/expires_at", "2026-06-31"),
    ),
    no_day(
        "getMeterReadings-february",
        "getMeterReadings",
        "a reading of 29 February 2025",
        set_in_body("/results/0/timestamp", "2025-02-29T00:00:00Z"),
    ),
    no_day(
        "getContact-birthdate",
        "getContact",
        "somebody born on 31 April",
        set_in_body("/entity/birthdate", "1986-04-31"),
    ),
    no_day(
        "getConsumption-hour-24",
        "getConsumption",
        "the last hour of a day is the 25th",
        set_in_body("/consumptions/0/timestamp", "2026-05-01T25:00:00.000Z"),
    ),
    no_day(
        "getAllowedMeterReadingRange-february",
        "getAllowedMeterReadingRange",
        "30 February is some day",
        _on_time("timestamp", "2026-06-01T00:00:00Z"),
        witness=(Probe("getAllowedMeterReadingRange", params={"timestamp": "2026-02-30T00:00:00Z"}),),
    ),
    no_day(
        "getCosts-february",
        "getCosts",
        "30 February is 2 March",
        _on_time("from", "2026-03-02T00:00:00Z"),
        witness=(Probe("getCosts", params={"from": "2026-02-30T00:00:00Z"}),),
    ),
    no_day(
        "createMeterReading-february",
        "createMeterReading",
        "a reading of 30 February is taken",
        unchecked(fields(timestamp=None), says("timestamp")),
        witness=(Probe("createMeterReading", fields={"timestamp": "2026-02-30T00:00:00Z"}),),
    ),
    no_day(
        "updateContract-february",
        "updateContract",
        "a contract may end on 30 February",
        unchecked(fields(end_date="2026-03-02"), says("is not a date")),
        witness=(Probe("updateContract", body={"end_date": "2026-02-30"}),),
    ),
    no_day(
        "createPortalPage-february",
        "createPortalPage",
        "a page may be shown from 30 February on",
        unchecked(
            fields(visibility={"is_hidden": False, "start_date": "2026-03-02T00:00:00.000Z"}),
            says("date-time"),
        ),
        witness=(
            Probe(
                "createPortalPage",
                fields={"visibility": {"is_hidden": False, "start_date": "2026-02-30T00:00:00.000Z"}},
            ),
        ),
    ),
    turned(
        "getAllContracts-turned",
        "getAllContracts",
        "contracts end before they begin",
        change_in_body("/data/*", lambda one: {**one, "end_date": "2020-01-01"}),
    ),
    turned(
        "getVisualizationMetadata-turned",
        "getVisualizationMetadata",
        "the data end before they begin",
        change_in_body("/data_range", lambda span: {"from": span["to"], "to": span["from"]}),
    ),
    turned(
        "getOrder-turned",
        "getOrder",
        "changed before it was made",
        set_in_body("/entity/_updated_at", "2020-01-01T00:00:00.000Z"),
    ),
    turned(
        "updateWorkflowStepAsDone-turned",
        "updateWorkflowStepAsDone",
        "done before it was begun",
        set_in_body("/completedTime", "2020-01-01T00:00:00.000Z"),
    ),
    turned(
        "prepareVisualizationExport-turned",
        "prepareVisualizationExport",
        "a period that is turned round is exported",
        unchecked(_in_order("from", "to"), is_refusal),
        witness=(
            Probe(
                "prepareVisualizationExport",
                fields={"from": "2026-06-01T00:00:00Z", "to": "2026-05-01T00:00:00Z"},
            ),
        ),
    ),
    turned(
        "getBillingEvents-turned",
        "getBillingEvents",
        "a period that is turned round has events",
        changed_on_the_way(_in_order("date_after", "date_before")),
        witness=(
            Probe(
                "getBillingEvents",
                params={"date_after": "2026-06-30T00:00:00Z", "date_before": "2026-01-30T00:00:00Z"},
            ),
        ),
    ),
    turned(
        "getEntityActivityFeed-turned",
        "getEntityActivityFeed",
        "a period that is turned round has activities",
        changed_on_the_way(_in_order("after", "before")),
        witness=(
            Probe(
                "getEntityActivityFeed",
                params={"after": "2026-06-30T00:00:00Z", "before": "2025-01-30T00:00:00Z"},
            ),
        ),
    ),
    turned(
        "getPrices-turned",
        "getPrices",
        "a period that is turned round has prices",
        unchecked(_in_order("from", "to"), is_refusal),
        witness=(Probe("getPrices", params={"from": "2026-06-01T00:00:00Z", "to": "2026-05-01T00:00:00Z"}),),
    ),
    taken(
        "createUserV3-taken-address",
        "createUserV3",
        "an address that is taken is accepted",
        unchecked(fields(email="neu@example.org"), says("with this address already")),
        witness=(Probe("createUserV3", fields={"email": "anna.berger@example.org"}),),
    ),
    taken(
        "createUser-capitals",
        "createUser",
        "an address that is taken is accepted in capitals",
        unchecked(
            _unless_small("email", "neu@example.org"),
            says("with this address already"),
        ),
        witness=(Probe("createUser", fields={"email": "ANNA.BERGER@example.org"}),),
    ),
    taken(
        "invitePartner-taken",
        "invitePartner",
        "a partner who is one already is invited",
        unchecked(fields(email="neu@example.org"), says("with this address already")),
        witness=(Probe("invitePartner", fields={"email": "anna.berger@example.org"}),),
    ),
    taken(
        "createPortalPage-taken",
        "createPortalPage",
        "a slug that is taken is accepted",
        unchecked(fields(slug="etwas-anderes"), says("is in use")),
        witness=(Probe("createPortalPage", fields={"slug": "dashboard"}),),
    ),
    edge(
        "deleteEntityFile-empty",
        "deleteEntityFile",
        "an empty list of files is accepted",
        error(202, {"deletedFiles": []}, lambda reply: reply.status == 400),
        witness=(Probe("deleteEntityFile", body={"file_entity_ids": []}),),
    ),
    edge(
        "updateContract-day",
        "updateContract",
        "the 32nd of a month",
        unchecked(fields(billing_due_day=None), says("billing_due_day")),
        witness=(Probe("updateContract", body={"billing_due_day": 32}),),
    ),
)
