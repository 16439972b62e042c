"""Answers of the wrong shape: what their schema forbids."""

from contracts.mutants.model import Kind
from contracts.mutants.replies import change_in_body, drop_from_body, set_in_body

wrong_type = Kind("wrong-type")
missing_required = Kind("missing-required")
enum = Kind("enum")
format = Kind("format")
null = Kind("null")

MUTANTS = (
    wrong_type(
        "getContract-instalment-text", "getContract", "the instalment is a text",
        set_in_body("/entity/installment_amount", "84.00"),
    ),
    wrong_type(
        "getConsumption-value-text", "getConsumption", "measured values are texts",
        change_in_body("/consumptions/*/value", str),
    ),
    wrong_type(
        "getPortalPageBlock-order-text", "getPortalPageBlock", "the order is a text",
        change_in_body("/order", str),
    ),
    wrong_type(
        "searchPaymentRelationsInEntities-hits-text", "searchPaymentRelationsInEntities",
        "the hits are a text", change_in_body("/hits", str),
    ),
    wrong_type(
        "getFilesCountByEntity-count-text", "getFilesCountByEntity", "counts are texts",
        change_in_body("/*/file_count", str),
    ),
    wrong_type("userExists-answer-text", "userExists", "yes is a text", set_in_body("/exists", "true")),
    wrong_type(
        "getPortalWidgetsV3-map", "getPortalWidgetsV3", "the widgets are a map",
        change_in_body("/widgets", lambda widgets: {widget["id"]: widget for widget in widgets}),
    ),
    wrong_type(
        "validateCaaRecordsV3-flag-number", "validateCaaRecordsV3", "a flag is 1 instead of true",
        change_in_body("/isDNSConfigured", int),
    ),
    wrong_type(
        "getBillingAccount-balance-object", "getBillingAccount", "the balance is an object",
        change_in_body("/entity/balance", lambda amount: {"amount": amount, "currency": "EUR"}),
    ),
    wrong_type(
        "getAllowedMeterReadingRange-single", "getAllowedMeterReadingRange", "one range in place of a list",
        change_in_body("/data", lambda ranges: ranges[0] if ranges else {}),
    ),
    wrong_type(
        "updateCampaignPortalBlockStatus-count-text", "updateCampaignPortalBlockStatus", "a count is a text",
        change_in_body("/updated", str),
    ),
    wrong_type(
        "getOrgPortalConfig-flag-text", "getOrgPortalConfig", "enabled is a text",
        change_in_body("/enabled", lambda flag: "yes" if flag else "no"),
    ),
    wrong_type(
        "canTriggerPortalFlow-text", "canTriggerPortalFlow", "yes or no is a text",
        change_in_body("/can_trigger", str),
    ),
    missing_required(
        "getPortalUser-without-title", "getPortalUser", "the title is missing",
        drop_from_body("/data/_title"),
    ),
    missing_required(
        "getOrder-without-organization", "getOrder", "the organization is missing",
        drop_from_body("/entity/_org"),
    ),
    missing_required(
        "getCosts-without-currency", "getCosts", "amounts have no currency",
        drop_from_body("/costs/*/unit_amount_currency"),
    ),
    missing_required(
        "createPortalPage-without-slug", "createPortalPage", "the new page has no slug",
        drop_from_body("/slug"),
    ),
    missing_required(
        "upsertEmailTemplates-without-message", "upsertEmailTemplates", "the message is missing",
        drop_from_body("/message"),
    ),
    missing_required(
        "getSSOProvider-without-scope", "getSSOProvider", "a provider has no scope",
        drop_from_body("/oidc_config/scope"),
    ),
    missing_required(
        "ssoCallback-without-token-type", "ssoCallback", "tokens have no type", drop_from_body("/token_type"),
    ),
    missing_required(
        "getExternalLinksV3-last-without-label", "getExternalLinksV3", "the third link has no label",
        drop_from_body("/2/label"),
    ),
    missing_required(
        "getPortalExtensionsV3-hook-without-call", "getPortalExtensionsV3",
        "the hooks say nothing of their call", drop_from_body("/*/hooks/*/call"),
    ),
    missing_required(
        "extraPermissionAttributes-without-group", "extraPermissionAttributes",
        "attributes of meters have no group", drop_from_body("/data/meter/*/group"),
    ),
    missing_required(
        "getEntityActivityFeed-without-title", "getEntityActivityFeed", "activities have no title",
        drop_from_body("/results/*/title"),
    ),
    enum(
        "getAllContracts-status-running", "getAllContracts", "an unknown status",
        set_in_body("/data/*/status", "running"),
    ),
    enum("getFileById-type-pdf", "getFileById", "an unknown type of file", set_in_body("/file/type", "pdf")),
    enum(
        "getVisualizationMetadata-interval", "getVisualizationMetadata", "an unknown interval",
        change_in_body("/intervals", lambda intervals: [*intervals, "P1Y"]),
    ),
    enum(
        "getUserEntryPoint-otp", "getUserEntryPoint", "an unknown way to log in",
        set_in_body("/entry_point", "OTP"),
    ),
    enum(
        "getTriggeredJourney-name", "getTriggeredJourney", "the trigger in lower case",
        change_in_body("/trigger_name", str.lower),
    ),
    enum(
        "createMeterReading-status", "createMeterReading", "an unknown status",
        set_in_body("/data/status", "ok"),
    ),
    enum(
        "createUser-message", "createUser", "another message than the only one",
        set_in_body("/message", "OK"),
    ),
    enum(
        "upsertPortalWidget-type", "upsertPortalWidget", "a new type",
        set_in_body("/widgets/0/type", "CARD_WIDGET"),
    ),
    enum(
        "savePortalFiles-schema", "savePortalFiles", "a file is called a document",
        set_in_body("/createdFiles/*/_schema", "document"),
    ),
    enum(
        "verifyDns-status", "verifyDns", "an unknown status of a domain", set_in_body("/domain_status", "OK"),
    ),
    format(
        "getAllOrders-german-date", "getAllOrders", "creation is a day in German",
        set_in_body("/data/*/_created_at", "08.06.2026"),
    ),
    format(
        "checkContactExists-number", "checkContactExists", "a customer number for an id",
        set_in_body("/contactId", "KD-100101"),
    ),
    format(
        "getBillingEvents-due-instant", "getBillingEvents", "a due date has a time of day",
        change_in_body("/results/*/due_date", lambda day: f"{day}T00:00:00Z"),
    ),
    format(
        "getEmailTemplatesByPortalId-name", "getEmailTemplatesByPortalId", "a template's name for its id",
        set_in_body("/confirmAccount", "confirm-account"),
    ),
    format(
        "updatePortalPage-spaced-time", "updatePortalPage", "a time without its T and zone",
        set_in_body("/last_modified_at", "2026-06-15 07:00:00"),
    ),
    format(
        "getPrices-time-without-zone", "getPrices", "times without a zone",
        change_in_body("/prices/*/timestamp", lambda at: at[:19]),
    ),
    format(
        "deletePortalUser-address", "deletePortalUser", "an address for an id",
        set_in_body("/data", "a@example.org"),
    ),
    format(
        "saveEntityFile-bare-id", "saveEntityFile", "an id without dashes",
        change_in_body("/createdFiles/*/_id", lambda id: id.replace("-", "")),
    ),
    null("getContact-title", "getContact", "the title is null", set_in_body("/entity/_title", None)),
    null(
        "getOpportunity-updated", "getOpportunity", "never updated is null",
        set_in_body("/entity/_updated_at", None),
    ),
    null(
        "getCustomerBalance-balance", "getCustomerBalance", "no balance is null",
        set_in_body("/balance", None),
    ),
    null("getPublicPages-is-public", "getPublicPages", "a flag is null", set_in_body("/*/is_public", None)),
    null(
        "getAllPortalConfigs-name", "getAllPortalConfigs", "a name is null",
        set_in_body("/data/*/name", None),
    ),
    null("ssoLoginV3-email", "ssoLoginV3", "an address is null", set_in_body("/email", None)),
    null(
        "triggerEntityAccessEvent-id", "triggerEntityAccessEvent", "an id is null",
        set_in_body("/eventId", None),
    ),
    null("getSchemas-slug", "getSchemas", "a slug is null", set_in_body("/schemas/0/slug", None)),
)  # fmt: skip
