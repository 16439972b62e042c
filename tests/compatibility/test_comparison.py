"""Old against new: small pairs for every rule, and what holds for all pairs."""

from itertools import chain
from pathlib import Path

import pytest

from mockportal.compatibility import CHANGE_KINDS, Change, compare, compare_versions
from mockportal.config import content
from mockportal.errors import SpecError, UsageError
from mockportal.files.pointers import pointer_to, resolve
from mockportal.spec.document import load_document
from mockportal.values import Json, Record

TEXT: Record = {"type": "string"}
NUMBER: Record = {"type": "integer"}
OK: Record = {"responses": {"204": {}}}

CAT = {"$ref": "#/components/schemas/Cat"}
DOG = {"$ref": "#/components/schemas/Dog"}
TREE = {"$ref": "#/components/schemas/Tree"}
PETS = {"oneOf": [CAT, DOG]}
COMPONENTS: dict[str, Record] = {
    "schemas": {
        "Cat": {"type": "object", "properties": {"purrs": {"type": "boolean"}}},
        "Dog": {"type": "object", "properties": {"barks": {"type": "boolean"}}},
        "Tree": {
            "type": "object",
            "properties": {"name": TEXT, "children": {"type": "array", "items": TREE}},
        },
    },
    "securitySchemes": {
        "Portal": {"type": "http", "scheme": "bearer"},
        "Key": {"type": "apiKey", "in": "header", "name": "x-key"},
    },
}


def document(paths: Record, **rest: Json) -> Record:
    return {"openapi": "3.0.3", "info": {}, "paths": paths, "components": COMPONENTS, **rest}


def one(operation: Record, **rest: Json) -> Record:
    return document({"/things": {"post": {"operationId": "make", **operation}}}, **rest)


def sent(schema: Json) -> Record:
    body = {"content": {"application/json": {"schema": schema}}}
    return one({"requestBody": body, **OK})


def answered(schema: Json) -> Record:
    return one({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}})


def rules(changes: list[Change]) -> list[str]:
    return sorted(change.kind for change in changes)


def having(properties: Record, *required: str, **rest: Json) -> Record:
    return {"type": "object", "properties": properties, "required": list(required), **rest}


def enum(*values: Json) -> Record:
    return {"type": "string", "enum": list(values)}


def tagged(name: str) -> Record:
    return having({"kind": enum(name), "value": TEXT}, "kind")


WHOLES: Record = {"anyOf": [having({"a": TEXT}, "a"), having({"a": NUMBER}, "a")]}
PARTS: Record = having({"a": {"type": ["string", "integer"]}}, "a")

