"""One thing, one truth, wherever it is shown: whoever tells of a thing tells the same as everybody else."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from mockportal.json_tree import Path, children, filled, spot, walk
from mockportal.judge.checks.lists.listings import askers
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, encode, whole_of

_SHORTEST = 8  # of an id that names the same thing everywhere
_PASSING = re.compile(
    r"^https?://|\{\{"
)  # addresses are signed anew, and templates filled in here and not there
_MOST_ASKED = 20
_SHOWN = 60


@dataclass(slots=True)
class Evidence:
    """All that operations tell: (id, property) -> value -> the operations that say so, with an answer of each."""

    facts: dict[tuple[str, str], dict[bytes, dict[str, Interaction]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )

    def hear(self, exchange: Interaction) -> None:
        """Notes all that an answer tells."""
        if not 200 <= exchange.status < 300:
            return
        caller = exchange.sent.headers.get("authorization", "")
        for _, record in walk(body_of(exchange)):
            id = _id_of(record)
            for name, told in _told(record, caller) if id else ():
                self.facts[id, name][told].setdefault(exchange.sent.operation, exchange)

    def tellers(self) -> set[str]:
        """All operations that have told something."""
        return {name for values in self.facts.values() for tellers in values.values() for name in tellers}

    def disputed(self) -> Iterator[tuple[tuple[str, str], dict[bytes, dict[str, Interaction]]]]:
        """The facts that are told in several ways, by values of one type."""
        for key, values in self.facts.items():
            if len(values) > 1 and len({_kind(value) for value in values}) == 1:
                yield key, values


def records_agree(context: Context) -> None:
    """A thing that several answers show, by itself, in a list or inside of another thing, has the same values in all of
    them. The operations that are outnumbered are blamed; where as many say one thing as the other, whoever else can
    tell is asked, and then the one that is in doubt most often is blamed."""
    evidence = gathered(context)
    for (id, _), values in list(evidence.disputed())[:_MOST_ASKED]:
        for exchange in _further(context, id, {name for tellers in values.values() for name in tellers}):
            evidence.hear(exchange)
    wrong: dict[str, list[tuple[str, str, Interaction, Interaction]]] = defaultdict(list)
    disputes = dict(evidence.disputed())
    doubts = Counter(name for values in disputes.values() for tellers in values.values() for name in tellers)
    for (id, name), values in disputes.items():
        right = max(values, key=lambda one: (len(values[one]), -max(doubts[who] for who in values[one]), one))
        witness = next(iter(values[right].values()))
        for value, tellers in values.items():
            for operation, own in tellers.items() if value != right else ():
                message = f"has {name} {_text(value)} for {id}, and {witness.sent.operation} {_text(right)}"
                wrong[operation].append((name, message, witness, own))
    _book(context, evidence.tellers() & context.operations.keys(), wrong)


def gathered(context: Context) -> Evidence:
    """The evidence of all operations that only read, each asked by its own caller, lists for all that they have."""
    evidence = Evidence()
    for name in context.operations:
        if readable(context, name) and name not in context.target.side_effects:
            evidence.hear(context.call(name, world=context.check))
    for asker in askers(context, "operation"):
        page = asker.whole() if asker.token is None else None
        if page is not None:
            evidence.hear(page.exchange)
    return evidence


def _book(
    context: Context, judged: set[str], wrong: dict[str, list[tuple[str, str, Interaction, Interaction]]]
) -> None:
    """One finding for each operation, about the first of its properties that differ."""
    for operation in sorted(judged):
        told = sorted(wrong.get(operation, ()), key=lambda one: one[:2])
        if not told:
            context.right(operation)
        for name, message, witness, own in told[:1]:
            more = f"; so do {len(told) - 1} others" if len(told) > 1 else ""
            context.wrong(operation, name, message + more, witness, own)


def _further(context: Context, id: str, known: set[str]) -> Iterator[Interaction]:
    """The answers of other operations that can be asked about an id."""
    asked: set[str] = set()
    for way in knowledge("coherence")["details"]:
        name = way["detail"]
        if name in known or not readable(context, name):
            continue
        body = filled(way["body"], {"id": id}) if "body" in way else context.case(name).body
        params = filled(way.get("params", {}), {"id": id})
        key = f"{name} {encode([params, body]).decode()}"
        if id in key and key not in asked:
            asked.add(key)
            yield context.call(name, params=params, body=body, world=context.check)


def _id_of(record: Json) -> str:
    """The id of a thing; "" for what has none, or one that is too short to be nobody else's."""
    names = knowledge("coherence")["identifying"] if isinstance(record, dict) else ()
    if names and names[0] in record:  # it is about this, be it only a part of a thing
        names = names[:1]
    ids = (record.get(name) for name in names)
    return next((id for id in ids if isinstance(id, str) and len(id) >= _SHORTEST), "")


def _told(value: Json, caller: str, path: Path = ()) -> Iterator[tuple[str, bytes]]:
    """The values of a thing by dotted name: plain ones, as deep as they are not those of another thing, and the ids
    that a relation names, which depend on the caller."""
    named = _named(value)
    if named:
        yield spot(path), b"$" + encode([caller, named])
    elif isinstance(value, dict | list):
        for name, item in children(value) if not (path and _id_of(value)) else ():
            yield from _told(item, caller, (*path, name))
    elif value is not None and not (isinstance(value, str) and _PASSING.search(value)):
        yield (
            ".".join(map(str, path)),
            {str: b"s", bool: b"b"}.get(type(value), b"n") + encode(whole_of(value)),
        )


def _named(value: Json) -> list[str]:
    """The ids that a relation names, in order; none for what is no relation."""
    holder, id = knowledge("coherence")["relations"]
    items = value.get(holder) if isinstance(value, dict) else value
    related = items if isinstance(items, list) else []
    return sorted(str(one[id]) for one in related if isinstance(one, dict) and id in one)


def _kind(told: bytes) -> bytes:
    """The type of a value; of relations also the caller."""
    return told[:1] if told[:1] != b"$" else told.partition(b",")[0]


def _text(told: bytes) -> str:
    text = told[1:].decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
