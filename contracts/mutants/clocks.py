"""Times that are wrong, or count for nothing."""

from contracts.mutants.asking import changed_on_the_way
from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.replies import change_in_body, error, has_reason, in_place_of, says, set_in_body
from contracts.mutants.requests import parameter
from contracts.mutants.storing import forget_fields, overlook, pretend

stamp = Kind("wrong-timestamp")
untouched = Kind("updated-at-stays")
expired = Kind("expired-accepted")
decided = Kind("decided-again")
range_ignored = Kind("time-range-ignored")

_EPOCH = "1970-01-01T00:00:00.000Z"

MUTANTS = (
    stamp(
        "saveEntityFile-epoch", "saveEntityFile", "a new file was made in 1970",
        set_in_body("/createdFiles/*/_created_at", _EPOCH),
    ),
    stamp(
        "createCustomEntityActivity-epoch", "createCustomEntityActivity", "a new activity was in 1970",
        set_in_body("/timestamp", _EPOCH),
    ),
    stamp(
        "getOrder-before", "getOrder", "updated before it was made",
        set_in_body("/entity/_updated_at", "2001-01-01T00:00:00.000Z"),
    ),
    stamp(
        "getAllContracts-before", "getAllContracts", "updated before they were made",
        set_in_body("/data/*/_updated_at", "2001-01-01T00:00:00.000Z"),
    ),
    stamp(
        "prepareVisualizationExport-expired", "prepareVisualizationExport",
        "a new address has expired already", set_in_body("/expires_at", "2020-01-01T00:00:00.000Z"),
    ),
    stamp(
        "createMeterReading-other-time", "createMeterReading", "a reading gets another time",
        change_in_body("/data/timestamp", lambda at: f"2025{at[4:]}"),
    ),
    untouched(
        "updateContact-untouched", "updateContact getContact", "_updated_at stays",
        forget_fields("contact", "_updated_at"), on="updateContact",
    ),
    untouched(
        "updateOpportunity-untouched", "updateOpportunity getOpportunity", "_updated_at stays",
        forget_fields("opportunity", "_updated_at"), on="updateOpportunity",
        witness=(
            Probe("updateOpportunity"),
            Probe("getOpportunity", "dev-marek", {"id": id_of("opportunity/op-3001")}),
        ),
    ),
    untouched(
        "updatePortalPage-untouched", "updatePortalPage getPortalPage getPortalPages",
        "last_modified_at stays", forget_fields("page", "last_modified_at"), on="updatePortalPage",
    ),
    untouched(
        "updatePortalUser-untouched", "updatePortalUser", "_updated_at stays in the answer",
        set_in_body("/data/_updated_at", "2023-01-09T10:00:00.000Z"),
    ),
    expired(
        "postOrderAcceptance-expired", "postOrderAcceptance", "an expired offer is accepted",
        in_place_of(says("expired"), overlook("order", "expires_at")),
        witness=(Probe("postOrderAcceptance", "dev-tom", {"id": id_of("order/an-2026-00388")}),),
    ),
    expired(
        "createMeterReading-future", "createMeterReading", "a reading of next year is accepted",
        error(
            200, {"data": {"value": 1, "meter_id": "432ae6c7-ce16-5b6a-bc4f-9ea81ff97236", "source": "ECP"}},
            has_reason("timestamp_future"),
        ),
        witness=(Probe("createMeterReading", fields={"timestamp": "2027-06-15"}),),
    ),
    decided(
        "postOrderAcceptance-again", "postOrderAcceptance", "a decided offer is decided again",
        in_place_of(says("already"), pretend("order", status="open_for_acceptance")),
        witness=(Probe("postOrderAcceptance"), Probe("postOrderAcceptance", body={"decision": "decline"})),
    ),
    range_ignored(
        "getConsumption-from", "getConsumption", "the start counts for nothing",
        changed_on_the_way(parameter("from", "2026-01-01T00:00:00Z")),
    ),
    range_ignored(
        "getPrices-to", "getPrices", "the end counts for nothing",
        changed_on_the_way(parameter("to", "2026-06-15T00:00:00Z")),
    ),
    range_ignored(
        "getCosts-interval", "getCosts", "always months", changed_on_the_way(parameter("interval", "P1M")),
    ),
    range_ignored(
        "getBillingEvents-after", "getBillingEvents", "the earliest day counts for nothing",
        changed_on_the_way(parameter("date_after")),
        witness=(Probe("getBillingEvents", params={"date_after": "2026-06-01T00:00:00Z"}),),
    ),
    range_ignored(
        "getEntityActivityFeed-before", "getEntityActivityFeed", "the latest instant counts for nothing",
        changed_on_the_way(parameter("before")),
        witness=(Probe("getEntityActivityFeed", params={"before": "2026-01-01T00:00:00Z"}),),
    ),
    range_ignored(
        "getAllowedMeterReadingRange-now", "getAllowedMeterReadingRange", "always the range of today",
        changed_on_the_way(parameter("timestamp")),
        witness=(Probe("getAllowedMeterReadingRange", params={"timestamp": "2026-01-15"}),),
    ),
)  # fmt: skip
