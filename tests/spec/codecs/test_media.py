"""Bodies by their media type: forms, XML, text and bytes, and the ranges that a document may name."""

import pytest

from mockportal.engine.call import Request
from mockportal.engine.guard import PUBLIC
from mockportal.engine.read import Unreadable, WrongMediaType, read
from mockportal.spec.codecs.media import Media, write_body
from mockportal.spec.codecs.types import type_tree_of
from mockportal.spec.spec import compile_spec
from mockportal.values import Json, Record

PERSON: Record = {
    "type": "object",
    "required": ["user"],
    "properties": {
        "user": {"type": "string"},
        "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "home": {"type": "object", "properties": {"no": {"type": "integer"}}},
        "pets": {
            "type": "array",
            "items": {"type": "object", "properties": {"legs": {"type": "integer"}}},
        },
    },
}
FORM = "application/x-www-form-urlencoded"


def value_of(content: Record, content_type: str, body: bytes) -> Json:
    operation = {
        "operationId": "it",
        "requestBody": {"content": content},
        "responses": {"200": {"description": ""}},
    }
    spec = compile_spec({"openapi": "3.0.3", "paths": {"/it": {"post": operation}}}, [], "x")
    headers = {"content-type": content_type} if content_type else {}
    return read(spec.operations["it"], Request("POST", "/it", "", headers, body), PUBLIC).body


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"user=kim&age=30&tags=a&tags=b", {"user": "kim", "age": 30, "tags": ["a", "b"]}),
        (b"user=a+b%26c&tags[]=a", {"user": "a b&c", "tags": ["a"]}),
        (b"user=k&home[no]=5", {"user": "k", "home": {"no": 5}}),
        (b"user=k&home=%7B%22no%22%3A5%7D", {"user": "k", "home": {"no": 5}}),
        (b"user=k&pets[0][legs]=4&pets[1][legs]=2", {"user": "k", "pets": [{"legs": 4}, {"legs": 2}]}),
        (b"user=k&other=5", {"user": "k", "other": "5"}),
    ],
)
def test_fields_of_a_form_have_the_types_of_the_schema(body: bytes, value: Json) -> None:
    assert value_of({FORM: {"schema": PERSON}}, FORM, body) == value


def test_field_of_another_type_is_a_violation_at_the_field() -> None:
    with pytest.raises(Unreadable) as caught:
        value_of({FORM: {"schema": PERSON}}, FORM, b"user=kim&age=old")

    assert [(one.where, one.path) for one in caught.value.violations] == [("body", "/age")]


def test_encoding_of_a_form_says_how_a_list_is_spelled() -> None:
    encoding = {"tags": {"style": "pipeDelimited", "explode": False}}

    value = value_of({FORM: {"schema": PERSON, "encoding": encoding}}, FORM, b"user=k&tags=a%7Cb")

    assert value == {"user": "k", "tags": ["a", "b"]}


def test_parts_of_a_multipart_form_are_typed_and_files_are_kept() -> None:
    parts = [
        b'Content-Disposition: form-data; name="user"\r\n\r\nkim',
        b'Content-Disposition: form-data; name="age"\r\n\r\n30',
        b'Content-Disposition: form-data; name="tags"\r\n\r\na',
        b'Content-Disposition: form-data; name="tags"\r\n\r\nb',
        b'Content-Disposition: form-data; name="home"\r\nContent-Type: application/json\r\n\r\n{"no": 5}',
        b'Content-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\xff\x00',
    ]
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"

    value = value_of({"multipart/form-data": {"schema": PERSON}}, "multipart/form-data; boundary=b", body)

    assert value == {
        "user": "kim",
        "age": 30,
        "tags": ["a", "b"],
        "home": {"no": 5},
        "photo": "\xff\x00",
    }


BOOK: Record = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "title": {"type": "string", "xml": {"name": "Title"}},
        "pages": {"type": "integer"},
        "authors": {
            "type": "array",
            "xml": {"wrapped": True},
            "items": {"type": "string", "xml": {"name": "by"}},
        },
        "tag": {"type": "array", "items": {"type": "string"}},
    },
}
XML = b'<b:book xmlns:b="urn:b" id="7"><b:Title>A &amp; B</b:Title><pages>12</pages><authors><by>x</by><by>y</by></authors><tag>p</tag><tag>q</tag></b:book>'
VALUE = {"id": 7, "title": "A & B", "pages": 12, "authors": ["x", "y"], "tag": ["p", "q"]}  # fmt: skip


def test_xml_is_read_by_the_names_of_the_schema() -> None:
    assert value_of({"application/xml": {"schema": BOOK}}, "application/xml; charset=utf-8", XML) == VALUE


def test_xml_that_is_written_is_read_as_the_same_value() -> None:
    media = Media(types=type_tree_of({}, BOOK, ""))

    written = write_body(VALUE, "application/xml", media)

    assert b'<root id="7"><Title>A &amp; B</Title>' in written
    assert value_of({"application/xml": {"schema": BOOK}}, "application/xml", written) == VALUE


@pytest.mark.parametrize(
    "body",
    [
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"",
        b"\xff",
    ],
)
def test_xml_that_is_broken_or_declares_entities_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        value_of({"application/xml": {"schema": BOOK}}, "application/xml", body or b" ")


@pytest.mark.parametrize(
    ("documented", "sent", "body", "value"),
    [
        ("*/*", "application/json", b'{"a":1}', {"a": 1}),
        ("*/*", "text/plain", b"hi", "hi"),
        ("*/*", "", b"[1]", [1]),
        ("image/*", "image/png", b"\xff\x00", "\xff\x00"),
        ("application/octet-stream", "application/octet-stream", b"x", "x"),
        ("text/plain", "text/plain; charset=latin-1", b"\xe4", "ä"),
        ("application/json; charset=utf-8", "application/json", b"{}", {}),
        ("Application/JSON", "application/json", b"{}", {}),
        ("application/json", "", b"{}", {}),
        ("application/merge-patch+json", "application/merge-patch+json", b"{}", {}),
        ("application/json", "application/hal+json", b"{}", {}),
    ],
)
def test_media_types_and_ranges_take_what_they_cover(
    documented: str, sent: str, body: bytes, value: Json
) -> None:
    assert value_of({documented: {}}, sent, body) == value


def test_text_is_a_number_where_the_schema_says_so() -> None:
    assert value_of({"text/plain": {"schema": {"type": "integer"}}}, "text/plain", b"5") == 5


@pytest.mark.parametrize(
    ("documented", "sent"),
    [
        ("application/merge-patch+json", "application/json"),
        ("image/*", "text/plain"),
        ("application/json", "application/xml"),
        ("text/plain", "image/png"),
    ],
)
def test_media_type_that_is_not_covered_is_refused(documented: str, sent: str) -> None:
    with pytest.raises(WrongMediaType):
        value_of({documented: {}}, sent, b"x")


@pytest.mark.parametrize(
    ("documented", "sent", "body"),
    [
        ("text/plain", "text/plain; charset=klingon", b"x"),
        ("text/plain", "text/plain", b"\xff"),
        (FORM, f"{FORM}; charset=ascii", b"a=%FF"),
        (FORM, FORM, b"a=\xff"),
        (FORM, f"{FORM}; charset=klingon", b"a=%41"),
        ("multipart/form-data", "multipart/form-data", b"x"),
    ],
)
def test_body_that_is_not_what_it_says_is_one_violation(documented: str, sent: str, body: bytes) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        value_of({documented: {}}, sent, body)
