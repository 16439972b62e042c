"""Answers that keep their schema and say too little: empty, cut down, or under another name."""

from contracts.mutants.model import Kind, Probe
from contracts.mutants.replies import body, drop_from_body, rename_in_body, set_in_body

empty_object = Kind("empty-object")
empty_list = Kind("empty-list")
never_sent = Kind("optional-never-sent")
renamed = Kind("renamed-property")

_ACCOUNT = "075c59d7-278f-5478-8b60-558a70a480fc"  # Anna's

MUTANTS = (
    empty_object("getContact-empty", "getContact", "nothing of the contact", body({})),
    empty_object("getCustomerBalance-empty", "getCustomerBalance", "no balance", body({})),
    empty_object(
        "getOrganizationSettings-empty", "getOrganizationSettings", "no settings", set_in_body("/data", {}),
    ),
    empty_object("getPublicPortalConfigV3-empty", "getPublicPortalConfigV3", "no settings", body({})),
    empty_object("getAutomationContext-empty", "getAutomationContext", "no entities", body({})),
    empty_object("checkAccountExists-empty", "checkAccountExists", "neither yes nor no", body({})),
    empty_object(
        "triggerEntityAccessEventV3-empty", "triggerEntityAccessEventV3", "no id of the event", body({}),
    ),
    empty_object("replaceECPTemplateVariables-empty", "replaceECPTemplateVariables", "no links", body({})),
    empty_object(
        "getRegistrationIdentifiers-empty", "getRegistrationIdentifiers", "no attributes",
        set_in_body("/data", {}),
    ),
    empty_object(
        "uploadMeterReadingPhoto-empty", "uploadMeterReadingPhoto", "nothing of the photo", body({}),
    ),
    empty_object("configureDistribution-empty", "configureDistribution", "no host", body({})),
    empty_list(
        "searchPaymentRelationsInEntities-none", "searchPaymentRelationsInEntities",
        "nobody uses the payment method", body({"results": [], "hits": 0}),
        witness=(Probe("searchPaymentRelationsInEntities", params={"id": _ACCOUNT}),),
    ),
    empty_list("getAllContracts-none", "getAllContracts", "no contracts", set_in_body("/data", [])),
    empty_list("getExternalLinks-none", "getExternalLinks", "no links", body([])),
    empty_list("getDefaultPages-none", "getDefaultPages", "no pages", body([])),
    empty_list("getPublicSchemasV3-none", "getPublicSchemasV3", "no schemas", set_in_body("/schemas", [])),
    empty_list("listAllPortalConfigs-none", "listAllPortalConfigs", "no portals", set_in_body("/data", [])),
    empty_list("getPortalPageBlocks-none", "getPortalPageBlocks", "no blocks", body([])),
    empty_list("listBusinessPartners-none", "listBusinessPartners", "no partners", set_in_body("/data", [])),
    empty_list(
        "getEntityIdentifiers-none", "getEntityIdentifiers", "no attributes", set_in_body("/data", []),
    ),
    never_sent(
        "getFileById-mime-type", "getFileById trackFileDownloaded", "files have no media type",
        drop_from_body("/file/mime_type"),
    ),
    never_sent("getOrder-files", "getOrder", "an order has no files", drop_from_body("/files")),
    never_sent("getContract-meters", "getContract", "a contract has no meters", drop_from_body("/meters")),
    never_sent(
        "getPortalConfigV3-features", "getPortalConfigV3", "no feature settings",
        drop_from_body("/feature_settings"),
    ),
    never_sent(
        "getPortalPages-content", "getPortalPages", "pages have no content", drop_from_body("/*/content"),
    ),
    never_sent(
        "searchPortalUserEntities-pagination", "searchPortalUserEntities", "no pagination",
        drop_from_body("/pagination"),
    ),
    never_sent(
        "prepareVisualizationExport-expiry", "prepareVisualizationExport",
        "no word of when the address expires", drop_from_body("/expires_at"),
    ),
    never_sent(
        "getPrices-components", "getPrices", "no parts of the price", drop_from_body("/prices/*/components"),
    ),
    never_sent(
        "getOrgPortalConfigV3-providers", "getOrgPortalConfigV3", "no identity providers",
        drop_from_body("/identity_providers"),
    ),
    never_sent("ssoCallback-id-token", "ssoCallback", "no ID token", drop_from_body("/id_token")),
    renamed(
        "getCustomerBalance-currency", "getCustomerBalance", "balance_currency is called currency",
        rename_in_body("/balance_currency", "currency"),
    ),
    renamed(
        "getConsumption-data", "getConsumption", "consumptions is called data",
        rename_in_body("/consumptions", "data"),
    ),
    renamed(
        "getPublicPortalExtensionDetailsV3-prices", "getPublicPortalExtensionDetailsV3",
        "a hook in snake case", rename_in_body("/priceDataRetrieval", "price_data_retrieval"),
    ),
    renamed(
        "getTriggeredJourney-journey", "getTriggeredJourney", "journey_id is in camel case",
        rename_in_body("/journey_id", "journeyId"),
    ),
    renamed(
        "confirmUser-confirmed", "confirmUser", "confirmed has a prefix",
        rename_in_body("/confirmed", "is_confirmed"),
    ),
    renamed(
        "getResolvedSeamlessLink-url", "getResolvedSeamlessLink", "link is called url",
        rename_in_body("/link", "url"),
    ),
    renamed(
        "loginToPortalAsUser-token", "loginToPortalAsUser", "login_as_token is called token",
        rename_in_body("/login_as_token", "token"),
    ),
)  # fmt: skip