# old schema, new schema, what that is where it is sent, and where it is answered
SCHEMAS: tuple[tuple[Json, Json, list[str], list[str]], ...] = (
    (TEXT, NUMBER, ["request-type-changed"], ["response-type-changed"]),
    (TEXT, {"type": ["string", "integer"]}, ["request-type-widened"], ["response-type-widened"]),
    ({"type": ["string", "integer"]}, TEXT, ["request-type-narrowed"], ["response-type-narrowed"]),
    ({"type": "integer"}, {"type": "number"}, ["request-type-widened"], ["response-type-widened"]),
    ({"type": "number"}, {"type": "integer"}, ["request-type-narrowed"], ["response-type-narrowed"]),
    ({}, TEXT, ["request-type-narrowed"], ["response-type-narrowed"]),
    (TEXT, {}, ["request-type-widened"], ["response-type-widened"]),
    (TEXT, {**TEXT, "nullable": True}, ["request-null-allowed"], ["response-null-allowed"]),
    ({**TEXT, "nullable": True}, TEXT, ["request-null-forbidden"], ["response-null-forbidden"]),
    ({**TEXT, "nullable": True}, {"type": ["string", "null"]}, [], []),
    (CAT, {**CAT, "nullable": True}, ["request-null-allowed"], ["response-null-allowed"]),
    (CAT, {"anyOf": [CAT, {"type": "null"}]}, ["request-null-allowed"], ["response-null-allowed"]),
    ({**CAT, "nullable": True}, {"anyOf": [CAT, {"type": "null"}]}, [], []),
    ({"nullable": True, "allOf": [CAT]}, {"allOf": [CAT]}, ["request-null-forbidden"], ["response-null-forbidden"]),
    (PETS, {**PETS, "nullable": True}, ["request-null-allowed"], ["response-null-allowed"]),
    ({**enum("a"), "nullable": True}, enum("a"), [], []),
    (enum("a"), {**enum("a", None), "nullable": True}, ["request-null-allowed"], ["response-null-allowed"]),
    (TEXT, enum("a"), ["request-enum-introduced"], ["response-enum-introduced"]),
    (enum("a"), TEXT, ["request-enum-dropped"], ["response-enum-dropped"]),
    (enum("a", "b"), enum("a"), ["request-enum-value-removed"], ["response-enum-value-removed"]),
    (enum("a"), enum("a", "b"), ["request-enum-value-added"], ["response-enum-value-added"]),
    (enum("a", "b"), enum("b", "a"), [], []),
    (enum("a"), {**TEXT, "const": "a"}, [], []),
    ({**TEXT, "minLength": 1}, {**TEXT, "minLength": 2}, ["request-bound-tightened"], ["response-bound-tightened"]),
    ({**TEXT, "maxLength": 1}, {**TEXT, "maxLength": 2}, ["request-bound-loosened"], ["response-bound-loosened"]),
    ({**TEXT, "maxLength": 1}, TEXT, ["request-bound-loosened"], ["response-bound-loosened"]),
    (TEXT, {**TEXT, "minLength": 0}, [], []),
    ({**NUMBER, "minimum": 0}, {**NUMBER, "minimum": 0, "exclusiveMinimum": True}, ["request-bound-tightened"], ["response-bound-tightened"]),
    ({**NUMBER, "exclusiveMinimum": 0}, {**NUMBER, "minimum": 0, "exclusiveMinimum": True}, [], []),
    ({**NUMBER, "maximum": 5}, {**NUMBER, "exclusiveMaximum": 5}, ["request-bound-tightened"], ["response-bound-tightened"]),
    ({**NUMBER, "multipleOf": 2}, {**NUMBER, "multipleOf": 4}, ["request-bound-tightened"], ["response-bound-tightened"]),
    ({**NUMBER, "multipleOf": 0.01}, {**NUMBER, "multipleOf": 0.001}, ["request-bound-loosened"], ["response-bound-loosened"]),
    ({**NUMBER, "multipleOf": 2}, {**NUMBER, "multipleOf": 3}, ["request-bound-tightened"], ["response-bound-loosened"]),
    ({"type": "array"}, {"type": "array", "uniqueItems": True}, ["request-bound-tightened"], ["response-bound-tightened"]),
    (TEXT, {**TEXT, "pattern": "^a"}, ["request-pattern-tightened"], ["response-pattern-tightened"]),
    ({**TEXT, "pattern": "^a"}, TEXT, ["request-pattern-loosened"], ["response-pattern-loosened"]),
    ({**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^b"}, ["request-pattern-changed"], ["response-pattern-changed"]),
    ({**TEXT, "pattern": "^a+$"}, {**TEXT, "pattern": "^[ab]+$"}, ["request-pattern-rewritten"], ["response-pattern-changed"]),
    (WHOLES, PARTS, ["request-alternative-covered", "request-type-widened"], ["response-alternative-removed", "response-type-widened"]),
    ({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "const": "b"}]}, enum("b", "a"), [], []),
    (enum("a"), {"oneOf": [enum("b"), enum("a")]}, ["request-enum-value-added"], ["response-enum-value-added"]),
    (NUMBER, {**NUMBER, "format": "int64"}, [], []),
    ({"oneOf": [tagged("x"), tagged("y")]}, {"oneOf": [tagged("z"), tagged("y"), tagged("x")]}, ["request-alternative-added"], ["response-alternative-added"]),
    (TEXT, {**TEXT, "format": "uuid"}, ["request-format-tightened"], ["response-format-tightened"]),
    ({**TEXT, "format": "uuid"}, TEXT, ["request-format-loosened"], ["response-format-loosened"]),
    ({**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}, ["request-format-changed"], ["response-format-changed"]),
    ({**NUMBER, "format": "int32"}, {**NUMBER, "format": "int64"}, ["request-format-loosened"], ["response-format-loosened"]),
    ({**NUMBER, "format": "int64"}, {**NUMBER, "format": "int32"}, ["request-format-tightened"], ["response-format-tightened"]),
    (TEXT, {**TEXT, "default": "a"}, ["default-changed"], ["default-changed"]),
    ({**TEXT, "default": "a"}, {**TEXT, "default": "b"}, ["default-changed"], ["default-changed"]),
    (TEXT, {**TEXT, "deprecated": True}, ["schema-deprecated"], ["schema-deprecated"]),
    (TEXT, {**TEXT, "contentEncoding": "base64"}, ["schema-keyword-changed"], ["schema-keyword-changed"]),
    ({**TEXT, "not": enum("a")}, {**TEXT, "not": enum("b")}, ["request-value-refused"], ["response-value-added"]),
    ({"type": "array", "contains": CAT}, {"type": "array", "contains": DOG}, ["schema-keyword-changed"], ["schema-keyword-changed"]),
    (TEXT, {**TEXT, "title": "T", "description": "D", "example": "e", "x-owner": "me"}, [], []),
    ({"type": "array", "items": TEXT}, {"type": "array", "items": NUMBER}, ["request-type-changed"], ["response-type-changed"]),
    (having({}), having({"a": TEXT}), ["request-property-added"], ["response-property-added"]),
    (having({}), having({"a": TEXT}, "a"), ["request-required-property-added"], ["response-property-added"]),
    (having({"a": TEXT}), having({}), ["request-property-removed"], ["response-property-removed"]),
    (having({"a": TEXT}, additionalProperties=False), having({}, additionalProperties=False), ["request-property-forbidden"], ["response-property-removed"]),
    (having({}, additionalProperties=False), having({"a": TEXT}, additionalProperties=False), ["request-property-added"], ["response-property-added-to-closed"]),
    (having({"a": TEXT}), having({"a": TEXT}, "a"), ["request-property-became-required"], ["response-property-became-required"]),
    (having({"a": TEXT}, "a"), having({"a": TEXT}), ["request-property-became-optional"], ["response-property-became-optional"]),
    (having({"a": TEXT}), having({"a": {**TEXT, "readOnly": True}}), ["request-property-became-read-only"], []),
    (having({"a": TEXT}), having({"a": {**TEXT, "writeOnly": True}}), [], ["response-property-became-write-only"]),
    (having({"a": {**TEXT, "readOnly": True}}, "a"), having({"a": TEXT}, "a"), ["request-required-property-added"], []),
    (having({"a": {**TEXT, "writeOnly": True}}), having({"a": TEXT}), [], ["response-property-added"]),
    (having({"a": {**TEXT, "readOnly": True}}), having({}), [], ["response-property-removed"]),
    (having({}), having({}, additionalProperties=False), ["request-additional-properties-closed"], ["response-additional-properties-closed"]),
    (having({}, additionalProperties=TEXT), having({}, additionalProperties=False), ["request-additional-properties-closed"], ["response-additional-properties-removed"]),
    (having({}, additionalProperties=False), having({}), ["request-additional-properties-opened"], ["response-additional-properties-opened"]),
    (having({}, additionalProperties=True), having({}), [], []),
    (having({}, additionalProperties=TEXT), having({}, additionalProperties=NUMBER), ["request-type-changed"], ["response-type-changed"]),
    (having({}, additionalProperties=TEXT), having({"a": NUMBER}, additionalProperties=TEXT), ["request-property-added", "request-type-changed"], ["response-property-added", "response-type-changed"]),
    (having({"a": NUMBER}, additionalProperties=TEXT), having({}, additionalProperties=TEXT), ["request-property-removed", "request-type-changed"], ["response-property-removed", "response-type-changed"]),
    ({"properties": {"a": TEXT}}, {"type": "object", "properties": {"a": TEXT}}, [], []),
    (having({"a": TEXT, "b": TEXT}), {"allOf": [having({"a": TEXT}), having({"b": TEXT})]}, [], []),
    ({"allOf": [having({"a": TEXT}), having({"a": {"minLength": 1}})]}, having({"a": TEXT}), ["request-bound-loosened"], ["response-bound-loosened"]),
    ({"allOf": [CAT, having({}, "purrs")]}, {"allOf": [CAT]}, ["request-property-became-optional"], ["response-property-became-optional"]),
    (PETS, {"oneOf": [CAT]}, ["request-alternative-removed"], ["response-alternative-removed"]),
    ({"oneOf": [CAT]}, PETS, ["request-alternative-added"], ["response-alternative-added"]),
    (CAT, PETS, ["request-alternative-added"], ["response-alternative-added"]),
    (PETS, {"oneOf": [DOG, CAT]}, [], []),
    (PETS, {"anyOf": [CAT, DOG]}, ["schema-keyword-changed"], ["schema-keyword-changed"]),
    ({"anyOf": [TEXT, NUMBER]}, {"anyOf": [enum("a"), NUMBER]}, ["request-enum-introduced"], ["response-enum-introduced"]),
    ({"anyOf": [TEXT, CAT]}, {"anyOf": [TEXT, having({"purrs": TEXT})]}, ["request-type-changed"], ["response-type-changed"]),
    ({}, PETS, ["request-type-narrowed"], ["response-type-narrowed"]),
    ({"oneOf": [CAT, NUMBER]}, {"oneOf": [DOG, NUMBER]}, ["request-alternative-added", "request-alternative-removed"], ["response-alternative-added", "response-alternative-removed"]),
    ({"oneOf": [TEXT, True]}, {"oneOf": [TEXT]}, ["request-alternative-removed"], ["response-alternative-removed"]),
    ({"allOf": [PETS, {"anyOf": [CAT, TREE]}]}, PETS, ["schema-keyword-changed"], ["schema-keyword-changed"]),
    ({"not": {"allOf": [CAT, TEXT]}}, {"not": {"allOf": [CAT, NUMBER]}}, ["schema-keyword-changed"], ["schema-keyword-changed"]),
    ({"not": {"allOf": [CAT, TEXT]}}, {"not": {"allOf": [CAT]}}, ["request-value-refused"], ["schema-keyword-changed"]),
    ({"not": having({"description": TEXT}, "a", "b")}, {"not": having({"description": {**TEXT, "title": "T"}}, "b", "a")}, [], []),
    ({"not": having({"description": TEXT})}, {"not": having({"description": NUMBER})}, ["request-value-refused"], ["response-value-added"]),
    ({**PETS, "discriminator": {"propertyName": "a"}}, {**PETS, "discriminator": {"propertyName": "b"}}, ["discriminator-property-changed"], ["discriminator-property-changed"]),
    (PETS, {**PETS, "discriminator": {"propertyName": "a"}}, ["discriminator-changed"], ["discriminator-changed"]),
    (
        {**PETS, "discriminator": {"propertyName": "a", "mapping": {"cat": "Cat"}}},
        {**PETS, "discriminator": {"propertyName": "a", "mapping": {"cat": "#/components/schemas/Cat"}}},
        [],
        [],
    ),
)  # fmt: skip


