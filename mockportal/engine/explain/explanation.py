"""An exchange explained: each stage that its request has passed, and what it found there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mockportal.engine.api import name_of
from mockportal.engine.call import Exchange
from mockportal.engine.engine import Engine, Way
from mockportal.engine.explain.absence import KEY, Absent, absences, alias_of
from mockportal.engine.guard import caller_name
from mockportal.engine.rules.book import Now
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath
from mockportal.state.changes import changed_records
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Record, decode

_REFUSED = (403, 404)


@dataclass(frozen=True, slots=True)
class Again:
    """An exchange played again, in a world of its own that begins at the moment before it.

    operation: the one that answered; None for a request that reached none
    draft:     the state before it, which notes nothing
    read:      the kinds and keys that were looked up for the answer
    """

    engine: Engine
    world: World
    trial: World
    exchange: Exchange
    operation: Operation | None
    way: Way
    draft: Draft
    read: frozenset[tuple[str, str]]


def play_again(engine: Engine, world: World, exchange: Exchange) -> Again:
    """Plays an exchange of a world again. Nothing of it stays, and nobody sees it."""
    moment = world.moment_after(exchange.n - 1) or world.moment()
    trial = world.trial(moment, exchange.n - 1)
    trial.state = exchange.before
    draft, way = trial.draft(exchange.request.base_url), Way(exchange.before)
    operation = engine.spec.operations.get(exchange.operation)
    if operation is None:
        return Again(engine, world, trial, exchange, None, way, draft, frozenset())
    engine.play(operation, exchange.request, trial, instant(exchange.at), way)
    read = frozenset(way.draft.records_read()) if way.draft is not None else frozenset()
    return Again(engine, world, trial, exchange, operation, way, draft, read)


def explanation(engine: Engine, world: World, exchange: Exchange) -> Record:
    """`{n, operation, status, answered_by, reason, route, guard, request, rules, records, missing}`"""
    again = play_again(engine, world, exchange)
    absent = [*_absent(again)]
    return {
        "n": exchange.n,
        "operation": exchange.operation or None,
        "status": exchange.reply.status,
        "answered_by": exchange.reply.answered_by,
        "behaviour": _behaviour(again),
        "reason": _reason(again, absent) or None,
        "route": _route(again),
        "guard": _guard(again),
        "request": _request(again),
        "rules": [*_rules(again)],
        "records": _records(again),
        "missing": [{"at": one.at, "id": one.id, "reason": _called(again, one.reason)} for one in absent],
    }


def reason(engine: Engine, world: World, exchange: Exchange) -> str:
    """The reason for a refusal in one line: what the answer says, and for a 403 or 404 of a behaviour what became of
    the record that was asked for."""
    if not _may_be_absent(exchange, world):
        return message_of(exchange)
    again = play_again(engine, world, exchange)
    return _reason(again, [*_absent(again)])


def message_of(exchange: Exchange) -> str:
    """The `message` of an answer, if it has one."""
    body = exchange.reply.body
    if body is None and exchange.content.startswith(
        b"{"
    ):  # an entry of the journal has its body as bytes only
        body = decode(exchange.content)
    message = body.get("message") if isinstance(body, dict) else None
    return message if isinstance(message, str) else ""


def _reason(again: Again, absent: list[Absent]) -> str:
    """`there is no contract 1234…: it belongs to contact/mehmet`"""
    message = message_of(again.exchange)
    if not absent or not _may_be_absent(again.exchange, again.world):
        return message
    one = next((one for one in absent if one.id in message), absent[0])
    return f"{message}: {_called(again, one.reason)}" if message else _called(again, one.reason)


def _may_be_absent(exchange: Exchange, world: World) -> bool:
    """True for a refusal that may be due to a record that was not found, or to an alias in place of an id."""
    by, status = exchange.reply.answered_by, exchange.reply.status
    if by == "read" and status == 400:
        return any(alias_of(value, world) for value in exchange.request.path_params.values())
    return by == "behaviour" and status in _REFUSED


def _absent(again: Again) -> Iterator[Absent]:
    call, caller = again.way.call, again.way.caller
    named: Record = {"params": dict(again.exchange.request.path_params)}
    if call is not None:
        named = {"params": call.params, "body": call.body}

    def hiding(kind: str, id: str) -> str:
        record = again.draft.collection(kind).find(id)
        return "" if record is None else again.engine.responders.api.hiding(caller, again.draft, kind, record)

    yield from absences(named, again.read, again.exchange, again.world, hiding)


def _behaviour(again: Again) -> str | None:
    """`acme.orders.get_order`, where one would answer."""
    behaviours = again.engine.responders.api.behaviours
    return name_of(behaviours[again.exchange.operation]) if again.exchange.operation in behaviours else None


def _route(again: Again) -> Record:
    """The operations whose path fits, the one that was chosen first; where none does, the path most like it."""
    request, routes = again.exchange.request, again.engine.spec.routes
    try:
        fitting = routes.fitting(request.path) if request.path else []
    except BadPath as problem:
        return {"candidates": [], "problem": str(problem)}
    chosen = again.exchange.operation
    candidates = [
        {"operation": one.id, "method": one.method, "path": one.path, "chosen": one.id == chosen}
        for one in sorted(fitting, key=lambda one: (one.id != chosen, one.path, one.method))
    ]
    if candidates or not request.path:
        return {"candidates": candidates}
    paths = {operation.path for operation in again.engine.spec.operations.values()}
    return {"candidates": [], "problem": f"no path fits{hint(request.path, paths)}"}


def _guard(again: Again) -> Record | None:
    """The caller that the guard found, and whether it and the API's admission let them in."""
    if again.operation is None:
        return None
    caller = again.way.caller
    needed = [[str(scheme) for scheme in alternative] for alternative in again.operation.credentials]
    return {
        "admitted": again.way.stage != "guard",
        "needs": needed,
        "caller": {"kind": caller.kind, "as": caller_name(caller, again.trial.scenario) or None},
    }


def _request(again: Again) -> Record:
    """The ways in which the request breaks the contract, and what in it was ignored."""
    return {
        "violations": [violation.to_json() for violation in again.way.unreadable],
        "ignored": [*again.way.ignored],
    }


def _rules(again: Again) -> Iterator[Record]:
    """Each rule for the operation: that it fired, or the condition that failed."""
    call, moment = again.way.call, again.world.moment_after(again.exchange.n - 1)
    if call is None or moment is None:
        return
    fired = again.exchange.rule
    if fired:
        yield {"id": fired, "fired": True, "hits": again.exchange.hits}
    now = Now(instant(again.exchange.at), again.exchange.n)
    for rule, lacking in moment.rules.misses(call, moment.scenario, now):
        yield {"id": rule.id, "fired": False, "misses": lacking}


def _records(again: Again) -> Record:
    """The records that were read and written, as `kind/alias-or-id`."""
    names = again.trial.scenario.names

    def called(keys: Iterable[tuple[str, str]]) -> list[str]:
        return sorted(f"{kind}/{names.get(id, id)}" for kind, id in keys)

    written = changed_records(again.exchange.before, again.exchange.after)
    there = (key for key in again.read if key[1] in (again.exchange.before.tables.get(key[0]) or ()))
    return {"read": called(there), "written": called(written)}


def _called(again: Again, text: str) -> str:
    """The text with each id of the scenario called by its alias."""
    scenario = again.trial.scenario

    def named(found: re.Match[str]) -> str:
        id = found.group()
        kind = next((kind for kind, ids in scenario.aliases.items() if scenario.names.get(id) in ids), "")
        return f"{kind}/{scenario.names[id]}" if kind else id

    return KEY.sub(named, text)
