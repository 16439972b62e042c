"""Requests that should have been refused, by where the fault is."""

from contracts.mutants.asking import unchecked
from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.replies import error, has_status, says
from contracts.mutants.requests import fields, parameter, path

in_path = Kind("unchecked-path")
in_query = Kind("unchecked-query")
in_list = Kind("unchecked-query-list")
in_body = Kind("unchecked-body")
media = Kind("unchecked-media-type")
conflict = Kind("unchecked-conflict")

_reading = fields(value=25102.4, meter_id=id_of("meter/1tst0010000001"), source="ECP", reason="regular",
                  direction="feed-out", counter_id=None, timestamp=None, status=None)  # fmt: skip
_page = fields(slug="neu", order=99, parentId=None, visibility=None, content=None, is_public=False)

MUTANTS = (
    in_path(
        "getContract-any-id", "getContract", "an id that is no uuid finds a contract",
        unchecked(path("id", id_of("contract/v-900001"))),
        witness=(Probe("getContract", params={"id": "x"}),),
    ),
    in_path(
        "getOpportunity-any-id", "getOpportunity", "an id that is no uuid finds an opportunity",
        unchecked(path("id", id_of("opportunity/op-3004"))),
        witness=(Probe("getOpportunity", params={"id": "x"}),),
    ),
    in_path(
        "getResolvedExternalLink-any-id", "getResolvedExternalLink", "an id that is no uuid finds a link",
        unchecked(path("id", "bd150428-8f6b-5c63-97ec-ffedf1145115")),
        witness=(Probe("getResolvedExternalLink", params={"id": "x"}),),
    ),
    in_path(
        "deletePortalPageBlock-any-id", "deletePortalPageBlock", "an id that is no uuid deletes a block",
        unchecked(path("id", id_of("page/p1-login"))),
        witness=(Probe("deletePortalPageBlock", params={"id": "x"}),),
    ),
    in_query(
        "getConsumption-any-interval", "getConsumption", "an unknown interval means days",
        unchecked(parameter("interval", "P1D")),
        witness=(Probe("getConsumption", params={"interval": "P7D"}),),
    ),
    in_query(
        "getCosts-no-from", "getCosts", "a required parameter may be missing",
        unchecked(parameter("from", "2026-05-01T00:00:00Z")),
        witness=(Probe("getCosts", params={"from": None}),),
    ),
    in_query(
        "getBillingEvents-any-type", "getBillingEvents", "an unknown type means all",
        unchecked(parameter("event_type")),
        witness=(Probe("getBillingEvents", params={"event_type": "invoice"}),),
    ),
    in_query(
        "getAllContracts-any-size", "getAllContracts", "a size that is no number means the default",
        unchecked(parameter("size")), witness=(Probe("getAllContracts", params={"size": "many"}),),
    ),
    in_query(
        "getAllOrders-negative", "getAllOrders", "a negative start means zero",
        unchecked(parameter("from", "0")), witness=(Probe("getAllOrders", params={"from": -1}),),
    ),
    in_query(
        "getAllFiles-no-size", "getAllFiles", "a required parameter has a default",
        unchecked(parameter("size", "10")), witness=(Probe("getAllFiles", params={"size": None}),),
    ),
    in_query(
        "getPublicPages-no-domain", "getPublicPages", "a required parameter may be missing",
        unchecked(parameter("domain", "mein.sw-musterau.test")),
        witness=(Probe("getPublicPages", params={"domain": None}),),
    ),
    in_query(
        "userExists-no-email", "userExists", "nobody asked for exists not",
        unchecked(parameter("email", "niemand@example.org")),
        witness=(Probe("userExists", params={"email": None}),),
    ),
    in_query(
        "getEntityActivityFeed-any-after", "getEntityActivityFeed", "an instant may be any text",
        unchecked(parameter("after")),
        witness=(Probe("getEntityActivityFeed", params={"after": "yesterday"}),),
    ),
    in_query(
        "getECPContact-any-id", "getECPContact", "an id that is no uuid finds a contact",
        unchecked(parameter("id", "183c9ee5-80f6-57d3-9024-c3a16d941515")),
        witness=(Probe("getECPContact", params={"id": "x"}),),
    ),
    in_query(
        "getAutomationContext-any-type", "getAutomationContext", "an unknown type means file",
        unchecked(parameter("type", "file")),
        witness=(Probe("getAutomationContext", params={"type": "mail"}),),
    ),
    in_query(
        "getSSOProvider-any-origin", "getSSOProvider", "an unknown origin counts for nothing",
        unchecked(parameter("origin")), witness=(Probe("getSSOProvider", params={"origin": "X"}),),
    ),
    in_list(
        "getAllFiles-any-entity", "getAllFiles", "ids that are no uuids name nothing",
        unchecked(parameter("entity_ids")), witness=(Probe("getAllFiles", params={"entity_ids": "x"}),),
    ),
    in_list(
        "getBillingEvents-any-entity", "getBillingEvents", "ids that are no uuids name nothing",
        unchecked(parameter("entity_id")),
        witness=(Probe("getBillingEvents", params={"entity_id": ["x", "y"]}),),
    ),
    in_list(
        "createCustomEntityActivity-any-entity", "createCustomEntityActivity", "ids may be any texts",
        unchecked(parameter("entities")),
        witness=(Probe("createCustomEntityActivity", params={"entities": "x"}),),
    ),
    in_list(
        "getAllFiles-types-twice", "getAllFiles", "a type may be named twice",
        unchecked(parameter("file_types", "document")),
        witness=(Probe("getAllFiles", params={"file_types": ["document", "document"]}),),
    ),
    in_list(
        "getPrices-any-interval", "getPrices", "beside a list of objects nothing is checked",
        unchecked(parameter("interval", "P1M")), witness=(Probe("getPrices", params={"interval": "x"}),),
    ),
    in_body(
        "createPortalPage-no-body", "createPortalPage", "a page is made of no body", unchecked(_page),
        witness=(Probe("createPortalPage", body=None),),
    ),
    in_body(
        "updatePortalPage-order-text", "updatePortalPage", "the order may be a text",
        unchecked(fields(order=7)), witness=(Probe("updatePortalPage", fields={"order": "first"}),),
    ),
    in_body(
        "createMeterReading-anything", "createMeterReading", "a reading without a value is stored",
        unchecked(_reading), witness=(Probe("createMeterReading", fields={"value": "viel"}),),
    ),
    in_body(
        "postOrderAcceptance-any-decision", "postOrderAcceptance", "whatever is decided is accepted",
        unchecked(fields(decision="accept")),
        witness=(Probe("postOrderAcceptance", fields={"decision": "later"}),),
    ),
    in_body(
        "postOrderAcceptance-more", "postOrderAcceptance", "fields that are not allowed are ignored",
        unchecked(fields(note=None)), witness=(Probe("postOrderAcceptance", fields={"note": "gern"}),),
    ),
    in_body(
        "prepareVisualizationExport-more", "prepareVisualizationExport",
        "fields that are not allowed are ignored", unchecked(fields(format=None)),
        witness=(Probe("prepareVisualizationExport", fields={"format": "xlsx"}),),
    ),
    in_body(
        "updateContact-list", "updateContact", "a body that is no object changes nothing",
        unchecked(fields()), witness=(Probe("updateContact", body=[]),),
    ),
    in_body(
        "updateNotificationsStatus-any", "updateNotificationsStatus", "an unknown status means read",
        unchecked(fields(notifications=[{"id": "d78d1fb8-e991-5108-b04c-f47e67539b11", "status": "read"}])),
        witness=(
            Probe(
                "updateNotificationsStatus",
                body={"notifications": [{"id": "d78d1fb8-e991-5108-b04c-f47e67539b11", "status": "gone"}]},
            ),
        ),
    ),
    in_body(
        "putPortalConfig-enabled-text", "putPortalConfig", "a flag may be a text",
        unchecked(fields(enabled=True)), witness=(Probe("putPortalConfig", fields={"enabled": "yes"}),),
    ),
    in_body(
        "upsertPortalWidget-any-type", "upsertPortalWidget", "a list of nothing for widgets of any type",
        unchecked(fields(widgets=[])),
        witness=(Probe("upsertPortalWidget", body={"widgets": [{"id": "a", "type": "X", "listIndex": 0}]}),),
    ),
    in_body(
        "upsertEmailTemplates-any-id", "upsertEmailTemplates", "a template's id may be any text",
        unchecked(fields(confirmAccount=None)),
        witness=(Probe("upsertEmailTemplates", body={"confirmAccount": "x"}),),
    ),
    in_body(
        "createUser-no-password", "createUser", "a user needs no password",
        unchecked(fields(password="Musterau!2026")), witness=(Probe("createUser", fields={"password": 1}),),
    ),
    in_body(
        "searchPortalUserEntities-any-sort", "searchPortalUserEntities", "a size may be negative",
        unchecked(fields(size=10)), witness=(Probe("searchPortalUserEntities", fields={"size": -1}),),
    ),
    in_body(
        "swapPortalConfig-any-item", "swapPortalConfig", "an unknown item is ignored",
        unchecked(fields(items_to_swap=["domain"])),
        witness=(Probe("swapPortalConfig", fields={"items_to_swap": ["pages"]}),),
    ),
    in_body(
        "updatePortalUser-broken", "updatePortalUser", "what is not JSON changes nothing",
        unchecked(fields()), witness=(Probe("updatePortalUser", body=b'{"newsletter": tru'),),
    ),
    media(
        "upsertEmailTemplatesByPortalId-text", "upsertEmailTemplatesByPortalId", "a text is read as JSON",
        unchecked(fields(), has_status(415)),
        witness=(Probe("upsertEmailTemplatesByPortalId", body=b"{}", media_type="text/plain"),),
    ),
    media(
        "createPortalConfig-xml", "createPortalConfig", "whatever it is called, it is read as JSON",
        unchecked(fields(), has_status(415)),
        witness=(Probe("createPortalConfig", body=b'{"name": "Neu"}', media_type="application/xml"),),
    ),
    conflict(
        "createUserV3-taken", "createUserV3", "an address that is taken registers again",
        error(201, {"message": "User created successfully"}, says("already")),
        witness=(Probe("createUserV3"), Probe("createUserV3")),
    ),
    conflict(
        "invitePartner-twice", "invitePartner", "a partner is invited twice",
        error(200, {"message": "Partner invited"}, says("already")),
        witness=(Probe("invitePartner"), Probe("invitePartner")),
    ),
    conflict(
        "resendPartnerInvitation-registered", "resendPartnerInvitation", "who is registered is invited again",
        error(200, {"message": "Invitation sent again"}, says("already")),
        witness=(Probe("resendPartnerInvitation", params={"partner_id": id_of("contact/lukas")}),),
    ),
    conflict(
        "disablePartner-twice", "disablePartner", "who is disabled is disabled again",
        error(200, {"message": "Partner disabled"}, says("already")),
        witness=(Probe("disablePartner"), Probe("disablePartner")),
    ),
    conflict(
        "createPortalConfig-taken", "createPortalConfig", "a domain that is taken is given away again",
        unchecked(fields(domain=None), has_status(409)),
        witness=(Probe("createPortalConfig", fields={"domain": "partner.sw-musterau.test"}),),
    ),
)  # fmt: skip