def query(name: str, **rest: Json) -> Record:
    return {"name": name, "in": "query", "schema": TEXT, **rest}


def asks(*parameters: Record) -> Record:
    return {"parameters": list(parameters), **OK}


def takes(*types: str, **rest: Json) -> Record:
    return {"requestBody": {"content": {name: {"schema": TEXT} for name in types}, **rest}, **OK}


def says(*types: str) -> Record:
    return {"responses": {"200": {"content": {name: {"schema": TEXT} for name in types}}}}


def statuses(*names: str) -> Record:
    return {"responses": {name: {} for name in names}}


def headers(**by_name: Json) -> Record:
    return {
        "responses": {"200": {"headers": {name: {"schema": TEXT, **rest} for name, rest in by_name.items()}}}
    }


def secured(*demands: Record) -> Record:
    return {"security": list(demands), **OK}


PORTAL: Record = {"Portal": []}
KEY: Record = {"Key": []}
NO_SCHEMA: Record = {"content": {"text/plain": {}}}
SCHEMA: Record = {"content": {"text/plain": {"schema": TEXT}}}

# old operation, new operation, what that is
OPERATIONS: tuple[tuple[Record, Record, list[str]], ...] = (
    (OK, {**OK, "operationId": "create"}, ["operation-id-changed"]),
    (OK, {**OK, "deprecated": True}, ["operation-deprecated"]),
    ({**OK, "deprecated": True}, OK, []),
    (OK, {**OK, "summary": "S", "description": "D", "tags": ["T"], "x-a": 1}, []),
    (OK, {**OK, "callbacks": {"done": {}}}, ["keyword-changed"]),
    ({**OK, "servers": [{"url": "/a"}]}, {**OK, "servers": [{"url": "/b"}]}, ["servers-changed"]),
    ({**OK, "servers": [{"url": "/a"}]}, {**OK, "servers": [{"url": "/a", "description": "the same"}]}, []),
    (asks(), asks(query("a", required=True)), ["required-parameter-added"]),
    (asks(), asks(query("a")), ["optional-parameter-added"]),
    (asks(query("a")), asks(), ["parameter-removed"]),
    (asks(query("a")), asks({**query("a"), "in": "header"}), ["optional-parameter-added", "parameter-removed"]),
    (asks(query("a")), asks(query("a", required=True)), ["parameter-became-required"]),
    (asks(query("a", required=True)), asks(query("a")), ["parameter-became-optional"]),
    (asks(query("a")), asks(query("a", deprecated=True)), ["parameter-deprecated"]),
    (asks(query("a")), asks(query("a", schema=NUMBER)), ["request-type-changed"]),
    (asks(query("a")), asks(query("a", explode=False)), []),
    (asks(query("a", schema={"type": "array"})), asks(query("a", schema={"type": "array"}, explode=False)), ["parameter-style-changed"]),
    (asks(query("a")), asks({"name": "a", "in": "query", "content": {"application/json": {"schema": TEXT}}}), ["parameter-style-changed"]),
    (asks(query("a")), asks(query("a", allowEmptyValue=True)), ["keyword-changed"]),
    (asks(query("a")), asks(query("a", description="D", example="e")), []),
    (asks(query("a"), query("b")), asks(query("b"), query("a")), []),
    (asks({**query("X-Who"), "in": "header"}), asks({**query("x-who"), "in": "header"}), []),
    (asks(), asks({**query("Authorization", required=True), "in": "header"}), []),
    (OK, takes("text/plain", required=True), ["required-request-body-added"]),
    (OK, takes("text/plain"), ["optional-request-body-added"]),
    (takes("text/plain"), OK, ["request-body-removed"]),
    (takes("text/plain"), takes("text/plain", required=True), ["request-body-became-required"]),
    (takes("text/plain", required=True), takes("text/plain"), ["request-body-became-optional"]),
    (takes("text/plain"), takes("text/plain", "text/csv"), ["request-media-type-added"]),
    (takes("text/plain", "text/csv"), takes("text/plain"), ["request-media-type-removed"]),
    (takes("text/plain; charset=utf-8"), takes("Text/Plain;charset=UTF-8"), []),
    ({"requestBody": NO_SCHEMA, **OK}, {"requestBody": SCHEMA, **OK}, ["request-schema-added"]),
    ({"requestBody": SCHEMA, **OK}, {"requestBody": NO_SCHEMA, **OK}, ["request-schema-removed"]),
    ({"responses": {"200": NO_SCHEMA}}, {"responses": {"200": SCHEMA}}, ["response-schema-added"]),
    ({"responses": {"200": SCHEMA}}, {"responses": {"200": NO_SCHEMA}}, ["response-schema-removed"]),
    (says("text/plain"), says("text/plain", "text/csv"), ["response-media-type-added"]),
    (says("text/plain", "text/csv"), says("text/plain"), ["response-media-type-removed"]),
    (statuses("200", "201"), statuses("200"), ["success-status-removed"]),
    (statuses("200"), statuses("200", "202"), ["success-status-added"]),
    (statuses("200", "404"), statuses("200"), ["error-status-removed"]),
    (statuses("200"), statuses("200", "404"), ["error-status-added"]),
    (statuses("200"), statuses("200", "default"), ["error-status-added"]),
    (statuses("200", "default"), statuses("200", "404", "default"), []),
    (statuses("200", "201", "default"), statuses("200", "default"), ["success-status-removed"]),
    (statuses("200"), statuses("2XX"), ["success-status-added"]),
    (statuses("2XX"), statuses("200"), []),
    (statuses("default"), statuses("200"), []),
    (says("text/plain"), {"responses": {"2XX": {"content": {"text/plain": {"schema": NUMBER}}}}}, ["response-type-changed", "success-status-added"]),
    (headers(), headers(Link={}), ["response-header-added"]),
    (headers(Link={}), headers(), ["response-header-removed"]),
    (headers(Link={"required": True}), headers(), ["required-response-header-removed"]),
    (headers(Link={"required": True}), headers(link={}), ["response-header-became-optional"]),
    (headers(Link={}), headers(Link={"required": True}), ["response-header-became-required"]),
    (headers(Link={}), headers(Link={"schema": NUMBER}), ["response-type-changed"]),
    (secured(), secured(PORTAL), ["security-tightened"]),
    (secured(PORTAL), secured(), ["security-loosened"]),
    (secured(PORTAL), secured({}, PORTAL), ["security-loosened"]),
    (secured(PORTAL), secured({"Portal": ["read"]}), ["security-tightened"]),
    (secured({"Portal": ["read", "write"]}), secured({"Portal": ["read"]}), ["security-loosened"]),
    (secured(PORTAL), secured({**PORTAL, **KEY}), ["security-tightened"]),
    (secured(PORTAL), secured(PORTAL, KEY), ["security-loosened"]),
    (secured(PORTAL), secured(KEY), ["security-loosened", "security-tightened"]),
    (secured(PORTAL, KEY), secured(KEY, PORTAL), []),
)  # fmt: skip

