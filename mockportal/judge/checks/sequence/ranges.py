"""Series keep to the period and the interval that were asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from mockportal.judge.checks.lists.listings import FILE, every, first
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, Record, encode

# The shortest and the longest step from one record to the next; days and months follow the calendar.
_STEPS = {
    "PT15M": (timedelta(minutes=15), timedelta(minutes=15)),
    "PT1H": (timedelta(hours=1), timedelta(hours=1)),
    "P1D": (timedelta(hours=23), timedelta(hours=25)),
    "P1M": (timedelta(days=28) - timedelta(hours=1), timedelta(days=31) + timedelta(hours=1)),
}
_MANY = 10
_MONTHS = timedelta(days=120)
_LONG_AGO = ("1950-01-01T00:00:00Z", "1950-02-01T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Series:
    """An answer: each record with its instant, in the order in which they came."""

    exchange: Interaction
    records: list[tuple[datetime, Json]]

    def instants(self) -> list[datetime]:
        """Those of the records, each once, in order of time."""
        return sorted({at for at, _ in self.records})

    def between(self, start: datetime, end: datetime) -> list[bytes]:
        """The records from `start` to before `end`, in no order."""
        return sorted(encode(record) for at, record in self.records if start <= at < end)


def time_range_is_honoured(context: Context) -> None:
    """Every record of a series lies in the period that was asked for, its end left out, and the records come in order
    of time; a part of the period gives the very records that the whole gives there, and two parts make up the whole;
    a period that is empty, turned round or long ago gives nothing or is refused."""
    for rule, params in _asked(context):
        whole = _series(context, rule, params)
        start, end = _instant(params["from"]), _instant(params["to"])
        if whole is None or start is None or end is None:
            continue
        _inside(context, rule, whole, start, end)
        _parts(context, rule, whole, start, end)
        for what, period in _empty_periods(params):
            nothing = _series(context, rule, {"from": period[0], "to": period[1]})
            if nothing is not None:
                message = (
                    f"{len(nothing.records)} records came for the period from {period[0]} to {period[1]}"
                )
                context.expect(not nothing.records, rule["operation"], what, message, nothing.exchange)


def interval_is_honoured(context: Context) -> None:
    """The records of a series are one interval apart, a finer interval gives more of them, and the amounts add up to
    the same at every interval, to the last digit that they have."""
    for rule, params in _asked(context):
        _finer(context, rule, _longer(params), ("P1M", "P1D"))
        _finer(context, rule, params, ("P1D", "PT1H", "PT15M"))


def _finer(context: Context, rule: Record, params: Record, intervals: tuple[str, ...]) -> None:
    """The same period at ever finer intervals."""
    coarse: tuple[str, Series] | None = None
    for interval in intervals:
        series = _series(context, rule, {**params, "interval": interval})
        if series is None or not series.records:
            continue
        _steps(context, rule, series, interval)
        if coarse is not None:
            _same_sum(context, rule, *coarse, series, interval)
        coarse = (interval, series)


def _longer(params: Record) -> Record:
    """The same, from some months earlier: long enough for several records of a month each."""
    start = _instant(params["from"])
    return {**params, "from": _text(start - _MONTHS)} if start else params


def _asked(context: Context) -> Iterator[tuple[Record, Record]]:
    """Each series that can be asked for, and the parameters of its valid case."""
    for rule in knowledge(FILE)["series"]:
        if rule["operation"] in context.operations and readable(context, rule["operation"]):
            params = context.case(rule["operation"]).params
            if "from" in params and "to" in params:
                yield rule, params


def _series(context: Context, rule: Record, params: Record) -> Series | None:
    exchange = context.call(rule["operation"], params=params)
    if exchange.status != 200:
        return None
    records = [
        (_instant(first(item, "/timestamp")), item) for item in every(body_of(exchange), f"{rule['items']}/*")
    ]
    return Series(exchange, [(at, item) for at, item in records if at is not None])


def _inside(context: Context, rule: Record, series: Series, start: datetime, end: datetime) -> None:
    outside = [at for at, _ in series.records if not start <= at < end]
    message = f"{len(outside)} of {len(series.records)} records lie outside of {start:%F %T} to {end:%F %T}"
    context.expect(not outside, rule["operation"], "outside", message, series.exchange)
    ordered = [at for at, _ in series.records]
    message = "the records do not come in order of time"
    context.expect(ordered == sorted(ordered), rule["operation"], "order", message, series.exchange)


def _parts(context: Context, rule: Record, whole: Series, start: datetime, end: datetime) -> None:
    """The period cut in two at a record in its middle."""
    instants = whole.instants()
    if len(instants) < 2:
        return
    middle = instants[len(instants) // 2]
    for what, first_instant, last_instant in (("first part", start, middle), ("second part", middle, end)):
        part = _series(context, rule, {"from": _text(first_instant), "to": _text(last_instant)})
        if part is None:
            continue
        expected = whole.between(first_instant, last_instant)
        good = part.between(start, end) == expected
        if good or _unchanged(context, rule, whole):
            seen = f"the {what} of the period gives {len(part.records)} records"
            message = f"{seen} that are not the {len(expected)} of the whole there"
            context.expect(good, rule["operation"], what, message, whole.exchange, part.exchange)


def _unchanged(context: Context, rule: Record, whole: Series) -> bool:
    again = _series(context, rule, {})
    return again is not None and again.records == whole.records


def _empty_periods(params: Record) -> list[tuple[str, tuple[str, str]]]:
    return [
        ("empty period", (params["from"], params["from"])),
        ("period turned round", (params["to"], params["from"])),
        ("period long ago", _LONG_AGO),
    ]


def _steps(context: Context, rule: Record, series: Series, interval: str) -> None:
    """Gaps are whole intervals, so only steps that are too short are certainly wrong, and longer ones throughout."""
    steps = [later - earlier for earlier, later in pairwise(series.instants())]
    if not steps:
        return
    shortest, longest = _STEPS[interval]
    wrong = min(steps) < shortest or min(steps) > longest
    message = f"with interval={interval} the records are {min(steps)} apart"
    context.expect(not wrong, rule["operation"], f"interval {interval}", message, series.exchange)


def _same_sum(context: Context, rule: Record, coarser: str, coarse: Series, fine: Series, finer: str) -> None:
    """Over the span from the first to the last record of the coarser series, the finer one has as much."""
    instants = coarse.instants()
    if len(instants) < 2 or fine.instants()[0] > instants[0] or fine.instants()[-1] < instants[-1]:
        return
    start, end = instants[0], instants[-1]
    more = len(fine.between(start, end)) > len(coarse.between(start, end))
    message = f"{finer} gives no more records than {coarser} for the same span"
    context.expect(more, rule["operation"], f"{finer} finer", message, coarse.exchange, fine.exchange)
    sums = [_sum(rule, series, start, end) for series in (coarse, fine)]
    if None in sums or not rule["sum"]:
        return
    one, other = (value or Decimal(0) for value in sums)
    good = abs(one - other) <= _rounding(rule, coarse) + _rounding(rule, fine)
    message = f"from {start:%F %T} to {end:%F %T} {coarser} adds up to {one}, and {finer} to {other}"
    if context.expect(good, rule["operation"], f"{finer} sum", message, coarse.exchange, fine.exchange):
        _odd_ones(context, rule, coarser, coarse, fine, finer)


def _odd_ones(context: Context, rule: Record, coarser: str, coarse: Series, fine: Series, finer: str) -> None:
    """If nearly all records of the coarser series are exactly the sum of the finer ones in them, all of them are."""
    off = []
    spans = [*pairwise(coarse.instants())]
    if spans and _is_whole(fine, *spans[-1]):
        spans.append((spans[-1][1], spans[-1][1] + (spans[-1][1] - spans[-1][0])))
    for start, end in spans:
        one, other = (_sum(rule, series, start, end) for series in (coarse, fine))
        off += [(start, one, other)] if one != other else []
    good = not off or len(off) > max(1, len(spans) // 10) or len(spans) < _MANY
    message = ""
    if off:
        at, total, added = off[0]
        message = (
            f"at {at} {coarser} has {total} and {finer} adds up to {added}; everywhere else they are the same"
        )
    context.expect(good, rule["operation"], f"{finer} odd", message, coarse.exchange, fine.exchange)


def _is_whole(fine: Series, start: datetime, end: datetime) -> bool:
    """True if the finer series has as many records after `end` as between `start` and `end`."""
    return len(fine.between(start, end)) == len(fine.between(end, end + (end - start)))


def _rounding(rule: Record, series: Series) -> Decimal:
    """The most by which a sum of the series may be off if each of its amounts is rounded to the digits that it has."""
    amounts = [Decimal(str(first(record, rule["sum"]))) for _, record in series.records]
    digits = min((int(amount.as_tuple().exponent) for amount in amounts if amount.is_finite()), default=0)
    return len(amounts) * Decimal("0.5").scaleb(min(digits, 0))


def _sum(rule: Record, series: Series, start: datetime, end: datetime) -> Decimal | None:
    """The amounts of all kinds; None where they are powers, which do not add up, or no numbers."""
    total = Decimal(0)
    for at, record in series.records:
        if not start <= at < end:
            continue
        if any(first(record, f"/{name}") in rule["powers"] for name in rule["kind"]):
            return None
        try:
            total += Decimal(str(first(record, rule["sum"])))
        except InvalidOperation:
            return None
    return total


def _instant(text: Json) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
