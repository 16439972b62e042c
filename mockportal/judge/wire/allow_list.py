"""Decides whether a request may leave if only some operations are allowed."""

from urllib.parse import unquote

from mockportal.judge.model import Sent
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath
from mockportal.spec.spec import Spec

_OVERRIDES = frozenset(("x-http-method-override", "x-http-method", "x-method-override"))


def operation_of(spec: Spec, method: str, target: str) -> Operation | None:
    """The operation of the contract that a method on a path means, if any; HEAD is not GET here."""
    try:
        route = spec.routes.find(target.partition("?")[0])
    except BadPath:
        return None
    found = route.operation(method) if route else None
    return found[0] if found and found[0].method == method else None


def is_allowed(spec: Spec, sent: Sent, allowed: frozenset[str]) -> bool:
    """True if a request means an allowed operation: as it is spelled, as it is labelled, and as a server might read it
    that decodes once more or walks up at `..`. It must not name another method in a header."""
    path = sent.target.partition("?")[0]
    spelled = operation_of(spec, sent.method, path)
    obliging = operation_of(spec, sent.method, _plain(path))
    return (
        spelled is not None
        and spelled.id in allowed
        and (not sent.operation or sent.operation in allowed)
        and (obliging is None or obliging.id in allowed)
        and not any(name.lower() in _OVERRIDES for name in sent.headers)
    )


def means_one_of(spec: Spec, sent: Sent, names: frozenset[str]) -> bool:
    """True if a request means one of these operations, as it is spelled or as a server might read it."""
    path = sent.target.partition("?")[0]
    meant = (operation_of(spec, sent.method, one) for one in (path, _plain(path)))
    return any(one is not None and one.id in names for one in meant)


def _plain(path: str) -> str:
    """A path as the most obliging server would read it."""
    while (decoded := unquote(path)) != path:
        path = decoded
    steps: list[str] = []
    for step in path.replace("\\", "/").split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step.partition(";")[0])
    return "/" + "/".join(steps)
