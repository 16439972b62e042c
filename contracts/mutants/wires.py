"""Answers that go wrong outside their JSON: bytes, headers, methods, connections."""

from collections.abc import Callable
from dataclasses import replace

from contracts.mutants.model import Kind, Probe, Start, Wire
from contracts.mutants.replies import content, fault, header

content_type = Kind("wrong-content-type")
truncated = Kind("truncated-body")
not_utf8 = Kind("not-utf-8")
not_json = Kind("not-json")
with_body = Kind("body-where-none-belongs")
broken = Kind("broken-connection")
location = Kind("wrong-location")
allow = Kind("wrong-allow")
method = Kind("wrong-method-status")

_JSON = b"application/json"


def _typed(value: bytes | None) -> Wire:
    """Successful JSON is announced as something else, or as nothing."""

    def wire(start: Start) -> Start:
        if start.status >= 400:
            return start
        others = tuple(pair for pair in start.headers if pair != (b"content-type", _JSON))
        return start if others == start.headers else _headed(start, b"content-type", value)

    return wire


def _headed(start: Start, name: bytes, value: bytes | None) -> Start:
    others = tuple(pair for pair in start.headers if pair[0] != name)
    return replace(start, headers=others if value is None else (*others, (name, value)))


def _on_405(change: Callable[[Start], Start]) -> Wire:
    return lambda start: change(start) if start.status == 405 else start


def _allowing(value: bytes | None) -> Wire:
    return _on_405(lambda start: _headed(start, b"allow", value))


def _answering(status: int) -> Wire:
    return _on_405(lambda start: replace(_headed(start, b"allow", None), status=status))


def _latin(data: bytes) -> bytes:
    return data.decode().encode("latin-1", "replace")


_half = content(lambda data: data[: len(data) // 2])

MUTANTS = (
    content_type(
        "getAllOpportunities-html", "getAllOpportunities", "JSON is called HTML", wire=_typed(b"text/html"),
    ),
    content_type(
        "getAutomationContext-text", "getAutomationContext", "JSON is called text",
        wire=_typed(b"text/plain"),
    ),
    content_type(
        "getPublicPortalExtensionDetails-none", "getPublicPortalExtensionDetails", "JSON is called nothing",
        wire=_typed(None),
    ),
    content_type(
        "updateOpportunity-octets", "updateOpportunity", "JSON is called bytes",
        wire=_typed(b"application/octet-stream"),
    ),
    content_type(
        "createUserV3-form", "createUserV3", "JSON is called a form",
        wire=_typed(b"application/x-www-form-urlencoded"),
    ),
    truncated("getPortalExtensionsV3-half", "getPortalExtensionsV3", "half of the body", _half),
    truncated(
        "getPublicPortalExtensionDetailsV3-cut", "getPublicPortalExtensionDetailsV3",
        "half of the body, and the length of the whole", fault("truncated"),
    ),
    truncated(
        "resendConfirmationEmail-last", "resendConfirmationEmail", "the last byte is missing",
        content(lambda data: data[:-1]),
    ),
    truncated(
        "getSearchableAttributesForOpportunities-empty", "getSearchableAttributesForOpportunities", "no body",
        content(lambda data: b""),
    ),
    not_utf8("getPortalConfigV3-latin", "getPortalConfigV3", "umlauts in Latin-1", content(_latin)),
    not_utf8(
        "getRegistrationIdentifiers-latin", "getRegistrationIdentifiers", "umlauts in Latin-1",
        content(_latin),
    ),
    not_utf8(
        "interpolatePortalPages-bytes", "interpolatePortalPages", "bytes that are no text",
        content(lambda data: data.replace(b'"slug"', b'"slug\xff"', 1)),
    ),
    not_json(
        "getSchemasByDomain-page", "getSchemasByDomain", "a page in place of JSON",
        content(lambda data: b"<!doctype html><title>OK</title>"),
    ),
    not_json(
        "updateNotificationsStatus-single-quotes", "updateNotificationsStatus", "single quotes",
        content(lambda data: data.replace(b'"', b"'")),
    ),
    not_json(
        "getOrganizationSettingsByDomain-twice", "getOrganizationSettingsByDomain", "the body twice",
        content(lambda data: data * 2),
    ),
    with_body(
        "deletePortal-body", "deletePortal", "204 with a body", content(lambda data: b'{"deleted":true}'),
    ),
    with_body(
        "deRegisterMLoginUser-body", "deRegisterMLoginUser", "204 with a body", content(lambda data: b"{}"),
    ),
    broken(
        "getRecipientsToNotifyOnAutomation-reset", "getRecipientsToNotifyOnAutomation",
        "the connection is reset", fault("reset"),
    ),
    broken(
        "portalProxyExecute-empty", "portalProxyExecute", "the connection ends without an answer",
        fault("empty"),
    ),
    location(
        "confirmUserWithUserId-none", "confirmUserWithUserId", "a redirect to nowhere",
        header("Location", lambda value: None),
    ),
    location(
        "ssoRedirect-none", "ssoRedirect", "a redirect to nowhere", header("Location", lambda value: None),
    ),
    location(
        "ssoRedirect-foreign", "ssoRedirect", "a redirect to a foreign host",
        header("Location", lambda value: value.replace("mein.sw-musterau.test", "login.example.com")),
    ),
    location(
        "confirmUser-foreign", "confirmUser", "a redirect to a foreign host",
        header("Location", lambda value: "https://example.com/"),
        witness=(Probe("confirmUser", params={"use_redirect": True}),),
    ),
    location(
        "confirmUserWithUserId-empty", "confirmUserWithUserId", "a redirect to an empty address",
        header("Location", lambda value: ""),
    ),
    allow(
        "getBillingAccount-allow", "getBillingAccount", "Allow lists methods that there are not",
        wire=_allowing(b"GET, PUT, DELETE"), witness=(Probe("getBillingAccount", method="PUT"),),
    ),
    allow(
        "getDefaultPages-allow", "getDefaultPages", "405 without Allow", wire=_allowing(None),
        witness=(Probe("getDefaultPages", method="POST"),),
    ),
    allow(
        "updateCampaignPortalBlockStatus-allow", "updateCampaignPortalBlockStatus",
        "Allow lists the wrong method", wire=_allowing(b"POST"),
        witness=(Probe("updateCampaignPortalBlockStatus", method="DELETE"),),
    ),
    method(
        "getCustomerBalance-404", "getCustomerBalance", "404 for a wrong method", wire=_answering(404),
        witness=(Probe("getCustomerBalance", method="POST"),),
    ),
    method(
        "getSearchResultsForOpportunities-404", "getSearchResultsForOpportunities",
        "a literal path is taken for an id", wire=_answering(404),
        witness=(Probe("getSearchResultsForOpportunities", method="GET"),),
    ),
    method(
        "swapPortalConfig-200", "swapPortalConfig", "200 for a wrong method", wire=_answering(200),
        witness=(Probe("swapPortalConfig", method="DELETE"),),
    ),
    method(
        "getUserEntryPoint-400", "getUserEntryPoint", "400 for a wrong method", wire=_answering(400),
        witness=(Probe("getUserEntryPoint", method="PATCH"),),
    ),
    method(
        "uploadMeterReadingPhoto-500", "uploadMeterReadingPhoto", "500 for a wrong method",
        wire=_answering(500), witness=(Probe("uploadMeterReadingPhoto", method="GET"),),
    ),
)  # fmt: skip
