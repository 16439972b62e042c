"""The world's time: frozen, or ticking from a chosen instant. Instants are aware and in UTC."""

import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mockportal.values import Json

BERLIN = ZoneInfo("Europe/Berlin")
YEARS = range(1970, 9000)  # of a clock; what is reckoned from it still has room on both sides
STEP = timedelta(milliseconds=1)  # between the writes of a world whose clock stands
DURATION = "a duration such as 45d, 1.5s or P14D (months and years have no fixed length)"

_CALENDAR = range(1000, 9990)  # the years of a date that is reckoned from a clock
_WEEK = 7  # days
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<zone>[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SHORT = re.compile(r"([+-]?)(\d+(?:\.\d+)?)(ms|[smhdw])", re.ASCII)
# months and years have no fixed length
_ISO = re.compile(r"(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII)


class BadClock(ValueError):
    """No clock: the value at `pointer` of its description is wrong."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(problem)
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Clock:
    """Stands at `base`, or has run on from there since `started` (monotonic seconds).

    moves_dates: whether a scenario that is built for it moves its dates along, by whole weeks
    step: how far a clock that stands moves on with every write
    """

    base: datetime
    ticking: bool = False
    started: float = 0.0
    moves_dates: bool = False
    step: timedelta = STEP

    def now(self) -> datetime:
        """The world's instant."""
        if not self.ticking:
            return self.base
        return self.base + timedelta(seconds=time.monotonic() - self.started)

    def weeks_since(self, start: datetime) -> int:
        """The weeks by which dates move, so that the day of `start` becomes the same weekday nearest to this clock's
        day; 0 for a clock that moves none."""
        days = (german_day(self.now()) - german_day(start)).days if self.moves_dates else 0
        return (days + _WEEK // 2) // _WEEK

    def stepped(self) -> "Clock":
        """The clock after a write: two of them are never at one instant, unless there is no step."""
        if self.ticking or not self.step:
            return self
        try:
            return self.advanced(self.step)
        except ValueError:
            return self  # at the end of the years that a clock knows

    def advanced(self, by: timedelta) -> "Clock":
        """The same clock, `by` later. Raises `ValueError` where no clock can stand."""
        try:
            return replace(self, base=_checked(self.base + by))
        except OverflowError as error:
            raise ValueError(str(error)) from None


def clock_at(
    instant: datetime, ticking: bool = False, moves_dates: bool = False, step: timedelta = STEP
) -> Clock:
    """A clock that stands at, or ticks from, `instant`. Raises `ValueError` where no clock can stand."""
    started = time.monotonic() if ticking else 0.0
    return Clock(_checked(instant.astimezone(UTC)), ticking, started, moves_dates, step)


def parse_clock(text: str) -> Clock:
    """The clock of `--clock`: `now` ticks at the machine's time and moves dates along, an RFC 3339 instant stands.

    Raises `ValueError`.
    """
    if text == "now":
        return clock_at(datetime.now(UTC), ticking=True, moves_dates=True)
    try:
        _parsed(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither an RFC 3339 instant nor `now`") from None
    return clock_at(clock_instant(text))


def described_clock(raw: Json) -> Clock:
    """The clock of a scenario: an instant, or `{now, mode, step}`. Raises `BadClock`."""
    asked = raw if isinstance(raw, dict) else {"now": raw}
    at = "/now" if asked is raw else ""
    try:
        now = clock_instant(asked["now"])
        clock = clock_at(now, ticking=asked.get("mode") == "ticking")
        at = "/step"
        return replace(clock, step=step_of(asked["step"])) if "step" in asked else clock
    except ValueError as error:
        raise BadClock(at, str(error)) from None


def step_of(raw: Json) -> timedelta:
    """The step of a clock that stands, such as `1ms`; 0 for none. Raises `ValueError`."""
    step = duration(raw) if raw not in (0, "0") else timedelta()
    if step < timedelta():
        raise ValueError(f"{raw!r} is a negative duration")
    return step


def clock_instant(text: str) -> datetime:
    """The instant of a text that says date, time and zone. Raises `ValueError` with what to write."""
    try:
        moment = _parsed(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an RFC 3339 instant, such as 2026-06-15T09:00:00+02:00") from None
    if _checked(moment).tzinfo is None:
        german, utc = moment.replace(tzinfo=BERLIN).isoformat(), f"{moment.isoformat()}Z"
        raise ValueError(f"{text!r} names no time zone; write {german} for German time, or {utc}")
    return moment.astimezone(UTC)


def shifted(moment: datetime, by: timedelta) -> datetime:
    """The moment so much later, or earlier. Raises `ValueError` where the calendar ends."""
    days = by / timedelta(days=1)
    if not _CALENDAR.start * 366 < moment.toordinal() + days < _CALENDAR.stop * 365:
        raise ValueError(f"{days:.0f} days from {moment.date()} the calendar has ended")
    return moment + by


def moved(text: str, weeks: int) -> str:
    """A date or an instant so many weeks later, at the same time of day in Germany; any other text as it is.

    A date at the end of the calendar, which stands for "never", stays.
    """
    found = _MOMENT.fullmatch(text)
    try:
        if found is not None:
            return _moved_moment(_parsed(text), weeks, found["fraction"] or "", found["zone"])
        if _DAY.fullmatch(text):
            return shifted(_parsed(text), timedelta(weeks=weeks)).date().isoformat()
    except (ValueError, OverflowError):
        return text  # which the check of its record reports if it is no date
    return text


def _moved_moment(moment: datetime, weeks: int, fraction: str, zone: str) -> str:
    local = moment.astimezone(BERLIN)
    later = shifted(local.replace(tzinfo=None), timedelta(weeks=weeks)).replace(tzinfo=BERLIN).astimezone(UTC)
    if zone not in "Zz":
        later = later.astimezone(BERLIN if local.utcoffset() == moment.utcoffset() else moment.tzinfo)
        zone = later.isoformat()[-len("+00:00") :]
    return later.strftime("%Y-%m-%dT%H:%M:%S") + fraction + zone


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime:
    """The instant that RFC 3339 `text` names, in UTC; a date alone is its midnight in UTC. Raises `ValueError`."""
    moment = _parsed(text)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def german_day(moment: datetime) -> date:
    """The day that it is in Germany."""
    return moment.astimezone(BERLIN).date()


@lru_cache(maxsize=256)
def timestamp(moment: datetime) -> str:
    """`2026-06-15T07:00:00.000Z`; a frozen clock asks for the same one again and again."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def duration(text: str) -> timedelta:
    """`-45d`, `2h`, `1.5s`, `P14D`, `PT90M`. Raises `ValueError`."""
    short = _SHORT.fullmatch(text)
    if short:
        sign = -1 if short.group(1) == "-" else 1
        return _span(sign * float(short.group(2)) * _UNITS[short.group(3)])
    iso = _ISO.fullmatch(text)
    if iso is None or text.endswith(("P", "T")):
        raise ValueError(f"{text!r} is not {DURATION}")
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in iso.groups()[1:])
    length = _span(weeks * 604800 + days * 86400 + hours * 3600 + minutes * 60 + seconds)
    return -length if iso.group(1) else length


def _parsed(text: str) -> datetime:
    """As written: without a zone where the text has none."""
    return datetime.fromisoformat(text.replace("t", "T").replace("z", "Z").replace(":60", ":59"))


def _span(seconds: float) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("the duration is too long") from None


def _checked(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(f"a clock stands between the years {YEARS.start} and {YEARS.stop - 1}")
    return moment
