"""Values that no schema forbids and that cannot be: days of no calendar, templates, parts that are not the whole."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from mockportal.json_tree import leaves, spot, walk
from mockportal.judge.checks.answer.answers import Answer, Wrong
from mockportal.judge.knowledge import knowledge
from mockportal.values import Json, Record, value_of

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:?\d{2})?)?")
# 24:00 is the end of a day, and a leap second is the 61st of its minute
_ODD_TIMES = re.compile(r"T24:00(:00(\.0+)?)?|:60(\.\d+)?(?=Z|$)")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|\[object Object\]|[=/]undefined(?=[&/#?]|$)")
_MARK = re.compile(
    rb"\{\{|\$\{|\[object |undefined|%7B", re.IGNORECASE
)  # found fast, before anything is walked
_TEXT = re.compile(rb'"(\d{4}-\d{2}-\d{2}[^"]{0,30})"')
_EXACT = Decimal("0.5")  # of the last digit: the most by which rounding moves a number


def plausibility_checks(sent: Collection[str]) -> dict[str, Callable[[Answer], Iterator[Wrong]]]:
    """The checks of single values in an answer, by name; `sent` are odd texts that requests have brought."""

    def days_exist(answer: Answer) -> Iterator[Wrong]:
        """Whatever looks like a date or a time is one that the calendar and the clock have."""
        if any(map(is_no_day, _days(answer.received.body))):
            yield from _odd(answer, sent, is_no_day, "is no day or no time")

    def templates_are_filled_in(answer: Answer) -> Iterator[Wrong]:
        """No text has a placeholder in it (`{{name}}`, `${name}`, `undefined`), apart from answers that are there to
        show templates."""
        if _MARK.search(answer.received.body) and not any(
            fnmatchcase(answer.operation.id, one) for one in knowledge("answers")["templates"]
        ):
            yield from _odd(answer, sent, is_template, "has a placeholder in it")

    return {check.__name__: check for check in (days_exist, templates_are_filled_in, parts_add_up)}


def parts_add_up(answer: Answer) -> Iterator[Wrong]:
    """The parts of an amount or of a count add up to it, to the last digit."""
    if answer.response is None or answer.received.status >= 300:
        return
    told: set[str] = set()
    rules = [one for one in knowledge("answers")["sums"] if one["whole"].encode() in answer.received.body]
    for path, record in walk(answer.body) if rules else ():
        for rule in rules if isinstance(record, dict) else ():
            signature = f"{spot(path)}.{rule['whole']}".lstrip(".")
            message = _sum_differs(record, rule["whole"], rule["parts"])
            if message and signature not in told and not answer.exchange.sent.body:
                told.add(signature)
                yield Wrong(signature, message, answer.response.pointer)


def odd_texts(value: Json) -> Iterator[str]:
    """The texts that these checks would object to."""
    for _, text in leaves(value):
        if isinstance(text, str) and (is_no_day(text) or is_template(text)):
            yield text


def _days(body: bytes) -> Iterator[str]:
    """The texts of a body that begin like a date."""
    return (found.decode(errors="ignore") for found in _TEXT.findall(body))


@lru_cache(10_000)
def is_no_day(text: str) -> bool:
    """True for what is spelled like a date or a time and is none."""
    if not text[:4].isdigit() or len(text) > 40 or not _DAY.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(
            _ODD_TIMES.sub(lambda found: "T00:00" if found[0][0] == "T" else ":59", text.upper())
        )
    except ValueError:
        return True
    return False


def is_template(text: str) -> bool:
    """True if a placeholder is left in a text, or in the address that it spells."""
    return bool(_TEMPLATE.search(unquote(text) if "%7B" in text.upper() else text))


def _odd(
    answer: Answer, sent: Collection[str], is_odd: Callable[[str], bool], problem: str
) -> Iterator[Wrong]:
    if answer.response is None or answer.received.status >= 300:
        return
    known = {*sent, *_brought(answer)}
    told: set[str] = set()
    for path, text in leaves(answer.body):
        at = spot(path)
        if isinstance(text, str) and is_odd(text) and text not in known and at not in told:
            told.add(at)
            yield Wrong(at, f"{at} {problem}: {text[:80]}", answer.response.pointer)


def _brought(answer: Answer) -> list[str]:
    """The odd texts of the request itself, which an answer may give back unless it is there to work on them."""
    sent = answer.exchange.sent
    texts = [value for _, value in parse_qsl(urlsplit(sent.target).query)]
    if answer.operation.id not in knowledge("side_effects")["reading"]:
        texts += odd_texts(value_of(sent.body))
    return texts


def _sum_differs(record: Record, whole: str, parts: list[str]) -> str:
    """The message if all parts are there and do not add up to the whole, else ""."""
    total = _number(record.get(whole))
    if total is None:
        return ""
    found = [_number(value) for name in parts for value in _values(record, name.split("."))]
    numbers = [number for number in found if number is not None]
    if not numbers or len(numbers) < max(len(found), len(parts)):
        return ""
    finest = min(_digit(number) for number in (total, *numbers))
    slack = _EXACT * finest * len(numbers) if finest < 1 and _digit(total) > finest else Decimal(0)
    added = sum(numbers, Decimal(0))
    return "" if abs(added - total) <= slack else f"{whole} is {total}, and its parts add up to {added}"


def _values(value: Json, steps: list[str]) -> Iterator[Json]:
    """The values at a dotted name, in which a last `*_x` stands for all that end so; a list is all of its items."""
    if not steps:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, steps)
    elif isinstance(value, dict):
        for name in value:
            if fnmatchcase(name, steps[0]):
                yield from _values(value[name], steps[1:])


def _number(value: Json) -> Decimal | None:
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _digit(number: Decimal) -> Decimal:
    """The value of the last digit that a number is given with."""
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))
