"""Ranges of numbers, texts and instants, with the date arithmetic of filters: `now-30d/d`, `2026-01-31||+1M`.

A bound names a span of time: `2026-06-15` is a whole day, `now` an instant. `gte` and `lt` look at its beginning,
`gt` and `lte` at its end. A date without a time zone is in `time_zone`, by default UTC; so are the dates of entities.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from operator import ge, gt, le, lt
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mockportal.state.clock import instant
from mockportal.values import Json


class _Bound(NamedTuple):
    """`read` makes a value comparable with `first` and `last`, or says None."""

    read: Callable[[Json], Json]
    first: Json
    last: Json


class _Comparison(NamedTuple):
    holds: Callable[[Json, Json], bool]
    with_last: bool


_COMPARISONS: Mapping[str, _Comparison] = MappingProxyType(
    {
        "gt": _Comparison(gt, True),
        "gte": _Comparison(ge, False),
        "lt": _Comparison(lt, False),
        "lte": _Comparison(le, True),
    }
)
_OPTIONS = frozenset(("format", "time_zone"))
_TICK = timedelta(microseconds=1)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?)?)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?", re.ASCII)
_MATH = re.compile(r"([+-])(\d{1,6})([yMwdhHms])|/([yMwdhHms])", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_FIXED = MappingProxyType({"h": "hours", "H": "hours", "m": "minutes", "s": "seconds"})
_KEPT = MappingProxyType({"y": 4, "M": 7, "w": 10, "d": 10, "h": 13, "H": 13, "m": 16, "s": 19})  # characters
_START = "0001-01-01T00:00:00"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCHS = MappingProxyType({"epoch_millis": 1000, "epoch_second": 1})
_ISO_FORMATS = frozenset(
    (
        "",
        "date",
        "date_optional_time",
        "iso8601",
        "strict_date",
        "strict_date_optional_time",
        "strict_date_time",
    )
)
_PATTERN = re.compile(r"(?:yyyy|uuuu|MM|dd|HH|mm|ss|'T'|[-./: _,])+")
_TOKEN = re.compile("yyyy|uuuu|MM|dd|HH|mm|ss|'T'")
_DIRECTIVES = MappingProxyType(
    {"yyyy": "%Y", "uuuu": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "'T'": "T"}
)
# a part that is missing: the unit above
_FINER = (("y", "MM"), ("M", "dd"), ("d", "HH"), ("h", "mm"), ("m", "ss"))


def compile_range(conditions: Json, now: datetime) -> Callable[[Json], bool]:
    """True for a value that keeps every bound of `{gt, gte, lt, lte, format, time_zone}`. Raises `ValueError`."""
    if not isinstance(conditions, dict) or not conditions.keys() - _OPTIONS:
        raise ValueError("this has to be an object with gt, gte, lt or lte")
    formats = str(conditions.get("format", "")).split("||")
    zone = _zone(conditions.get("time_zone", "UTC"))
    tests: list[tuple[_Bound, _Comparison]] = []
    for name, value in conditions.items():
        if name in _COMPARISONS:
            tests.append((_bound(value, formats, zone, now), _COMPARISONS[name]))
        elif name not in _OPTIONS:
            raise ValueError(f"{name[:100]!r} is not one of gt, gte, lt, lte, format, time_zone")

    def within(value: Json) -> bool:
        for bound, comparison in tests:
            known = bound.read(value)
            limit = bound.last if comparison.with_last else bound.first
            if known is None or not comparison.holds(known, limit):
                return False
        return True

    return within


def _bound(value: Json, formats: list[str], zone: tzinfo, now: datetime) -> _Bound:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a bound is a number or a text")
    try:
        span = _span(str(value), formats, zone, now)
    except OverflowError:
        raise ValueError(f"{str(value)[:100]!r} is outside the calendar") from None
    if span is not None:
        return _Bound(_as_instant, *span)
    if formats != [""]:
        raise ValueError(f"{str(value)[:100]!r} is not in the format {'||'.join(formats)[:100]!r}")
    number = _as_number(value)
    if number is not None:
        return _Bound(_as_number, number, number)
    return _Bound(lambda text: text if isinstance(text, str) else None, value, value)


def _span(text: str, formats: list[str], zone: tzinfo, now: datetime) -> tuple[datetime, datetime] | None:
    """The first and the last instant that a bound names; None if it names no time. Raises `ValueError`."""
    if text[:3] == "now" and text[3:4] in ("", "+", "-", "/"):
        anchor, math = (now, now), text.removeprefix("now")
    else:
        date, _, math = text.partition("||")
        found = next((span for form in formats if (span := _dated(date, form, zone)) is not None), None)
        if found is None:
            return None
        anchor = (found[0], found[0]) if math else found
    first, last = anchor
    if not math:
        return first, last
    at = 0
    while step := _MATH.match(math, at):
        first, last = _moved(first, step, zone, False), _moved(last, step, zone, True)
        at = step.end()
    if at < len(math):
        raise ValueError(f"{text[:100]!r} is not date arithmetic such as now-30d/d")
    return first, last


def _dated(text: str, form: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The span of a date written in one format ("": ISO 8601); None if it is not written so."""
    if form in _EPOCHS:
        if _NUMBER.fullmatch(text) is None:
            return None
        moment, unit = _EPOCH + timedelta(seconds=float(text) / _EPOCHS[form]), ""
    elif form in _ISO_FORMATS:
        written = _DATE.fullmatch(text)
        if written is None:
            return None
        moment = datetime.fromisoformat(text if written[1] else f"{text}-01")
        unit = next(
            (unit for unit, part in zip("Mdhm", written.groups()[:4], strict=True) if part is None), ""
        )
    else:
        dated = _patterned(text, form)
        if dated is None:
            return None
        moment = dated
        unit = next((unit for unit, token in _FINER if token not in form), "")
    first = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return first, _end(first, unit, zone) if unit else first


