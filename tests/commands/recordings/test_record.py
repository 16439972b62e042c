"""`mockportal record` as a process in front of a server, and the addresses that it refuses."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockportal.cli import main
from mockportal.commands.recordings.upstream import upstream_at
from mockportal.engine.call import Request
from mockportal.errors import UsageError
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.state.scenario import load_scenario
from mockportal.web.app import create_app
from tests.support.servers import recording
from tests.web.delivery.test_breaking import served

SECRET = "Hunter2-Planted!"


@pytest.fixture(scope="module")
def upstream(spec: Spec) -> Iterator[str]:
    with served(create_app(Mock(Setup(seed=7), spec)).router) as port:
        yield f"http://127.0.0.1:{port}"


def test_recording_is_a_scenario_of_entities_and_steps(mock: Mock, upstream: str, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "mockportal", "record", "--upstream", upstream, "--allow-private", "--port", "0",
            "-o", str(tmp_path / "seen.yaml")]  # fmt: skip
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = process.stdout.readline()
    address = ready.split(" at ")[1].partition(";")[0]

    with httpx.Client(base_url=address, headers={"authorization": "Bearer dev-anna"}) as client:
        orders = client.get("/v2/portal/order")
        client.get(f"/v2/portal/order/{orders.json()['data'][0]['_id']}")
        client.post("/v2/portal/user/login", json={"email": "anna.berger@example.org", "password": SECRET})
        client.get("/v2/portal/contact", headers={"prefer": "code=418, unchecked"})
        foreign = client.get("/v2/portal/contact", headers={"host": "rebound.example"})
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)

    text = (tmp_path / "seen.yaml").read_text()
    scenario = load_scenario(str(tmp_path / "seen.yaml"), (), mock.spec, mock.api.data).build()
    assert orders.status_code == 200
    assert foreign.status_code == 403
    assert process.returncode == 1, told
    assert "418 is not documented for getContact" in told
    assert text.startswith("# GET 418: status /: 418 is not documented for getContact\n")
    assert SECRET not in text
    assert [entry["operation"] for entry in scenario.expect][:2] == ["getAllOrders", "getOrder"]
    assert scenario.expect[0]["as"] == "dev-anna"
    assert scenario.state.counts()["order"] == len(orders.json()["data"])


def test_upstream_in_a_private_network_has_to_be_allowed() -> None:
    for url in (
        "http://127.0.0.1:9",
        "http://localhost:9",
        "http://10.0.0.1",
        "http://[::1]:9",
        "http://[::ffff:10.0.0.1]",
    ):
        with pytest.raises(UsageError, match="which is not public; --allow-private allows that"):
            upstream_at(url, allow_private=False)


def test_upstream_is_looked_up_once_and_a_redirect_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def noted(host: str, *others: Any, **named: Any) -> Any:
        asked.append(host)
        return look_up(host, *others, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    elsewhere = (302, {"location": "http://elsewhere.invalid/"}, b"")
    with recording(lambda *_: elsewhere) as server:
        upstream = upstream_at(f"http://localhost:{server.port}/api/", allow_private=True)
        answers = [upstream.send(Request("GET", "/things", "a=1")) for _ in range(2)]

    assert [(one.status, one.headers["location"]) for one in answers] == [
        (302, "http://elsewhere.invalid/")
    ] * 2
    assert asked.count("localhost") == 1
    assert "elsewhere.invalid" not in asked


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (
            "ftp://example.com",
            "--upstream: 'ftp://example.com' is not an address such as http://127.0.0.1:8080",
        ),
        ("http://user@example.com", "--upstream: 'http://user@example.com' is not an address"),
        ("http://no-such-name.invalid", "--upstream: no-such-name.invalid has no address"),
        ("http://192.168.1.1", "--upstream: 192.168.1.1 leads to 192.168.1.1, which is not public"),
    ],
)
def test_upstream_that_cannot_be_used_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], url: str, problem: str
) -> None:
    assert main(["record", "--upstream", url]) == 2
    assert f"mockportal: {problem}" in capsys.readouterr().err
