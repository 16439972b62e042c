"""`mockportal export` and `mockportal replay`, at running mocks and at what stands for a real deployment."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from mockportal.cli import main
from mockportal.engine.call import Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.recordings.sessions.export import export
from mockportal.testing import Client
from tests.support.recorded import session
from tests.test_cli import served

ANNA = {"authorization": "Bearer dev-anna"}


class Deployment(BaseHTTPRequestHandler):
    """Answers like a deployment: other ids, other people, no control API."""

    world: World
    mock: Mock

    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {
            name.lower(): value.replace("real-anna", "dev-anna") for name, value in self.headers.items()
        }
        route = self.mock.spec.routes.find(path)
        found = route.operation(self.command) if route is not None else None
        status, content = 404, b"<html>"
        if found is not None:
            request = Request(self.command, path, query, headers, body, found[1])
            exchange = self.mock.engine.answer(found[0], request, self.world)
            status, content = exchange.reply.status, exchange.content
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def deployment(mock: Mock) -> Iterator[str]:
    Deployment.mock, Deployment.world = mock, World("real", mock.scenario(None, seed=7))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Deployment)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def recorded(mock: Mock, world: World, folder: Path) -> str:
    path = folder / "bug.yaml"
    path.write_text(export(mock, world))
    return str(path)


def replayed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["replay", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_session_of_a_running_mock_is_exported_verified_and_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "bug.yaml")
    with served(tmp_path) as (url, _):
        control = f"{url}/__mockportal/worlds/demo"
        with httpx.Client(base_url=f"{url}/@demo", headers=ANNA) as client:
            orders = client.get("/v2/portal/order").json()
            decided = client.post(
                f"/v2/portal/order/{orders['data'][0]['_id']}/acceptance", json={"decision": "accept"}
            )
            httpx.post(f"{control}/clock/advance", json={"by": "P30D"})
            httpx.patch(f"{control}/state/ticket/ti-5001", json={"status": "Closed"})
            rule = {"id": "down", "operation": "getContact", "fault": {"connection": "reset"}}
            httpx.post(f"{control}/rules", json=rule)
            with pytest.raises(httpx.ReadError):
                client.get("/v2/portal/contact")
            httpx.delete(f"{control}/rules/down")
            config = client.get("/v2/portal/config")

        exported = main(["export", "--world", "demo", "--url", url, "--out", file])
        assert exported == 0, capsys.readouterr().err
        same = replayed(capsys, file, "--target", url)
        worlds = [one["name"] for one in httpx.get(f"{url}/__mockportal/worlds").json()["worlds"]]
        missing = main(["export", "--world", "dmo", "--url", url])

    assert (decided.status_code, config.status_code) == (200, 200)
    assert same == (0, f"same    {file}\n", "")
    assert worlds == ["main", "demo"]
    assert main(["verify", file]) == 0
    assert missing == 2
    assert "there is no world 'dmo'; did you mean 'demo'?" in capsys.readouterr().err


def test_difference_at_a_mock_is_told_with_its_place_and_the_world_kept(
    mock: Mock, anna: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anna.call("getCustomerBalance")
    file = recorded(mock, anna.world, tmp_path)
    Path(file).write_text(Path(file).read_text().replace("balance: 0", "balance: 7"))

    with served(tmp_path) as (url, _):
        code, told, warned = replayed(capsys, file, "--target", url)

    assert code == 1
    assert told.startswith(
        f"differs {file}\n  {file}:7:5: /expect/0: getCustomerBalance: expected 7 at body/balance"
    )
    assert warned == f"the world is kept: {url}/@w1\n"


def test_steps_of_a_shipped_scenario_replay_at_a_running_mock(
    mock: Mock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recorded(mock, session(mock, "flaky-backend"), tmp_path)

    with served(tmp_path) as (url, _):
        told = replayed(capsys, file, "--target", url)

    assert told == (0, f"same    {file}\n", "")


def test_deployment_is_compared_by_status_and_shape_with_its_own_ids(
    mock: Mock, anna: Client, tmp_path: Path, deployment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = anna.call("getAllContracts")["data"][0]["_id"]
    anna.call("getContract", id=contract)
    file = recorded(mock, anna.world, tmp_path)

    told = replayed(capsys, file, "--target", deployment, "--token", "dev-anna=real-anna")

    assert told == (0, f"same    {file}\n", "")
    assert contract not in [one.request.path_params.get("id") for one in Deployment.world.journal]


def test_deployment_that_differs_is_told(
    mock: Mock, anna: Client, tmp_path: Path, deployment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    anna.call("getContact")
    anna.world.clock = anna.world.clock.advanced(timedelta(days=1))
    anna.call("getCustomerBalance")
    file = recorded(mock, anna.world, tmp_path)
    text = Path(file).read_text().replace("balance: 0", "debt: 0")
    Path(file).write_text(text.replace("status: 200", "status: 404", 1))

    code, told, warned = replayed(capsys, file, "--target", deployment, "--token", "dev-anna=real-anna")

    assert code == 1
    assert "getContact: expected status 404; came status 200" in told
    assert "getCustomerBalance: expected a number at body/debt; came nothing" in told
    assert warned == "left out, since only a mock can take them: 1 entries without a request\n"


def test_deployment_gets_no_write_without_leave_and_no_token_of_the_mock(
    mock: Mock, anna: Client, tmp_path: Path, deployment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    order = anna.world.scenario.id_of("order", "an-2026-00431")
    anna.call("postOrderAcceptance", id=order, body={"decision": "accept"})
    file = recorded(mock, anna.world, tmp_path)

    writing = replayed(capsys, file, "--target", deployment, "--token", "dev-anna=real-anna")
    people = replayed(capsys, file, "--target", deployment, "--allow-writes")

    assert writing[::2] == (
        2,
        "mockportal: --allow-writes: is needed, as the session may change something: postOrderAcceptance\n",
    )
    assert people[::2] == (2, "mockportal: --token: is needed for dev-anna, as dev-anna=TOKEN\n")
    assert len(Deployment.world.journal) == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("default", "--target", "localhost"), "--target: 'localhost' is not an address"),
        (("default", "--target", "http://127.0.0.1:9"), "--target: nothing answers at http://127.0.0.1:9"),
        (("defualt", "--target", "http://127.0.0.1:9"), "defualt: is not a known scenario"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    arguments: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, warned = replayed(capsys, *arguments)

    assert (code, told, warned.count("\n")) == (2, "", 1)
    assert problem in warned
