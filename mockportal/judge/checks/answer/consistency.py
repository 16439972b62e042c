"""An answer makes sense in itself: nothing is listed twice, and the fields of one record agree with each other.

A request may send values that make no sense, and an answer may echo them, so the values that were sent are remembered.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from mockportal.json_tree import Path, spot, walk
from mockportal.judge.checks.answer.answers import Answer, Wrong
from mockportal.judge.checks.answer.plausibility import odd_texts
from mockportal.judge.checks.answer.secrets import freely_given
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction
from mockportal.judge.target.targets import Case
from mockportal.values import Json, Record, decode, encode

_T = TypeVar("_T")
_FEW = 3
_CENTS = 100
_WORD = re.compile(r"[A-Za-z][a-z]*|_+|\d+")
# (names that it is about, where, what is wrong)
Odd = tuple[tuple[str, ...], str, str]


class SentValues:
    """Remembers the values that requests have sent, so that an answer which echoes them is not a finding.

    names:   properties that were sent inconsistently or incompletely, other than by the valid requests
    texts:   (name, text) of values that the client itself sent, and which are therefore no secrets
    domains: domains that were set, to which redirects may lead
    odd:     texts with placeholders, and days that there are not
    """

    def __init__(self, cases: Mapping[str, Case]) -> None:
        self._cases = cases
        self.names: set[str] = set()
        self.texts: set[tuple[str, str]] = set()
        self.domains: set[str] = set()
        self.odd: set[str] = set()

    def watch(self, exchange: Interaction) -> None:
        """Remembers what a request brings."""
        sent = exchange.sent
        if not sent.body or sent.body[:1] not in (b"{", b"["):
            return
        try:
            value = decode(sent.body)
        except ValueError:
            return
        for _, record in _records(value):
            self.domains.update(
                record[name].lower()
                for name in knowledge("answers")["domains"]
                if isinstance(record.get(name), str)
            )
        if sent.operation not in knowledge("side_effects")["reading"]:
            self.odd.update(odd_texts(value))
        case = self._cases.get(sent.operation)
        if case is not None and case.body == value:
            return
        self.texts.update(freely_given(sent.operation, sent.body))
        self.names.update(name for names, _, _ in (*repeated(value), *contradicting(value)) for name in names)
        self.names.update(_halves(value))
        self.names.discard("")


def consistency_checks(sown: SentValues) -> dict[str, Callable[[Answer], Iterator[Wrong]]]:
    """The checks of what an answer says of itself, by name."""

    def nothing_is_listed_twice(answer: Answer) -> Iterator[Wrong]:
        """No list, however deep, has two things of one id, one name that identifies them, or that are the same."""
        return _judged(answer, sown, repeated)

    def nothing_contradicts_itself(answer: Answer) -> Iterator[Wrong]:
        """No range ends before it begins, no amount differs from its decimal or lacks the currency that others of its
        kind have, no count is less than nothing."""
        return _judged(answer, sown, contradicting)

    return {check.__name__: check for check in (nothing_is_listed_twice, nothing_contradicts_itself)}


def _judged(answer: Answer, sown: SentValues, odd: Callable[[Json], Iterable[Odd]]) -> Iterator[Wrong]:
    if answer.response is None or answer.received.status >= 300 or not isinstance(answer.body, dict | list):
        return
    apart = knowledge("answers")["apart"].get(answer.operation.id, ())
    told = {
        at for _, at, _ in odd(_brought(answer))
    }  # an answer may give back what its own request has brought
    for names, at, message in odd(answer.body):
        if at not in apart and at not in told and not sown.names.intersection(names):
            told.add(at)
            yield Wrong(at, message, answer.response.pointer)


def _brought(answer: Answer) -> Json:
    try:
        return decode(answer.exchange.sent.body)
    except ValueError:
        return None


def repeated(value: Json) -> Iterator[Odd]:
    """The things that a list has more than once."""
    rules = knowledge("answers")
    for path, items in _lists(value):
        records = [item for item in items if isinstance(item, dict)]
        if len(records) < 2:
            continue
        leaf = next((part for part in reversed(path) if isinstance(part, str)), "")
        keys = [*rules["ids"], *(key for key, lists in rules["names"].items() if leaf in lists)]
        at = spot(path)
        for key in keys:
            twice = _twice(item[key] for item in records if isinstance(item.get(key), str | int))
            if twice is not None:
                yield (leaf,), f"{at}.{key}".lstrip("."), f"{at or 'the list'} has {key} {twice} twice"
        # of what is deep inside a record, small things may well be alike
        large = records if len(path) < 2 else [one for one in records if len(one) >= _FEW]
        same = _twice(encode(one) for one in large if one)
        if same is not None:
            yield (
                (leaf,),
                f"{at} alike",
                f"{at or 'the list'} has the same twice: {same[:60].decode(errors='ignore')}",
            )


def contradicting(value: Json) -> Iterator[Odd]:
    """Fields that contradict other fields of the same record."""
    having: dict[str, set[tuple[str, str]]] = {}
    lacking: list[tuple[str, Record]] = []
    for path, record in _records(value):
        known = _traits(tuple(record))
        for test, name in known.tests:
            for names, message in test(record, name):
                yield names, f"{spot(path)}.{name}".lstrip("."), message
        if known.priced:
            having.setdefault(spot(path), set()).update(known.priced)
        elif known.amounts:
            lacking.append((spot(path), record))
    for at, record in lacking:
        for amount, name in sorted(having.get(at, ())):
            if record.get(amount) is not None:
                yield (name, amount), f"{at}.{name}".lstrip("."), f"{amount} has no {name}, which others have"


@dataclass(frozen=True, slots=True)
class _Traits:
    """The comparisons that make sense for records with certain properties.

    `tests` come with the property that each begins with, `priced` pairs amounts with their currencies, and `amounts`
    says that there are amounts but no currency.
    """

    tests: tuple[tuple[Callable[[Record, str], Iterator[tuple[tuple[str, ...], str]]], str], ...]
    priced: frozenset[tuple[str, str]]
    amounts: bool


@lru_cache(4096)
def _traits(names: tuple[str, ...]) -> _Traits:
    tests = [(_range, name) for name in names if any(end in names for end in upper_ends(name))]
    tests += [(_amount, name) for name in names if name.removesuffix("_decimal") in {*names} - {name}]
    tests += [(_count, name) for name in names if name in knowledge("answers")["counts"]]
    currencies = [name for name in names if name.endswith("currency")]
    priced = frozenset((one, name) for name in currencies for one in names if _is_currency_of(name, one))
    return _Traits(tuple(tests), priced, not currencies and any(_is_money(name) for name in names))


def _range(record: Record, name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for other in upper_ends(name):
        first, last = record[name], record.get(other)
        if _is_after(first, last):
            yield (name, other), f"{name} {first} is more than {other} {last}"


@lru_cache(4096)
def upper_ends(name: str) -> tuple[str, ...]:
    """The names that the upper end of a range may have if `name` is its lower end."""
    words, found = _WORD.findall(name), []
    if "".join(words) != name:
        return ()
    for number, word in enumerate(words):
        other = knowledge("answers")["ends"].get(word.lower())
        if other:
            spelled = other.capitalize() if word[0].isupper() else other
            found.append("".join((*words[:number], spelled, *words[number + 1 :])))
    return tuple(found)


def _is_after(one: Json, other: Json) -> bool:
    if _is_number(one) and _is_number(other):
        return bool(one > other)
    first, last = _time(one), _time(other)
    return first is not None and last is not None and _zoned(first) == _zoned(last) and first > last


def _time(value: Json) -> datetime | None:
    if not isinstance(value, str) or not value[:4].isdigit() or len(value) < len("2026-01-01"):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _zoned(time: datetime) -> bool:
    return time.tzinfo is not None


def _amount(record: Record, name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    whole = name.removesuffix("_decimal")
    cents, decimal = record.get(whole), record[name]
    if whole == name or not _is_number(cents) or _has_other_units(record):
        return
    try:
        good = abs(Decimal(str(decimal)) * _CENTS - Decimal(str(cents))) < 1
    except InvalidOperation:
        return
    if not good:
        yield (name, whole), f"{whole} is {cents} (hundredths), and {name} {decimal}"


def _has_other_units(record: Record) -> bool:
    unusual = knowledge("answers")["without_cents"]
    return any(isinstance(value, str) and value in unusual for value in record.values())


def _count(record: Record, name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if name in knowledge("answers")["counts"] and _is_number(record[name]) and record[name] < 0:
        yield (name,), f"{name} is {record[name]}"


def _is_currency_of(name: str, amount: str) -> bool:
    prefix = name.removesuffix("currency")
    if name == f"{amount}_currency":
        return True
    return prefix in ("", f"{amount.removesuffix('amount')}") and amount.endswith(("amount", "amount_total"))


def _halves(value: Json) -> Iterator[str]:
    """The names of one half of what belongs together, sent without the other one."""
    for _, record in _records(value):
        for name in record:
            for other in _others(name):
                if other not in record:
                    yield from (name, other)


@lru_cache(4096)
def _others(name: str) -> tuple[str, ...]:
    money = (name.removesuffix("_decimal") if name.endswith("_decimal") else f"{name}_decimal",)
    return (*upper_ends(name), *_starts(name), *(money if _is_money(name) else ()))


def _is_money(name: str) -> bool:
    return "amount" in name or "balance" in name or name.endswith("_decimal")


def _starts(name: str) -> tuple[str, ...]:
    """The names that the lower end of a range may have if `name` is its upper end."""
    ends = knowledge("answers")["ends"]
    words = _WORD.findall(name)
    return tuple(
        "".join((*words[:number], first.capitalize() if word[0].isupper() else first, *words[number + 1 :]))
        for number, word in enumerate(words)
        for first, last in ends.items()
        if last == word.lower()
    )


def _twice(values: Iterable[_T]) -> _T | None:
    seen = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _lists(value: Json) -> Iterator[tuple[Path, list[Json]]]:
    return ((path, item) for path, item in walk(value) if isinstance(item, list))


def _records(value: Json) -> Iterator[tuple[Path, Record]]:
    return ((path, item) for path, item in walk(value) if isinstance(item, dict))
