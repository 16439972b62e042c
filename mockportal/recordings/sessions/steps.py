"""The events of a session as entries of `expect`."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import quote

from mockportal.engine.call import Exchange, Request
from mockportal.engine.engine import Engine
from mockportal.files.yaml_text import flow
from mockportal.recordings.sessions.callers import caller_of
from mockportal.recordings.sessions.changes import record_changes, rule_changes
from mockportal.recordings.sessions.history import Happening, Past
from mockportal.recordings.sessions.names import Names
from mockportal.recordings.sessions.requests import request_keys
from mockportal.recordings.sessions.secrets import MADE_UP, Secrets, secrets_in
from mockportal.spec.operations import Operation
from mockportal.state.clock import Clock, instant, timestamp
from mockportal.state.rules.rule import Rule
from mockportal.state.scenario import Scenario
from mockportal.state.store import State
from mockportal.values import Json, Record, decode, encode

BASE = Request("", "").base_url  # the address that recordings call the mock by
_LARGEST = 100_000  # bytes of an answer that is written out
_HEADERS = ("location", "retry-after")
_NOTHING = timedelta()
_MOST_DIGITS = 999_999
NONE: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SessionStep:
    """Entry `entry` of `expect`, if there is one, and remarks about it. `n` is the number of its exchange, 0 for a
    change from outside."""

    n: int
    entry: Record | None
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tape:
    """The clock, records and rules to which a replay of the steps so far has come."""

    clock: Clock
    state: State
    rules: tuple[Rule, ...]
    names: Names
    secrets: Secrets
    scenario: Scenario
    engine: Engine
    different: Mapping[int, str]
    steps: list[SessionStep] = field(default_factory=list)


def steps_of(past: Past, engine: Engine, different: Mapping[int, str] = NONE) -> list[SessionStep]:
    """The steps of a session, of which those that cannot be taken again have no entry but the reason.

    different: the numbers of exchanges that turned out differently when they were replayed, each with how
    """
    scenario = past.start.scenario
    exchanges = [event.exchange for event in past.events]
    clock, secrets = standing(scenario.clock), secrets_in(exchanges, scenario)
    tape = _Tape(clock, scenario.state, scenario.rules, Names(scenario), secrets, scenario, engine, different)
    for event in past.events:
        if not event.exchange.operation.startswith("mockportal."):
            tape.steps += _steps(event, tape)
    return _pruned(tape.steps)


def standing(clock: Clock) -> Clock:
    """The same clock, but one that stands: one that ticks is set before every request instead."""
    step = _NOTHING if clock.ticking else clock.step
    return replace(clock, ticking=False, started=0.0, moves_dates=False, step=step)


def _steps(event: Happening, tape: _Tape) -> Iterator[SessionStep]:
    """The steps to where an exchange began, and the exchange."""
    exchange = event.exchange
    operation = tape.engine.spec.operations.get(exchange.operation)
    if operation is None:
        yield SessionStep(
            exchange.n, None, (f"{exchange.n}: {_line(exchange, tape)} is left out: no operation",)
        )
        return
    entry, problem = _entry(event, operation, tape)
    if not problem and exchange.n in tape.different:
        why = "its secrets are hidden, and with others " if MADE_UP in flow(entry) else ""
        problem = why + tape.different[exchange.n]
    if problem:
        yield SessionStep(exchange.n, None, (f"{exchange.n}: {operation.id} cannot be replayed: {problem}",))
        return
    yield from _outside(event, tape)
    remark = f"{exchange.n}: the secrets of this request are replaced by made-up ones"
    yield SessionStep(exchange.n, entry, (remark,) if MADE_UP in flow(entry) else ())
    tape.state = exchange.after
    if exchange.after is not exchange.before:
        tape.clock = tape.clock.stepped()


def _line(exchange: Exchange, tape: _Tape) -> str:
    request = exchange.request
    return f"{request.method} {tape.secrets.hide.path(request.path, request.path_params)[:200]}"


def _outside(event: Happening, tape: _Tape) -> Iterator[SessionStep]:
    """The steps that lead from where the replay is to where an exchange began: time, records and rules."""
    entry = _time(event, tape)
    if entry:
        yield SessionStep(0, entry)
    rules = event.before.rules.rules
    for change in rule_changes(tape.rules, rules):
        yield _safe(change, "a rule", tape)
    tape.rules = rules
    if tape.state is not event.exchange.before:
        for change in record_changes(tape.state, event.exchange.before, tape.scenario, tape.names):
            yield _safe(change, str(change.get("edit") or change.get("put")), tape)
    tape.state = event.exchange.before


def _safe(change: Record, what: str, tape: _Tape) -> SessionStep:
    if tape.secrets.are_in(change):
        return SessionStep(
            0, None, (f"a change of {tape.secrets.hide.text(what)} is left out: it holds a secret",)
        )
    return SessionStep(0, {name: tape.names.named(value) for name, value in change.items()})


def _time(event: Happening, tape: _Tape) -> Record | None:
    """The step in time that leads to an exchange, if one does."""
    clock, at = event.before.clock, event.exchange.at
    base = instant(at) if clock.ticking or timestamp(clock.base) != at else clock.base
    there = standing(replace(clock, base=base))
    here, tape.clock = tape.clock, there
    if (there.base, there.step) == (here.base, here.step):
        return None
    if there.step == here.step and there.base > here.base:
        by = _length(there.base - here.base)
        if by:
            return {"advance": by}
    return {"clock": clock_key(there)}


def clock_key(clock: Clock) -> Json:
    """A clock that stands, as a scenario writes it."""
    now = timestamp(clock.base)
    milliseconds = clock.step // timedelta(milliseconds=1)
    if milliseconds == 1:
        return now
    return {"now": now, "step": f"{milliseconds}ms" if milliseconds else 0}


def _length(by: timedelta) -> str:
    """`P14D`, `PT90S` or `3ms`; "" for one that none of them can say."""
    for unit, form in (
        (timedelta(days=1), "P%dD"),
        (timedelta(seconds=1), "PT%dS"),
        (timedelta(milliseconds=1), "%dms"),
    ):
        if by % unit == _NOTHING and by // unit <= _MOST_DIGITS:
            return form % (by // unit)
    return ""


def _entry(event: Happening, operation: Operation, tape: _Tape) -> tuple[Record, str]:
    """An exchange as an entry, or the reason why it cannot be one."""
    exchange, secrets = event.exchange, tape.secrets
    here, there = exchange.request.base_url, BASE
    request = moved(exchange.request, here, there)
    who = caller_of(operation, request, exchange.caller, event.before.scenario, tape.engine.responders.api)
    if not who:
        return {}, "the scenario has no token for its caller"
    keys, problem = request_keys(operation, request, event.before.rules.rules, secrets)
    if problem:
        return {}, problem
    named: Record = tape.names.named(keys)
    entry = {"as": who, "operation": operation.id, **named, "status": exchange.reply.status}
    if exchange.reply.fault:
        return {**entry, "fault": exchange.reply.fault}, ""
    headers = {
        name: value for name, value in exchange.reply.headers.items()
        if name.lower() in _HEADERS and not secrets.hides(value) and here not in value
    }  # fmt: skip
    return entry | ({"headers": headers} if headers else {}) | _answer(
        exchange, content_moved(exchange.content, here, there), tape
    ), ""


def _answer(exchange: Exchange, content: bytes, tape: _Tape) -> Record:
    """The keys for the body of an answer, with the ids to save from it; without secrets, and then not to the byte."""
    if not content:
        return {}
    allowed = tape.secrets.allow_digest(content.decode("utf-8", "replace"))
    digest = {"sha256": hashlib.sha256(content).hexdigest()} if allowed else {}
    try:
        body = decode(content)
    except ValueError:
        return digest
    if encode(body) != content or len(content) > _LARGEST:
        return digest
    part, is_safe = tape.secrets.without(body)
    if not is_safe:
        return digest
    named = {"body": tape.names.named(part)}
    save = tape.names.saving(exchange, part)
    whole = {"exact": True} if part == body else digest
    return {**whole, **named, **({"save": dict(save)} if save else {})}


def moved(request: Request, here: str, there: str) -> Request:
    """The request as it would be sent to a mock at another address."""
    if here == there:
        return request
    query = request.query.replace(quote(here, safe=""), quote(there, safe=""))
    return replace(request, query=query, body=content_moved(request.body, here, there), base_url=there)


def content_moved(content: bytes, here: str, there: str) -> bytes:
    """A body as a mock at another address would send or get it."""
    return content if here == there else content.replace(here.encode(), there.encode())


def _pruned(steps: list[SessionStep]) -> list[SessionStep]:
    """The steps without what is saved and never used."""
    used = uses([step.entry for step in steps])
    pruned = []
    for step in steps:
        save = (step.entry or {}).get("save")
        if step.entry is not None and save:
            kept = {name: at for name, at in save.items() if name in used}
            entry = {name: value for name, value in step.entry.items() if name != "save"}
            step = replace(step, entry={**entry, "save": kept} if kept else entry)
        pruned.append(step)
    return pruned


def uses(value: Json) -> set[str]:
    """The names of saved values in a value."""
    if isinstance(value, str):
        return {value[1:]} if value.startswith("$") else set()
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return {name for item in items for name in uses(item)}
