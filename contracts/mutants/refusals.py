"""Refusals that say the wrong thing."""

from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.replies import (
    change_in_body,
    drop_from_body,
    error,
    has_reason,
    has_status,
    is_refusal,
    on_body,
    set_in_body,
)
from contracts.mutants.statuses import UNKNOWN

error_shape = Kind("error-body")
reason = Kind("refusal-reason")

_TOO_LOW = Probe("createMeterReading", fields={"value": 1})

MUTANTS = (
    error_shape(
        "getContract-error", "getContract", "`error` in place of `message`",
        on_body(lambda body: {"error": body["message"]}, is_refusal),
        witness=(Probe("getContract", params={"id": UNKNOWN}),),
    ),
    error_shape(
        "getEmailTemplates-text", "getEmailTemplates", "a refusal is a bare text",
        on_body(lambda body: body["message"], is_refusal), witness=(Probe("getEmailTemplates", ""),),
    ),
    error_shape(
        "updatePortalUser-message-object", "updatePortalUser", "the message is an object",
        change_in_body("/message", lambda text: {"code": "INVALID", "text": text}, is_refusal),
        witness=(Probe("updatePortalUser", body=[]),),
    ),
    error_shape(
        "getAllOpportunities-capital", "getAllOpportunities", "`Message` with a capital",
        on_body(lambda body: {"Message": body["message"]}, is_refusal),
        witness=(Probe("getAllOpportunities", ""),),
    ),
    error_shape(
        "deletePortalConfig-no-body", "deletePortalConfig", "a refusal has no body",
        error(404, None, has_status(404)),
        witness=(Probe("deletePortalConfig", params={"portal_id": UNKNOWN}),),
    ),
    error_shape(
        "swapPortalConfig-list", "swapPortalConfig", "a refusal is a list of messages",
        on_body(lambda body: [body["message"]], is_refusal), witness=(Probe("swapPortalConfig", body=[]),),
    ),
    reason(
        "createMeterReading-no-reason", "createMeterReading",
        "an implausible reading is refused without a reason", drop_from_body("/reason", has_status(400)),
        witness=(_TOO_LOW,),
    ),
    reason(
        "createMeterReading-other-reason", "createMeterReading", "too low is called too high",
        set_in_body("/reason", "greater_than_subsequent", has_reason("less_than_previous")),
        witness=(_TOO_LOW,),
    ),
    reason(
        "addContractByIdentifiers-no-reason", "addContractByIdentifiers", "a conflict has no reason",
        drop_from_body("/reason", has_status(409)),
        witness=(
            Probe(
                "addContractByIdentifiers", "dev-tom",
                body={
                    "contract": {"contract_number": "V-900077"}, "meter": {"meter_number": "1TST0010000077"},
                },
            ),
        ),
    ),
    reason(
        "confirmUser-reason", "confirmUser", "an undocumented reason",
        set_in_body("/reason", "INVALID", has_reason("invalid_token")),
        witness=(Probe("confirmUser", params={"confirmation_link_token": "unknown"}),),
    ),
    reason(
        "updateContract-no-rule", "updateContract", "the broken rule is not named",
        drop_from_body("/failed_rule", has_status(403)),
        witness=(
            Probe(
                "updateContract", params={"id": id_of("contract/v-900001")},
                body={"installment_amount": 90000},
            ),
        ),
    ),
)  # fmt: skip
