"""Answers whose bytes or headers are not what they claim to be, though the value in them is right."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace

from contracts.mutants.model import Kind, Patch, Start, Wire
from contracts.mutants.replies import content
from mockportal.values import encode

doubled = Kind("duplicate-json-keys")
twice = Kind("repeated-header")
charset = Kind("wrong-charset")
not_value = Kind("no-json-value")
no_content = Kind("content-with-204")
coding = Kind("wrong-content-coding")


def _good(change: Callable[[Start], Start]) -> Wire:
    return lambda start: change(start) if start.status < 400 else start


def _also(name: bytes, value: bytes) -> Wire:
    """The header once more."""
    return _good(lambda start: replace(start, headers=(*start.headers, (name, value))))


def _instead(name: bytes, value: bytes) -> Wire:
    def change(start: Start) -> Start:
        others = tuple(pair for pair in start.headers if pair[0] != name)
        return replace(start, headers=(*others, (name, value)))

    return _good(change)


def _first_key_twice(data: bytes) -> bytes:
    """The first property of the first object comes a second time, before the right one."""
    found = re.search(rb'\{("(?:[^"\\]|\\.)*"):', data)
    if found is None:
        return data
    return data[: found.start()] + b"{" + found.group(1) + b":null," + data[found.start() + 1 :]


def _key_twice(name: str) -> Patch:
    key = encode(name) + b":"
    return content(lambda data: data.replace(key, key + b'"",' + key, 1))


def _in_place(old: bytes, new: bytes) -> Patch:
    return content(lambda data: re.sub(old, new, data, count=1))


MUTANTS = (
    doubled("getContact-twice", "getContact", "a property comes twice", _key_twice("last_name")),
    doubled("getAllContracts-twice", "getAllContracts", "a property comes twice", _key_twice("status")),
    doubled(
        "getPortalWidgetsV3-twice", "getPortalWidgetsV3", "a property comes twice", content(_first_key_twice)
    ),
    doubled("createMeterReading-twice", "createMeterReading", "a property comes twice", _key_twice("value")),
    doubled("getSchemas-twice", "getSchemas", "a property comes twice", _key_twice("slug")),
    twice("getOrder-type-twice", "getOrder", "two types", wire=_also(b"content-type", b"text/html")),
    twice(
        "getSchemasByDomain-type-twice",
        "getSchemasByDomain",
        "the type twice",
        wire=_also(b"content-type", b"application/json"),
    ),
    twice("getPortalPage-length-twice", "getPortalPage", "two lengths", wire=_also(b"content-length", b"2")),
    twice(
        "ssoRedirect-location-twice",
        "ssoRedirect",
        "two places to go to",
        wire=_also(b"location", b"https://mein.sw-musterau.test/"),
    ),
    twice(
        "listAllPortalConfigs-etag-twice",
        "listAllPortalConfigs",
        "two tags",
        wire=lambda start: replace(start, headers=(*start.headers, (b"etag", b'"a"'), (b"etag", b'"b"'))),
    ),
    twice(
        "getEntityIdentifiers-types",
        "getEntityIdentifiers",
        "two types in one header",
        wire=_instead(b"content-type", b"application/json, text/html"),
    ),
    charset(
        "getOpportunity-latin",
        "getOpportunity",
        "UTF-8 that is called Latin-1",
        wire=_instead(b"content-type", b"application/json; charset=iso-8859-1"),
    ),
    charset(
        "getPortalExtensions-wide",
        "getPortalExtensions",
        "UTF-8 that is called UTF-16",
        wire=_instead(b"content-type", b"application/json; charset=utf-16"),
    ),
    charset(
        "extraPermissionAttributes-unknown",
        "extraPermissionAttributes",
        "a charset that nobody knows",
        wire=_instead(b"content-type", b"application/json; charset=utf8-mb4x"),
    ),
    charset(
        "getRegistrationIdentifiers-wide",
        "getRegistrationIdentifiers",
        "UTF-16 that says so",
        content(lambda data: data.decode().encode("utf-16")),
        wire=_instead(b"content-type", b"application/json; charset=utf-16"),
    ),
    charset(
        "getExternalLinks-mark",
        "getExternalLinks",
        "a byte order mark before it",
        content(lambda data: b"\xef\xbb\xbf" + data),
    ),
    not_value(
        "getAllowedMeterReadingRange-nan",
        "getAllowedMeterReadingRange",
        "a bound is NaN",
        _in_place(rb'"min_value":[0-9.]+', b'"min_value":NaN'),
    ),
    not_value(
        "getCustomerBalance-infinity",
        "getCustomerBalance",
        "the balance is infinite",
        _in_place(rb'"balance":-?\d+', b'"balance":Infinity'),
    ),
    not_value(
        "getPortalUser-surrogate",
        "getPortalUser",
        "half of a character",
        _in_place(rb'"_title":"', rb'"_title":"\\ud83d'),
    ),
    not_value(
        "getFileById-overlong",
        "getFileById",
        "a character that is spelled too long",
        _in_place(b'"filename":"', b'"filename":"\xc0\xae'),
    ),
    not_value(
        "getAllOpportunities-raw",
        "getAllOpportunities",
        "a line break in a text",
        _in_place(b'"_title":"', b'"_title":"\n'),
    ),
    not_value(
        "getEntityWorkflows-comma",
        "getEntityWorkflows",
        "a comma too many",
        content(lambda data: data[:-1] + b",}"),
    ),
    not_value(
        "getOrganizationSettings-tail",
        "getOrganizationSettings",
        "a second value behind it",
        content(lambda data: data + b"\n{}"),
    ),
    not_value(
        "getDefaultPages-half-character",
        "getDefaultPages",
        "a character that is cut off",
        content(lambda data: data.replace("ä".encode(), b"\xc3", 1).replace("ü".encode(), b"\xc3", 1)),
    ),
    no_content(
        "validateToken-body", "validateToken", "204 with a body", content(lambda data: b'{"valid":true}')
    ),
    no_content(
        "deletePortalPageBlock-length",
        "deletePortalPageBlock",
        "204 that announces a body",
        wire=_instead(b"content-length", b"2"),
    ),
    no_content(
        "deletePortalConfig-type",
        "deletePortalConfig",
        "204 that comes as JSON",
        content(lambda data: b"null"),
        wire=_instead(b"content-type", b"application/json"),
    ),
    coding(
        "getPortalConfig-plain",
        "getPortalConfig",
        "plain text that is called gzip",
        wire=_instead(b"content-encoding", b"gzip"),
    ),
    coding(
        "getAllFiles-cut",
        "getAllFiles",
        "gzip that breaks off",
        content(lambda data: gzip.compress(data)[:-12]),
        wire=_instead(b"content-encoding", b"gzip"),
    ),
    coding(
        "getPublicPages-unknown",
        "getPublicPages",
        "a coding that there is not",
        wire=_instead(b"content-encoding", b"zip"),
    ),
    coding(
        "getValidSecondaryAttributes-unsaid",
        "getValidSecondaryAttributes",
        "gzip that is not said",
        content(gzip.compress),
    ),
    coding(
        "updateContract-again",
        "updateContract",
        "compressed twice and said once",
        content(lambda data: gzip.compress(gzip.compress(data))),
        wire=_instead(b"content-encoding", b"gzip"),
    ),
)