THING: Record = {"operationId": "make", **OK}


def by_id(name: str) -> Record:
    own = [{"name": name, "in": "path", "required": True, "schema": TEXT}]
    return {f"/things/{{{name}}}": {"get": {**THING, "parameters": own}}}


# old paths, new paths, what that is
PATHS: tuple[tuple[Record, Record, list[str]], ...] = (
    ({"/a": {"get": THING}}, {}, ["operation-removed"]),
    ({"/a": {"get": {**THING, "deprecated": True}}}, {}, ["deprecated-operation-removed"]),
    ({}, {"/a": {"get": THING}}, ["operation-added"]),
    ({"/a": {"get": THING}}, {"/b": {"get": THING}}, ["operation-moved"]),
    ({"/a": {"get": THING}}, {"/a": {"post": THING}}, ["operation-moved"]),
    ({"/a": {"get": OK}}, {"/b": {"get": OK}}, ["operation-added", "operation-removed"]),
    (by_id("id"), by_id("thing_id"), ["path-parameter-renamed"]),
    ({"/a/{x}:run": {"get": THING}}, {"/a/{y}:run": {"get": THING}}, []),
    ({"/a/{x}": {"get": THING}}, {"/a/{x}": {"get": THING, "parameters": [{**query("x"), "in": "path"}]}}, []),
    ({"/a": {"get": THING}}, {"/a": {"get": THING, "parameters": [query("q")]}}, ["optional-parameter-added"]),
    ({"/a": {"get": THING}}, {"/a": {"get": THING, "x-note": {"get": 1}}, "x-paths": {"get": THING}}, []),
)  # fmt: skip

