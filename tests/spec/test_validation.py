"""jsonschema-rs decides, jsonschema explains: the two must never disagree."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockportal.config import content
from mockportal.errors import SpecError
from mockportal.spec.conversion.directions import Mode
from mockportal.spec.document import load_document
from mockportal.spec.examples import example_of
from mockportal.spec.spec import Spec, compile_spec
from mockportal.spec.validation import summary
from mockportal.values import Json, Record

SCHEMAS = sorted(load_document(content("openapi.json"))["components"]["schemas"])

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 3000),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=8),
    st.sampled_from(
        ["2026-06-15", "2026-06-15T09:00:00Z", "2026-02-30", "not-a-date", "a@example.org", "https://a.test/", "//a",
         "5da0a718-c822-403d-9f5d-20d4584e0528", "5DA0A718C822403D9F5D20D4584E0528", "power", "feed-in", "installment"]
    ),
    st.just([]),
    st.just({}),
)  # fmt: skip


def places(value: Json, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at]
    if isinstance(value, dict):
        found += [place for key, item in value.items() for place in places(item, (*at, key))]
    if isinstance(value, list):
        found += [place for number, item in enumerate(value) for place in places(item, (*at, number))]
    return found


def changed(value: Json, place: tuple[Any, ...], new: Json, drop: bool) -> Json:
    if not place:
        return new
    value = copy.deepcopy(value)
    holder = value
    for step in place[:-1]:
        holder = holder[step]
    if drop and isinstance(holder, dict):
        del holder[place[-1]]
    else:
        holder[place[-1]] = new
    return value


@pytest.mark.parametrize("name", SCHEMAS)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_both_validators_agree_on_every_schema(spec: Spec, name: str, data: st.DataObject) -> None:
    value = example_of(spec, f"/components/schemas/{name}", name)
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.sampled_from(places(value)))
        value = changed(value, place, data.draw(ANYTHING), data.draw(st.booleans()))

    modes: tuple[Mode, ...] = ("request", "response")
    for mode in modes:
        validator = spec.validators.at(mode, f"/components/schemas/{name}")
        explained = list(validator._compiled[1].iter_errors(value))

        assert validator.is_valid(value) == (not explained), value


def test_violation_says_where_pointer_message_and_rule(spec: Spec) -> None:
    validator = spec.operations["createMeterReading"].body
    assert validator is not None

    found = validator.validators["application/json"].violations({"value": "x", "source": "ECP"}, "body")

    assert [(v.where, v.path, v.message) for v in found] == [
        ("body", "", "'meter_id' is a required property"),
        ("body", "/value", "'x' is not of type 'number'"),
    ]
    assert found[0].to_json() == {"in": "body", "path": "", "message": "'meter_id' is a required property"}
    assert summary(found, most=1) == "body: 'meter_id' is a required property (and 1 more)"


def test_choice_is_explained_by_its_closest_branch(spec: Spec) -> None:
    found = spec.schema("BillingEvent").violations(
        {**example_of(spec, "/components/schemas/InstallmentEvent", "x"), "due_date": 5}, "body"
    )

    assert "/due_date" in [violation.path for violation in found]


def test_read_only_property_is_refused_in_a_request_and_welcome_in_an_answer(spec: Spec) -> None:
    value: Record = {"search_snippets": []}

    assert spec.validators.at("response", "/components/schemas/Entity").is_valid(value)
    found = spec.validators.at("request", "/components/schemas/Entity").violations(value, "body")
    assert [(one.path, one.message) for one in found] == [("/search_snippets", "is not allowed here")]


def test_schema_that_does_not_compile_stops_the_start() -> None:
    document = {
        "openapi": "3.0.3",
        "paths": {},
        "components": {"schemas": {"Broken": {"type": "nonsense"}}},
    }

    with pytest.raises(SpecError, match=r"Broken.*does not compile"):
        compile_spec(document, [], "broken.json")


def test_dangling_reference_stops_the_start() -> None:
    document = {
        "openapi": "3.0.3",
        "paths": {},
        "components": {"schemas": {"A": {"$ref": "#/components/schemas/B"}}},
    }

    with pytest.raises(SpecError, match="is a reference that leads nowhere"):
        compile_spec(document, [], "broken.json")


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        ("date", "2026-06-15", "2026-02-30"),
        ("date-time", "2026-06-15T09:00:00+02:00", "2026-06-15"),
        ("uuid", "5da0a718-c822-403d-9f5d-20d4584e0528", "5da0a718"),
        ("email", "anna.berger@example.org", "anna"),
        ("uri", "urn:a:b", "no uri"),
        ("url", "https://mein.sw-musterau.test/a", "urn:a:b"),
        ("ulid", "anything", None),
    ],
)
def test_format_is_really_checked(format: str, good: str, bad: str | None) -> None:
    schema = {"type": "string", "format": format}
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"A": schema}}}

    validator = compile_spec(document, [], "x").schema("A")

    assert validator.is_valid(good)
    assert bad is None or (not validator.is_valid(bad) and validator.violations(bad, "x"))


SLOW = "a" * 60 + "!"


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "pattern": r"^\p{L}+$"}, "äö", "1"),
        ({"type": "string", "pattern": r"^\d+$"}, "12", "٣"),
        ({"type": "string", "pattern": r"^\w+$"}, "a_b", "ä"),
        ({"type": "string", "pattern": "^a$"}, "a", "a\n"),
        ({"type": "string", "pattern": "^(?<year>[0-9]{4})$"}, "2024", "x"),
        ({"type": "string", "pattern": r"^\/a$"}, "/a", "a"),
        ({"type": "string", "pattern": "^(a+)+$"}, "aa", SLOW),
        ({"type": "string", "pattern": "^(a|a)*(?<!b)$"}, "aa", SLOW),
        ({"patternProperties": {r"^\p{L}$": {"type": "string"}}}, {"ä": "x"}, {"ä": 1}),
        ({"patternProperties": {r"^\p{L}$": {}}, "additionalProperties": False}, {"ä": 1}, {"1": 1}),
        (
            {"patternProperties": {r"^\p{L}$": {}}, "additionalProperties": {"type": "string"}},
            {"1": "x"},
            {"1": 1},
        ),
        ({"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}, {"aa": 1}, {SLOW: 1}),
        ({"patternProperties": {r"^\p{L}$": {}}, "unevaluatedProperties": False}, {"ä": 1}, {"1": 1}),
    ],
)
def test_pattern_is_one_of_ecma_and_never_keeps_the_explanation_busy(
    schema: Record, good: Json, bad: Json
) -> None:
    document = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"A": schema}}}

    validator = compile_spec(document, [], "x").schema("A")

    assert validator.violations(good, "body") == []
    assert len(validator.violations(bad, "body")) == 1


@pytest.mark.parametrize(
    "pattern", ["(", "[z-a]", "a{1,1000000000}", "(" * 5_000 + ")" * 5_000, "(?<=a+)b\\k<x>"]
)
def test_pattern_that_cannot_be_compiled_stops_the_start(pattern: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"A": schema}}}

    with pytest.raises(
        SpecError, match=r"x: /components/schemas/A/properties/a/pattern: does not compile: "
    ) as caught:
        compile_spec(document, [], "x")

    assert len(str(caught.value)) < 600


def test_value_too_deep_to_be_explained_is_still_wrong() -> None:
    node = {"allOf": [{"$ref": "#/components/schemas/B"}]}
    other = {
        "anyOf": [
            {"type": "integer"},
            {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
        ]
    }
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"A": node, "B": other}}}
    value: Json = "x"
    for _ in range(99):
        value = [value]

    violations = compile_spec(document, [], "x").schema("A").violations(value, "body")

    assert len(violations) == 1


@pytest.mark.parametrize(
    ("schemas", "problem"),
    [
        ({"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/C"}}, "leads nowhere"),
        (
            {"A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/C"}}}},
            "does not compile",
        ),
    ],
)
def test_reference_that_leads_nowhere_is_named_with_its_schema(schemas: Record, problem: str) -> None:
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}}

    with pytest.raises(SpecError, match=problem):
        compile_spec(document, [], "x")
