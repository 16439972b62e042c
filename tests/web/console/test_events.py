"""Server-sent events: what a client is told, what it is told after it was away, and how many clients there may be."""

import asyncio
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

from mockportal.config import LIMITS
from mockportal.engine.call import Request
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import decode
from mockportal.web.app import create_app
from mockportal.web.console.events import Feed
from tests.test_cli import served

pytestmark = pytest.mark.anyio


@pytest.fixture
def own_mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def told(content: bytes) -> list[tuple[str, str, Any]]:
    """(id, name, data) of each event."""
    found = []
    for block in filter(None, content.decode().split("\n\n")):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines["id"], lines["event"], decode(lines["data"].encode())))
    return found


def visit(mock: Mock, name: str = "main", times: int = 1) -> None:
    world = mock.world(name)
    for _ in range(times):
        world.note("mockportal.state", Request("PUT", "/x"), 200, b"", world.state)


def test_file_that_cannot_be_served_is_told_and_so_is_its_mending(own_mock: Mock) -> None:
    feed = Feed(own_mock, None, None)
    feed.news()

    own_mock.problem = "mine.yaml:2:1: /abuot: unknown key"
    broken, nothing = told(feed.news()), told(feed.news())
    own_mock.problem = ""
    mended = told(feed.news())

    assert [event[1:] for event in broken] == [("problem", {"problem": "mine.yaml:2:1: /abuot: unknown key"})]
    assert nothing == []
    assert [event[1:] for event in mended] == [("problem", {"problem": None})]


class Client:
    """A connection to `/events` that takes what it is sent, or nothing."""

    def __init__(
        self, mock: Mock, app: Any = None, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> None:
        self.app = app or create_app(mock)
        self.messages: list[Message] = []
        self.gone = asyncio.Event()
        self.takes = asyncio.Event()
        self.takes.set()
        lines = {"host": "localhost:8080", **(headers or {})}
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/__mockportal/events",
            "raw_path": b"/__mockportal/events",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in lines.items()],
            "scheme": "http",
            "server": ("localhost", 8080),
            "root_path": "",
        }
        self.bodies = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive(self) -> Message:
        for message in self.bodies:
            return message
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.takes.wait()
        self.messages.append(message)

    def run(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.app(self.scope, self.receive, self.send))

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def events(self) -> list[tuple[str, str, Any]]:
        return told(b"".join(message["body"] for message in self.messages[1:]))

    async def until(self, count: int) -> list[tuple[str, str, Any]]:
        async with asyncio.timeout(5):
            while len(self.messages) < 2 or len(self.events) < count:
                await asyncio.sleep(0.01)
        return self.events


def test_feed_tells_entries_resets_and_the_clock(own_mock: Mock) -> None:
    feed = Feed(own_mock, None, None)
    feed.news()
    world = own_mock.world("a")
    for operation in ("getPortalUser", "mockportal.reset", "mockportal.clock"):
        world.note(operation, Request("GET", "/x"), 200, b"", world.state)

    events = told(feed.news())

    assert [(id, name) for id, name, _ in events] == [
        ("main:0", "worlds"), ("main:0,a:1", "entry"), ("main:0,a:2", "reset"), ("main:0,a:3", "clock")
    ]  # fmt: skip
    assert events[0][2] == {"worlds": ["a", "main"]}
    assert events[1][2]["entry"]["operation"] == "getPortalUser"
    assert events[3][2]["clock"] == {"now": "2026-06-15T07:00:00.000Z", "mode": "frozen"}
    assert feed.news() == b""


def test_feed_of_one_world_tells_of_no_other(own_mock: Mock) -> None:
    feed = Feed(own_mock, "a", None)
    visit(own_mock, "b")
    visit(own_mock, "a")

    assert [name for _, name, _ in told(feed.news())] == ["worlds", "entry"]


def test_client_that_comes_back_gets_what_it_missed(own_mock: Mock) -> None:
    visit(own_mock, times=3)

    events = told(Feed(own_mock, None, {"main": 1}).news())

    assert [data["entry"]["n"] for _, name, data in events if name == "entry"] == [2, 3]


def test_client_that_is_too_slow_is_told_of_the_gap(own_mock: Mock) -> None:
    feed = Feed(own_mock, None, None)
    visit(own_mock, times=LIMITS.journal_entries + 5)

    events = told(feed.news())

    assert events[1][1:] == ("gap", {"world": "main", "from": 1, "to": 5})
    assert events[2][2]["entry"]["n"] == 6
    assert len(events) < 110


