"""Answers that take long are worked out in a thread: nobody waits, and nothing is done twice or lost."""

import asyncio
import threading
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import encode
from mockportal.web.app import create_app
from mockportal.web.delivery.threads import Threads
from tests.support.asgi import Answered, part, play

ANNA = [("host", "localhost"), ("authorization", "Bearer dev-anna"), ("content-type", "application/json")]
USER = Request("GET", "/v2/portal/user", headers=dict(ANNA))
pytestmark = pytest.mark.anyio


@pytest.fixture
def mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
def app(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Every answer takes long."""
    monkeypatch.setattr("mockportal.web.api.LONG", 0)
    monkeypatch.setattr("mockportal.web.delivery.threads.LONG", 0)
    return create_app(mock)


async def said(app: Starlette, method: str, target: str, body: bytes = b"") -> Answered:
    lines = [*ANNA, ("content-length", f"{len(body)}")] if body else ANNA
    answer = await play(app, method, target, lines, [part(body)])
    assert answer is not None
    return answer


async def test_answers_of_a_thread_are_those_of_the_loop(app: Starlette, mock: Mock) -> None:
    files = "/__services/files/nothing"
    targets = ["/v2/portal/user", "/v2/portal/contract", files]

    first = [await said(app, "GET", target) for target in targets]
    again = [await said(app, "GET", f"{target}?n=2") for target in targets]

    assert [(one.status, one.content) for one in again] == [(one.status, one.content) for one in first]
    assert len(mock.world().long) == 3
    assert [entry.n for entry in mock.world().journal] == [1, 2, 3, 4, 5, 6]
    assert [entry.request.query for entry in mock.world().journal][3:] == ["n=2"] * 3
    assert [entry.caller for entry in mock.world().journal][3] == "anna"


async def test_rule_counts_what_takes_long(app: Starlette, mock: Mock) -> None:
    world = mock.world()
    await said(app, "GET", "/v2/portal/user")
    rule = {"operation": "getPortalUser", "times": 1, "reply": {"status": 503}, "unchecked": True}
    await said(app, "POST", "/__mockportal/worlds/main/rules", encode(rule))

    answers = [await said(app, "GET", f"/v2/portal/user?n={n}") for n in range(3)]

    assert "getPortalUser" in world.long
    assert [answer.status for answer in answers] == [503, 200, 200]


async def test_write_of_a_long_operation_is_done_once(app: Starlette, mock: Mock) -> None:
    for language in ("xx", "yy", "zz"):
        answer = await said(app, "PATCH", "/v2/portal/user", b'{"language":"%s"}' % language.encode())
        assert answer.body["data"]["language"] == language

    world = mock.world()
    assert "updatePortalUser" in world.long
    assert len(world.journal) == 3
    assert (await said(app, "GET", "/v2/portal/user")).body["data"]["language"] == "zz"
    assert all(entry.before is not entry.after for entry in list(world.journal)[:3])


async def test_others_are_answered_while_a_thread_works(mock: Mock) -> None:
    world, may_go_on = mock.world(), threading.Event()
    operation = mock.spec.operations["getPortalUser"]

    def work(one: World) -> Exchange:
        assert may_go_on.wait(10)
        return mock.engine.answer(operation, USER, one)

    waiting = asyncio.create_task(Threads().answer(mock.engine, USER, world, work))
    await asyncio.sleep(0)
    other = mock.engine.answer(operation, replace(USER, query="other=1"), world)
    may_go_on.set()
    exchange = await waiting

    assert (other.n, exchange.n) == (1, 2)
    assert exchange.content == other.content


async def test_quick_answer_returns_to_the_loop(mock: Mock) -> None:
    world, operation = mock.world(), mock.spec.operations["getPortalUser"]
    world.long.add(operation.id)

    await Threads().answer(mock.engine, USER, world, lambda one: mock.engine.answer(operation, USER, one))

    assert world.long == set()


async def test_export_shows_the_session_as_it_was_when_it_was_asked_for(app: Starlette, mock: Mock) -> None:
    await said(app, "PATCH", "/v2/portal/user", b'{"language":"xx"}')
    still = mock.world().still()
    await said(app, "PATCH", "/v2/portal/user", b'{"language":"yy"}')

    exported = await said(app, "GET", "/__mockportal/worlds/main/export")

    assert len(still.journal) == 1
    assert len(mock.world().journal) == 2
    assert exported.content.count(b"updatePortalUser") == 2
