"""A proxy on this machine that holds each exchange with an upstream against the contract, and tells of it."""

import http.client
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from mockportal.engine.answers.audit import audit
from mockportal.engine.call import Caller, Reply, Request
from mockportal.engine.read import Unreadable, WrongMediaType, read
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath
from mockportal.spec.spec import Spec
from mockportal.spec.validation import Violation
from mockportal.values import encode, value_of
from mockportal.web.control.app import is_local
from mockportal.web.receiving import BrokenOff, headers_of, received

_OF_THE_LINE = ("connection", "keep-alive", "transfer-encoding", "content-length", "trailer", "upgrade")


class UpstreamAnswer(NamedTuple):
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


Note = Callable[[Request, UpstreamAnswer, tuple[Violation, ...]], None]


class Recorder:
    """Passes requests on by `ask`, and tells `note` of each exchange and of what in it breaks the contract."""

    def __init__(self, spec: Spec, ask: Callable[[Request], UpstreamAnswer], note: Note) -> None:
        self._spec = spec
        self._ask = ask
        self._note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request as the upstream does."""
        if scope["type"] != "http":
            return
        headers = headers_of(scope["headers"])
        try:
            body, refusal = await received(receive, headers)
        except BrokenOff:
            return
        if not is_local(headers.get("host", "")):
            refusal = Reply(403, {"message": "the recorder answers only to this machine"})
        if refusal is not None:
            await _send(send, refusal.status, (), encode(refusal.body))
            return
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        request = Request(scope["method"], path, query, headers, body)
        try:
            answer = await run_in_threadpool(self._ask, request)
        except (OSError, http.client.HTTPException, ValueError) as error:
            await _send(send, 502, (), encode({"message": f"the upstream gives no answer: {error}"}))
            return
        self._note(request, answer, violations(self._spec, request, answer))
        await _send(send, answer.status, answer.headers.items(), answer.content)


def violations(spec: Spec, request: Request, answer: UpstreamAnswer) -> tuple[Violation, ...]:
    """The ways in which an exchange breaks the contract, in both directions; none where no operation is called."""
    try:
        route = spec.routes.find(request.path)
    except BadPath:
        return ()
    found = None if route is None else route.operation(request.method)
    if found is None:
        return ()
    operation, params = found
    reply = Reply(answer.status, value_of(answer.content), answer.headers)
    return (*_wrong(operation, replace(request, path_params=params)), *audit(operation, reply))


def _wrong(operation: Operation, request: Request) -> tuple[Violation, ...]:
    """The ways in which a request breaks the contract."""
    try:
        read(operation, request, Caller("public"))
    except Unreadable as error:
        return error.violations
    except WrongMediaType as error:
        return (Violation("header", "/content-type", str(error), ""),)
    return ()


async def _send(send: Send, status: int, headers: Iterable[tuple[str, str]], content: bytes) -> None:
    kept = [(name, value) for name, value in headers if name not in _OF_THE_LINE]
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept]
    lines.append((b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": content})
