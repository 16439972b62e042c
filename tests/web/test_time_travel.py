"""Forks, snapshots, rewinding and comparisons of worlds, and a clock that steps."""

from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.config import LIMITS
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.web.test_control import ANNA, ask, http

pytestmark = pytest.mark.anyio
__all__ = ["http"]


async def rename(http: AsyncClient, world: str, name: str) -> None:
    answer = await http.patch(f"/@{world}/v2/portal/contact", headers=ANNA, json={"first_name": name})
    assert answer.status_code == 200


async def name_in(http: AsyncClient, world: str) -> str:
    return str((await http.get(f"/@{world}/v2/portal/contact", headers=ANNA)).json()["entity"]["first_name"])


async def now_in(http: AsyncClient, world: str) -> str:
    return str((await ask(http, "GET", f"/worlds/{world}/clock"))["now"])


async def test_world_tells_every_way_to_it(http: AsyncClient) -> None:
    made = await ask(http, "POST", "/worlds", {"name": "demo"}, 201)

    assert made["urls"] == {
        "base_path": "http://localhost:8080/@demo",
        "host": "http://demo.localhost:8080",
        "header": "X-Mockportal-World: demo",
        "cookie": "Cookie: mockportal-world=demo",
        "baggage": "baggage: mockportal-world=demo",
    }


async def test_fork_goes_on_from_any_exchange(http: AsyncClient) -> None:
    await rename(http, "a", "One")
    await ask(http, "POST", "/worlds/a/clock/advance", {"by": "P1D"})
    await rename(http, "a", "Two")

    await ask(http, "POST", "/worlds", {"name": "start", "from": {"world": "a", "n": 0}}, 201)
    await ask(http, "POST", "/worlds", {"name": "first", "from": {"world": "a", "n": 1}}, 201)
    await ask(http, "POST", "/worlds", {"name": "last", "from": {"world": "a"}}, 201)
    await rename(http, "first", "Fork")

    assert [await name_in(http, world) for world in ("start", "first", "last", "a")] == [
        "Anna", "Fork", "Two", "Two"
    ]  # fmt: skip
    assert (await now_in(http, "start"))[:10] == "2026-06-15"
    assert await now_in(http, "last") == await now_in(http, "a") > "2026-06-16"


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        ({"from": {"world": "mian"}}, 404, "there is no world 'mian'; did you mean 'main'?"),
        (
            {"from": {"world": "main", "n": 99}},
            404,
            "the journal of main has no entry 99: it keeps no entries",
        ),
        (
            {"from": {"world": "main", "n": -1}},
            400,
            "the number of an exchange is a whole number; 0 is the start",
        ),
        ({"from": "main"}, 400, "from is an object with world, and n for the exchange after which to go on"),
        ({"from": {"world": "main"}, "seed": 5}, 400, "seed and from exclude each other"),
    ],
)
async def test_fork_of_nothing_is_refused(http: AsyncClient, asked: Any, status: int, message: str) -> None:
    assert await ask(http, "POST", "/worlds", asked, status) == {"message": message}


async def test_rewind_brings_back_state_clock_and_rules(http: AsyncClient) -> None:
    await rename(http, "a", "One")
    was = await now_in(http, "a")
    await ask(http, "PUT", "/worlds/a/clock", {"now": "2027-01-01T00:00:00Z"})
    await rename(http, "a", "Two")

    await ask(http, "POST", "/worlds/a/rewind", {"to": 1})

    assert await name_in(http, "a") == "One"
    assert await now_in(http, "a") == was
    entries = (await ask(http, "GET", "/worlds/a/journal"))["entries"]
    assert [entry["operation"] for entry in entries][-2:] == ["mockportal.rewind", "getContact"]
    await ask(http, "POST", "/worlds/a/rewind", {"to": 0})
    assert await name_in(http, "a") == "Anna"


