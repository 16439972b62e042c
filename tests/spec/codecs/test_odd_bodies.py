"""Bodies and texts at the edges: what a form, XML or a style can spell in more than one way, or not at all."""

import pytest

from mockportal.engine.read import Unreadable
from mockportal.spec.codecs.media import Media, write_body
from mockportal.spec.codecs.styles import nested
from mockportal.spec.codecs.types import type_tree_of
from mockportal.spec.codecs.writing import path_text, query_pairs
from mockportal.spec.conversion.servers import base_paths
from mockportal.spec.formats import is_base64, is_day_or_instant, is_url
from mockportal.spec.parameters import Parameter, parameter_of
from mockportal.values import Json, Record
from tests.spec.codecs.test_media import FORM, PERSON, value_of

MULTIPART = "multipart/form-data"
BOUNDARY = f"{MULTIPART}; boundary=b"


def media_of(schema: Json) -> Media:
    return Media(types=type_tree_of({}, schema, ""))


def part(name: str, body: bytes, media_type: str = "", file: str = "") -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    kind = f"\r\nContent-Type: {media_type}" if media_type else ""
    return f"--b\r\n{disposition}{kind}\r\n\r\n".encode() + body + b"\r\n"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"user=a&user=b", {"user": ["a", "b"]}),
        (b"tags=%5B%22a%22%2C%22b%22%5D", {"tags": ["a", "b"]}),
        (b"home=not+json", {"home": "not json"}),
        (b"pets[last][legs]=2&pets[0][legs]=4", {"pets": [{"legs": 4}, {"legs": 2}]}),
        (b"pets[]=x", {"pets": ["x"]}),
        (b"other[a]=1", {"other[a]": "1"}),
    ],
)
def test_field_of_a_form_may_be_spelled_in_other_ways(body: bytes, value: Json) -> None:
    schema = {name: item for name, item in PERSON.items() if name != "required"}
    free = {**schema, "properties": {name: {**one} for name, one in schema["properties"].items()}}
    free["properties"]["user"] = {}
    free["properties"]["home"] = {"type": ["object", "string"]}
    free["properties"]["pets"] = {"type": "array", "items": {"type": ["object", "string"], "properties": {"legs": {"type": "integer"}}}}  # fmt: skip

    assert value_of({FORM: {"schema": free}}, FORM, body) == value


@pytest.mark.parametrize("style", ["spaceDelimited", "form"])
def test_parts_of_one_text_may_be_files_of_a_list(style: str) -> None:
    schema = {"type": "object", "properties": {"tags": {"type": "array", "items": {}}}}
    content = {MULTIPART: {"schema": schema, "encoding": {"tags": {"style": style, "explode": False}}}}
    between = b" " if style == "spaceDelimited" else b","
    body = part("tags", b"a" + between + b"b") + part("tags", b"[1]", "application/json") + b"--b--\r\n"

    assert value_of(content, BOUNDARY, body) == {"tags": ["a", "b", [1]]}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (BOUNDARY, part("user", b"kim", "text/plain; charset=nothing") + b"--b--\r\n"),
        (f"{FORM}; charset=nothing", b"user=k%C3"),
        (FORM, "user=ü".encode()),
    ],
)
def test_form_in_an_unknown_charset_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        value_of({MULTIPART: {"schema": PERSON}, FORM: {"schema": PERSON}}, kind, body)


def test_text_part_is_read_in_its_charset() -> None:
    body = part("user", "ü".encode("latin-1"), "text/plain; charset=latin-1") + b"--b--\r\n"

    assert value_of({MULTIPART: {"schema": PERSON}}, BOUNDARY, body) == {"user": "ü"}


@pytest.mark.parametrize(
    ("schema", "body", "value"),
    [
        ({"type": "array", "items": {"type": "integer"}}, b"<a><n>1</n><n>2</n></a>", [1, 2]),
        ({}, b"<a><n>1</n></a>", {"n": "1"}),
        ({}, b"<a>5</a>", "5"),
        ({"type": "object", "properties": {"id": {"xml": {"attribute": True}}, "n": {}}}, b"<a><n>1</n><more>x</more></a>", {"n": "1", "more": "x"}),
        ({"type": "object", "properties": {"n": {"type": "array", "items": {}}}}, b"<a/>", {}),
    ],
)  # fmt: skip
def test_xml_is_read_as_far_as_its_schema_tells(schema: Json, body: bytes, value: Json) -> None:
    assert value_of({"application/xml": {"schema": schema}}, "application/xml", body) == value


