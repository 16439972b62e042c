"""The refusals that the contract names, each brought about on purpose."""

from collections.abc import Sequence

from mockportal.json_tree import as_text, difference
from mockportal.judge.checks.sequence.side_effects import changed, probed
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, Record

_ARRANGED = frozenset(("changes", "removed"))


def refusals_are_as_documented(context: Context) -> None:
    """Every 4xx that an operation documents is brought about as the `refusals` of the targets file say: it has exactly
    this status, a body of its schema, the `reason` that is documented for it (and the rule that forbids it, the limits
    that it missed), and changes nothing."""
    world = context.check
    before = probed(context, world)
    kept_apart = context.target.side_effects - {*knowledge("side_effects")["repeatable"]}
    refused = {}
    for name, operation in context.operations.items():
        if context.usable(name) and name not in kept_apart:
            refused[name] = [
                _refuses(context, operation, *one, world) for one in _entries(context, operation)
            ]
    if not changed(context, before, world):
        return
    for name, good in refused.items():
        if context.spec.operations[name].method != "GET" and all(good):
            _changes_nothing(context, name)


def _entries(context: Context, operation: Operation) -> list[tuple[int, Record]]:
    """The documented refusals of an operation that can be brought about, by status."""
    return [
        (status, entry)
        for status in _documented(operation)
        for entry in entries_of(context.target.refusals, operation, status)
        if not entry.keys() & _ARRANGED and _fits(operation, entry)
    ]


def _changes_nothing(context: Context, name: str) -> None:
    """Books what reads differently after the refusals of one operation, in a world of its own."""
    world, operation = f"{context.check}-{name}", context.spec.operations[name]
    before = probed(context, world)
    sent = [_send(context, operation, entry, world) for _, entry in _entries(context, operation)]
    probe = changed(context, before, world)
    if probe:
        message = f"is refused, but {probe} answers differently afterwards"
        after = context.call(probe, world=world)
        context.wrong(name, f"changes {probe}", message, before[probe], *sent, after)


def entries_of(entries: Sequence[Record], operation: Operation, status: int) -> list[Record]:
    """The entries that name the operation, else the one for its security scheme, else the one for all."""
    schemes = {scheme for alternative in operation.security for scheme in alternative}
    fitting = [
        entry
        for entry in entries
        if entry["status"] == status
        and operation.id in entry.get("operations", (operation.id,))
        and entry.get("for") in (None, *schemes)
    ]
    named = [entry for entry in fitting if "operations" in entry]
    return named or sorted(fitting, key=lambda entry: "for" not in entry)[:1]


def _documented(operation: Operation) -> list[int]:
    return [int(status) for status in operation.responses if status.isdigit() and status.startswith("4")]


def _refuses(context: Context, operation: Operation, status: int, entry: Record, world: str) -> bool:
    """True if the request is refused with the expected status. Books the status, the body and the reason."""
    exchange = _send(context, operation, entry, world)
    if exchange.received is None:
        return False
    what = _what(entry)
    message = f"answers {exchange.status} instead of {status} to {what}"
    if not context.expect(exchange.status == status, operation.id, f"{status} {what}", message, exchange):
        return False
    response, body = operation.response(status), body_of(exchange)
    validator = response.validators.get(JSON_TYPE) if response else None
    good = validator is None or validator.is_valid(body)
    message = f"{status} has a body that is not as documented: {as_text(body)}"
    context.expect(good, operation.id, f"{status} body", message, exchange)
    if "reason" in entry:
        reason = body.get("reason") if isinstance(body, dict) else None
        message = f"{status} to {what} names the reason {reason!r} instead of {entry['reason']!r}"
        context.expect(
            reason == entry["reason"], operation.id, f"{status} {entry['reason']}", message, exchange
        )
    problem = difference(entry.get("shows", {}), body)
    message = f"{status} to {what} says otherwise: {problem}"
    context.expect(not problem, operation.id, f"{status} {what} says", message, exchange)
    return True


def _fits(operation: Operation, entry: Record) -> bool:
    """True if a general entry applies to this operation: it has a body that can be wrong, or a caller that can be
    exchanged. The token of an outside provider carries no rights that could be missing."""
    if "operations" in entry:
        return True
    if "body" in entry:
        return operation.body is not None
    foreign = any(knowledge("schemes")["outside"] in alternative for alternative in operation.security)
    return bool(operation.security) and (entry["status"] == 401 or not foreign)


def _send(context: Context, operation: Operation, entry: Record, world: str) -> Interaction:
    case = context.case(operation.id)
    body: Json = entry.get("body", case.body)
    if "fields" in entry:
        body = {**body, **entry["fields"]}
    token = context.target.variable_for(entry["token"]) if entry.get("token") else None
    return context.call(operation.id, params=entry.get("params", {}), body=body, token=token, world=world)


def _what(entry: Record) -> str:
    """Describes the change to the valid request."""
    changed = [f"another {name}" for name in (*entry.get("params", {}), *entry.get("fields", {}))]
    changed += [text for key, text in (("token", "another caller"), ("body", "another body")) if key in entry]
    return " and ".join(changed) or "the valid request"
