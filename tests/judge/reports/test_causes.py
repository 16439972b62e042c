"""Findings in order, and together where they have one cause."""

from dataclasses import replace

from mockportal.judge.model import Finding, Interaction
from mockportal.judge.reports.causes import by_cause, cause_of, in_order
from tests.support.reports import GET, finding, received


def found(
    operation: str, check: str, signature: str = "x", status: int = 200, pointer: str = "/paths"
) -> Finding:
    one = finding(operation, check, signature, exchanges=(Interaction(GET, received(status)),))
    return replace(one, layer="checks", pointer=pointer)


def test_worst_come_first_and_the_most_frequent_cause_of_them() -> None:
    low = found("a", "unsupported_method")
    once = found("b", "token_is_needed")
    twice = [found(name, "wrong_scheme_is_refused") for name in ("c", "d")]

    assert in_order([low, once, *twice]) == [*twice, once, low]


def test_all_that_a_server_error_has_led_to_has_one_cause() -> None:
    checks = ("not_a_server_error", "success_is_reached", "ids_agree")

    causes = {cause_of(found("getOrder", check, check, 500)) for check in checks}

    assert len(causes) == 1
    assert cause_of(found("getContract", "ids_agree", "ids_agree", 500)) not in causes


def test_schema_of_several_operations_is_one_cause() -> None:
    shared = [
        found(name, "response_schema_conformance", name, pointer="/components/schemas/File") for name in "ab"
    ]
    inline = [replace(found(name, "response_schema_conformance"), layer="answers") for name in "ab"]

    assert len({cause_of(one) for one in shared}) == 1
    assert len({cause_of(one) for one in inline}) == 2


def test_tokens_that_are_not_looked_at_are_one_cause() -> None:
    ways = [found(name, "token_is_needed", way) for name in "ab" for way in ("none", "basic")]

    assert len({cause_of(one) for one in ways}) == 1


def test_severity_of_a_finding_counts_more_than_that_of_its_check() -> None:
    worse = replace(found("z", "refusals_say_why"), severity="critical")

    assert in_order([found("a", "token_is_needed"), worse])[1] == worse
    assert in_order([found("a", "not_a_server_error"), worse])[0] == worse


def test_records_with_one_cause_stand_together() -> None:
    records = [
        {"cause": "1", "operation": "a"},
        {"cause": "2", "operation": "b"},
        {"cause": "1", "operation": "a"},
    ]

    assert [(len(cause.findings), cause.operations) for cause in by_cause(records)] == [
        (2, ["a"]),
        (1, ["b"]),
    ]
