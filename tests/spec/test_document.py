"""Documents that cannot be used end in one line, however they are broken."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mockportal.errors import SpecError
from mockportal.spec.document import load_document
from mockportal.spec.examples import example_reply
from mockportal.spec.lint import lint
from mockportal.spec.spec import compile_spec, load_spec
from mockportal.values import Json

HEAD = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
SAMPLE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "/api"}],
    "security": [{"key": []}],
    "tags": [{"name": "a"}],
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "post": {
                "operationId": "change",
                "summary": "s",
                "security": [{"key": []}, {}],
                "parameters": [
                    {"$ref": "#/components/parameters/P"},
                    {"name": "filter", "in": "query", "style": "deepObject", "explode": True,
                     "schema": {"type": "object", "properties": {"a": {"type": "integer", "default": 1}}}},
                    {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "j", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                ],
                "requestBody": {"required": True, "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/A"}, "example": {"b": 1},
                    "examples": {"one": {"value": {"b": 2}}}}}},
                "responses": {
                    "200": {"description": "d", "headers": {"X-N": {"required": True, "schema": {"type": "integer"}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"},
                                                             "examples": {"one": {"value": {"b": 2}}}}}},
                    "404": {"$ref": "#/components/responses/R"},
                },
            },
        }
    },
    "components": {
        "parameters": {"P": {"name": "p", "in": "header", "schema": {"type": "integer", "minimum": 1}}},
        "responses": {"R": {"description": "r", "content": {"application/json": {"schema": {"type": "object"}}}}},
        "requestBodies": {"B": {"content": {"application/json": {"schema": {"type": "object"}}}}},
        "headers": {"H": {"schema": {"type": "string"}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "schemas": {
            "A": {"allOf": [{"$ref": "#/components/schemas/B"},
                            {"type": "object", "required": ["b"], "properties": {
                                "b": {"type": "integer", "readOnly": False}, "c": {"oneOf": [{"type": "string"}]}}}]},
            "B": {"type": "object", "nullable": True, "additionalProperties": {"type": "string"},
                  "properties": {"k": {"enum": ["x", None]}, "m": {"not": {"type": "string"}},
                                 "n": {"type": "string", "pattern": "^a", "minLength": 1}}},
            "C": {"oneOf": [{"$ref": "#/components/schemas/D"}],
                  "discriminator": {"propertyName": "kind", "mapping": {"d": "#/components/schemas/D"}}},
            "D": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
        },
    },
}  # fmt: skip
WRONG: tuple[Json, ...] = (
    None,
    "text",
    5,
    1.5,
    True,
    [],
    {},
    [None],
    {"x": None},
    ["text"],
    [[]],
    "#/nowhere",
)


def places(value: Json, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inside:
        yield from places(item, (*at, step))


def use(document: dict[str, Any]) -> None:
    """Everything that is done with a document before the first request, and an example of every answer."""
    raw = copy.deepcopy(document)
    spec = compile_spec(document, [], "doc.yaml")
    lint(raw, [], spec)
    for operation in spec.operations.values():
        for response in operation.responses.values():
            with suppress(ValueError):  # no valid example was found
                example_reply(spec, operation, response, 1)


def test_sample_can_be_used() -> None:
    use(copy.deepcopy(SAMPLE))


@pytest.mark.parametrize("place", list(places(SAMPLE)), ids=lambda place: "/".join(map(str, place)))
def test_value_of_the_wrong_kind_ends_in_one_line(place: tuple[Any, ...]) -> None:
    said = []
    for wrong in WRONG:
        document = copy.deepcopy(SAMPLE)
        holder: Any = document
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = wrong

        try:
            use(document)
        except SpecError as error:
            said.append(str(error))

    assert [text for text in said if not text.startswith("doc.yaml") or len(text) > 600] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("paths: []", r"doc.yaml: /paths: is a list; an object belongs here"),
        ("paths: {/a: null}", r"doc.yaml: /paths/~1a: is null; an object belongs here"),
        ("paths: {/a: {get: []}}", r"doc.yaml: /paths/~1a/get: is a list; an object belongs here"),
        ("paths: {/a: {get: {responses: {200: null}}}}", r"/paths/~1a/get/responses/200: is null; an object"),
        (
            "paths: {/a: {get: {parameters: {}}}}",
            r"/paths/~1a/get/parameters: is an object; a list belongs here",
        ),
        ("paths: {/a: {get: {parameters: [{name: a}]}}}", r"/paths/~1a/get/parameters/0: lacks 'in'"),
        ("paths: {/a: {get: {requestBody: {}}}}", r"/paths/~1a/get/requestBody: lacks 'content'"),
        (
            "paths: {}\ncomponents: {schemas: {A: {required: a}}}",
            r"/A/required: is a text; a list belongs here",
        ),
        ("paths: {}\ncomponents: {schemas: {A: {properties: [a]}}}", r"/A/properties: is a list; an object"),
        (
            "paths: {}\ncomponents: {schemas: {A: null}}",
            r"/A: is null; an object or true or false belongs here",
        ),
        (
            "paths: {}\ncomponents: {schemas: {A: {type: {}}}}",
            r"/A/type: is an object; a text or a list belongs",
        ),
    ],
)
def test_list_or_null_in_place_of_a_map_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "doc.yaml"
    path.write_text(HEAD + text)

    with pytest.raises(SpecError, match=problem):
        load_spec(path, None)


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
        {
            "A": {"allOf": [{"$ref": "#/components/schemas/B"}]},
            "B": {"anyOf": [{"$ref": "#/components/schemas/A"}]},
        },
        {"A": {"not": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "string"}]}}},
        {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
        {"A": {"if": {"$ref": "#/components/schemas/A"}}},
    ],
)
@pytest.mark.parametrize("used", ["requestBody", "responses"])
def test_schema_that_contains_itself_is_an_error(schemas: dict[str, Json], used: str) -> None:
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    operation: dict[str, Any] = {"responses": {"200": {"description": "d"}}}
    operation |= {"requestBody": content} if used == "requestBody" else {"responses": {"200": content}}
    document = {"openapi": "3.0.3", "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas}}

    with pytest.raises(SpecError, match=r"doc: .*/components/schemas/[AB]: refers back to itself"):
        compile_spec(document, [], "doc")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("links", [3_000, 60])
def test_chain_of_schemas_that_no_validator_could_follow_is_an_error(links: int, order: int) -> None:
    numbers = [*range(links)][::order]
    schemas: dict[str, Json] = {
        f"S{number:05}": {"allOf": [{"$ref": f"#/components/schemas/S{following:05}"}]}
        for number, following in pairwise(numbers)
    }
    schemas[f"S{numbers[-1]:05}"] = {"type": "string"}

    with pytest.raises(SpecError, match="asks more than 100 schemas, one inside the other, of one value"):
        compile_spec({"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}}, [], "doc")


def test_schema_that_contains_itself_in_a_property_is_fine() -> None:
    node = {"type": "object", "properties": {"child": {"allOf": [{"$ref": "#/components/schemas/A"}]}}}

    spec = compile_spec({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"A": node}}}, [], "doc")

    assert not spec.schema("A").is_valid({"child": {"child": 1}})
    assert spec.schema("A").violations({"child": {"child": 1}}, "body")[0].path == "/child/child"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("doc.json", '{"openapi": "3.0.3", "paths": {}, "x": ' + "[" * 900 + "]" * 900 + "}", "100 levels"),
        ("doc.yaml", HEAD + "x: " + "[" * 900 + "]" * 900, r"doc.yaml:3:10\d: is nested more than 100 levels deep"),
        ("doc.yaml", HEAD + "x: " + "[" * 90_000, "is nested far too deep"),
        ("doc.json", "[" * 90_000, "is not JSON"),
        ("doc.yaml", HEAD + "x: &a [*a]", "is nested more than 100 levels deep"),
        (
            "doc.yaml",
            HEAD + "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
            "has more values than characters",
        ),
        ("doc.yaml", HEAD + "x: " + "1" * 5_000, "is a number of 5000 digits"),
        ("doc.json", '{"x": ' + "1" * 5_000 + "}", "is not JSON"),
        ("doc.yaml", HEAD + "x: !!timestamp 2020-01-01", r"doc.yaml:3:4: has the tag !!timestamp"),
        ("doc.yaml", HEAD + "x: !!python/name:os.system", "has the tag !!python/name:os.system"),
        ("doc.yaml", HEAD + "x: !!set {a}", "has the tag !!set"),
        ("doc.yaml", HEAD + "x: {a: 1, a: 2}", r"doc.yaml:3:11: has the key 'a' twice"),
        ("doc.yaml", HEAD + "? [a]\n: b", r"doc.yaml:3:3: has a key that is not a text"),
        ("doc.yaml", HEAD + "x: {<<: 5}", "merges something that is not a mapping"),
        ("doc.yaml", HEAD + "x: \ta: @b", "is not YAML"),
        ("doc.yaml", "- a", "is not a mapping"),
        ("doc.yaml", "", "is empty"),
        ("doc.yaml", HEAD.encode().decode() + "x: \x00", "is not YAML"),
    ],
    ids=map(str, range(18)),
)  # fmt: skip
def test_text_made_to_break_a_reader_ends_in_one_line(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    path = tmp_path / name
    path.write_text(text)

    with pytest.raises(SpecError, match=problem) as caught:
        load_document(path)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["none.yaml", "a\0b.yaml", "x" * 5_000, "."], ids="abcd")
def test_file_that_cannot_be_read_ends_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        load_document(tmp_path / name)


def test_yaml_document_is_read_as_json_would_be(tmp_path: Path) -> None:
    path = tmp_path / "doc.yaml"
    path.write_text(
        "on: [NO, ON, y, yes, 12:30, 2017-07-21, 2017-07-21T10:00:00Z]\n"
        "200: [1, -1, 0o17, 1.5, 1e3, true, null, ~, '5', \"\", !!str 5, !!int 5]\n"
        f"big: {'9' * 50}\n"
        "base: &base {a: 1, b: {c: 2}}\n"
        "more: {<<: *base, a: 3}\n"
        "both: {<<: [{a: 5, z: 1}, *base]}\n"
        'quoted: {"<<": 1}\n'
        "map: !!map {a: !!seq [b]}\n"
    )

    assert load_document(path) == {
        "on": ["NO", "ON", "y", "yes", "12:30", "2017-07-21", "2017-07-21T10:00:00Z"],
        "200": [1, -1, 15, 1.5, 1000.0, True, None, None, "5", "", "5", 5],
        "big": int("9" * 50),
        "base": {"a": 1, "b": {"c": 2}},
        "more": {"a": 3, "b": {"c": 2}},
        "both": {"a": 5, "z": 1, "b": {"c": 2}},
        "quoted": {"<<": 1},
        "map": {"a": ["b"]},
    }


def test_document_with_dates_and_long_numbers_can_be_used(tmp_path: Path) -> None:
    path, as_json = tmp_path / "doc.yaml", tmp_path / "doc.json"
    schema = f"{{type: object, properties: {{a: {{type: string, example: 2020-01-01}}, b: {{maximum: {'9' * 50}}}}}}}"
    path.write_text(f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}")
    as_json.write_text(json.dumps(load_document(path)))

    spec = load_spec(path, None)

    assert spec.schema("A").is_valid({"a": "x", "b": 10**50 - 1})
    assert not spec.schema("A").is_valid({"b": 10**51})
    assert spec.sha256 == load_spec(as_json, None).sha256


@pytest.mark.parametrize(
    "extension",
    [
        {
            "paths": {
                "x-get": "get it",
                "/a": {"x-b": None, "get": {"responses": {"200": {"description": "d"}}}},
            }
        },
        {
            "paths": {
                "/a": {"get": {"x-c": [], "responses": {"x-d": "e", "200": {"description": "d", "x-f": 1}}}}
            }
        },
    ],
)
def test_extensions_may_hold_anything(extension: dict[str, Any]) -> None:
    spec = compile_spec({"openapi": "3.0.3", **extension}, [], "doc")

    assert [*spec.operations["get/a"].responses] == ["200"]


def test_version_without_quotes_is_a_version(tmp_path: Path) -> None:
    path = tmp_path / "doc.yaml"
    path.write_text("openapi: 3.1\ninfo: {title: t, version: 1}\npaths: {}")

    use(load_document(path))
