"""Access: the valid request of every operation succeeds with its token, and with no other kind of token."""

from collections import Counter
from collections.abc import Mapping

from mockportal.judge.checks.reading import reads
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.target.callers import given_variable
from mockportal.judge.wire.gate import variable
from mockportal.spec.operations import Operation
from mockportal.values import Record

_REFUSED = (401, 403)
_GARBAGE = "not-a-token"
_MANY, _EXCEPTIONS = 8, 0.15  # operations that show a rule, and the share of those that break it
_NO_BEARER = ("{}", "Basic {}", "Token {}", "bearer{}")


def success_is_reached(context: Context) -> None:
    """The valid request of the targets file is answered with a success. If another token was given than the one in the
    file, the request is sent with both, and only the file's own caller has to succeed."""
    for name in context.operations:
        if not context.usable(name):
            continue
        exchange = context.call(name)
        context.ledger.valid[name] = exchange
        case = context.case(name)
        if exchange.status == case.status:
            context.right(name)
        elif exchange.received is not None and context.populated:
            message = f"a valid request is answered with {exchange.status} instead of {case.status}"
            context.wrong(name, str(exchange.status), message, exchange)
        _ask_as_given(context, name)


def _ask_as_given(context: Context, name: str) -> None:
    """Sends the valid request of an operation with the given token; the answer is judged like any other."""
    given = given_variable(context.spec.operations[name], context.target)
    if given and (context.target.isolation or reads(context, name)):
        context.call(name, token=given, world=f"{context.check}-{name}-given")


def token_is_needed(context: Context) -> None:
    """Without a token, with one that nobody issued, and with a good one that is not sent as a bearer token, a
    secured operation answers 401."""
    for name, _ in _secured(context):
        for signature, token in (("none", ""), ("garbage", _GARBAGE)):
            exchange = context.call(name, token=token)
            message = (
                f"answered {exchange.status} with {'a token that nobody issued' if token else 'no token'}"
            )
            context.expect(exchange.status == 401, name, signature, message, exchange)
        _bearer_is_needed(context, name, exchange)


def _bearer_is_needed(context: Context, name: str, exchange: Interaction) -> None:
    good = context.target.variable_of(context.spec.operations[name])
    for shape in _NO_BEARER:
        headers = {**exchange.sent.headers, "authorization": shape.format(good)}
        other = context.sender.send_again(exchange, f"{context.check}-{name}", headers=headers)
        message = f"answered {other.status} to a good token that is sent as {shape.format('TOKEN')!r}"
        context.expect(other.status == 401, name, shape.format("token"), message, other)


def locked_out_stay_out(context: Context) -> None:
    """Callers whom the targets file names as locked out (`locked_out`) are refused by every operation of their scheme,
    with the status and the reason that it names; where this status is not documented, 401 will do."""
    for number, entry in enumerate(context.target.locked_out):
        for _, operation in _secured(context):
            if _is_locked(context, operation, entry):
                _refuses(context, operation, entry, f"{context.check}-{number}-{operation.id}")


def _is_locked(context: Context, operation: Operation, entry: Record) -> bool:
    listed = {scheme for alternative in operation.security for scheme in alternative}
    if not listed & {entry["scheme"], knowledge("schemes")["either"]} or operation.id in entry.get(
        "except", ()
    ):
        return False
    changes = not reads(context, operation.id) or operation.id in entry.get("also", ())
    return changes or not entry.get("writing")


def _refuses(context: Context, operation: Operation, entry: Record, world: str) -> None:
    exchange = context.call(operation.id, token=context.target.variable_for(entry["token"]), world=world)
    expected = {entry["status"]} | (set() if operation.documents(entry["status"]) else {401})
    message = f"answered {exchange.status} to {entry['who']}; expected {entry['status']}"
    signature = f"{entry['status']} {entry['who']}"
    good = context.expect(exchange.status in expected, operation.id, signature, message, exchange)
    if good and "reason" in entry and exchange.status == entry["status"]:
        body = body_of(exchange)
        reason = body.get("reason") if isinstance(body, dict) else None
        message = f"refuses {entry['who']} for the reason {reason!r} instead of {entry['reason']!r}"
        context.expect(reason == entry["reason"], operation.id, f"reason {signature}", message, exchange)


def wrong_scheme_is_refused(context: Context) -> None:
    """A good token of a scheme that the operation does not list is refused; with 401 or 403, whatever nearly all other
    operations answer to this token."""
    refused: dict[str, dict[str, Interaction]] = {}
    schemes = knowledge("schemes")
    for name, operation in _secured(context):
        listed = {scheme for alternative in operation.security for scheme in alternative}
        for scheme in context.target.tokens.keys() - listed:
            if schemes["either"] in listed | {scheme} and scheme != schemes["outside"]:
                continue
            exchange = context.call(name, token=variable(scheme))
            message = f"answered {exchange.status} to a token of {scheme}"
            if context.expect(exchange.status in _REFUSED, name, scheme, message, exchange):
                refused.setdefault(f"{scheme} {sorted(listed)}", {})[name] = exchange
    for alike in refused.values():
        _are_uniform(context, alike)


def _are_uniform(context: Context, refused: Mapping[str, Interaction]) -> None:
    """Books the few operations that answer a token with another status than all others that do not take it."""
    (usual, count), *others = Counter(exchange.status for exchange in refused.values()).most_common()
    if not others or count < _MANY or len(refused) - count > len(refused) * _EXCEPTIONS:
        return
    for name, exchange in refused.items():
        message = f"answers {exchange.status} to a token to which {count} other operations answer {usual}"
        context.expect(exchange.status == usual, name, f"{exchange.status}", message, exchange)


def _secured(context: Context) -> list[tuple[str, Operation]]:
    return [
        (name, operation)
        for name, operation in context.operations.items()
        if operation.security and context.usable(name)
    ]
