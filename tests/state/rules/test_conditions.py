"""The conditions of rules, each with a request that meets it and one that does not."""

import time

import pytest

from mockportal.state.rules.conditions import Seen, holds, pattern_of, query_of, unmet
from mockportal.values import Json

BODY = {"meter": {"id": "m-1", "values": [1, 7]}, "mail": "anna@example.org"}
SEEN = Seen(
    {"id": "abc-17", "limit": 5}, {"user-agent": "Chrome/120", "x-trace": "t"}, BODY, {**BODY, "dry": False}
)


@pytest.mark.parametrize(
    ("wanted", "value", "answer"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}]}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": 1}, {}, False),
        ({"a": 1}, None, False),
        (None, None, True),
        ("x", "y", False),
    ],
)
def test_when_is_a_subset_match(wanted: Json, value: Json, answer: bool) -> None:
    assert holds(wanted, value) is answer


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"params": {"limit": 5}},
        {"headers": {"X-Trace": "t"}},
        {"body": {"meter": {"id": "m-1"}, "dry": False}},
        {"jsonpath": "$.meter.values[?@ > 5]"},
        {"matches": {"/params/id": "^abc-[0-9]+$"}},
        {"matches": {"/params/limit": "^5$"}},
        {"matches": {"/headers/User-Agent": "Chrome", "/body/mail": r"@example\.org$"}},
        {"matches": {"/body/meter/values/1": "7"}},
        {"matches": {"/body": "anna@"}},
    ],
)
def test_request_meets_its_conditions(when: dict[str, Json]) -> None:
    assert unmet(when, SEEN) == ""


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ({"params": {"limit": 6}}, "/when/params/limit: wants 6, came 5"),
        ({"params": {"offset": 6}}, "/when/params/offset: wants 6, there is none"),
        ({"headers": {"X-Trace": "u"}}, "/when/headers/x-trace: wants 'u', came 't'"),
        ({"body": {"meter": {"id": "m-2"}}}, "/when/body/meter: wants {'id': 'm-2'}, came {'id': 'm-1',"),
        ({"jsonpath": "$.meter.values[?@ > 9]"}, "/when/jsonpath: $.meter.values[?@ > 9] selects nothing in the body"),
        ({"matches": {"/params/id": "^x"}}, "/when/matches/~1params~1id: wants ^x, came 'abc-17'"),
        ({"matches": {"/body/name": "."}}, "/when/matches/~1body~1name: wants ., there is none"),
    ],
)  # fmt: skip
def test_condition_that_is_not_met_is_named(when: dict[str, Json], reason: str) -> None:
    assert unmet(when, SEEN).startswith(reason)


def test_regular_expression_takes_linear_time() -> None:
    evil = pattern_of(r"^(a+)+$")
    start = time.process_time()

    assert not evil("a" * 50_000 + "b")

    assert time.process_time() - start < 2  # with backtracking it would not end


@pytest.mark.parametrize(("compiled", "text"), [(pattern_of, "(?=a)"), (pattern_of, "("), (query_of, "$.[")])
def test_what_cannot_be_compiled_is_refused(compiled: object, text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        compiled(text)  # type: ignore[operator]
