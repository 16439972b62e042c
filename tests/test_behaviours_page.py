"""`docs/behaviours.md` as a reader follows it: in an empty folder, command by command."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PAGE = Path(__file__).parent.parent / "docs" / "behaviours.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE.read_text())
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
ENVIRONMENT.pop("PYTHONPATH", None)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with the files of the page."""
    for _, name, text in BLOCKS:
        if name.startswith("file="):
            path = tmp_path / name.removeprefix("file=")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, shell=True, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def url(shop: Path) -> Iterator[str]:
    """The address of the mock, served as the page says but on a free port."""
    [command] = [text for _, kind, text in BLOCKS if kind == "server"]
    words = command.replace("--port 8090", "--port 0").split()
    with subprocess.Popen(words, cwd=shop, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ready = re.search(r"http://\S+", server.stdout.readline())
        assert ready is not None
        yield ready.group()
        server.terminate()


def test_check_and_verify_find_nothing_wrong(shop: Path) -> None:
    [commands] = [text for language, kind, text in BLOCKS if language == "sh" and not kind]

    results = [run(command, shop) for command in commands.strip().splitlines()]

    assert [(result.returncode, result.stderr.splitlines()[-1]) for result in results] == [
        (0, "0 problems, 3 notes"),
        (0, "1 scenarios, 0 of them fail"),
    ]


def test_what_was_posted_is_there(shop: Path, url: str) -> None:
    [command] = [text for _, kind, text in BLOCKS if kind == "client"]

    answer = run(command.replace("http://127.0.0.1:8090", url), shop).stdout
    state = httpx.get(f"{url}/__mockportal/worlds/main/state/customer/ada").json()
    orders = httpx.get(f"{url}/customers/{state['id']}/orders", headers={"X-Shop-Key": "ada-key"}).json()

    assert '"item":"Desk"' in answer
    assert [order["item"] for order in orders] == ["Lamp", "Chair", "Desk"]


def test_unknown_collection_is_named_with_the_known_ones(shop: Path) -> None:
    behaviours = shop / "acme" / "api.py"
    behaviours.write_text(
        behaviours.read_text().replace('state.collection("customer")', 'state.collection("custommer")')
    )

    result = run("mockportal verify --spec shop.yaml --behaviours acme.api", shop)

    assert result.returncode == 1
    assert (
        "there is no collection 'custommer'; did you mean 'customer'? (known: customer, order"
        in result.stdout
    )


def test_without_listed_tokens_any_key_is_let_in(shop: Path) -> None:
    scenario = shop / "scenarios" / "default.yaml"
    scenario.write_text("expect:\n  - {as: whatever, operation: listOrders, params: {id: x}, status: 404}\n")

    assert run("mockportal verify --spec shop.yaml --behaviours acme.api", shop).returncode == 0