@pytest.mark.parametrize(
    ("schema", "value", "written"),
    [
        ({"type": "array", "items": {"type": "boolean"}}, [True, False], b"<root><item>true</item><item>false</item></root>"),
        ({"type": "object", "properties": {"n": {}}}, {"n": None}, b"<root><n /></root>"),
        ({"type": "object", "properties": {"n": {"type": "array", "items": {}}}}, {"n": [1, 2]}, b"<root><n>1</n><n>2</n></root>"),
    ],
)  # fmt: skip
def test_xml_is_written_as_far_as_its_schema_tells(schema: Json, value: Json, written: bytes) -> None:
    assert write_body(value, "application/xml", media_of(schema)).partition(b"?>\n")[2] == written


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (FORM, {"a": [True, None], "b": {"c": 1}}, b"a=true&a=&b=%7B%22c%22%3A1%7D"),
        (FORM, "as it is", b"as it is"),
        ("text/plain", {"a": 1}, b'{"a":1}'),
        ("text/plain", None, b""),
        ("*/*", "x", b'"x"'),
    ],
)
def test_body_of_any_value_can_be_written(kind: str, value: Json, written: bytes) -> None:
    assert write_body(value, kind, Media()) == written


@pytest.mark.parametrize(
    ("kind", "body", "value"),
    [("text/csv", b"5", 5), ("image/png", b"\xff", "\xff"), ("*/*", b"plain", "plain"), ("*/*", b"[1]", [1])],
)
def test_body_that_is_no_json_is_a_text(kind: str, body: bytes, value: Json) -> None:
    schema = {"type": "integer"} if kind == "text/csv" else {}

    assert value_of({kind: {"schema": schema}}, kind, body) == value


@pytest.mark.parametrize("charset", ["nothing", "ascii"])
def test_text_that_is_not_in_its_charset_is_refused(charset: str) -> None:
    kind = f"text/plain; charset={charset}"

    with pytest.raises(Unreadable, match="cannot be read"):
        value_of({"text/plain": {"schema": {"type": "string"}}}, kind, "ü".encode())


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("", "1"), ("[a]", "2")], {"a": "2"}),
        ([("[a]", "1"), ("[a][b]", "2")], {"a": "1", "b": "2"}),
        ([("[a]", "1"), ("[a]", "2"), ("[b][]", "3")], {"a": ["1", "2"], "b": ["3"]}),
    ],
)
def test_names_in_brackets_are_a_tree(pairs: list[tuple[str, str]], tree: Record) -> None:
    assert nested(iter(pairs)) == tree


def parameter(place: str, schema: Json, **more: Json) -> Parameter:
    return parameter_of({}, {"name": "p", "in": place, "required": True, "schema": schema, **more}, "")


OBJECT: Record = {"type": "object", "properties": {"a": {}, "b": {}}}


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("matrix", False, {"a": 1, "b": None}, ";p=a,1,b,"),
        ("matrix", True, {"a": 1}, ";a=1"),
        ("matrix", True, [1, 2], ";p=1;p=2"),
        ("label", True, [1, 2], ".1.2"),
        ("simple", False, {"a": [1]}, "a,%5B1%5D"),
        ("simple", True, {"a": True}, "a=true"),
        ("matrix", False, 5, ";p=5"),
    ],
)
def test_value_in_a_path_is_spelled_by_its_style(style: str, explode: bool, value: Json, text: str) -> None:
    assert path_text(parameter("path", OBJECT, style=style, explode=explode), value) == text


@pytest.mark.parametrize(
    ("more", "value", "pairs"),
    [
        ({"explode": False}, {"a": 1, "b": [2]}, [("p", "a,1,b,%5B2%5D")]),
        ({}, {"a": [1, 2]}, [("a", "1"), ("a", "2")]),
        ({"style": "deepObject"}, {"a": {"c": [1]}}, [("p%5Ba%5D%5Bc%5D%5B%5D", "1")]),
    ],
)
def test_object_in_a_query_is_spelled_by_its_style(
    more: Record, value: Json, pairs: list[tuple[str, str]]
) -> None:
    assert query_pairs(parameter("query", OBJECT, **more), value) == pairs


@pytest.mark.parametrize(
    ("servers", "paths"),
    [
        ([5, {}, {"url": 5}], set()),
        ([{"url": "http://[broken"}], set()),
        ([{"url": "/{v}/x", "variables": {"v": 5}}], {"/{v}/x"}),
        ([{"url": "/{v}/{w}", "variables": {"v": {"default": "1"}}}], {"/1/{w}"}),
        ("text", set()),
    ],
)
def test_server_that_cannot_be_read_has_no_path(servers: Json, paths: set[str]) -> None:
    assert base_paths({"servers": servers, "paths": {"/a": None, "/b": {"servers": None, "get": 5}}}) == paths


@pytest.mark.parametrize(
    ("check", "value", "holds"),
    [
        (is_url, 5, True),
        (is_url, "not a url", False),
        (is_url, "mailto:a@example.org", False),
        (is_day_or_instant, 5, True),
        (is_day_or_instant, "0001-01-01", False),
        (is_base64, 5, True),
        (is_base64, "", True),
        (is_base64, "ä", False),
        (is_base64, "a", False),
    ],
)
def test_formats_of_our_own(check: object, value: Json, holds: bool) -> None:
    assert callable(check)
    assert check(value) is holds
