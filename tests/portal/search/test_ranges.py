"""Ranges and their date arithmetic, at 09:00 in Germany on 15 June 2026."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mockportal.portal.search.ranges import compile_range

NOW = datetime(2026, 6, 15, 7, tzinfo=UTC)

INSIDE = [
    ({"gt": 5}, 6),
    ({"gt": 5}, "6.5"),
    ({"gte": "84", "lte": "84.00"}, 84),
    ({"gte": 0, "lt": 10}, 0),
    ({"gte": "V-900002", "lte": "V-900003"}, "V-900002"),
    ({"lt": "nowak"}, "nadia"),
    ({"lt": "now"}, "2026-06-15"),
    ({"lte": "now"}, "2026-06-15T09:00:00+02:00"),
    ({"gt": "now-30d"}, "2026-05-17"),
    ({"gte": "now-30d/d"}, "2026-05-16"),
    ({"gte": "now/M", "lte": "now/M"}, "2026-06-30T23:59:59.999Z"),
    ({"gte": "now/w"}, "2026-06-15"),
    ({"gte": "now/y", "lt": "now+1y/y"}, "2026-12-31"),
    ({"gte": "now/h", "lte": "now/m"}, "2026-06-15T07:00:59Z"),
    ({"gte": "now-1h+30m-10s/s"}, "2026-06-15T06:29:50Z"),
    ({"lte": "now+2w"}, "2026-06-29"),
    ({"gte": "2026-01-31||+1M", "lte": "2026-01-31||+1M"}, "2026-02-28"),
    ({"gte": "2026-06-20||/M"}, "2026-06-01"),
    ({"lte": "2026-06-15"}, "2026-06-15T23:59:59Z"),
    ({"lte": "2026-06"}, "2026-06-30T12:00:00Z"),
    ({"lte": "2026-06-15T09"}, "2026-06-15T09:59:59Z"),
    ({"lte": "2026-06-15T09:15"}, "2026-06-15T09:15:59Z"),
    ({"lte": "9999-12-31"}, "2026-06-15"),
    ({"gte": "2026-06-16", "time_zone": "Europe/Berlin"}, "2026-06-15T22:00:00Z"),
    ({"gte": "2026-06-16", "time_zone": "-02:30"}, "2026-06-16T02:30:00Z"),
    ({"lte": "now/d", "time_zone": "Europe/Berlin"}, "2026-06-15T21:59:59Z"),
    (
        {"gte": "2026-03-28T12:00||+1d", "lt": "2026-03-29T12:01", "time_zone": "Europe/Berlin"},
        "2026-03-29T10:00:00Z",
    ),
    ({"gte": "15.06.2026", "lte": "15.06.2026", "format": "dd.MM.yyyy"}, "2026-06-15T12:00:00Z"),
    ({"lte": "2026", "format": "dd.MM.yyyy||yyyy"}, "2026-12-31"),
    ({"gte": 1781506800000, "format": "epoch_millis"}, "2026-06-15T07:00:00Z"),
    ({"lte": "1781506800", "format": "strict_date_optional_time||epoch_second"}, "2026-06-15T07:00:00Z"),
]
OUTSIDE = [
    ({"gt": 5}, 5),
    ({"gt": 5}, "many"),
    ({"gt": 0}, True),
    ({"gt": "a"}, 5),
    ({"lt": "now"}, "2026-06-16"),
    ({"lt": "now"}, "20260101"),
    ({"lt": "now"}, "2026-99-99"),
    ({"gt": "2026-06-15"}, "2026-06-15T23:59:59Z"),
    ({"gt": "now/w"}, "2026-06-21T12:00:00Z"),
    ({"gte": "2026-06-16", "time_zone": "Europe/Berlin"}, "2026-06-15T21:59:59Z"),
    ({"gte": 1, "lte": 2}, 3),
]
WRONG: list[Any] = [
    (None, "has to be an object with gt"),
    ({}, "has to be an object with gt"),
    ({"time_zone": "UTC"}, "has to be an object with gt"),
    ({"ge": 1}, "'ge' is not one of gt"),
    ({"gt": None}, "a bound is a number or a text"),
    ({"gt": True}, "a bound is a number or a text"),
    ({"gt": [1]}, "a bound is a number or a text"),
    ({"gt": "now-"}, "'now-' is not date arithmetic"),
    ({"gt": "now-3x"}, "'now-3x' is not date arithmetic"),
    ({"gt": "now/q"}, "'now/q' is not date arithmetic"),
    ({"gt": "now-999999y"}, "out of range"),
    ({"gt": "9999-12-31||+1d"}, "is outside the calendar"),
    ({"gt": "2026-13-01"}, "month must be in"),
    ({"gt": "soon", "format": "yyyy"}, "'soon' is not in the format 'yyyy'"),
    ({"gt": "2026", "format": "yyyyyyyy"}, "the format 'yyyyyyyy' names a part twice"),
    ({"gt": "2026", "format": "QQ"}, "the format 'QQ' is not supported"),
    ({"gt": "soon", "format": "epoch_millis"}, "'soon' is not in the format 'epoch_millis'"),
    ({"gt": "9" * 40, "format": "epoch_second"}, "is outside the calendar"),
    ({"gt": "now", "time_zone": "Mars/Olympus"}, "there is no time zone 'Mars/Olympus'"),
    ({"gt": "now", "time_zone": "Europe"}, "there is no time zone 'Europe'"),
    ({"gt": "now", "time_zone": "+99:99"}, "there is no time zone '\\+99:99'"),
    ({"gt": "now", "time_zone": 2}, "time_zone is a name such as"),
]


@pytest.mark.parametrize(("conditions", "value"), INSIDE)
def test_value_is_inside(conditions: Any, value: Any) -> None:
    assert compile_range(conditions, NOW)(value)


@pytest.mark.parametrize(("conditions", "value"), OUTSIDE)
def test_value_is_outside(conditions: Any, value: Any) -> None:
    assert not compile_range(conditions, NOW)(value)


@pytest.mark.parametrize(("conditions", "message"), WRONG)
def test_range_is_refused(conditions: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compile_range(conditions, NOW)
