"""Media types as documents name them, against media types as they are sent."""

import pytest

from mockportal.media_types import best_match, media_type_of


@pytest.mark.parametrize(
    ("documented", "sent"),
    [
        ("application/json", "application/json"),
        ("application/json", "Application/JSON"),
        ("Application/JSON", "application/json"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json; charset=utf-8", "application/json;charset=UTF-8"),
        ("application/json; charset=utf-8", 'application/json; charset="utf-8"'),
        ("application/json;charset=utf-8", "application/json; charset=us-ascii"),
        ("*/*", "application/json"),
        ("*/*", "text/plain; charset=utf-8"),
        ("application/*", "application/hal+json"),
        ("application/*+json", "application/hal+json"),
        ("text/*", "text/csv"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("application/vnd.a+json; v=1", "application/vnd.a+json; v=1; charset=utf-8"),
        ("multipart/form-data", 'multipart/form-data; boundary="a;b"'),
        ('a/b; c="d;e\\"f"', 'a/b ; C = "d;e\\"f"'),
    ],
)
def test_documented_type_covers_what_is_sent(documented: str, sent: str) -> None:
    assert best_match(media_type_of(sent), [documented]) == documented


@pytest.mark.parametrize(
    ("documented", "sent"),
    [
        ("application/json", "application/hal+json"),
        ("application/hal+json", "application/json"),
        ("application/*", "text/plain"),
        ("application/*+json", "application/json"),
        ("application/json", "text/html"),
        ("application/json", ""),
        ("application/json", "json"),
        ("text/plain; charset=utf-8", "text/plain; charset=iso-8859-1"),
        ("application/vnd.a+json; v=1", "application/vnd.a+json; v=2"),
        ("application/vnd.a+json; v=1", "application/vnd.a+json"),
        ("application/json", "application/jsonx"),
    ],
)
def test_documented_type_does_not_cover_another(documented: str, sent: str) -> None:
    assert best_match(media_type_of(sent), [documented]) is None


@pytest.mark.parametrize(
    ("sent", "best"),
    [
        ("application/json", "application/json"),
        ("application/json; v=1", "application/json; v=1"),
        ("application/hal+json", "application/*+json"),
        ("application/xml", "application/*"),
        ("text/plain", "*/*"),
    ],
)
def test_most_precise_type_wins_in_whatever_order(sent: str, best: str) -> None:
    documented = ["*/*", "application/json; v=1", "application/*", "application/json", "application/*+json"]

    assert best_match(media_type_of(sent), documented) == best
    assert best_match(media_type_of(sent), reversed(documented)) == best


def test_quotes_without_an_end_are_read_once() -> None:
    text = "a/b" + ';c="\\' * 100_000

    assert media_type_of(text).name == "a/b"
