"""Days that no calendar has, and periods that end before they begin, as they are sent."""

import re
from collections.abc import Iterator

from mockportal.json_tree import Path, leaves, spot, walk
from mockportal.judge.checks.answer.consistency import upper_ends
from mockportal.judge.checks.reading import reads
from mockportal.judge.checks.variations.variations import put
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import Operation
from mockportal.values import Json

_GOOD, _BAD = "2026-06-02", ("2026-02-30", "2025-02-29")
_EARLY, _LATE = "2000-01-01T00:00:00Z", "2090-01-01T00:00:00Z"
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
_NAMED = re.compile(r"(^|_)(date|day|timestamp|after|before|since|until)$|_(at|on|date)$")
_MOST = 8


def impossible_days_are_refused(context: Context) -> None:
    """A day or a time that the calendar does not have is refused if others are accepted, and kept if written: in
    parameters and fields that are dates by the valid request, by their format or by their name, and in the dates of a
    thing that is changed."""
    for name, operation in context.operations.items():
        if not _is_asked(context, operation):
            continue
        for place, form in [*_dated(context, operation)][:_MOST]:
            good = _send(context, operation, {place: form}, "good")
            if (
                good.status >= 300
                or good.received is None
                or not _counts(context, operation, place, form, good)
            ):
                continue
            for bad in _BAD:
                text = form.replace(form[:10], bad)
                exchange = _send(context, operation, {place: text}, bad)
                if exchange.received is not None:
                    message = (
                        f"{spot(place)} {text} is answered with {exchange.status}, and there is no such day"
                    )
                    context.expect(
                        exchange.status >= 400, name, f"{spot(place)} no day", message, good, exchange
                    )


def turned_periods_are_empty(context: Context) -> None:
    """A question about a period that ends before it begins is refused, or there is nothing in its answer."""
    known = {
        rule["operation"] for rule in knowledge("lists")["series"]
    }  # which are asked by a check of their own
    for name, operation in context.operations.items():
        if name in known or not reads(context, name) or not _is_asked(context, operation):
            continue
        for first, last in _pairs(context, operation):
            start, end = (_value(context, operation, place) for place in (first, last))
            start, end = (start, end) if start and end and start < end else (_EARLY, _LATE)
            right = _send(context, operation, {first: start, last: end}, "right")
            turned = _send(context, operation, {first: end, last: start}, "turned")
            if right.status >= 300 or turned.received is None or (_has_lists(right) and not _items(right)):
                continue
            good = turned.status >= 300 or (_has_lists(right) and not _items(turned))
            message = (
                f"{last[-1]} is before {first[-1]}, and the answer is {turned.status} with something in it"
            )
            context.expect(good, name, f"{spot(first)} turned", message, right, turned)


def _is_asked(context: Context, operation: Operation) -> bool:
    """True for what only reads, and for what writes where each try has a world of its own."""
    if not context.usable(operation.id) or operation.id in context.target.side_effects:
        return False
    return reads(context, operation.id) or (context.writes and bool(context.target.isolation))


def _dated(context: Context, operation: Operation) -> Iterator[tuple[Path, str]]:
    """The places for a date, with a text of the form that it has there."""
    case = context.case(operation.id)
    for parameter in operation.parameters:
        value = case.params.get(parameter.name)
        form = _form(value) or (
            "" if parameter.kind != "string" else _wanted(parameter.name, parameter.schema)
        )
        if form and parameter.location == "query":
            yield ("params", parameter.name), form
    if not isinstance(case.body, dict):
        return
    for path, value in leaves(case.body):
        if _form(value) and isinstance(path[-1], str):
            yield ("body", *path), _form(value)
    if operation.method == "PATCH":
        answer = body_of(context.call(operation.id, world=f"{context.check}-{operation.id}"))
        records = [one for path, one in walk(answer) if isinstance(one, dict) and len(path) <= 1]
        for name, value in (pair for record in records for pair in record.items()):
            if _form(value) and _NAMED.search(name) and not name.startswith("_") and name not in case.body:
                yield (
                    ("body", name),
                    _GOOD + value[len(_GOOD) :],
                )  # another day, or nothing shows that it counts
    for name in knowledge("variations")["days"].get(operation.id, ()):
        yield ("body", name), _GOOD


def _form(value: Json) -> str:
    return value if isinstance(value, str) and _TIME.fullmatch(value) else ""


def _wanted(name: str, schema: Json) -> str:
    format = schema.get("format") if isinstance(schema, dict) else None
    if format == "date" or (format is None and name.endswith("date")):
        return _GOOD
    return f"{_GOOD}T00:00:00Z" if format == "date-time" or (format is None and _NAMED.search(name)) else ""


def _counts(context: Context, operation: Operation, place: Path, text: str, good: Interaction) -> bool:
    """True if a date at this place is not simply overlooked: what writes it shows it."""
    if reads(context, operation.id):
        return True
    shown = [value for path, value in leaves(body_of(good)) if path[-1:] == place[-1:]]
    return any(isinstance(value, str) and value.startswith(text[:10]) for value in shown)


def _pairs(context: Context, operation: Operation) -> Iterator[tuple[Path, Path]]:
    """The places for the beginning and for the end of a period."""
    body = context.case(operation.id).body
    names: list[Path] = [("params", one.name) for one in operation.parameters if one.kind == "string"]
    names += (
        [("body", name) for name in body if isinstance(body[name], str)] if isinstance(body, dict) else []
    )
    for first in names:
        for last in names:
            if first[0] == last[0] and last[1] in upper_ends(str(first[1])):
                yield first, last


def _value(context: Context, operation: Operation, place: Path) -> str:
    case = context.case(operation.id)
    value = (case.params if place[0] == "params" else case.body).get(str(place[1]))
    return _form(value)


def _send(context: Context, operation: Operation, texts: dict[Path, str], mark: str) -> Interaction:
    case = context.case(operation.id)
    params, body = case.params, case.body
    for place, text in texts.items():
        if place[0] == "params":
            params = {**params, str(place[1]): text}
        else:
            body = put(body, place[1:], text)
    own = (
        "" if reads(context, operation.id) else f"{mark}-{spot((*texts,)[0])}-{context.check}-{operation.id}"
    )
    return context.call(operation.id, params=params, body=body, world=own)


def _has_lists(exchange: Interaction) -> bool:
    return any(isinstance(value, list) for _, value in walk(body_of(exchange)))


def _items(exchange: Interaction) -> bool:
    """True if some list of the answer is not empty."""
    return any(isinstance(value, list) and value for _, value in walk(body_of(exchange)))
