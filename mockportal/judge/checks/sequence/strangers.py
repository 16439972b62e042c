"""Questions about somebody who is not there, or who only looks like somebody who is."""

import hashlib
import re
from collections.abc import Iterator, Mapping

from mockportal.json_tree import Path, leaves, replaced
from mockportal.judge.checks.reading import readable
from mockportal.judge.checks.sequence.side_effects import alike
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import Operation
from mockportal.values import Json

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOOK_ALIKE = dict(zip("aeopcyxi", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456", strict=True))
_UNSEEN = "\u200b"
_NAME = re.compile(
    r"[\w.@+-]+"
)  # in a body; anything else there is a text, or means something to the operation
_SHORTEST = 4


def strangers_are_told_apart(context: Context) -> None:
    """A question about an id, an address, a domain or a name that nobody has is not answered with the data of somebody,
    unless something else in it says who is meant; and one that only looks like a known one, by a letter of another
    alphabet or a character that nobody sees, is answered like one that nobody has. A write that names an unknown id in
    its path fails."""
    for name, operation in context.operations.items():
        if not context.usable(name) or name in context.target.side_effects:
            continue
        if readable(context, name):
            for where, text in _named(context, operation):
                _judge(context, operation, where, text)
        elif context.writes and context.target.isolation:
            _write(context, operation)


def _judge(context: Context, operation: Operation, where: Path, text: str) -> None:
    """Asks with the text, with an unknown one, and with two that look like it."""
    known = context.call(operation.id)
    nobody = _ask(context, operation, where, unknown(text))
    if known.status >= 300 or nobody is None:
        return
    shown = _shared(known, nobody) or _same(operation, where, known, nobody)
    good = not shown or _is_lax(operation.id, where) or not _selects(context, operation, where, known)
    message = f"asked about an unknown {where[-1]}, it shows {shown}, as for {text}"
    if not context.expect(good, operation.id, f"{_spelled(where)} unknown", message, known, nobody):
        return
    if alike(known, nobody):
        return
    for kind, other in (("looks alike", _look_alike(text)), ("unseen", _unseen(text))):
        exchange = _ask(context, operation, where, other) if other != text else None
        if exchange is not None:
            good = exchange.status >= 400 or not alike(known, exchange)
            message = f"{where[-1]} {other!a} is taken for {text}"
            if not context.expect(good, operation.id, f"{_spelled(where)} {kind}", message, known, exchange):
                return


def _write(context: Context, operation: Operation) -> None:
    """A write to a thing that is not there."""
    case = context.case(operation.id)
    for parameter in operation.parameters:
        text = case.params.get(parameter.name)
        if parameter.location != "path" or not isinstance(text, str) or not _UUID.fullmatch(text):
            continue
        params = {**case.params, parameter.name: unknown(text)}
        if _is_lax(operation.id, ("params", parameter.name)) or "404" not in operation.responses:
            continue
        exchange = context.call(operation.id, params=params, world=f"{context.check}-{operation.id}-unknown")
        message = f"{parameter.name} names nothing, and is answered with {exchange.status}"
        good = exchange.status >= 400
        context.expect(good, operation.id, f"params.{parameter.name} unknown", message, exchange)


def _named(context: Context, operation: Operation) -> Iterator[tuple[Path, str]]:
    """The texts of the valid request that name something."""
    case = context.case(operation.id)
    free = {
        parameter.name
        for parameter in operation.parameters
        if parameter.kind == "string" and not parameter.opaque
    }
    for name, value in case.params.items():
        if name in free and isinstance(value, str) and len(value) >= _SHORTEST:
            yield ("params", name), value
    for path, value in leaves(case.body) if isinstance(case.body, dict) else ():
        if (
            isinstance(value, str)
            and len(value) >= _SHORTEST
            and _NAME.fullmatch(value)
            and isinstance(path[-1], str)
        ):
            yield ("body", *path), value


def _ask(context: Context, operation: Operation, where: Path, text: str) -> Interaction | None:
    """The valid request with another text; None where its schema forbids it, or where there is no answer."""
    case = context.case(operation.id)
    params: Mapping[str, Json] = case.params
    body = case.body
    if where[0] == "params":
        params = {**params, str(where[1]): text}
        known = {parameter.name for parameter in operation.parameters}
        if not operation.parameter_validator.is_valid({key: params[key] for key in params if key in known}):
            return None
    else:
        body = replaced(body, where[1:], text)
        if operation.body is None or not all(
            one.is_valid(body) for one in operation.body.validators.values()
        ):
            return None
    exchange = context.call(operation.id, params=params, body=body)
    return exchange if exchange.received is not None else None


def _selects(context: Context, operation: Operation, where: Path, known: Interaction) -> bool:
    """False for a parameter without which the answer is the same: something else in the request says who is meant."""
    if where[0] != "params" or any(one.required for one in operation.parameters if one.name == where[1]):
        return True
    params = {name: value for name, value in context.case(operation.id).params.items() if name != where[1]}
    return not alike(known, context.call(operation.id, params=params))


def _shared(known: Interaction, nobody: Interaction) -> str:
    """An id that both answers show and neither request has brought; "" if there is none."""
    if nobody.status >= 300:
        return ""
    brought = known.sent.target + known.sent.body.decode(errors="ignore") + nobody.sent.target
    ids = [
        {value for _, value in leaves(body_of(one)) if isinstance(value, str) and _UUID.fullmatch(value)}
        for one in (known, nobody)
    ]
    return min((id for id in ids[0] & ids[1] if id not in brought), default="")


def _same(operation: Operation, where: Path, known: Interaction, nobody: Interaction) -> str:
    """Says that the answers are the same, where the path names one thing and the contract knows that it may not be."""
    path = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
    if where[0] != "params" or where[1] not in path or "404" not in operation.responses:
        return ""
    return "the same" if nobody.status < 300 and body_of(nobody) and alike(known, nobody) else ""


def unknown(text: str) -> str:
    """A text of the same form that names nothing."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    if _UUID.fullmatch(text):
        return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
    if "@" in text:
        return f"nobody-{digest[:8]}@{text.rpartition('@')[2]}"
    return f"nobody-{digest[:8]}.{text.partition('.')[2]}" if "." in text else f"nobody-{digest[:8]}"


def _look_alike(text: str) -> str:
    """The text with one letter of another alphabet that looks the same."""
    at = next((number for number, letter in enumerate(text) if letter in _LOOK_ALIKE), None)
    return text if at is None or _UUID.fullmatch(text) else text[:at] + _LOOK_ALIKE[text[at]] + text[at + 1 :]


def _unseen(text: str) -> str:
    """The text with a character in it that has no width."""
    return text if _UUID.fullmatch(text) else f"{text[:2]}{_UNSEEN}{text[2:]}"


def _is_lax(operation: str, where: Path) -> bool:
    """True if the knowledge says that this names nothing that the answer depends on."""
    return _spelled(where).rpartition(".")[2] in knowledge("variations")["unselecting"].get(operation, ())


def _spelled(where: Path) -> str:
    return ".".join("*" if isinstance(step, int) else step for step in where)
