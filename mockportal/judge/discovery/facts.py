"""Names and ids found in answers, and the parameters that they are good for."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mockportal.judge.knowledge import knowledge
from mockportal.redaction.names import is_secret, is_secret_parameter
from mockportal.spec.operations import Operation
from mockportal.spec.parameters import Parameter
from mockportal.values import Json

_PER_NAME = 3
_DEPTH = 6
_ID = re.compile(r"(?<=.)(_id|Id|_slug)$")


class Fact(NamedTuple):
    """A value, and where it was found: `getAllContracts /data/0/_id`."""

    value: Json
    source: str


@dataclass(slots=True)
class Facts:
    """All that answers have told so far: values by the name of their property, and ids by the kind of their thing."""

    named: dict[str, list[Fact]] = field(default_factory=dict)
    ids: dict[str, list[Fact]] = field(default_factory=dict)
    kinds: list[Fact] = field(default_factory=list)

    def learn(self, operation: Operation, body: Json) -> None:
        """Notes what an answer holds."""
        for kind, fact in self._ids_in(body, _last_word(operation.path), operation.id, ""):
            _add(self.ids, kind, fact)
        for name, fact in _named_in(body, operation.id, ""):
            if name == knowledge("discovery")["kind"] and fact.value not in [one.value for one in self.kinds]:
                self.kinds.append(fact)
            _add(self.named, _plain(name), fact)

    def a_kind(self, listed: Collection[Json]) -> Fact | None:
        """A kind of which something was found; one of those `listed`, if there are any."""
        return next((fact for fact in self.kinds if not listed or fact.value in listed), None)

    def for_parameter(
        self, operation: Operation, parameter: Parameter, known: Mapping[str, Fact], allowed: Collection[Json]
    ) -> Fact | None:
        """The first value that fits a parameter: by its name, or by the word before it in the path, which may be that
        of a parameter `known` already. `allowed` are the values that the document lists; none if it lists none."""
        look = knowledge("discovery")["looks"].get(parameter.name, "[^{}]*")
        return next(
            (
                fact
                for fact in self._fitting(operation, parameter.name, known)
                if (not allowed or fact.value in allowed) and re.fullmatch(look, str(fact.value), re.DOTALL)
            ),
            None,
        )

    def _fitting(self, operation: Operation, name: str, known: Mapping[str, Fact]) -> Iterator[Fact]:
        if is_secret_parameter(name):
            return
        if name == "id":
            before = operation.path.partition("{id}")[0].rstrip("/").rpartition("/")[2]
            given = known.get(before.strip("{}")) if before.startswith("{") else None
            words = [str(given.value)] if given else [before, "".join(operation.path.split("/")[-3:-1])]
            for word in words:
                yield from self.ids.get(_singular(_plain(word)), ())
            return
        if _ID.search(name):
            yield from self.ids.get(_plain(_ID.sub("", name)), ())
        for other in (name, *knowledge("discovery")["also"].get(name, ())):
            yield from self.named.get(_plain(other), ())

    def _ids_in(self, value: Json, kind: str, operation: str, at: str) -> Iterator[tuple[str, Fact]]:
        """(kind, id) of each record: it says its kind itself, else the list that it stands in does."""
        if at.count("/") > _DEPTH:
            return
        if isinstance(value, list):
            for number, item in enumerate(value[:_PER_NAME]):
                yield from self._ids_in(item, kind, operation, f"{at}/{number}")
        elif isinstance(value, dict):
            own = value.get(knowledge("discovery")["kind"])
            id = next(
                (name for name in knowledge("discovery")["ids"] if isinstance(value.get(name), str)), None
            )
            if id is not None:
                of = _plain(own) if isinstance(own, str) else kind
                yield of, Fact(value[id], f"{operation} {at}/{id}")
            for name, item in value.items():
                yield from self._ids_in(item, _kind_within(name, item, kind), operation, f"{at}/{name}")


def _kind_within(name: str, item: Json, kind: str) -> str:
    """The kind of the things in a property: a list is named after them, and so is what wraps one."""
    wrappers = knowledge("discovery")["wrappers"]
    holds = isinstance(item, list) or (isinstance(item, dict) and any(one in item for one in wrappers))
    return _singular(_plain(name)) if holds and name not in wrappers else kind


def _named_in(value: Json, operation: str, at: str) -> Iterator[tuple[str, Fact]]:
    if at.count("/") > _DEPTH:
        return
    if isinstance(value, list):
        for number, item in enumerate(value[:_PER_NAME]):
            yield from _named_in(item, operation, f"{at}/{number}")
    elif isinstance(value, dict):
        for name, item in value.items():
            if (
                isinstance(item, str | int)
                and not isinstance(item, bool)
                and item != ""
                and not is_secret(name)
            ):
                yield name, Fact(item, f"{operation} {at}/{name}")
            yield from _named_in(item, operation, f"{at}/{name}")


def _add(found: dict[str, list[Fact]], name: str, fact: Fact) -> None:
    facts = found.setdefault(name, [])
    if len(facts) < _PER_NAME and fact.value not in [one.value for one in facts]:
        facts.append(fact)


def _last_word(path: str) -> str:
    """`contract` for `/v2/contracts/`: the last word of a path that is no parameter."""
    words = [word for word in path.split("/") if word and "{" not in word]
    return _singular(_plain(words[-1])) if words else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
