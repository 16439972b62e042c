"""Before anything is judged: the target answers, it is an API and no web page, and it lets us in."""

from collections.abc import Iterable
from dataclasses import replace

from mockportal.errors import UsageError
from mockportal.judge.model import Received, Sent
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Blocked, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, decode

_PROBES = 3
_PATIENCE = 3.0
_ASKED = "is this the address of the API?"


def check_answers(sender: Sender, spec: Spec, target: Target, url: str) -> None:
    """Raises `UsageError` if the target gives no HTTP answers, or none that could be of this API.

    One operation may be broken; what is said of the target holds for several.
    """
    gate, limits = sender.gate, sender.gate.limits
    gate.limits = replace(limits, patience=_PATIENCE)
    problems = []
    try:
        for operation in _probes(spec, limits.allowed, url):
            problem = _problem(sender, operation, target, url)
            if not problem:
                return
            problems.append(problem)
    finally:
        gate.limits = limits
    raise UsageError(url, problems[0])


def _problem(sender: Sender, operation: Operation, target: Target, url: str) -> str:
    case = target.cases[operation.id]
    token = target.variable_of(operation)
    try:
        exchange = sender.call(operation.id, case.params, case.body, token, "preflight", case.media_type)
    except Blocked as blocked:
        return str(blocked)
    except Stopped as stopped:
        raise UsageError(url, str(stopped)) from None
    if sender.gate.stopped:
        raise UsageError(url, sender.gate.stopped)
    if exchange.received is None:
        raise UsageError(url, exchange.problem)
    sender.gate.pulse = exchange.sent
    return _no_api(exchange.received)


def is_populated(sender: Sender, target: Target) -> bool:
    """True if the target says that it holds the data of the targets file."""
    path, expected = target.identity.get("path"), target.identity.get("body", {})
    if not path:
        return False
    answer = _peek(sender, path)
    return isinstance(answer, dict) and expected.items() <= answer.items()


def refused_tokens(sender: Sender, spec: Spec, target: Target, names: Iterable[str]) -> dict[str, str]:
    """`{operation: reason}` for operations whose token the target refuses wherever it was tried."""
    allowed = sender.gate.limits.allowed
    readers: dict[str, list[str]] = {}
    for name, operation in spec.operations.items():
        if operation.method == "GET" and (allowed is None or name in allowed):
            readers.setdefault(target.variable_of(operation), []).append(name)
    refused = {
        token
        for token, operations in readers.items()
        if token and all(_is_refused(sender, target, name, token) for name in operations[:_PROBES])
    }
    return {
        name: f"the target refuses {target.variable_of(spec.operations[name])} with 401: give one that is valid"
        for name in names
        if target.variable_of(spec.operations[name]) in refused
    }


def _is_refused(sender: Sender, target: Target, name: str, token: str) -> bool:
    case = target.cases[name]
    try:
        return sender.call(name, case.params, case.body, token, f"preflight-{name}").status == 401
    except Stopped:  # whoever sends next is told
        return False


def _probes(spec: Spec, allowed: frozenset[str] | None, url: str) -> list[Operation]:
    """GETs that may be sent, public ones first, those with few parameters before others. Raises `UsageError`."""
    candidates = [
        operation
        for operation in spec.operations.values()
        if operation.method == "GET" and (allowed is None or operation.id in allowed)
    ]
    if not candidates and allowed is None:
        candidates = [*spec.operations.values()]
    if not candidates:
        raise UsageError(url, "no operation may be called that only reads")
    candidates.sort(key=lambda operation: (bool(operation.security), len(operation.parameters)))
    return candidates[:_PROBES]


def _no_api(received: Received) -> str:
    """The reason why an answer cannot come from an API, or ""."""
    status = received.status
    kind = (received.header("content-type") or "").partition(";")[0].strip().lower()
    if status >= 500:
        return f"answers {status} to everything"
    if 300 <= status < 400:
        return f"redirects to {_shown(received.header('location') or 'nowhere')} ({status}): {_ASKED}"
    if kind in ("text/html", "application/xhtml+xml"):
        return f"answers with a web page ({status} {kind}): {_ASKED}"
    if not received.body:
        return ""
    try:
        decode(received.body)
    except ValueError:
        return f"answers {status} with {kind or 'something'} that is not JSON: {_ASKED}"
    return ""


def _shown(location: str) -> str:
    """An address without its query, which may hold secrets."""
    return location.partition("?")[0][:120]


def _peek(sender: Sender, path: str) -> Json:
    """An address beside the contract; a profile that allows only operations of it is in the way, and that is right."""
    if sender.gate.limits.allowed is not None:
        return None
    exchange = sender.send(Sent("", "GET", path, {}), "preflight")
    if exchange.status != 200 or exchange.received is None:
        return None
    try:
        return decode(exchange.received.body)
    except ValueError:
        return None
