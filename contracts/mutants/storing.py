"""Patches of what is remembered: the answer is right, and the world's state is not."""

from collections.abc import Callable
from dataclasses import replace

from contracts.mutants.model import Answer, Patch
from contracts.mutants.replies import When, is_success
from contracts.mutants.requests import Repair, fields_of
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.state.store import Draft, State
from mockportal.values import Json, Record

Edit = Callable[[Draft, Exchange], None]
Rewrite = Callable[[Record, Record, Request], Record]  # the record before ({} if new), after, and the request


def forget_change(when: When = is_success) -> Patch:
    """Nothing is stored; ids that were given are not given again."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if when(exchange.reply) and exchange.after is not exchange.before:
            old = exchange.before
            world.state = State(old.tables, old.index, exchange.after.counters)
        return exchange

    return patch


def then(edit: Edit, when: When = is_success) -> Patch:
    """After the answer, the state is changed once more."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if when(exchange.reply):
            draft = world.draft(request.base_url)
            edit(draft, exchange)
            world.state = draft.state
        return exchange

    return patch


def rewrite(kind: str, change: Rewrite) -> Patch:
    """What is stored of each record of `kind` that the request has made or changed is another thing."""

    def edit(draft: Draft, exchange: Exchange) -> None:
        for old, new in written(exchange, kind):
            draft.collection(kind).put(change(old, new, exchange.request))

    return then(edit)


def forget_fields(kind: str, *names: str) -> Patch:
    """These fields keep their old values."""

    def change(old: Record, new: Record, request: Request) -> Record:
        return {
            **{name: value for name, value in new.items() if name not in names},
            **{name: old[name] for name in names if name in old},
        }

    return rewrite(kind, change)


def merge_instead(kind: str) -> Patch:
    """What is sent is merged into the old record, which it should replace."""
    return rewrite(kind, lambda old, new, request: {**old, **new})


def replace_instead(kind: str, *kept: str) -> Patch:
    """The record has only what is sent, its system fields and those `kept`; the rest of the old one is gone."""

    def change(old: Record, new: Record, request: Request) -> Record:
        sent = fields_of(request)
        return {k: v for k, v in new.items() if k.startswith("_") or k in kept or k in sent}

    return rewrite(kind, change)


def repeat() -> Patch:
    """What is asked once is done twice."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if is_success(exchange.reply):
            answer(operation, request, world)
        return exchange

    return patch


def despite_refusal(change: Repair, when: When) -> Patch:
    """A refused request does what a changed one would do."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if when(exchange.reply):
            answer(operation, change(operation, request, world.scenario), world)
        return exchange

    return patch


def pretend(kind: str, **values: Json) -> Patch:
    """Answered as if every record of `kind` that has one of these fields had these values, None for no such field.
    What the answer does not change stays as it is."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        before = world.state
        draft = world.draft(request.base_url)
        known = {one[draft.collection(kind).kind.key]: one for one in draft.collection(kind)}
        real = {id: record for id, record in known.items() if record.keys() & values.keys()}
        for record in real.values():
            draft.collection(kind).put(_with(record, values))
        world.state = draft.state
        exchange = answer(operation, request, world)
        if exchange.after is draft.state:
            world.state = before
            return exchange
        draft = world.draft(request.base_url)
        for id, record in real.items():
            now = draft.collection(kind).find(id)
            if now is not None:
                old = {name: record.get(name) for name in values if now.get(name) == values[name]}
                draft.collection(kind).put(_with(now, old))
        world.state = draft.state
        return exchange

    return patch


def overlook(kind: str, *names: str) -> Patch:
    """Answered as if no record of `kind` had these fields, which stay as they are."""
    return pretend(kind, **dict.fromkeys(names))


def read_in(choose: Callable[[World], State]) -> Patch:
    """Read in another state than the present one, which stays."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        state, world.state = world.state, choose(world)
        exchange = answer(operation, request, world)
        world.state = state
        return exchange

    return patch


def from_the_start() -> Patch:
    """Read as if nothing had been written since the world began."""
    return read_in(lambda world: world.scenario.state)


def without(kind: str) -> Patch:
    """Read as if there were no record of `kind`."""
    return read_in(lambda world: replace(world.state, tables=world.state.tables.discard(kind)))


def _with(record: Record, values: Record) -> Record:
    merged = {**record, **values}
    return {name: value for name, value in merged.items() if value is not None or name not in values}


def written(exchange: Exchange, kind: str) -> list[tuple[Record, Record]]:
    """Each record of `kind` that the exchange has made or changed, before ({} if it is new) and after."""
    old, new = exchange.before.tables.get(kind), exchange.after.tables.get(kind)
    pairs = []
    for id, row in new.items() if new is not None else ():
        known = old.get(id) if old is not None else None
        if known is None or known.record is not row.record:
            pairs.append((known.record if known is not None else {}, row.record))
    return pairs
