"""What is not said to break breaks nothing: generated schemas, and values that a validator accepts."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockportal.compatibility import compare
from mockportal.spec.dialect import convert
from mockportal.values import Json, Record
from tests.compatibility.test_comparison import TEXT, answered, rules, sent

COMPONENTS: Record = {
    "Cat": {"type": "object", "properties": {"a": TEXT}},
    "Dog": {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]},
}
NAMES = st.sampled_from("abc")
LEAVES: tuple[st.SearchStrategy[Json], ...] = (
    st.sampled_from(["Cat", "Dog"]).map(lambda name: {"$ref": f"#/components/schemas/{name}"}),
    st.builds(
        lambda name, null: {"type": name, "nullable": null},
        st.sampled_from(["string", "integer", "number"]),
        st.booleans(),
    ),
    st.integers(0, 2).map(lambda least: {"type": "string", "minLength": least}),
    st.sets(st.sampled_from("xyz"), min_size=1).map(lambda some: {"type": "string", "enum": sorted(some)}),
    st.just({}),
)
SIMPLE_VALUES = (None, 0, 1, 1.5, "", "x", "y", "z", "long")
VALUES = st.recursive(
    st.sampled_from(SIMPLE_VALUES),
    lambda below: st.one_of(st.lists(below, max_size=2), st.dictionaries(NAMES, below, max_size=3)),
    max_leaves=4,
)


Pair = tuple[Json, Json]


def twice(some: st.SearchStrategy[Json]) -> st.SearchStrategy[Pair]:
    """An old and a new one, often the same."""
    return st.one_of(some.map(lambda one: (one, one)), st.tuples(some, some))


def composed(below: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Pairs that differ in what they are made of."""
    return st.one_of(
        st.builds(
            lambda properties, required, others: tuple(
                {
                    "type": "object",
                    "properties": {name: pair[side] for name, pair in properties.items()},
                    "required": sorted(required[side]),
                    "additionalProperties": others[side],
                }
                for side in (0, 1)
            ),
            st.dictionaries(NAMES, below, max_size=2),
            twice(st.sets(NAMES, max_size=2)),
            st.one_of(twice(st.booleans()), below),
        ),
        below.map(lambda pair: ({"type": "array", "items": pair[0]}, {"type": "array", "items": pair[1]})),
        st.builds(
            lambda keyword, parts: tuple({keyword: [part[side] for part in parts]} for side in (0, 1)),
            st.sampled_from(["anyOf", "allOf"]),
            st.lists(below, min_size=1, max_size=2),
        ),
        st.tuples(below, below).map(lambda pairs: (pairs[0][0], {"anyOf": [pairs[0][1], pairs[1][0]]})),
    )


SIMPLE = st.one_of(*map(twice, LEAVES), twice(st.one_of(*LEAVES)))
PAIRS = st.recursive(SIMPLE, composed, max_leaves=3)
UNDECIDED = {
    "schema-keyword-changed",
    "request-property-added",
}  # an open object took any value under the new name


def with_components(document: Record) -> Record:
    return {**document, "components": {"schemas": COMPONENTS}}


def accepts(schema: Record, value: Json) -> bool:
    found = {name: convert(item, "request", False) for name, item in COMPONENTS.items()}
    root = {"components": {"schemas": found}, **convert(schema, "request", False)}
    return bool(Draft202012Validator(root).is_valid(value))


GENERATED = settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@GENERATED
@given(PAIRS, st.lists(VALUES, min_size=3, max_size=12))
def test_what_could_be_sent_can_still_be_sent(pair: Pair, values: list[Json]) -> None:
    old, new = pair

    changes = compare(with_components(sent(old)), with_components(sent(new)))

    if not any(change.level == "breaking" or change.kind in UNDECIDED for change in changes):
        refused = [
            value for value in (*SIMPLE_VALUES, *values) if accepts(old, value) and not accepts(new, value)
        ]
        assert refused == [], rules(changes)


@GENERATED
@given(PAIRS, st.lists(VALUES, min_size=3, max_size=12))
def test_what_is_answered_was_promised(pair: Pair, values: list[Json]) -> None:
    old, new = pair

    changes = compare(with_components(answered(old)), with_components(answered(new)))

    if all(change.level == "safe" for change in changes):
        unheard = [
            value for value in (*SIMPLE_VALUES, *values) if accepts(new, value) and not accepts(old, value)
        ]
        assert unheard == [], rules(changes)