def test_many_entries_come_in_batches(own_mock: Mock) -> None:
    feed = Feed(own_mock, "main", None)
    feed.news()
    visit(own_mock, times=250)

    counts = [len(told(feed.news())) for _ in range(4)]

    assert counts == [100, 100, 50, 0]


def test_world_that_is_made_anew_is_told_from_its_start(own_mock: Mock) -> None:
    feed = Feed(own_mock, None, {"a": 7})
    visit(own_mock, "a")

    names = [(name, data.get("from")) for _, name, data in told(feed.news())]

    assert names == [("worlds", None), ("gap", 0), ("entry", None)]


async def test_events_come_while_the_connection_is_open(own_mock: Mock) -> None:
    client = Client(own_mock)
    running = client.run()
    await client.until(1)
    visit(own_mock)

    events = await client.until(2)
    client.gone.set()
    await running

    assert dict(client.messages[0]["headers"])[b"content-type"] == b"text/event-stream"
    assert [name for _, name, _ in events] == ["worlds", "entry"]


async def test_quiet_connection_is_kept_awake(own_mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockportal.web.console.events._HEARTBEAT", 0.2)
    client = Client(own_mock)
    running = client.run()
    async with asyncio.timeout(5):
        while len(client.messages) < 3:
            await asyncio.sleep(0.01)
    client.gone.set()
    await running

    assert client.messages[2]["body"] == b": \n\n"


async def test_head_has_no_stream(own_mock: Mock) -> None:
    client = Client(own_mock)
    client.scope["method"] = "HEAD"

    await client.run()

    assert client.status == 200
    assert [message["body"] for message in client.messages[1:]] == [b""]


def test_server_stops_although_a_page_is_open(tmp_path: Path) -> None:
    with (
        served(tmp_path) as (url, process),
        httpx.Client() as client,
        client.stream("GET", f"{url}/__mockportal/events") as answer,
    ):
        lines = answer.iter_lines()
        first = next(lines)

        process.send_signal(signal.SIGTERM)
        rest = list(lines)
        process.wait(timeout=3)

    assert first == "id: main:0"
    assert rest[:2] == ["event: worlds", 'data: {"worlds":["main"]}']
    assert process.returncode == 0


async def test_streams_end_when_the_server_stops(own_mock: Mock) -> None:
    client = Client(own_mock)
    running = client.run()
    await client.until(1)

    client.app.state.end_streams()

    await asyncio.wait_for(running, 5)
    assert client.messages[-1] == {"type": "http.response.body", "body": b""}


async def test_client_that_takes_nothing_is_dropped(own_mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockportal.web.console.events._PATIENCE", 0.05)
    client = Client(own_mock)
    running = client.run()
    await client.until(1)

    client.takes.clear()
    visit(own_mock)

    await asyncio.wait_for(running, 5)


async def test_number_of_clients_is_limited(own_mock: Mock) -> None:
    app = create_app(own_mock)
    clients = [Client(own_mock, app) for _ in range(LIMITS.event_clients)]
    running = [client.run() for client in clients]
    for client in clients:
        await client.until(1)

    late = Client(own_mock, app)
    await late.run()
    for client in clients:
        client.gone.set()
    await asyncio.gather(*running)
    again = Client(own_mock, app)
    task = again.run()
    await again.until(1)
    again.gone.set()
    await task

    assert late.status == 503
    assert again.status == 200


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"last-event-id": "twelve"}, "", 400),
        ({"last-event-id": "main:1,"}, "", 400),
        ({}, "world=NO", 400),
        ({}, "wrld=main", 400),
        ({"origin": "http://evil.test"}, "", 403),
        ({"origin": "null"}, "", 403),
        ({"host": "evil.test"}, "", 403),
    ],
)
async def test_bad_client_is_refused(
    own_mock: Mock, headers: dict[str, str], query: str, status: int
) -> None:
    client = Client(own_mock, headers=headers, query=query)

    await client.run()

    assert client.status == status


async def test_token_is_asked_for(own_mock: Mock) -> None:
    app = create_app(own_mock, control_token="s3cret-word")
    without = Client(own_mock, app)
    await without.run()
    given = Client(own_mock, app, {"authorization": "Bearer s3cret-word"})
    task = given.run()
    await given.until(1)
    given.gone.set()
    await task

    assert (without.status, given.status) == (401, 200)
