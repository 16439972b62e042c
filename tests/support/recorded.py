"""Sessions to be recorded, and recordings read again."""

from pathlib import Path

from mockportal.engine.call import Request
from mockportal.engine.world import World
from mockportal.expectations import MockStage, Play, failures
from mockportal.mock import Mock
from mockportal.recordings.sessions.export import loaded
from mockportal.state.scenario import Scenario, scenario_findings
from mockportal.values import Record


def session(mock: Mock, name: str) -> World:
    """A world in which everything was done that a scenario expects."""
    world = World("session", mock.scenario(name))
    play = Play(MockStage(world, mock.engine), mock.spec)
    assert [play.difference(entry) for entry in world.scenario.expect] == [None] * len(world.scenario.expect)
    return world


def replayed(text: str, mock: Mock) -> Scenario:
    """The scenario of an export, which holds."""
    scenario = loaded(text, mock)
    assert [str(one) for one in failures(scenario, mock.engine)] == []
    return scenario


def problems(text: str, mock: Mock, folder: Path) -> list[str]:
    """The problems that `mockportal check` finds in an export."""
    path = folder / "export.yaml"
    path.write_text(text)
    found, _ = scenario_findings(str(path), mock.setup.folders(), mock.spec, mock.api.data)
    return [str(one) for one in found]


def played(scenario: Scenario) -> list[Record]:
    """The entries that send a request."""
    return [entry for entry in scenario.expect if "as" in entry]


def told(text: str) -> list[str]:
    """The comments of an export, without the one at its top."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line.startswith("# ")][1:]


def send(mock: Mock, world: World, method: str, target: str, **more: str) -> int:
    """The status of a request as it came over HTTP."""
    path, _, query = target.partition("?")
    route = mock.spec.routes.find(path)
    found = route.operation(method) if route is not None else None
    assert found is not None
    headers = {name.replace("_", "-"): value for name, value in more.items() if name != "body"}
    body, base_url = more.get("body", "").encode(), "http://localhost:9000/@session"
    request = Request(method, path, query, headers, body, found[1], base_url)
    return mock.engine.answer(found[0], request, world).reply.status
