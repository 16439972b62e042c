"""Pairs the ids of the left target with those of the right one, since deployments number their things differently."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from mockportal.judge.drift.comparison.documented import ITEM, Steps
from mockportal.judge.drift.comparison.shapes import UUID
from mockportal.judge.target.targets import Case
from mockportal.values import Json

# What people call a thing by, the best first. Tells records apart where their ids do not.
_NATURAL = (
    "slug",
    "contract_number",
    "meter_number",
    "billing_account_number",
    "customer_number",
    "order_number",
    "ma_lo_id",
    "email",
    "filename",
    "name",
    "_title",
    "title",
    "label",
)
_KINDS = ("_schema", "type", "entity_slug")
# The operation and the place in its answers where an id was found.
Source = tuple[str, Steps]


@dataclass(slots=True)
class Ids:
    """`partner` maps ids of the left to those of the right; `sources` and `found` tell where an id stands in lists, and
    which ids stand there, in order."""

    partner: dict[str, str] = field(default_factory=dict)
    sources: dict[str, set[Source]] = field(default_factory=lambda: defaultdict(set))
    found: dict[Source, list[str]] = field(default_factory=lambda: defaultdict(list))

    def pair(self, left: str, right: str) -> None:
        """The first partner stays."""
        self.partner.setdefault(left, right)

    def pair_cases(self, left: Mapping[str, Case], right: Mapping[str, Case]) -> None:
        """The ids with which both targets are called for the same thing."""
        for name, case in left.items():
            other = right[name]
            for key, value in case.params.items():
                if is_id(key, value) and isinstance(other.params.get(key), str):
                    self.pair(value, other.params[key])
            self.pair_bodies(case.body, other.body)

    def pair_bodies(self, left: Json, right: Json) -> None:
        """The ids in two bodies of a request. The same id twice is the document's example, which says nothing."""
        for _, one, other in _matched_ids(left, right, ()):
            if one != other:
                self.pair(one, other)

    def learn(self, operation: str, left: Json, right: Json) -> None:
        """The ids of two answers of an operation, and where they stand."""
        for steps, one, other in _matched_ids(left, right, ()):
            self.pair(one, other)
            source = (operation, steps)
            if source not in self.sources[one]:
                self.sources[one].add(source)
                self.found[source].append(one)

    def like(self, value: str) -> list[str]:
        """The other ids that stand where `value` stands in lists, and have a partner."""
        places = sorted(self.sources.get(value, ()))
        return list(dict.fromkeys(id for place in places for id in self.found[place] if id != value))

    def translated(self, value: Json) -> Json:
        """`value` with each id of the left replaced by its partner."""
        if isinstance(value, str):
            return self.partner.get(value, value)
        if isinstance(value, dict):
            return {key: self.translated(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.translated(item) for item in value]
        return value


def is_id(key: str, value: Json) -> bool:
    """True if a text is the id of something: a UUID, or a value under a name that ends in id."""
    if not isinstance(value, str) or not value:
        return False
    named = key in ("id", "_id") or key.endswith(("_id", "Id", "_ids"))
    return named or UUID.fullmatch(value) is not None


def grounded(made: Json, real: Json) -> Json:
    """`made` with the ids that `real` has at the same places: a made-up id leads nowhere."""
    if not isinstance(made, dict) or not isinstance(real, dict):
        return made
    return {
        key: real[key] if key in real and is_id(key, real[key]) else grounded(value, real.get(key))
        for key, value in made.items()
    }


def _matched_ids(left: Json, right: Json, steps: Steps) -> Iterator[tuple[Steps, str, str]]:
    """(place, id at the left, its partner)."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [key for key in left if key in right]:
            one, other = left[key], right[key]
            if is_id(key, one) and isinstance(other, str) and other:
                yield (*steps, key), one, other
            else:
                yield from _matched_ids(one, other, (*steps, key))
    elif isinstance(left, list) and isinstance(right, list):
        for one, other in _matched(left, right):
            if isinstance(one, str) and isinstance(other, str):
                if UUID.fullmatch(one) and UUID.fullmatch(other):
                    yield (*steps, ITEM), one, other
            else:
                yield from _matched_ids(one, other, (*steps, ITEM))


def _matched(left: Sequence[Json], right: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """The elements that are about the same thing: same id, else same name, else same kind, in order."""
    ones, others = dict(enumerate(left)), dict(enumerate(right))
    for key_of in _KEYS:
        waiting: dict[str, deque[int]] = defaultdict(deque)
        for number, item in others.items():
            waiting[key_of(item)].append(number)
        for number, item in [*ones.items()]:
            key = key_of(item)
            if key and waiting[key]:
                yield ones.pop(number), others.pop(waiting[key].popleft())


def _id_of(item: Json) -> str:
    if isinstance(item, dict):
        return str(item.get("_id") or item.get("id") or "")
    return item if isinstance(item, str) else ""


def _named(name: str, item: Json) -> str:
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""


def _kind_of(item: Json) -> str:
    kinds = [str(item[name]) for name in _KINDS if name in item] if isinstance(item, dict) else []
    return f"{type(item).__name__} {kinds[:1]}"


_KEYS: tuple[Callable[[Json], str], ...] = (_id_of, *(partial(_named, name) for name in _NATURAL), _kind_of)
