"""Values that their schema leaves open and that are wrong all the same: names that only look alike, templates that
nobody filled in, references to nothing."""

import unicodedata
from collections.abc import Callable

from contracts.mutants.asking import changed_on_the_way, unchecked
from contracts.mutants.model import Kind, Patch, Probe, id_of
from contracts.mutants.replies import change_in_body, is_refusal, set_in_body
from contracts.mutants.requests import Repair, fields_of, json_request, parameter, query_of
from contracts.mutants.storing import rewrite
from mockportal.engine.call import Request
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario
from mockportal.values import Record

look_alike = Kind("look-alike-taken-for-the-same")
mangled = Kind("text-comes-back-changed")
template = Kind("template-left-as-it-is")
dangling = Kind("reference-to-nothing")
foreign = Kind("value-of-no-enum")

_NOBODY = "5b0cf1a4-6c6f-4f0e-9a53-0d3f7ce1a0ff"
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0410\u0415\u041e\u0420\u0421\u0425", "aeopcyxiAEOPCX"
)
_INVISIBLE = ("Cf", "Mn")


def _plain(text: str) -> str:
    """The text with Latin letters for Cyrillic ones that look like them, and without marks that nobody sees."""
    seen = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return "".join(letter for letter in seen if unicodedata.category(letter) not in _INVISIBLE)