async def test_rewind_behind_a_reset_brings_back_its_scenario(http: AsyncClient) -> None:
    await rename(http, "a", "One")
    await ask(http, "POST", "/worlds/a/reset", {"scenario": "overdue-invoice"})

    back = await ask(http, "POST", "/worlds/a/rewind", {"to": 1})

    assert back["scenario"] == "default"
    assert await name_in(http, "a") == "One"


async def test_ticking_clock_goes_on_from_where_it_was(http: AsyncClient) -> None:
    await ask(http, "PUT", "/worlds/a/clock", {"now": "2026-07-01T00:00:00Z", "mode": "ticking"})
    await ask(http, "PUT", "/worlds/a/clock", {"now": "2030-01-01T00:00:00Z"})

    back = await ask(http, "POST", "/worlds/a/rewind", {"to": 1})

    assert back["mode"] == "ticking"
    assert back["now"].startswith("2026-07-01T00:00:0")


async def test_snapshot_is_kept_restored_and_forgotten(http: AsyncClient) -> None:
    await rename(http, "a", "One")
    kept = await ask(http, "PUT", "/worlds/a/snapshots/before", status=201)
    await rename(http, "a", "Two")
    await ask(http, "POST", "/worlds/a/reset")

    await ask(http, "POST", "/worlds/a/snapshots/before/restore")

    assert await name_in(http, "a") == "One"
    assert kept == {"name": "before", "now": kept["now"], "scenario": "default"}
    assert (await ask(http, "GET", "/worlds/a/snapshots"))["snapshots"] == [kept]
    assert (await ask(http, "GET", "/worlds/a/snapshots/before"))["state"]["contact"] > 0
    await ask(http, "PUT", "/worlds/a/snapshots/before", status=200)
    await ask(http, "DELETE", "/worlds/a/snapshots/before", status=204)
    refused = await ask(http, "POST", "/worlds/a/snapshots/before/restore", status=404)
    assert refused == {"message": "there is no snapshot 'before'"}


@pytest.mark.parametrize("name", ["17", "a%20b", "x" * 81, ".hidden"])
async def test_name_that_no_snapshot_can_have_is_refused(http: AsyncClient, name: str) -> None:
    refused = await ask(http, "PUT", f"/worlds/a/snapshots/{name}", status=400)

    assert "is not a name of a snapshot: use up to 80 letters" in refused["message"]


