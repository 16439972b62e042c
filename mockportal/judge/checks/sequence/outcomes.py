"""Answers that are right or wrong by what is there, though any of them fits the schema."""

from collections.abc import Iterator

from mockportal.json_tree import difference
from mockportal.judge.checks.lists.listings import every
from mockportal.judge.checks.reading import reads
from mockportal.judge.context import Context
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.target.targets import Target
from mockportal.values import Json, Record, encode

_SHOWN = 90


def outcomes_are_as_known(context: Context) -> None:
    """Answers that depend on the data are as the `outcomes` of the targets file say: somebody exists or not, a rule
    forbids a change or allows it, a list holds these records and no others, a parameter selects one record and not
    another, and a written value shows everywhere. Each operation has several requests with different answers, so an
    operation that always answers the same fails one of them. A value that no read shows was lost by the write; a value
    that only some reads show is blamed on the others."""
    broken: set[str] = set()
    numbered = enumerate(context.target.outcomes)
    for number, entry in sorted(numbered, key=lambda pair: "about" in pair[1]):
        names = [name for name in entry["operations"] if _can(context, name, entry)]
        sound = [name for name in names if "about" not in entry or name not in broken]
        if sound:
            broken |= _come_out(context, sound, entry, number)


def _can(context: Context, name: str, entry: Record) -> bool:
    """True if an outcome can be tried: writes need permission, and changes need worlds."""
    before = [step["operation"] for step in entry.get("after", ())]
    gets = all(context.spec.operations[one].method == "GET" for one in (name, *before))
    clean = (reads(context, name) and not before) or bool(context.target.isolation)
    return context.usable(name, *before) and (gets or context.writes) and clean


def _come_out(context: Context, names: list[str], entry: Record, number: int) -> set[str]:
    """The operations whose answers are wrong, which are booked; what was written before them has to be there."""
    before = entry.get("after", ())
    worlds = {name: _world(context, name, entry, number) for name in names}
    if before:
        for name in (name for name in names if reads(context, name)):
            _send(context, name, entry, worlds[name])
    sent = [_send(context, step["operation"], step, worlds[names[0]]) for step in before]
    if any(not 200 <= one.status < 400 for one in sent):
        return set()
    answers = {name: _send(context, name, entry, worlds[name]) for name in names}
    wrong = {
        name: found
        for name, exchange in answers.items()
        if exchange.received is not None and (found := next(_wrong(context, name, entry, exchange), ""))
    }
    asked = _asked(context.target, entry)
    for name in answers.keys() - wrong.keys():
        context.right(name)
    if "about" in entry and wrong.keys() == answers.keys():
        name = next(iter(wrong))
        message = f"{asked}: {name}: {wrong[name]}"
        context.wrong(entry["about"], f"{asked} {name}", message, *sent, answers[name])
        return set()
    for name, found in wrong.items():
        context.wrong(name, asked, f"{asked}: {found}", *sent, answers[name])
    return set(wrong)


def _world(context: Context, name: str, entry: Record, number: int) -> str:
    if entry.get("after"):
        return f"{context.check}-{number}"
    return context.check if reads(context, name) else f"{context.check}-{name}-{number}"


def _wrong(context: Context, name: str, entry: Record, exchange: Interaction) -> Iterator[str]:
    """The first difference from the expected answer, or ""."""
    status = entry.get("status", context.case(name).status)
    if exchange.status != status:
        yield f"answered with {exchange.status} instead of {status}"
    body = body_of(exchange)
    if "shows" in entry and (found := difference(entry["shows"], body)):
        yield found
    for key, counted in (("values", list), ("kinds", set)):
        for at, wanted in entry.get(key, {}).items():
            seen = every(body, at)
            if sorted(counted(map(encode, seen))) != sorted(counted(map(encode, wanted))):
                yield f"{at} has {_text(seen)} instead of {_text(wanted)}"
    yield from (f"{key} is there" for key in entry.get("lacks", ()) if isinstance(body, dict) and key in body)
    location = exchange.received.header("location") if exchange.received else None
    if location != entry.get("location", location):
        yield f"leads to {location} instead of {entry['location']}"


def _send(context: Context, name: str, entry: Record, world: str) -> Interaction:
    """The request, without the parameters that are for other operations of the entry."""
    operation = context.spec.operations[name]
    token = context.target.variable_for(entry["token"]) if entry.get("token") and operation.security else None
    known = {parameter.name for parameter in operation.parameters}
    params = {key: value for key, value in entry.get("params", {}).items() if key in known or "[" in key}
    return context.call(name, params=params, body=entry.get("body", ...), token=token, world=world)


def _asked(target: Target, entry: Record) -> str:
    """Describes how the request differs from the valid one; the text is the same in every run against one target."""
    parts = [f"{name}={_text(value)}" for name, value in entry.get("params", {}).items()]
    parts += [f"body {_text(entry['body'])}"] if "body" in entry else []
    parts += [f"as {target.variable_for(entry['token'])}"] if entry.get("token") else []
    parts += [f"after {step['operation']}" for step in entry.get("after", ())]
    return ", ".join(parts) or "the valid request"


def _text(value: Json) -> str:
    text = value if isinstance(value, str) else encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