def _patterned(text: str, form: str) -> datetime | None:
    if _PATTERN.fullmatch(form) is None:
        raise ValueError(f"the format {form[:100]!r} is not supported")
    directives = _TOKEN.sub(lambda found: _DIRECTIVES[found[0]], form)
    try:
        return datetime.strptime(f"{text} +0000", f"{directives} %z").replace(tzinfo=None)
    except ValueError:
        return None
    except re.error:
        raise ValueError(f"the format {form[:100]!r} names a part twice") from None


def _end(start: datetime, unit: str, zone: tzinfo) -> datetime:
    """The last instant of a unit; the calendar's, for 9999-12-31."""
    try:
        return _shifted(start, 1, unit, zone) - _TICK
    except (OverflowError, ValueError):
        return datetime.max.replace(tzinfo=UTC)


def _moved(moment: datetime, step: re.Match[str], zone: tzinfo, is_end: bool) -> datetime:
    """One step of date arithmetic; rounding goes to the beginning of the unit, or to its end."""
    sign, count, unit, rounded = step.groups()
    if not rounded:
        return _shifted(moment, int(f"{sign}{count}"), unit, zone)
    local = moment.astimezone(zone)
    kept = _KEPT[rounded]
    start = datetime.fromisoformat(local.isoformat()[:kept] + _START[kept:]).replace(
        tzinfo=zone, fold=local.fold
    )
    if rounded == "w":
        start -= timedelta(days=start.weekday())
    return _end(start, rounded, zone) if is_end else start.astimezone(UTC)


def _shifted(moment: datetime, count: int, unit: str, zone: tzinfo) -> datetime:
    """Days and more are counted on the calendar of the zone, the rest on the clock."""
    if unit in _FIXED:
        return moment.astimezone(UTC) + timedelta(**{_FIXED[unit]: count})
    local = moment.astimezone(zone)
    if unit in "dw":
        return (local + timedelta(days=count * (7 if unit == "w" else 1))).astimezone(UTC)
    months = local.year * 12 + local.month - 1 + count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1])).astimezone(
        UTC
    )


def _zone(name: Json) -> tzinfo:
    if not isinstance(name, str):
        raise ValueError("time_zone is a name such as Europe/Berlin or an offset such as +02:00")
    offset = _OFFSET.fullmatch(name)
    try:
        if offset:
            minutes = int(f"{offset[1]}1") * (int(offset[2]) * 60 + int(offset[3]))
            return timezone(timedelta(minutes=minutes))
        return UTC if name in ("Z", "UTC") else ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        raise ValueError(f"there is no time zone {name[:100]!r}") from None


def _as_instant(value: Json) -> datetime | None:
    if not isinstance(value, str) or value[4:5] != "-":
        return None
    try:
        return instant(value)
    except (ValueError, OverflowError):
        return None


def _as_number(value: Json) -> int | float | None:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