# rest of the old document, rest of the new one, what that is for an operation without a word on it
ROOTS: tuple[tuple[Record, Record, list[str]], ...] = (
    ({}, {"security": [PORTAL]}, ["security-tightened"]),
    ({"security": [PORTAL]}, {"security": []}, ["security-loosened"]),
    ({"servers": [{"url": "https://a.test"}]}, {"servers": [{"url": "https://b.test"}]}, ["servers-changed"]),
    ({"servers": [{"url": "https://a.test"}]}, {}, ["servers-changed"]),
    (
        {"servers": [{"url": "{a}", "variables": {"a": {"default": "x", "description": "D"}}}]},
        {"servers": [{"url": "{a}", "variables": {"a": {"default": "x"}}}]},
        [],
    ),
    (
        {"servers": [{"url": "{a}", "variables": {"a": {"default": "x"}}}]},
        {"servers": [{"url": "{a}", "variables": {"a": {"default": "y"}}}]},
        ["servers-changed"],
    ),
    ({"security": [{"Unknown": []}]}, {"security": [{"Unknown": []}]}, []),
    (
        {"security": [KEY]},
        {"security": [KEY], "components": {"securitySchemes": {"Key": {"type": "apiKey", "in": "query", "name": "x-key"}}}},
        ["security-scheme-changed"],
    ),
    (
        {"security": [PORTAL]},
        {"security": [PORTAL], "components": {"securitySchemes": {"Portal": {"type": "http", "scheme": "Bearer", "bearerFormat": "JWT"}}}},
        [],
    ),
)  # fmt: skip

