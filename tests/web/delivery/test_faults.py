"""Every fault of a rule as two clients meet it: httpx and the fetch of Node, over a real socket."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.web.delivery.test_breaking import served

SCRIPT = Path(__file__).with_name("faults.mjs")
PATIENCE = 1.5
FAULTS = {
    "status": {"status": 503, "headers": {"Retry-After": "2"}},
    "reset": {"connection": "reset"},
    "empty": {"connection": "empty"},
    "malformed": {"connection": "malformed"},
    "stall": {"connection": "stall"},
    "truncated": {"body": "truncated"},
    "garbage": {"body": "garbage"},
    "drip": {"drip": "400ms"},
    "limit": {"rate_limit": {"limit": 0, "per": "1m"}},
}
# What each client says: the name of the exception of httpx, the code of the error of fetch.
ERRORS = {
    "reset": ("ReadError", "ECONNRESET"),
    "empty": ("RemoteProtocolError", "UND_ERR_SOCKET"),
    "malformed": ("RemoteProtocolError", "HPE_INVALID_STATUS"),
    "stall": ("ReadTimeout", "TimeoutError"),
    "truncated": ("RemoteProtocolError", "UND_ERR_SOCKET"),
}


@pytest.fixture(scope="module")
def addresses(spec: Spec) -> Iterator[dict[str, str]]:
    """`{fault: URL}` of a request that meets it, each in a world of its own."""
    mock = Mock(Setup(), spec)
    for name, fault in FAULTS.items():
        rule = {"operation": "getPortalUser", "fault": fault}
        mock.worlds.add(name, mock.scenario({"extends": "default", "rules": [rule]}))
    with served(create_app(mock).router) as port:
        yield {name: f"http://127.0.0.1:{port}/@{name}/v2/portal/user" for name in FAULTS}


def by_httpx(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, headers={"authorization": "Bearer dev-anna"}, timeout=PATIENCE)
    except httpx.TransportError as error:
        return {"error": type(error).__name__}
    seconds = answer.elapsed.total_seconds()
    return {
        "status": answer.status_code,
        "headers": dict(answer.headers),
        "body": answer.text,
        "seconds": seconds,
    }


@pytest.fixture(scope="module")
def by_fetch(addresses: dict[str, str]) -> dict[str, dict[str, Any]]:
    """`{fault: what fetch met}`"""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    command = [node, str(SCRIPT), *addresses.values()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return dict(zip(addresses, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("fault", FAULTS)
def test_both_clients_meet_the_fault(
    addresses: dict[str, str], by_fetch: dict[str, dict[str, Any]], fault: str
) -> None:
    for place, met in enumerate((by_httpx(addresses[fault]), by_fetch[fault])):
        if fault in ERRORS:
            assert met["error"] == ERRORS[fault][place]
        else:
            SEEN[fault](met)


def unavailable(met: dict[str, Any]) -> None:
    assert (met["status"], met["headers"]["retry-after"]) == (503, "2")


def no_json(met: dict[str, Any]) -> None:
    assert met["status"] == 200
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(met["body"])


def slow(met: dict[str, Any]) -> None:
    assert json.loads(met["body"])["data"]["email"] == "anna.berger@example.org"
    assert met["seconds"] >= 0.3


def limited(met: dict[str, Any]) -> None:
    assert met["status"] == 429
    headers = {name: met["headers"][name] for name in met["headers"] if name.startswith("x-ratelimit")}
    assert headers == {"x-ratelimit-limit": "0", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}
    assert met["headers"]["retry-after"] == "60"


SEEN = {"status": unavailable, "garbage": no_json, "drip": slow, "limit": limited}
