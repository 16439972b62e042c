"""Valid requests that are refused."""

from contracts.mutants.asking import refuse_when
from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.requests import asks, holds_text, lacks, sends

optional_field = Kind("optional-field-refused")
enum_value = Kind("enum-value-refused")
boundary = Kind("boundary-refused")
text = Kind("text-refused")
needless = Kind("optional-made-required")

_ANNA = id_of("contact/anna")

MUTANTS = (
    optional_field(
        "createPortalPage-visibility", "createPortalPage", "a page may have no visibility",
        refuse_when(sends("visibility")),
    ),
    optional_field(
        "updatePortalUser-newsletter", "updatePortalUser", "only the language may change",
        refuse_when(sends("newsletter")),
    ),
    optional_field(
        "createMeterReading-read-by", "createMeterReading", "who has read it may not be said",
        refuse_when(sends("read_by")),
    ),
    optional_field(
        "getExternalLinks-contact", "getExternalLinks", "an optional parameter is refused",
        refuse_when(asks("contactId")), witness=(Probe("getExternalLinks", params={"contactId": _ANNA}),),
    ),
    optional_field(
        "getPublicPages-fields", "getPublicPages", "an optional parameter is refused",
        refuse_when(asks("fields")), witness=(Probe("getPublicPages", params={"fields": "slug"}),),
    ),
    optional_field(
        "upsertEmailTemplates-null", "upsertEmailTemplates", "a slot cannot be cleared",
        refuse_when(sends("confirmAccount", None)),
        witness=(Probe("upsertEmailTemplates", body={"confirmAccount": None}),),
    ),
    enum_value(
        "postOrderAcceptance-decline", "postOrderAcceptance", "an offer cannot be declined",
        refuse_when(sends("decision", "decline")),
        witness=(Probe("postOrderAcceptance", body={"decision": "decline"}),),
    ),
    enum_value(
        "getBillingEvents-reimbursement", "getBillingEvents", "one of two types is not known",
        refuse_when(asks("event_type", "reimbursement")),
        witness=(Probe("getBillingEvents", params={"event_type": "reimbursement"}),),
    ),
    enum_value(
        "getConsumption-quarter", "getConsumption", "one of four intervals is not known",
        refuse_when(asks("interval", "PT15M")),
        witness=(Probe("getConsumption", params={"interval": "PT15M"}),),
    ),
    enum_value(
        "updateCampaignPortalBlockStatus-clicked", "updateCampaignPortalBlockStatus",
        "one of three statuses is not known", refuse_when(sends("status", "clicked")),
        witness=(Probe("updateCampaignPortalBlockStatus", fields={"status": "clicked"}),),
    ),
    enum_value(
        "getMeterReadings-ascending", "getMeterReadings", "one of two orders is not known",
        refuse_when(sends("sort", "asc")), witness=(Probe("getMeterReadings", fields={"sort": "asc"}),),
    ),
    enum_value(
        "swapPortalConfig-all", "swapPortalConfig", "one of four items is not known",
        refuse_when(lambda request: b'"all"' in request.body),
        witness=(Probe("swapPortalConfig", fields={"items_to_swap": ["all"]}),),
    ),
    boundary(
        "getBillingEvents-maximum", "getBillingEvents", "the greatest size is refused",
        refuse_when(asks("size", "1000")), witness=(Probe("getBillingEvents", params={"size": 1000}),),
    ),
    boundary(
        "getAllOpportunities-zero", "getAllOpportunities", "the size 0 is refused",
        refuse_when(asks("size", "0")), witness=(Probe("getAllOpportunities", params={"size": 0}),),
    ),
    boundary(
        "getEntityActivityFeed-zero", "getEntityActivityFeed", "the size 0 is refused",
        refuse_when(asks("size", "0")), witness=(Probe("getEntityActivityFeed", params={"size": 0}),),
    ),
    boundary(
        "searchPortalUserEntities-fifty", "searchPortalUserEntities", "more than 50 may not be asked for",
        refuse_when(lambda request: b'"size":100' in request.body.replace(b" ", b"")),
        witness=(Probe("searchPortalUserEntities", body={"slug": "contract", "size": 100}),),
    ),
    text(
        "updateContact-umlaut", "updateContact", "texts have to be ASCII",
        refuse_when(holds_text(lambda part: not part.isascii())),
        witness=(Probe("updateContact", body={"last_name": "Größe"}),),
    ),
    text(
        "saveEntityFile-umlaut", "saveEntityFile", "file names have to be ASCII",
        refuse_when(holds_text(lambda part: not part.isascii())),
    ),
    text(
        "updateOpportunity-long", "updateOpportunity", "texts have to be short",
        refuse_when(holds_text(lambda part: len(part) > 255)),
        witness=(Probe("updateOpportunity", body={"description": "a" * 300}),),
    ),
    text(
        "createUser-plus", "createUser", "addresses have no plus sign",
        refuse_when(holds_text(lambda part: "+" in part)),
        witness=(Probe("createUser", fields={"email": "lena+strom@example.org"}),),
    ),
    text(
        "clonePortalConfig-short", "clonePortalConfig", "a name has to be longer than three characters",
        refuse_when(holds_text(lambda part: len(part) < 4)),
        witness=(Probe("clonePortalConfig", fields={"name": "Neu"}),),
    ),
    needless(
        "getPortalWidgetsV3-contract", "getPortalWidgetsV3", "an optional parameter has to be given",
        refuse_when(lacks("contract_id")),
    ),
    needless(
        "getVisualizationMetadata-context", "getVisualizationMetadata",
        "an optional parameter has to be given", refuse_when(lacks("context_entities")),
    ),
    needless(
        "createPortalPageBlock-parent", "createPortalPageBlock", "a block has to name its parent",
        refuse_when(lacks("parentId")),
    ),
    needless(
        "getPortalUserEntity-hydrate", "getPortalUserEntity", "an optional field has to be given",
        refuse_when(lacks("hydrate")),
        witness=(
            Probe("getPortalUserEntity", body={"slug": "contract", "entity_id": id_of("contract/v-900001")}),
        ),
    ),
    needless(
        "notifyMLoginInterestChange-tag", "notifyMLoginInterestChange", "an optional field has to be given",
        refuse_when(lacks("interest_tag")),
        witness=(Probe("notifyMLoginInterestChange", body={"action": "added"}),),
    ),
)  # fmt: skip