PAIRS = [
    *((sent(old), sent(new), expected) for old, new, expected, _ in SCHEMAS),
    *((answered(old), answered(new), expected) for old, new, _, expected in SCHEMAS),
    *((one(old), one(new), expected) for old, new, expected in OPERATIONS),
    *((document(old), document(new), expected) for old, new, expected in PATHS),
    *((one(OK, **old), one(OK, **new), expected) for old, new, expected in ROOTS),
]

# what a rule is called when old and new change places
OPPOSITES = {
    "parameter-became-required": "parameter-became-optional",
    "request-body-became-required": "request-body-became-optional",
    "request-media-type-added": "request-media-type-removed",
    "response-media-type-added": "response-media-type-removed",
    "response-header-became-required": "response-header-became-optional",
    "security-tightened": "security-loosened",
    "error-status-added": "error-status-removed",
    **{
        f"{mode}-{there}": f"{mode}-{back}"
        for mode in ("request", "response")
        for there, back in (
            ("type-widened", "type-narrowed"),
            ("type-changed", "type-changed"),
            ("null-allowed", "null-forbidden"),
            ("enum-introduced", "enum-dropped"),
            ("enum-value-added", "enum-value-removed"),
            ("pattern-tightened", "pattern-loosened"),
            ("format-tightened", "format-loosened"),
            ("format-changed", "format-changed"),
            ("alternative-added", "alternative-removed"),
            ("property-became-required", "property-became-optional"),
            ("schema-added", "schema-removed"),
        )
    },
}


def resolves(at: str, *documents: Record) -> bool:
    for one_of_them in documents:
        try:
            resolve(one_of_them, at)
        except (LookupError, ValueError, TypeError):
            continue
        return True
    return False


@pytest.mark.parametrize(("old", "new", "expected"), PAIRS)
def test_a_change_is_named_by_its_rule(old: Record, new: Record, expected: list[str]) -> None:
    changes = compare(old, new)

    assert rules(changes) == expected
    assert [change.pointer for change in changes if not resolves(change.pointer, new, old)] == []
    assert all(change.level == CHANGE_KINDS[change.kind].level for change in changes)


@pytest.mark.parametrize(("old", "new", "expected"), PAIRS)
def test_the_way_back_is_the_opposite(old: Record, new: Record, expected: list[str]) -> None:
    back = rules(compare(new, old))

    assert [OPPOSITES[rule] for rule in expected if rule in OPPOSITES and OPPOSITES[rule] not in back] == []


@pytest.mark.parametrize(("old", "new", "expected"), PAIRS)
def test_no_document_differs_from_itself(old: Record, new: Record, expected: list[str]) -> None:
    assert compare(old, old) == []
    assert compare(new, new) == []


def test_every_rule_has_a_pair() -> None:
    assert set(chain.from_iterable(expected for _, _, expected in PAIRS)) == set(CHANGE_KINDS)


def test_our_document_does_not_differ_from_itself() -> None:
    ours = load_document(content("openapi.json"))

    assert compare(ours, load_document(content("openapi.json"))) == []


def test_a_change_says_where_and_what() -> None:
    (change,) = compare(sent(having({"a": enum("x", "y")})), sent(having({"a": enum("y")})))

    assert change.to_json() == {
        "operation": "make",
        "level": "breaking",
        "rule": "request-enum-value-removed",
        "pointer": "/paths/~1things/post/requestBody/content/application~1json/schema/properties/a/enum",
        "message": 'no longer "x"',
    }


