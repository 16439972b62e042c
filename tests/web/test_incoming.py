"""What arrives in pieces, twice, or broken: header lines, bodies, hosts and origins."""

import time

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.asgi import Lines, part, play
from tests.support.limits import limited

ANNA = ("authorization", "Bearer dev-anna")
HOST = ("host", "localhost:8080")
JSON = ("content-type", "application/json")
WHOLE = b'{"language":"xx"}'
pytestmark = pytest.mark.anyio


@pytest.fixture
def mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
def app(mock: Mock) -> Starlette:
    return create_app(mock)


BROKEN: tuple[tuple[Lines, list[Message]], ...] = (
    ([("content-length", "1000")], [part(WHOLE, more=True)]),
    ([("content-length", "1000")], []),
    ([("transfer-encoding", "chunked")], [part(WHOLE, more=True)]),
    ([("transfer-encoding", "chunked")], [part(WHOLE[:5], more=True), part(WHOLE[5:], more=True)]),
)


@pytest.mark.parametrize(("lines", "messages"), BROKEN)
async def test_request_that_breaks_off_changes_nothing(
    app: Starlette, mock: Mock, lines: Lines, messages: list[Message]
) -> None:
    before = mock.world().state

    answer = await play(app, "PATCH", "/v2/portal/user", [HOST, ANNA, JSON, *lines], messages)

    assert answer is None
    assert mock.world().state is before
    assert len(mock.world().journal) == 0


