"""The request header `Prefer`, as RFC 7240 writes it."""

import pytest

from mockportal.engine.answers.preferences import BadPreference, Preferences, preferences_of


@pytest.mark.parametrize(
    ("header", "code", "example", "delay"),
    [
        ("", None, None, None),
        ("code=404", 404, None, None),
        ("Code = 404", 404, None, None),
        ("code\t=\t404 , delay = 2s", 404, None, 2.0),
        ('code="404"', 404, None, None),
        ("code=404, code=500", 404, None, None),
        ("delay=1s, delay=soon", None, None, 1.0),
        ('example="a, b; c=d"', None, "a, b; c=d", None),
        ('example="a \\"b\\" \\\\"', None, 'a "b" \\', None),
        ('foo="code=404, delay=2s", delay=1s', None, None, 1.0),
        ('foo="x\\", code=500", code=404', 404, None, None),
        ("respond-async; code=404", None, None, None),
        ("code=404; delay=2s; code=500", 404, None, None),
        ('respond-async; x="a, code=500", delay=1s', None, None, 1.0),
        ("respond-async, wait=10", None, None, None),
        (" , ,, code=404,,", 404, None, None),
        ('foo="open, code=404', None, None, None),
        ("delay=120s", None, None, 120.0),
        ("delay=PT2M", None, None, 120.0),
        ("delay=-5s", None, None, 0.0),
    ],
)
def test_preferences_are_read_as_the_standard_writes_them(
    header: str, code: int | None, example: str | None, delay: float | None
) -> None:
    assert preferences_of(header) == Preferences(code, example, delay)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("code=²", "is not a status code"),
        ("code=x", "is not a status code"),
        ("code", "is not a status code"),
        ("code=1", "is not a status code"),
        ("code=101", "is not a status code"),
        ("code=700", "is not a status code"),
        ("code=٤٠٤", "is not a status code"),
        pytest.param("code=" + "4" * 5_000, "is not a status code", id="digits"),
        ("delay=soon", "is not a duration"),
        ("delay", "is not a duration"),
        ("delay=121s", "is longer than 120 s"),
        ("delay=30d", "is longer than 120 s"),
        pytest.param("delay=" + "9" * 5_000 + "s", "is not a duration", id="long"),
    ],
)
def test_preference_that_cannot_be_met_is_refused_in_a_short_line(header: str, message: str) -> None:
    with pytest.raises(BadPreference, match=message) as caught:
        preferences_of(header)

    assert len(str(caught.value)) < 200


def test_long_header_of_quotes_is_read_in_no_time() -> None:
    assert preferences_of('x="' + '\\"' * 100_000 + '",' * 1_000 + "\\") == Preferences()
