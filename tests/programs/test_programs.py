"""Every kind of program is run against a fork of the world before the exchange, and gets the answer of the exchange."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from mockportal.values import Json
from tests.programs.exchanges import CASES, Case
from tests.support.programs import Answered, run_curl, run_fetch, run_playwright, run_pytest, run_python
from tests.test_cli import served

Run = Callable[[str, Path, dict[str, str]], Answered]
RUNS: dict[str, Run] = {"curl": run_curl, "httpx": run_python, "fetch": run_fetch}

PAIRS = [(name, kind) for name, case in CASES.items() for kind in RUNS if kind not in case.impossible]


class Sent(NamedTuple):
    """A request that was sent: its entry in the journal of a world, and its answer."""

    world: str
    n: int
    answer: Answered


class Mocked:
    """A running mock. Each name means a world of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._forks = 0

    def control(self, method: str, path: str, body: Json = None) -> httpx.Response:
        return httpx.request(method, f"{self.url}/__mockportal{path}", json=body)

    def sent(self, world: str, case: Case) -> Sent:
        """Sends the request of a case as it is written."""
        target = f"/@{world}{case.target}"
        with httpx.Client(timeout=30) as client:
            response = client.request(
                case.method,
                self.url,
                headers=case.lines,
                content=case.body,
                extensions={"target": target.encode()},
            )
        n = int(response.headers["x-mockportal-entry"])
        return Sent(world, n, Answered(response.status_code, response.content))

    def code(self, sent: Sent, kind: str) -> str:
        """The program for an exchange, pointed at a fork of the world right before it."""
        answer = self.control("GET", f"/worlds/{sent.world}/journal/{sent.n}/code?as={kind}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["as"] == kind
        self._forks += 1
        fork = f"{sent.world}-{self._forks}"
        made = self.control("POST", "/worlds", {"name": fork, "from": {"world": sent.world, "n": sent.n - 1}})
        assert made.status_code == 201, made.text
        return str(answer.json()["code"]).replace(f"{self.url}/@{sent.world}/", f"{self.url}/@{fork}/")


@pytest.fixture(scope="module")
def mocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mocked]:
    with served(tmp_path_factory.mktemp("served")) as (url, _):
        yield Mocked(url)


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_program_gets_the_same_answer(mocked: Mocked, name: str, kind: str, tmp_path: Path) -> None:
    sent = mocked.sent(name, CASES[name])

    seen = RUNS[kind](mocked.code(sent, kind), tmp_path, {})

    assert seen == sent.answer
    assert not (tmp_path / "owned").exists()


def test_python_tests_pass_and_assert_status_and_body(mocked: Mocked, tmp_path: Path) -> None:
    sent = {name: mocked.sent(f"py-{name}", case) for name, case in CASES.items()}
    codes = {name: mocked.code(one, "pytest") for name, one in sent.items()}

    seen = run_pytest(codes, tmp_path, {})

    assert seen == dict.fromkeys(CASES, "passed")
    for name, code in codes.items():
        assert f"assert response.status_code == {sent[name].answer.status}\n" in code
        assert re.search(r"assert (response\.json\(\)|response\.content|sha256\(.*) == ", code)


def test_playwright_tests_pass(mocked: Mocked, node_folder: Path, tmp_path: Path) -> None:
    able = {name: case for name, case in CASES.items() if "playwright" not in case.impossible}
    codes = {name: mocked.code(mocked.sent(f"pw-{name}", case), "playwright") for name, case in able.items()}

    seen = run_playwright(codes, node_folder, tmp_path, {})

    assert seen == dict.fromkeys(able, "passed")


def test_broken_answer_is_expected_to_break(mocked: Mocked, node_folder: Path, tmp_path: Path) -> None:
    rule = {"operation": "getPortalUser", "fault": {"connection": "reset"}}
    assert mocked.control("POST", "/worlds/broken/rules", rule).status_code == 201
    with pytest.raises(httpx.TransportError):
        mocked.sent("broken", CASES["get"])
    n = mocked.control("GET", "/worlds/broken/journal").json()["entries"][-1]["n"]
    sent = Sent("broken", n, Answered(200, b""))

    python = run_pytest({"broken": mocked.code(sent, "pytest")}, tmp_path, {})
    typescript = run_playwright({"broken": mocked.code(sent, "playwright")}, node_folder, tmp_path, {})

    assert (python, typescript) == ({"broken": "passed"}, {"broken": "passed"})


def test_control_request_is_sent_to_the_control_api(mocked: Mocked, tmp_path: Path) -> None:
    mocked.control("POST", "/worlds/outside/clock/advance", {"by": "P1D"})

    answer = mocked.control("GET", "/worlds/outside/journal/1/code?as=curl").json()

    assert f"{mocked.url}/__mockportal/worlds/outside/clock/advance" in answer["code"]
    assert run_curl(answer["code"], tmp_path, {}).status == 200


@pytest.mark.parametrize(
    ("case", "query", "status", "message"),
    [
        ("get", "as=pytst", 400, "as=pytst is not known; did you mean 'pytest'? (known: curl, httpx, fetch, playwright, pytest)"),
        ("get", "", 400, "as= is not known (known: curl, httpx, fetch, playwright, pytest)"),
        ("get", "as=curl&by=me", 400, "unknown parameter 'by' (known: as)"),
        ("dots", "as=fetch", 400, "JavaScript would tidy up this path before it sends it; as=curl does not"),
        ("get-body", "as=fetch", 400, "fetch sends no GET with a body; as=curl does"),
        ("no-type", "as=playwright", 400, "Playwright sends no body without a content type; as=curl does"),
    ],
)  # fmt: skip
def test_program_that_cannot_be_is_refused(
    mocked: Mocked, case: str, query: str, status: int, message: str
) -> None:
    sent = mocked.sent("refused", CASES[case])

    answer = mocked.control("GET", f"/worlds/refused/journal/{sent.n}/code?{query}")

    assert (answer.status_code, answer.json()) == (status, {"message": message})


def test_entry_that_is_not_kept_has_no_program(mocked: Mocked) -> None:
    answer = mocked.control("GET", "/worlds/refused/journal/99999/code?as=curl")

    assert (answer.status_code, answer.json()) == (404, {"message": "the journal has no entry 99999"})


def test_world_that_cannot_be_is_named_again(mocked: Mocked, tmp_path: Path) -> None:
    refused = httpx.get(f"{mocked.url}/@Bad_Name/v2/portal/user")
    n = refused.headers["x-mockportal-entry"]

    code = mocked.control("GET", f"/worlds/main/journal/{n}/code?as=curl").json()["code"]

    assert run_curl(code, tmp_path, {}) == Answered(400, refused.content)
