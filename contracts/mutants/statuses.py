"""The right answer under the wrong status, and failures of the server."""

from dataclasses import replace

from contracts.mutants.asking import fail_when
from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.replies import every, has_status, on_reply, status
from contracts.mutants.requests import asks, holds_text, sends

wrong_success = Kind("wrong-success-status")
undocumented = Kind("undocumented-status")
swapped = Kind("swapped-refusal")
server_error = Kind("server-error")
flaky = Kind("flaky")

UNKNOWN = "5d9ae3c4-6a3c-4a8f-9d0a-6f1f0f7f2c11"
_no_body = on_reply(lambda reply: replace(reply, status=204, body=None))

MUTANTS = (
    wrong_success("createPortalConfig-200", "createPortalConfig", "200 for 201", status(200)),
    wrong_success("createUserV3-200", "createUserV3", "200 for 201", status(200)),
    wrong_success("saveEntityFile-202", "saveEntityFile", "202 for 201", status(202)),
    wrong_success("deleteEntityFile-200", "deleteEntityFile", "200 for 202", status(200)),
    wrong_success("deletePortalPageBlock-200", "deletePortalPageBlock", "200 for 204", status(200)),
    wrong_success("validateToken-200", "validateToken", "200 for 204", status(200)),
    wrong_success("createPortalPageBlock-201", "createPortalPageBlock", "201 for 200", status(201)),
    wrong_success("upsertPortalWidgetV3-200", "upsertPortalWidgetV3", "200 for 201", status(200)),
    wrong_success("createCustomEntityActivity-200", "createCustomEntityActivity", "200 for 201", status(200)),
    wrong_success("revokePartner-204", "revokePartner", "204 without a body for 200", _no_body),
    wrong_success("confirmUserWithUserId-302", "confirmUserWithUserId", "302 for 301", status(302)),
    undocumented(
        "getContract-410", "getContract", "410 for 404", status(410, has_status(404)),
        witness=(Probe("getContract", params={"id": UNKNOWN}),),
    ),
    undocumented(
        "updateContact-422", "updateContact", "422 for 400", status(422, has_status(400)),
        witness=(Probe("updateContact", body=[]),),
    ),
    undocumented(
        "addContractByIdentifiers-423", "addContractByIdentifiers", "423 for 409",
        status(423, has_status(409)),
        witness=(
            Probe(
                "addContractByIdentifiers", "dev-tom",
                body={
                    "contract": {"contract_number": "V-900077"}, "meter": {"meter_number": "1TST0010000077"},
                },
            ),
        ),
    ),
    undocumented("getSchemas-203", "getSchemas", "203 for 200", status(203)),
    undocumented("getFilesCountByEntity-206", "getFilesCountByEntity", "206 for 200", status(206)),
    swapped(
        "createPortalConfig-400", "createPortalConfig", "400 for a domain that is taken",
        status(400, has_status(409)),
        witness=(Probe("createPortalConfig", fields={"domain": "partner.sw-musterau.test"}),),
    ),
    swapped(
        "postOrderAcceptance-400", "postOrderAcceptance", "400 for an order decided already",
        status(400, has_status(409)), witness=(Probe("postOrderAcceptance"), Probe("postOrderAcceptance")),
    ),
    swapped(
        "updateCampaignPortalBlockStatus-409", "updateCampaignPortalBlockStatus", "409 for an unknown status",
        status(409, has_status(400)),
        witness=(Probe("updateCampaignPortalBlockStatus", fields={"status": "gone"}),),
    ),
    swapped(
        "getBillingAccount-400", "getBillingAccount", "400 for an account that is not there",
        status(400, has_status(404)), witness=(Probe("getBillingAccount", params={"id": UNKNOWN}),),
    ),
    swapped(
        "listBusinessPartners-401", "listBusinessPartners", "401 for a user without a firm",
        status(401, has_status(403)), witness=(Probe("listBusinessPartners", "dev-anna"),),
    ),
    swapped(
        "getValidSecondaryAttributes-403", "getValidSecondaryAttributes", "403 without a token",
        status(403, has_status(401)), witness=(Probe("getValidSecondaryAttributes", ""),),
    ),
    swapped(
        "getOrganizationSettings-404", "getOrganizationSettings", "404 without a token",
        status(404, has_status(401)), witness=(Probe("getOrganizationSettings", ""),),
    ),
    server_error(
        "getOrder-unknown", "getOrder", "500 for an order that is not there", status(500, has_status(404)),
        witness=(Probe("getOrder", params={"id": UNKNOWN}),),
    ),
    server_error(
        "getPortalConfigV3-unknown", "getPortalConfigV3", "500 for a portal that is not there",
        status(500, has_status(404)),
        witness=(Probe("getPortalConfigV3", "dev-admin", {"portal_id": UNKNOWN}),),
    ),
    server_error(
        "getPublicPages-unknown-domain", "getPublicPages", "502 for an unknown domain",
        status(502, has_status(404)), witness=(Probe("getPublicPages", params={"domain": "unknown.test"}),),
    ),
    server_error(
        "getFileById-no-uuid", "getFileById", "500 for an id that is none", status(500, has_status(400)),
        witness=(Probe("getFileById", params={"id": "x"}),),
    ),
    server_error(
        "deletePortalPageBlock-unknown", "deletePortalPageBlock", "500 for a block that is not there",
        status(500, has_status(404)), witness=(Probe("deletePortalPageBlock", params={"block_id": UNKNOWN}),),
    ),
    swapped(
        "getPortalPageBlock-403", "getPortalPageBlock", "403 for a block that is not there",
        status(403, has_status(404)), witness=(Probe("getPortalPageBlock", params={"block_id": UNKNOWN}),),
    ),
    server_error(
        "getVisualizationMetadata-named-context", "getVisualizationMetadata",
        "500 as soon as entities are named", fail_when(asks("context_entities")),
        witness=(Probe("getVisualizationMetadata", params={"context_entities": "[]"}),),
    ),
    server_error(
        "updateOrder-umlaut", "updateOrder", "500 for texts beyond ASCII",
        fail_when(holds_text(lambda text: not text.isascii())),
        witness=(Probe("updateOrder", fields={"customer_note": "Grüße"}),),
    ),
    server_error(
        "updateContract-null", "updateContract", "500 for a null in the body",
        fail_when(sends("move_out_date", None)),
        witness=(Probe("updateContract", body={"move_out_date": None}),),
    ),
    server_error(
        "clonePortalConfig-no-name", "clonePortalConfig", "500 without the optional name",
        fail_when(lambda request: not sends("name")(request)),
        witness=(Probe("clonePortalConfig", body={"source_portal_id": id_of("portal/p1")}),),
    ),
    server_error(
        "ssoLogin-no-body", "ssoLogin", "500 without the optional body",
        fail_when(lambda request: not request.body), witness=(Probe("ssoLogin", body=None),),
    ),
    flaky(
        "getCosts-503", "getCosts", "every third request finds no server", every(3, status(503)),
        witness=(Probe("getCosts"),) * 3,
    ),
    flaky(
        "getTriggeredJourney-404", "getTriggeredJourney", "every fourth request finds nothing",
        every(4, status(404)), witness=(Probe("getTriggeredJourney"),) * 4,
    ),
)  # fmt: skip