def test_a_part_that_is_gone_is_pointed_at_in_the_old_document() -> None:
    old, new = answered(having({"a/b": TEXT})), answered(having({}))

    (change,) = compare(old, new)

    assert resolve(old, change.pointer) == TEXT
    assert not resolves(change.pointer, new)


def test_a_shared_component_is_reported_for_each_operation_that_uses_it() -> None:
    reply = {"responses": {"200": {"content": {"application/json": {"schema": CAT}}}}}
    paths = {"/b": {"get": {"operationId": "b", **reply}}, "/a": {"get": reply}, "/c": {"get": OK}}
    wild = {**COMPONENTS, "schemas": {"Cat": {"type": "object"}}}

    changes = compare(document(paths), document(paths, components=wild))

    assert [(change.operation, change.pointer) for change in changes] == [
        ("b", "/components/schemas/Cat/properties/purrs"),
        ("get/a", "/components/schemas/Cat/properties/purrs"),
    ]


def test_breaking_comes_first_then_operation_then_pointer() -> None:
    old = document(
        {"/b": {"get": {"operationId": "b", **OK}}, "/a": {"get": {"operationId": "a", **asks(query("q"))}}}
    )
    new = document({"/a": {"get": {"operationId": "a", **asks(query("p"), query("r", required=True))}}})

    changes = compare(old, new)

    assert [(change.level, change.operation, change.kind) for change in changes] == [
        ("breaking", "a", "required-parameter-added"),
        ("breaking", "b", "operation-removed"),
        ("risky", "a", "parameter-removed"),
        ("safe", "a", "optional-parameter-added"),
    ]


def test_a_recursive_schema_is_walked_once() -> None:
    grown = {"type": "object", "properties": {"name": NUMBER, "children": {"type": "array", "items": TREE}}}

    changes = compare(
        answered(TREE),
        {**answered(TREE), "components": {"schemas": {**COMPONENTS["schemas"], "Tree": grown}}},
    )

    assert [(change.kind, change.pointer) for change in changes] == [
        ("response-type-changed", "/components/schemas/Tree/properties/name/type")
    ]


@pytest.mark.parametrize(
    "loop",
    [
        {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
        {"oneOf": [{"$ref": "#/components/schemas/Loop"}, TEXT]},
        {"anyOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "null"}]},
        {"not": {"$ref": "#/components/schemas/Loop"}},
        {"additionalProperties": {"allOf": [{"$ref": "#/components/schemas/Loop"}, {"nullable": True}]}},
    ],
)
def test_no_loop_is_endless(loop: Record) -> None:
    looping = {**answered({"$ref": "#/components/schemas/Loop"}), "components": {"schemas": {"Loop": loop}}}

    assert compare(looping, looping) == []


def test_keywords_beside_a_reference_count_since_3_1() -> None:
    old, new = answered(having({"a": CAT})), answered(having({"a": {**CAT, "minProperties": 1}}))

    assert rules(compare(old, new)) == []
    assert rules(compare({**old, "openapi": "3.1.0"}, {**new, "openapi": "3.1.0"})) == [
        "response-bound-tightened"
    ]


def test_a_step_from_3_0_to_3_1_changes_nothing_by_itself() -> None:
    old = answered({**NUMBER, "nullable": True, "minimum": 0, "exclusiveMinimum": True})
    new = answered({"type": ["integer", "null"], "exclusiveMinimum": 0})

    assert compare(old, {**new, "openapi": "3.1.0"}) == []


def test_a_component_that_is_only_renamed_is_no_change() -> None:
    renamed = {"Katze": COMPONENTS["schemas"]["Cat"], "Dog": COMPONENTS["schemas"]["Dog"]}
    new = answered({"oneOf": [{"$ref": "#/components/schemas/Katze"}, DOG]})

    assert compare(answered(PETS), {**new, "components": {"schemas": renamed}}) == []


def test_alternatives_without_a_name_are_known_by_what_they_say() -> None:
    old, new = having({"a": TEXT, "b": TEXT}), having({"c": NUMBER})
    pet = {"$ref": "#/components/schemas/Pet"}
    before = {"schemas": {"Pet": {"oneOf": [old, new]}}}
    after = {"schemas": {"Pet": {"oneOf": [new, having({"a": TEXT})]}}}

    changes = compare({**answered(pet), "components": before}, {**answered(pet), "components": after})

    assert [(change.kind, change.pointer) for change in changes] == [
        ("response-property-removed", "/components/schemas/Pet/oneOf/0/properties/b")
    ]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (
            answered({"$ref": "#/components/schemas/None"}),
            "new: .*: '#/components/schemas/None' leads nowhere",
        ),
        (answered({"$ref": "other.json#/Cat"}), "'other.json#/Cat' is not a local reference"),
        (answered(["a"]), "is not a schema"),
        (answered({**TEXT, "properties": 1}), "schema/properties: is not a mapping"),
        (one({"parameters": {"a": 1}}), "parameters: is not a list"),
        (one({"responses": {"200": {"$ref": "#/components/responses/Gone"}}}), "leads nowhere"),
        (
            {**answered(CAT), "components": {"schemas": {"Cat": CAT}}},
            "schemas/Cat: references run in a circle",
        ),
        (document({"/a": {"get": "text"}}), "/paths/~1a/get: is not a mapping"),
        ({"swagger": "2.0"}, "new: is not an OpenAPI 3 document"),
    ],
)
def test_an_unusable_document_is_one_line(broken: Record, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        compare(answered(TEXT), broken)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "odd",
    [
        {"openapi": "3.0.3"},
        {"openapi": 3.1, "paths": None},
        document({"/a": None, "/b": {"get": {}}, "/c": {"get": {"responses": {"": {}, "x-a": 1}}}}),
        one({"parameters": [{"name": "a", "in": "query"}, {}], "responses": {200: {"content": None}}}),
        answered({"type": "object", "properties": {"a": None, "b": True, "c": False}, "required": True}),
        answered({"type": 5, "enum": "x", "minimum": "low", "multipleOf": 0, "discriminator": "kind"}),
    ],
)  # fmt: skip
def test_an_odd_document_can_be_compared(odd: Record) -> None:
    assert compare(odd, odd) == []
    assert isinstance(compare(odd, answered(TEXT)), list)


