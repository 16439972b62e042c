"""HTTP itself: methods that a path does not have, and bodies that do not say that they are JSON."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mockportal.judge.checks.sequence.side_effects import changed, probed
from mockportal.judge.context import Context
from mockportal.judge.model import Interaction, Sent
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spelling import spell

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
_WITH_BODY = ("POST", "PUT", "PATCH")
_OTHER_TYPES = ("text/plain", "application/xml", "application/x-www-form-urlencoded")
_NO_HEAD = (403, 404, 405, 501)
_SAME_HEADERS = ("content-type", "content-length", "location")
_NO_TRACE = (405, 501)
_PLACE = re.compile(r"\{[^}]*\}")


def wrong_methods_are_refused(context: Context) -> None:
    """A path answers a method that it does not have with 405, and its `Allow` names those that it has, no others (HEAD
    where there is GET, and OPTIONS, may be added). That is so for paths without parameters too, which are not taken for
    an id of another. HEAD, where there is one, answers like GET, with the
    same type and length, without a body, and to nobody else. TRACE may be 501. Only where any
    method may be sent."""
    if context.sender.gate.limits.allowed is not None:
        return
    for operations in _paths(context):
        known = {operation.method for operation in operations}
        judged = [operation for operation in operations if context.usable(operation.id)]
        for method in (method for method in _METHODS if judged and method not in known):
            _wrong_method(context, judged, known, method)
        for operation in judged:
            if operation.method == "GET" and (
                context.target.isolation or operation.id not in context.target.side_effects
            ):
                _head(context, operation)


def wrong_media_type_is_refused(context: Context) -> None:
    """A JSON body that is declared as something else (text, XML, a form) is refused with 400 or 415, and changes
    nothing. A body that is declared as nothing at all may be taken for JSON."""
    world = context.check
    chosen = [operation for operation in context.operations.values() if _takes_json(context, operation)]
    before = probed(context, world)
    refused = [operation for operation in chosen if _refuses(context, operation, world)]
    if not changed(context, before, world):
        return
    for operation in refused:
        alone = f"{world}-{operation.id}"
        before = probed(context, alone)
        sent = [*_mistaken(context, operation, alone)]
        probe = changed(context, before, alone)
        if probe:
            message = f"refuses a body of another type, but {probe} answers differently afterwards"
            after = context.call(probe, world=alone)
            context.wrong(operation.id, f"changes {probe}", message, before[probe], *sent, after)


def _paths(context: Context) -> list[list[Operation]]:
    """The operations of each path."""
    found: dict[str, list[Operation]] = {}
    for operation in context.spec.operations.values():
        found.setdefault(_PLACE.sub("{}", operation.path), []).append(operation)
    return list(found.values())


def _wrong_method(context: Context, judged: list[Operation], known: set[str], method: str) -> None:
    exchange = context.sender.send(_sent(context, judged, method), f"{context.check}-{judged[0].id}")
    if exchange.received is None:
        return
    wanted = _NO_TRACE if method == "TRACE" else (405,)
    allow = exchange.received.header("allow") or ""
    named = {name.strip().upper() for name in allow.split(",") if name.strip()}
    extra = {"OPTIONS", "HEAD"} if "GET" in known else {"OPTIONS"}
    for operation in judged:
        message = f"{method} on this path is answered with {exchange.status} instead of 405"
        if not context.expect(exchange.status in wanted, operation.id, "no 405", message, exchange):
            continue
        good = exchange.status != 405 or known <= named <= known | extra
        message = f"405 to {method} says Allow: {allow or 'nothing'} instead of {', '.join(sorted(known))}"
        context.expect(good, operation.id, "allow", message, exchange)


def _sent(context: Context, judged: list[Operation], method: str) -> Sent:
    """The valid request of an operation of the path, one with a body where there may be one, by another method."""
    bodied = [operation for operation in judged if context.case(operation.id).body is not None]
    operation = (bodied if method in _WITH_BODY and bodied else judged)[0]
    case = context.case(operation.id)
    body = case.body if method in _WITH_BODY else None
    spelled = spell(operation, case.params, body, case.media_type)
    token = context.target.variable_of(operation)
    headers = spelled.headers | ({"authorization": f"Bearer {token}"} if token else {})
    return Sent("", method, spelled.target, headers, spelled.body)


def _head(context: Context, operation: Operation) -> None:
    world = f"{context.check}-{operation.id}"
    get = context.call(operation.id, world=world)
    sent = replace(get.sent, operation="", method="HEAD")
    exchange = context.sender.send(sent, f"{world}-head")
    if exchange.received is None or get.received is None or exchange.status in _NO_HEAD:
        return
    message = f"HEAD is answered with {exchange.status}, and GET with {get.status}"
    context.expect(exchange.status == get.status, operation.id, "HEAD", message, get, exchange)
    message = f"HEAD comes with {len(exchange.received.body)} bytes"
    context.expect(not exchange.received.body, operation.id, "HEAD body", message, exchange)
    for name in _SAME_HEADERS:
        told, given = exchange.received.header(name), get.received.header(name)
        good = told is None or given is None or told == given or get.status != exchange.status
        good = good or (
            name == "content-length" and _coding(exchange) != _coding(get)
        )  # a proxy encodes bodies only
        message = f"HEAD says {name}: {told}, and GET {given}"
        context.expect(good, operation.id, f"HEAD {name}", message, get, exchange)
    if operation.security:
        _head_of_nobody(context, operation, sent)


def _coding(exchange: Interaction) -> str | None:
    return exchange.received.header("content-encoding") if exchange.received is not None else None


def _head_of_nobody(context: Context, operation: Operation, sent: Sent) -> None:
    """Without a token, HEAD is refused where GET is."""
    world = f"{context.check}-{operation.id}"
    get = context.call(operation.id, token="", world=world)
    headers = {name: value for name, value in sent.headers.items() if name != "authorization"}
    exchange = context.sender.send(replace(sent, headers=headers), f"{world}-head")
    if get.status in (401, 403) and exchange.received is not None:
        message = f"without a token, HEAD is answered with {exchange.status}, and GET with {get.status}"
        context.expect(exchange.status >= 400, operation.id, "HEAD of nobody", message, get, exchange)


def _takes_json(context: Context, operation: Operation) -> bool:
    case = context.case(operation.id)
    return (
        operation.body is not None
        and JSON_TYPE in operation.body.validators
        and not operation.body.validators.keys() & {*_OTHER_TYPES}
        and isinstance(case.body, dict | list)
        and context.usable(operation.id)
    )


def _refuses(context: Context, operation: Operation, world: str) -> bool:
    good = True
    for exchange in _mistaken(context, operation, world):
        if exchange.received is not None:
            kind = exchange.sent.headers["content-type"]
            message = f"a JSON body that is said to be {kind} is answered with {exchange.status}"
            good &= context.expect(exchange.status in (400, 415), operation.id, "accepted", message, exchange)
    return good


def _mistaken(context: Context, operation: Operation, world: str) -> Iterator[Interaction]:
    """The valid request as each of the other types."""
    case = context.case(operation.id)
    spelled = spell(operation, case.params, case.body, case.media_type)
    token = context.target.variable_of(operation)
    headers = spelled.headers | ({"authorization": f"Bearer {token}"} if token else {})
    for kind in _OTHER_TYPES:
        headed = headers | {"content-type": kind}
        sent = Sent(operation.id, operation.method, spelled.target, headed, spelled.body)
        yield context.sender.send(sent, world)