@pytest.mark.parametrize(("lines", "messages"), BROKEN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/worlds"),
        ("PATCH", "/worlds/main/state/contact/anna"),
        ("POST", "/worlds/new/reset"),
        ("PUT", "/worlds/main/clock"),
    ],
)
async def test_control_request_that_breaks_off_changes_nothing_and_logs_nothing(
    app: Starlette,
    mock: Mock,
    lines: Lines,
    messages: list[Message],
    method: str,
    path: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before, clock = mock.world().state, mock.world().clock

    answer = await play(app, method, f"/__mockportal{path}", [HOST, JSON, *lines], messages)

    assert answer is None
    assert (mock.world().state, mock.world().clock) == (before, clock)
    assert [world.name for world in mock] == ["main"]
    assert caplog.records == []


@pytest.mark.parametrize("target", ["/v2/portal/user", "/__mockportal/worlds/main/state/contact/anna"])
@pytest.mark.parametrize(
    ("length", "status"),
    [("1000", 400), ("5", 400), ("x", 400), ("-1", 400), ("²", 400), ("1" * 5_000, 413)],
)
async def test_body_of_another_length_than_it_says_is_refused(
    app: Starlette, mock: Mock, target: str, length: str, status: int
) -> None:
    before = mock.world().state
    lines = [HOST, ANNA, JSON, ("content-length", length)]

    answer = await play(app, "PATCH", target, lines, [part(WHOLE)])

    assert answer is not None
    assert answer.status == status
    assert answer.body["message"]
    assert mock.world().state is before


@pytest.mark.parametrize(
    ("method", "target", "limit"),
    [
        ("PATCH", "/v2/portal/user", "body"),
        ("POST", "/v2/portal/metering/reading/photo", "upload"),
        ("POST", "/__services/files/upload-url", "upload"),
        ("POST", "/__mockportal/worlds", "upload"),
    ],
)
async def test_body_and_upload_have_limits_of_their_own(
    app: Starlette, method: str, target: str, limit: str
) -> None:
    sizes = {"body": 100, "upload": 200}
    with limited(**sizes):
        said = [
            await play(
                app, method, target, [HOST, ANNA, JSON, ("content-length", f"{size}")], [part(b" " * size)]
            )
            for size in (sizes[limit], sizes[limit] + 1)
        ]

    assert [one is not None and one.status == 413 for one in said] == [False, True]
    assert said[1] is not None
    assert said[1].body["message"] == f"the {limit} is larger than {sizes[limit]} bytes (limit {limit})"


async def test_repeated_lines_of_a_header_are_one_list(app: Starlette, mock: Mock) -> None:
    lines = [HOST, ANNA, ("prefer", "respond-async"), ("prefer", "code=401"), ("x-a", "1"), ("x-a", "2")]

    answer = await play(app, "GET", "/v2/portal/user", lines)

    assert answer is not None
    assert (answer.status, answer.headers["x-mockportal-answered-by"]) == (401, "prefer")
    entry = mock.world().journal.find(1)
    assert entry is not None
    assert entry.request.headers["prefer"] == "respond-async, code=401"
    assert entry.request.headers["x-a"] == "1, 2"


async def test_repeated_lines_of_cookies_are_one_line_of_pairs(app: Starlette, mock: Mock) -> None:
    await play(app, "GET", "/v2/portal/user", [HOST, ANNA, ("cookie", "a=1"), ("cookie", "b=2; c=3")])

    entry = mock.world().journal.find(1)
    assert entry is not None
    assert entry.request.headers["cookie"] == "a=1; b=2; c=3"


async def test_two_worlds_in_one_request_are_none(app: Starlette) -> None:
    lines = [HOST, ANNA, ("x-mockportal-world", "a"), ("x-mockportal-world", "b")]

    answer = await play(app, "GET", "/v2/portal/user", lines)

    assert answer is not None
    assert answer.status == 400
    assert "'a, b' is not a name of a world" in answer.body["message"]


BAD_HOSTS = (
    "[::1",
    "[zz]",
    "a b",
    "localhost:99999",
    "localhost:x",
    "a, b",
    "a/b",
    "user@a",
    "[1]:2:3",
    "a\\b",
)
BAD_ORIGINS = ("http://[::1", "http://[zz]", "http://a:99999", "http://a:x", "http://[::1]x:1")


@pytest.mark.parametrize("target", ["/v2/portal/user", "/__mockportal/health"])
@pytest.mark.parametrize(
    "line", [*(("host", one) for one in BAD_HOSTS), *(("origin", one) for one in BAD_ORIGINS)]
)
async def test_broken_host_or_origin_is_400(app: Starlette, target: str, line: tuple[str, str]) -> None:
    lines = [line] if line[0] == "host" else [HOST, line]

    answer = await play(app, "GET", target, [ANNA, *lines])

    assert answer is not None
    assert answer.status == 400
    assert line[0].capitalize() in answer.body["message"]


@pytest.mark.parametrize(
    "line",
    [
        ("host", ""),
        ("host", "[::1]:8080"),
        ("host", "a_b.test:80"),
        ("host", "a:"),
        ("origin", "null"),
        ("origin", "file://"),
        ("origin", "capacitor://localhost"),
        ("origin", "chrome-extension://abc"),
        ("origin", "http://[::1]:3000"),
    ],
)
async def test_unusual_host_or_origin_is_let_in(app: Starlette, line: tuple[str, str]) -> None:
    answer = await play(app, "GET", "/v2/portal/user", [ANNA, line])

    assert answer is not None
    assert answer.status == 200


async def test_delay_ends_when_the_client_is_gone(app: Starlette, mock: Mock) -> None:
    began = time.monotonic()

    await play(app, "GET", "/v2/portal/user", [HOST, ANNA, ("prefer", "delay=60s")])

    assert time.monotonic() - began < 10
    assert len(mock.world().journal) == 1


async def test_delay_is_waited_for_while_the_client_is_there(app: Starlette) -> None:
    began = time.monotonic()
    lines = [HOST, ANNA, ("prefer", "delay=50ms")]

    answer = await play(app, "GET", "/v2/portal/user", lines, [part(b""), part(b"")])

    assert answer is not None
    assert answer.status == 200
    assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize(
    "value", ["dev-anna", "Basic dev-anna", "Bearer", "Bearerdev-anna", "dev-anna Bearer", "Bearer  "]
)
async def test_token_without_bearer_is_refused(app: Starlette, value: str) -> None:
    answer = await play(app, "GET", "/v2/portal/user", [HOST, ("authorization", value)])

    assert answer is not None
    assert answer.status == 401


@pytest.mark.parametrize(
    "path", ["/__mockportalx", "/__mockportal-x/health", "/__mockportalhealth", "/@a/__mockportal/health"]
)
async def test_path_that_only_begins_like_the_control_api_is_the_api_s(app: Starlette, path: str) -> None:
    answer = await play(app, "GET", path, [HOST, ANNA])

    assert answer is not None
    assert (answer.status, answer.headers["x-mockportal-answered-by"]) == (404, "router")
