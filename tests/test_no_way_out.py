"""The mock never calls out: every operation, service and endpoint is asked while no socket may connect anywhere."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette

from mockportal.engine.call import request_for
from mockportal.mock import Mock, Setup
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import encode
from mockportal.web.app import create_app
from mockportal.web.document.assembly import descriptions
from tests.support.asgi import part, play
from tests.support.cases import Case, target, tokens_by_scheme
from tests.support.control_examples import target_of

WAYS_OUT = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
)
FOREIGN = (
    ("origin", "http://foreign.invalid"),
    ("referer", "http://foreign.invalid/"),
    ("x-forwarded-host", "foreign.invalid"),
)
pytestmark = pytest.mark.anyio
watched: list[list[str]] = []  # the list that is filled, while somebody watches


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Notes and denies what leads out of the process; an audit hook cannot be taken away again."""
    if watched and event in WAYS_OUT:
        watched[-1].append(f"{event} {arguments[1:]}")
        raise PermissionError(event)


sys.addaudithook(note)


@contextmanager
def without_a_way_out() -> Iterator[None]:
    watched.append([])
    try:
        yield
    finally:
        found = watched.pop()
    assert found == []


@pytest.fixture(scope="module")
def mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture(scope="module")
def app(mock: Mock) -> Starlette:
    app = create_app(mock)
    app.state.end_streams()
    return app


def token_of(operation: Operation, case: Case) -> str:
    schemes = [scheme for alternative in operation.security for scheme in alternative]
    return case.token if case.token is not None else tokens_by_scheme().get(schemes[0], "") if schemes else ""


async def test_no_operation_calls_out(app: Starlette, mock: Mock) -> None:
    cases = target(mock.spec, mock.scenario(None)).cases
    assert len(cases) == 149
    statuses = set()

    with without_a_way_out():
        for name, case in cases.items():
            operation = mock.spec.operations[name]
            request = request_for(operation, case.params, case.body, token_of(operation, case))
            lines = [("host", "localhost:8080"), *FOREIGN, *request.headers.items()]
            lines.append(("content-length", f"{len(request.body)}"))
            path = f"{request.path}?{request.query}" if request.query else request.path
            answer = await play(app, operation.method, path, lines, [part(request.body)])
            assert answer is not None, name
            statuses.add(answer.status)

    assert 200 in statuses
    assert not [status for status in statuses if status >= 500]


async def test_no_endpoint_of_the_control_api_calls_out(app: Starlette) -> None:
    with without_a_way_out():
        for one in descriptions():
            body = one.example.get("body")
            content = b"" if body is None else encode(body)
            lines = [
                ("host", "localhost:8080"),
                ("content-type", "application/json"),
                ("content-length", f"{len(content)}"),
            ]
            answer = await play(app, one.method.upper(), target_of(one), lines, [part(content), part(b"")])
            assert answer is not None, target_of(one)
            assert answer.status < 500


def test_way_out_would_be_found() -> None:
    with (
        pytest.raises(AssertionError, match=r"socket\.connect"),
        without_a_way_out(),
        pytest.raises(PermissionError),
        socket.socket() as one,
    ):
        one.connect(("127.0.0.1", 9))
