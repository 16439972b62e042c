"""Attributes that get lost in the answer or in what is stored, and such that nobody may set, are found."""

from dataclasses import replace

from mockportal.judge.checks.writes.assignment import foreign_attributes_are_ignored
from mockportal.judge.checks.writes.keeping import is_same, nothing_written, record_of
from mockportal.judge.checks.writes.kept_values import written_values_are_kept
from mockportal.mock import Mock
from tests.support.runs import context_on, findings_of
from tests.support.seeded import blamed


def test_mock_keeps_what_is_written_and_nothing_else(mock: Mock) -> None:
    assert findings_of(mock, written_values_are_kept) == []
    assert findings_of(mock, foreign_attributes_are_ignored) == []


def test_an_attribute_that_gets_lost_blames_the_write(mock: Mock) -> None:
    seeded = (
        "updateOrder-echo-note", "createMeterReading-echo-reader", "createPortalConfig-lost-extensions",
        "updatePortalUser-lost-newsletter", "updateContact-lost-phone", "saveEntityFile-lost-name",
    )  # fmt: skip

    assert blamed(mock, written_values_are_kept, *seeded) == {name.partition("-")[0] for name in seeded}


def test_an_attribute_that_nobody_may_set_and_that_is_set_is_found(mock: Mock) -> None:
    seeded = (
        "updateContact-assigned-org", "updateOrder-assigned-status", "createPortalPage-assigned-id",
        "updatePortalUser-assigned-access",
    )  # fmt: skip

    assert blamed(mock, foreign_attributes_are_ignored, *seeded) == {
        name.partition("-")[0] for name in seeded
    }


def test_a_target_without_worlds_is_told_why_its_writes_are_left_out(mock: Mock) -> None:
    with context_on(mock, "written_values_are_kept") as context:
        shared = replace(context, target=replace(context.target, isolation=""))

        assert nothing_written(context) == ""
        assert nothing_written(shared) == "the target has no worlds, and each write needs one of its own"


def test_a_value_may_be_trimmed_and_a_time_spelled_otherwise() -> None:
    assert is_same(" Anna ", "anna")
    assert is_same("2026-06-15", "2026-06-15T00:00:00.000Z")
    assert is_same({"a": 1}, {"a": 1, "b": 2})
    assert not is_same("2026-06-15", "2026-06-16")
    assert not is_same([1], [1, 2])


def test_the_record_of_an_answer_is_the_outermost_with_most_of_what_was_sent() -> None:
    body = {"data": {"name": "x", "size": 1, "inner": {"name": "x"}}, "total": 1}

    assert record_of(body, {"name": "x"}) == body["data"]
    assert record_of(body, {"missing": 1}, {"total": 9}) == body
    assert record_of(body, {"missing": 1}) == {}