async def test_snapshots_of_a_world_are_bounded(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    async with AsyncClient(transport=ASGITransport(create_app(mock)), base_url="http://localhost") as http:
        for number in range(LIMITS.snapshots):
            mock.world("a").keep_snapshot(f"s{number}")

        refused = await ask(http, "PUT", "/worlds/a/snapshots/more", status=400)

    assert (
        refused["message"] == f"this world keeps no more than {LIMITS.snapshots} snapshots (limit snapshots)"
    )


async def test_memory_that_only_a_snapshot_keeps_is_booked(spec: Spec) -> None:
    world = Mock(Setup(), spec).world("a")
    draft = world.draft()
    draft.collection("ticket").put({"_id": "big", "subject": "x" * 1_000_000})
    world.change(draft.state)
    world.keep_snapshot("big")

    world.reset(world.scenario)

    assert world.bytes > 1_000_000
    del world.snapshots["big"]
    assert world.bytes < 1_000


async def test_changes_between_moments_are_a_patch(http: AsyncClient) -> None:
    await rename(http, "a", "One")
    await ask(http, "PUT", "/worlds/a/snapshots/one", status=201)
    await rename(http, "a", "Two")

    since_start = (await ask(http, "GET", "/worlds/a/diff"))["patch"]
    since_one = (await ask(http, "GET", "/worlds/a/diff?from=one"))["patch"]
    back = (await ask(http, "GET", "/worlds/a/diff?from=2&to=one"))["patch"]

    path = "/contact/anna/first_name"
    assert {"op": "replace", "path": path, "value": "Two"} in since_start
    assert {"op": "replace", "path": path, "value": "Two"} in since_one
    assert {"op": "replace", "path": path, "value": "One"} in back
    assert len(since_one) < len(since_start)


async def test_two_worlds_are_compared(http: AsyncClient) -> None:
    await rename(http, "a", "One")
    await ask(http, "POST", "/worlds", {"name": "b"}, 201)

    patch = (await ask(http, "GET", "/diff?left=b&right=a"))["patch"]

    assert {"op": "replace", "path": "/contact/anna/first_name", "value": "One"} in patch
    assert await ask(http, "GET", "/diff?left=a", status=400) == {"message": "right: there is no world ''"}
    assert await ask(http, "GET", "/diff?left=a&right=c", status=404) == {
        "message": "right: there is no world 'c'"
    }
    unknown = await ask(http, "GET", "/diff?lfet=a", status=400)
    assert unknown["message"] == "unknown parameter 'lfet'; did you mean 'left'? (known: left, right)"


async def test_frozen_clock_steps_with_every_write_and_with_nothing_else(http: AsyncClient) -> None:
    start = await now_in(http, "a")

    await name_in(http, "a")
    refused = await http.patch("/@a/v2/portal/contact", headers=ANNA, json={"first_name": 5})
    after_none = await now_in(http, "a")
    await rename(http, "a", "One")
    await rename(http, "a", "Two")

    assert refused.status_code == 400
    assert after_none == start == "2026-06-15T07:00:00.000Z"
    assert await now_in(http, "a") == "2026-06-15T07:00:00.002Z"


async def test_step_is_chosen_or_switched_off(http: AsyncClient) -> None:
    await ask(http, "PUT", "/worlds/a/clock", {"step": "2s"})
    await rename(http, "a", "One")
    two_seconds = await now_in(http, "a")
    await ask(http, "PUT", "/worlds/a/clock", {"step": 0})
    await rename(http, "a", "Two")

    assert await now_in(http, "a") == two_seconds == "2026-06-15T07:00:02.000Z"
    for wrong, message in (
        ("-1s", "step: '-1s' is a negative duration"),
        (5, "step is not a text such as 1ms"),
    ):
        assert await ask(http, "PUT", "/worlds/a/clock", {"step": wrong}, 400) == {"message": message}


async def test_step_of_a_scenario_holds_whatever_clock_is_asked_for(http: AsyncClient) -> None:
    clock = {"now": "2026-06-15T09:00:00+02:00", "step": "1m"}
    made = {"name": "a", "scenario": {"extends": "default", "clock": clock}, "clock": "2026-08-01T00:00:00Z"}
    await ask(http, "POST", "/worlds", made, 201)

    await rename(http, "a", "One")

    assert await now_in(http, "a") == "2026-08-01T00:01:00.000Z"


async def test_scenarios_are_listed_with_what_they_are_about(http: AsyncClient) -> None:
    listed = {one["name"]: one["about"] for one in (await ask(http, "GET", "/scenarios"))["scenarios"]}

    assert len(listed) > 30
    assert listed["overdue-invoice"]


async def test_memory_of_worlds_is_shown(http: AsyncClient) -> None:
    await rename(http, "a", "One")

    told = await ask(http, "GET", "/worlds")

    (world,) = (one for one in told["worlds"] if one["name"] == "a")
    assert world["bytes"]["state"] > 0
    assert told["bytes"] >= sum(world["bytes"].values())
    assert told["limit"] == LIMITS.total_bytes


async def test_world_that_nobody_uses_is_forgotten(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    mock = Mock(Setup(), spec)
    seconds = [0.0]
    monkeypatch.setattr("mockportal.worlds.time.monotonic", lambda: seconds[0])
    mock.world("old")
    mock.world("used")
    seconds[0] = LIMITS.idle - 1
    mock.world("used")
    seconds[0] = LIMITS.idle + 1

    mock.world("new")

    assert {world.name for world in mock} == {"main", "used", "new"}