def test_nothing_is_changed_by_a_comparison() -> None:
    old, new = answered(PETS), answered(CAT)

    compare(old, new)

    assert (old, new) == (answered(PETS), answered(CAT))


def written(folder: Path, **versions: Record) -> Path:
    for name, found in versions.items():
        (folder / f"{name}.yaml").write_text(str(found))  # the text of a Python mapping is YAML, too
    return folder


def test_the_files_of_a_folder_come_in_version_order(tmp_path: Path) -> None:
    written(tmp_path, v10=answered(NUMBER), v2=answered(TEXT), v1=answered(CAT))

    steps = compare_versions(tmp_path, answered(NUMBER), "now")

    assert [(step.old, step.new, rules(step.changes)) for step in steps] == [
        ("v1.yaml", "v2.yaml", ["response-type-changed"]),
        ("v2.yaml", "v10.yaml", ["response-type-changed"]),
        ("v10.yaml", "now", []),
    ]


def test_a_point_release_comes_after_its_release(tmp_path: Path) -> None:
    for name in ("1.10", "1.9", "1.9.1", "1"):
        (tmp_path / f"{name}.json").write_text('{"openapi": "3.0.3"}')

    steps = compare_versions(tmp_path, answered(TEXT), "now")

    assert [step.old for step in steps] == ["1.json", "1.9.json", "1.9.1.json", "1.10.json"]


def test_a_file_is_one_step(tmp_path: Path) -> None:
    file = written(tmp_path, old=answered(TEXT)) / "old.yaml"

    (step,) = compare_versions(file, answered(NUMBER), "openapi.json")

    assert step.to_json() == {
        "old": str(file),
        "new": "openapi.json",
        "changes": [
            {
                "operation": "make",
                "level": "breaking",
                "rule": "response-type-changed",
                "pointer": f"{pointer_to('paths', '/things', 'post')}/responses/200/content/application~1json/schema/type",
                "message": "type was string, is integer",
            }
        ],
    }


def test_statuses_that_yaml_reads_as_numbers_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(
        "{openapi: 3.0.3, paths: {/things: {post: {operationId: make, responses: {204: }}}}}"
    )

    assert compare_versions(tmp_path / "old.yaml", one(OK), "now")[0].changes == []


def test_a_folder_without_versions_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none")

    with pytest.raises(UsageError, match=r"holds no version"):
        compare_versions(tmp_path, answered(TEXT), "now")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("swagger: '2.0'", "old.yaml: is not an OpenAPI 3 document"),
        ("[1]", "old.yaml: is not a mapping"),
        ("a: [", "old.yaml:2:1: is not YAML"),
        ("{openapi: 3.0.3, paths: {/a: {$ref: '#/b'}}}", "old.yaml: /paths/~1a: '#/b' leads nowhere"),
    ],
)
def test_an_unusable_version_is_named_by_its_file(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "old.yaml").write_text(text)

    with pytest.raises(SpecError, match=problem):
        compare_versions(tmp_path / "old.yaml", answered(TEXT), "now")


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        compare_versions(tmp_path / "none.json", answered(TEXT), "now")


def test_the_page_lists_every_rule_as_it_is() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "old-against-new.md").read_text()
    table = page.split("\n## Rules\n", 1)[1].splitlines()

    rows = [line for line in table if line.startswith("| `")]

    assert rows == [
        f"| `{name}` | {rule.level} | {rule.explanation} |" for name, rule in CHANGE_KINDS.items()
    ]
