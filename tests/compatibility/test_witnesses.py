"""Keywords that are judged by a value that was valid before and is refused now."""

import pytest

from mockportal.compatibility import Change, compare
from mockportal.values import Json, Record
from tests.compatibility.test_comparison import NUMBER, TEXT, answered, enum, having, sent

LIST: Record = {"type": "array"}
THING = having({"a": TEXT, "b": TEXT})
DEEP = having({"list": {"type": "array", "items": having({"a": TEXT, "b": TEXT}, "a")}}, "list")

# old schema, new schema, the witness of the change
TIGHTENED: tuple[tuple[Json, Json, str], ...] = (
    (THING, {**THING, "dependentRequired": {"a": ["b"]}}, '{"a": "text"}'),
    (THING, {**THING, "dependentSchemas": {"a": {"required": ["b"]}}}, '{"a": "text"}'),
    (THING, {**THING, "unevaluatedProperties": False}, '{"other": 1}'),
    (TEXT, {**TEXT, "not": {"enum": ["x"]}}, '"x"'),
    ({**LIST, "items": TEXT}, {**LIST, "items": TEXT, "contains": {"const": "x"}}, "[]"),
    (THING, {**THING, "if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["b"]}}, "{}"),
    ({"type": "object"}, {"type": "object", "propertyNames": {"maxLength": 3}}, '{"text": 1}'),
    ({**LIST, "prefixItems": [TEXT]}, {**LIST, "prefixItems": [NUMBER]}, '["text"]'),
    (
        {"type": "object", "patternProperties": {"^x": TEXT}},
        {"type": "object", "patternProperties": {"^x": NUMBER}},
        '{"x": "text"}',
    ),
    (
        {**LIST, "contains": {"const": "x"}},
        {**LIST, "contains": {"const": "x"}, "minContains": 2},
        '["x"]',
    ),
    (LIST, {**LIST, "prefixItems": [NUMBER], "unevaluatedItems": False}, "[1, 1]"),
)


def modern(document: Record) -> Record:
    return {**document, "openapi": "3.1.0"}


def witnessed(changes: list[Change]) -> list[tuple[str, str]]:
    return [(change.kind, change.message) for change in changes if change.level == "breaking"]


@pytest.mark.parametrize(("old", "new", "witness"), TIGHTENED)
def test_a_request_that_is_refused_now_is_shown(old: Json, new: Json, witness: str) -> None:
    changes = compare(modern(sent(old)), modern(sent(new)))

    assert {kind for kind, _ in witnessed(changes)} == {"request-value-refused"}
    assert any(f": {witness} was valid and is refused now" in text for _, text in witnessed(changes))


@pytest.mark.parametrize(("old", "new", "witness"), TIGHTENED)
def test_an_answer_that_can_occur_now_is_shown(old: Json, new: Json, witness: str) -> None:
    changes = compare(modern(answered(new)), modern(answered(old)))

    assert any(f": {witness} was impossible and can occur now" in text for _, text in witnessed(changes))


@pytest.mark.parametrize(
    ("old", "new"), [(old, new) for old, new, _ in TIGHTENED if "prefix" not in str(new)]
)
def test_a_request_that_is_loosened_breaks_nobody(old: Json, new: Json) -> None:
    if "patternProperties" not in old:
        assert witnessed(compare(modern(sent(new)), modern(sent(old)))) == []


def test_a_keyword_that_refuses_nothing_new_is_risky() -> None:
    old, new = having({"a": enum("x", "y")}), having({"a": {**enum("x", "y"), "not": {"const": "z"}}})

    (change,) = compare(sent(old), sent(new))

    assert (change.level, change.kind) == ("risky", "schema-keyword-changed")


def test_a_refusal_for_another_reason_is_no_witness() -> None:
    old, new = {**TEXT}, {**TEXT, "maxLength": 2, "not": {"const": "longer"}}

    changes = compare(sent(old), sent(new))

    assert witnessed(changes) == [("request-bound-tightened", "maxLength was none, is 2")]


def test_a_witness_is_found_inside_of_other_schemas() -> None:
    new = having({"list": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}, "list")
    item = {**having({"a": TEXT, "b": TEXT}, "a"), "dependentRequired": {"a": ["b"]}}
    changed = {**modern(sent(new)), "components": {"schemas": {"Item": item}}}

    changes = compare(modern(sent(DEEP)), changed)

    assert [(change.kind, change.pointer) for change in changes] == [
        ("request-value-refused", "/components/schemas/Item/dependentRequired")
    ]


def test_the_same_witness_is_found_every_time() -> None:
    documents = [(modern(sent(old)), modern(sent(new))) for old, new, _ in TIGHTENED]

    first = [compare(*both) for both in documents]

    assert [compare(*both) for both in documents] == first


@pytest.mark.parametrize(
    "broken",
    [{"$ref": "#/components/schemas/Gone"}, {"pattern": "("}, {"type": "nothing"}, {"minLength": "x"}],
)
def test_a_schema_that_does_not_compile_proves_nothing(broken: Json) -> None:
    old, new = (
        having({"a": TEXT}),
        having({"a": TEXT}, dependentRequired={"a": ["b"]}, dependentSchemas={"a": broken}),
    )

    changes = compare(modern(sent(old)), modern(sent(new)))

    assert {change.level for change in changes} == {"risky"}


def test_a_witness_of_several_types_is_of_the_one_that_changed() -> None:
    old = {"type": ["string", "integer"], "not": {"const": "a"}}
    new = {"oneOf": [{**TEXT, "not": {"const": "b"}}, {**NUMBER, "not": {"const": "a"}}]}

    changes = compare(modern(sent(old)), modern(sent(new)))

    assert witnessed(changes) == [
        ("request-value-refused", "'not' differs: \"b\" was valid and is refused now")
    ]


@pytest.mark.parametrize("odd", [{"$ref": "#/components/schemas/Gone"}, {"$ref": "#/x/0"}])
def test_a_reference_to_nothing_elsewhere_does_not_end_the_search(odd: Json) -> None:
    paths = {"/other": {"get": {"responses": {"200": {"content": {"application/json": {"schema": odd}}}}}}}
    old, new = sent(THING), sent({**THING, "dependentRequired": {"a": ["b"]}})
    changed = [{**modern(one), "x-unused": paths} for one in (old, new)]

    assert [kind for kind, _ in witnessed(compare(*changed))] == ["request-value-refused"]


def test_a_pattern_that_cannot_be_spelled_out_is_tried_as_it_is() -> None:
    old = {"type": "object", "patternProperties": {"^\\p{L}$": TEXT}}
    new = {"type": "object", "patternProperties": {"^\\p{L}$": NUMBER}, "unevaluatedProperties": False}

    changes = compare(modern(sent(old)), modern(sent(new)))

    assert ("request-value-refused", "'unevaluatedProperties' differs: {\"other\": 1} was valid and is refused now") in witnessed(changes)  # fmt: skip
