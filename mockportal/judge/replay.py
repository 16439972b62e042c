"""A finding played again: the same requests in a fresh world, with the ids that the target gives out this time."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from mockportal.judge.checks.answer.answers import answer_of
from mockportal.judge.checks.answer.registry import Known, answer_checks
from mockportal.judge.model import Interaction, Sent, json_body
from mockportal.judge.wire.gate import Sender
from mockportal.spec.spec import Spec
from mockportal.values import Json

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26}")


class ReplayedStep(NamedTuple):
    """One request as it was answered then and now."""

    then: Interaction
    now: Interaction


def replay(sender: Sender, exchanges: Sequence[Interaction], world: str) -> list[ReplayedStep]:
    """Sends the requests of `exchanges` again, in order. Raises `Blocked` and `Stopped`."""
    ids: dict[str, str] = {}
    steps = []
    for then in exchanges:
        now = sender.send(_with_ids(then.sent, ids), world)
        ids |= dict(_pairs(json_body(then.received), json_body(now.received)))
        steps.append(ReplayedStep(then, now))
    return steps


def is_still_so(spec: Spec, known: Known, check: str, signature: str, steps: Sequence[ReplayedStep]) -> bool:
    """True if the last answer is as wrong as it was.

    A check of a single answer decides this itself. For all others, the answer is as wrong if it has the same status
    and a body of the same shape.
    """
    then, now = steps[-1]
    operation = spec.operations.get(now.sent.operation)
    checks = answer_checks(known)
    if check in checks and operation is not None and now.received is not None:
        wrong = checks[check](answer_of(operation, now, now.received))
        return signature in {one.signature for one in wrong}
    same_status = [step.then.status == step.now.status for step in steps]
    return all(same_status) and _shape(json_body(then.received)) in (None, _shape(json_body(now.received)))


def _with_ids(sent: Sent, ids: dict[str, str]) -> Sent:
    def partner(found: re.Match[str]) -> str:
        return ids.get(found.group(), found.group())

    body = sent.body
    with suppress(UnicodeDecodeError):  # such a body holds no id of ours
        body = _ID.sub(partner, body.decode()).encode()
    return replace(sent, target=_ID.sub(partner, sent.target), body=body)


def _pairs(then: Json, now: Json) -> Iterator[tuple[str, str]]:
    """Ids that stand at the same place in both answers."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then.keys() & now.keys():
            yield from _pairs(then[name], now[name])
    elif isinstance(then, list) and isinstance(now, list):
        for left, right in zip(then, now, strict=False):
            yield from _pairs(left, right)
    elif isinstance(then, str) and isinstance(now, str) and _ID.fullmatch(then) and _ID.fullmatch(now):
        yield then, now


def _shape(value: Json) -> Json:
    """Keys and JSON types; None where there is no body, or only the excerpt of one."""
    if isinstance(value, dict):
        return {name: _shape(item) or type(item).__name__ for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(value[0]) or type(value[0]).__name__] if value else []
    return None if value is None else type(value).__name__