def _folded(name: str) -> Repair:
    """The parameter, or field, as it looks."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        values = [_plain(text) for key, text in query_of(request) if key == name]
        request = parameter(name, *values)(operation, request, scenario) if values else request
        sent = fields_of(request)
        return (
            json_request(request, {**sent, name: _plain(sent[name])})
            if isinstance(sent.get(name), str)
            else request
        )

    return repair


def _stored(kind: str, name: str, change: Callable[[str], str]) -> Patch:
    """A text is kept in another form than it was sent in."""

    def rewritten(old: Record, new: Record, request: Request) -> Record:
        value = new.get(name)
        return {**new, name: change(value)} if isinstance(value, str) and name in fields_of(request) else new

    return rewrite(kind, rewritten)


def _told(pointer: str, change: Callable[[str], str]) -> Patch:
    return change_in_body(pointer, lambda value: change(value) if isinstance(value, str) else value)


def _visible(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _narrow(text: str) -> str:
    return "".join(letter if ord(letter) < 0x10000 else "?" for letter in text)


MUTANTS = (
    look_alike(
        "userExistsV3-alike",
        "userExistsV3",
        "who looks alike exists",
        changed_on_the_way(_folded("email")),
        witness=(Probe("userExistsV3", params={"email": "\u0430nna.berger@example.org"}),),
    ),
    look_alike(
        "userExists-invisible",
        "userExists",
        "marks that nobody sees do not count",
        changed_on_the_way(_folded("email")),
        witness=(Probe("userExists", params={"email": "anna.berger\u200f@example.org"}),),
    ),
    look_alike(
        "getUserEntryPoint-alike",
        "getUserEntryPoint",
        "who looks alike exists",
        changed_on_the_way(_folded("email")),
        witness=(Probe("getUserEntryPoint", params={"email": "\u0430nna.berger@example.org"}),),
    ),
    look_alike(
        "getPortalConfigByDomain-alike",
        "getPortalConfigByDomain",
        "a domain that looks alike is the same",
        unchecked(_folded("domain"), is_refusal),
        witness=(Probe("getPortalConfigByDomain", params={"domain": "mein.sw-muster\u0430u.test"}),),
    ),
    mangled(
        "updateContact-visible",
        "updateContact getContact",
        "marks that nobody sees are lost",
        _stored("contact", "last_name", _visible),
        on="updateContact",
        witness=(Probe("updateContact", body={"last_name": "a\u202eb\u202c"}), Probe("getContact")),
    ),
    mangled(
        "updateOrder-narrow",
        "updateOrder getOrder",
        "pictures become question marks",
        _stored("order", "customer_note", _narrow),
        on="updateOrder",
        witness=(Probe("updateOrder", body={"customer_note": "🎉"}), Probe("getOrder")),
    ),
    mangled(
        "updateOpportunity-alike",
        "updateOpportunity getOpportunity",
        "Cyrillic becomes Latin",
        _stored("opportunity", "description", _plain),
        on="updateOpportunity",
        witness=(
            Probe("updateOpportunity", body={"description": "Сосна"}),
            Probe("getOpportunity", "dev-marek", {"id": id_of("opportunity/op-3001")}),
        ),
    ),
    mangled(
        "saveEntityFile-composed",
        "saveEntityFile",
        "names of files lose their marks",
        _told(
            "/createdFiles/*/filename",
            lambda text: unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode(),
        ),
    ),
    mangled(
        "createPortalPageBlock-escaped",
        "createPortalPageBlock",
        "texts come back escaped",
        change_in_body(
            "/props/content",
            lambda content: {
                name: text.replace("<", "&lt;").replace("'", "&#39;") if isinstance(text, str) else text
                for name, text in content.items()
            },
        ),
        witness=(Probe("createPortalPageBlock", fields={"props": {"content": {"title": "<b>'"}}}),),
    ),
    template(
        "getResolvedExternalLink-template",
        "getResolvedExternalLink",
        "the link is a template",
        set_in_body("/link", "https://stoerung.sw-musterau.test/melden?kunde={{contact.customer_number}}"),
    ),
    template(
        "getResolvedSeamlessLink-template",
        "getResolvedSeamlessLink",
        "the link is a template, escaped",
        set_in_body(
            "/link", "https://cockpit.sw-musterau.test/start?customer=%7B%7BContact.customer_number%7D%7D"
        ),
    ),
    template(
        "interpolatePortalPages-template",
        "interpolatePortalPages",
        "nothing is filled in",
        set_in_body("/*/content/title", "Hallo {{contact.first_name}}"),
    ),
    template(
        "getTriggeredJourney-template",
        "getTriggeredJourney",
        "a parameter is a template",
        set_in_body("/context_params/*/value", "{{contact.id}}"),
    ),
    template(
        "searchPortalUserEntities-template",
        "searchPortalUserEntities",
        "labels are templates",
        set_in_body("/results/*/templates_output/label", "{{contract_name}} ({{contract_number}})"),
    ),
    template(
        "replaceECPTemplateVariables-undefined",
        "replaceECPTemplateVariables",
        "a link names undefined",
        set_in_body(
            "/customerPortal/invitationLink", "https://mein.sw-musterau.test/register?contactId=undefined"
        ),
    ),
    template(
        "validateCaaRecords-template",
        "validateCaaRecords",
        "the message is a template",
        set_in_body("/message", "The CAA records of ${domain} allow the certificate."),
    ),
    dangling(
        "getAllContracts-account",
        "getAllContracts",
        "the billing account is not there",
        set_in_body("/data/*/billing_account/$relation/*/entity_id", _NOBODY),
    ),
    dangling(
        "getOpportunity-customer",
        "getOpportunity",
        "the customer is not there",
        set_in_body("/entity/customer/$relation/*/entity_id", _NOBODY),
    ),
    dangling(
        "getPortalPageBlocks-parent",
        "getPortalPageBlocks",
        "the page of the blocks is not there",
        set_in_body("/*/parentId", _NOBODY),
    ),
    dangling(
        "getFileById-link",
        "getFileById",
        "the link to the file leads nowhere",
        change_in_body("/file/public_url", lambda url: url.replace("__services/files", "__services/file")),
    ),
    dangling(
        "saveEntityFile-link",
        "saveEntityFile",
        "the link to a new file leads nowhere",
        change_in_body("/createdFiles/*/public_url", lambda url: url.replace("/files/", "/files/x")),
    ),
    dangling(
        "getAllFiles-relation",
        "getAllFiles",
        "files belong to things that are not there",
        set_in_body("/results/*/_relations/*/entity_id", _NOBODY),
    ),
    dangling(
        "getSSOProvider-endpoint",
        "getSSOProvider",
        "the way to log in leads nowhere",
        change_in_body("/oidc_config/metadata/authorization_endpoint", lambda url: f"{url}-x"),
    ),
    foreign(
        "getPortalUser-status",
        "getPortalUser",
        "a status that there is not",
        set_in_body("/data/registration_status", "registered"),
    ),
    foreign(
        "listBusinessPartners-status",
        "listBusinessPartners",
        "a status that there is not",
        set_in_body("/data/*/registration_status", "PENDING"),
    ),
    foreign(
        "createMeterReading-direction",
        "createMeterReading",
        "a direction that there is not",
        set_in_body("/data/direction", "feed_out"),
    ),
    foreign(
        "updateOrder-status", "updateOrder", "a status that there is not", set_in_body("/data/status", "OPEN")
    ),
    foreign(
        "getAllOpportunities-schema",
        "getAllOpportunities",
        "a schema that there is not",
        set_in_body("/data/*/_schema", "opportunities"),
    ),
    foreign(
        "getAllRequests-schema",
        "getAllRequests",
        "a schema that there is not",
        set_in_body("/results/*/_schema", "request"),
    ),
)
