"""Bytes and headers that are not what they claim to be, and values that cannot be."""

import pytest

from mockportal.judge.checks.answer.answers import answer_of
from mockportal.judge.checks.answer.consistency import SentValues
from mockportal.judge.checks.answer.octets import bytes_are_sound
from mockportal.judge.checks.answer.plausibility import is_no_day, is_template, plausibility_checks
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.spec.spec import Spec

JSON = ("content-type", "application/json")


def wrongs(spec: Spec, body: bytes, *headers: tuple[str, str], status: int = 200) -> list[str]:
    operation = spec.operations["getCustomerBalance"]
    received = Received(status, headers or (JSON,), body)
    exchange = Interaction(Sent(operation.id, "GET", "/x", {}), received)
    return [wrong.signature for wrong in bytes_are_sound(answer_of(operation, exchange, received))]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"a": {"b": 1, "c": 2}}', (JSON,)),
        (b"", (("etag", '"a"'), ("vary", "a"), ("vary", "b"))),
        (b"{}", (("content-type", 'application/json; charset="UTF-8"'), ("content-length", "2"))),
        ("ü".encode("latin-1"), (("content-type", "text/plain; charset=iso-8859-1"),)),
        (b"{}", (JSON, ("content-encoding", "gzip"), ("content-length", "22"))),
    ],
)
def test_sound_bytes_pass(spec: Spec, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    assert wrongs(spec, body, *headers) == []


@pytest.mark.parametrize(
    ("body", "headers", "signature"),
    [
        (b'[{"a": {"b": 1, "b": 2}}]', (JSON,), "200 property twice"),
        (b"{}", (JSON, JSON), "200 content-type twice"),
        (b"{}", (("content-type", "application/json, text/html"),), "200 two types"),
        (b"{}", (("content-type", "application/json; charset=latin-1"),), "200 charset"),
        (b"\xff", (("content-type", "text/plain; charset=utf-8"),), "200 charset"),
        (b"x", (("content-type", "text/plain; charset=none-such"),), "200 charset"),
        (b"{}", (JSON, ("content-length", "1")), "200 length"),
        (b"{}", (JSON, ("content-encoding", "zip")), "200 coding"),
    ],
)
def test_unsound_bytes_are_found(
    spec: Spec, body: bytes, headers: tuple[tuple[str, str], ...], signature: str
) -> None:
    assert wrongs(spec, body, *headers) == [signature]


def test_no_content_has_none(spec: Spec) -> None:
    assert wrongs(spec, b"{}", JSON, status=204) == ["204 content"]


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2025-02-29T00:00:00Z", "2026-06-31T10:00:00.5+02:00", "2026-01-01T25:00:00Z"]
)
def test_days_of_no_calendar_are_told(text: str) -> None:
    assert is_no_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2026-06-01T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-99-99-x",
        "1234-56-7890",
        "2026-01-01T10:00Z",
    ],
)
def test_days_and_other_texts_are_left_alone(text: str) -> None:
    assert not is_no_day(text)


def test_templates_are_told_in_texts_and_addresses() -> None:
    assert all(
        map(is_template, ("Hallo {{name}}", "https://a/?b=%7B%7Bc%7D%7D", "${d}", "https://a/?b=undefined"))
    )
    assert not any(map(is_template, ("Hallo {name}", "an undefined term", "{{", "50 $")))


@pytest.mark.parametrize(
    ("body", "check"),
    [
        (b'{"day": "2026-02-30"}', "days_exist"),
        (b'{"link": "https://example.org/{{id}}"}', "templates_are_filled_in"),
        (b'{"amount_total": 100, "amount_subtotal": 84, "amount_tax": 15}', "parts_add_up"),
    ],
)
def test_values_that_cannot_be_are_found_unless_they_were_sent(spec: Spec, body: bytes, check: str) -> None:
    operation, sent = spec.operations["getCustomerBalance"], SentValues({})
    exchange = Interaction(Sent(operation.id, "GET", "/x", {}), Received(200, (JSON,), body))
    answer = answer_of(operation, exchange, Received(200, (JSON,), body))

    before = {name for name, one in plausibility_checks(sent.odd).items() if list(one(answer))}
    sent.watch(Interaction(Sent("updateContact", "PATCH", "/x", {}, body), None))
    after = {name for name, one in plausibility_checks(sent.odd).items() if list(one(answer))}

    assert before == {check}
    assert after == before - {"days_exist", "templates_are_filled_in"}
