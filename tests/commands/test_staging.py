"""`docs/tutorials/ci.md` played on a deployment that nobody knows: another seed, no worlds, two tokens."""

import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import yaml

from contracts.mutants.serving import served
from mockportal.cli import main
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import Record
from mockportal.web.app import create_app
from tests.support.deployments import as_deployment
from tests.support.reader import blocks_of, is_like

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "ci.md"
TOKENS = {"MOCKPORTAL_TOKEN_PORTALAUTH": "dev-anna", "MOCKPORTAL_TOKEN_EPILOTAUTH": "dev-admin"}
Requests = list[tuple[str, str]]


class Staging:
    """The deployment of the page, which is started again with other data; `asked` are its requests."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.asked: Requests = []

    def start(self, line: str, folder: Path) -> None:
        words = shlex.split(line)
        scenario = "default" if words[2].startswith("-") else str(folder / words[2])
        self.app = as_deployment(create_app(Mock(Setup(seed=7, scenario=scenario), self.spec)))

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        if scope["type"] == "http":
            self.asked.append((scope["method"], scope["path"] + "?" + scope["query_string"].decode()))
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def played(
    mock: Mock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Requests, Record, str]]:
    """The folder in which the page was played, the requests of its first command, the first report, and the address."""
    staging, folder, said = Staging(mock.spec), tmp_path_factory.mktemp("staging"), ""
    first: Requests = []
    reports: list[Record] = []
    with served(staging) as url, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CACHE_HOME", str(folder))
        for name, token in TOKENS.items():
            patch.setenv(name, token)
        for block in blocks_of(PAGE):
            if block.kind == "server":
                staging.start(block.text, folder)
            elif block.kind.startswith("file="):
                (folder / Path(block.kind.removeprefix("file=")).name).write_text(block.text)
            elif block.kind == "output":
                assert is_like(said, block.text), said
            elif block.text.startswith("mockportal contract"):
                line = block.text.replace("$STAGING", url).replace("--rate 200", "--rate 0")
                with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
                    code = main(shlex.split(line)[1:])
                said = out.getvalue()
                assert code == (block.kind == "fails"), said
                first = first or [*staging.asked]
                if (folder / "report").exists():
                    reports.append(json.loads((folder / "report" / "report.json").read_text()))
        yield folder, first, reports[0], url


def test_page_leads_to_a_useful_verdict(played: tuple[Path, Requests, Record, str]) -> None:
    _, _, report, _ = played

    assert (report["verdict"], report["findings"], report["problems"]) == ("conforms", [], [])
    assert report["counts"]["passed"] >= 60


def test_file_holds_sources_and_no_token(played: tuple[Path, Requests, Record, str]) -> None:
    folder, asked, _, _ = played
    text = (folder / "staging.yaml").read_text()

    assert {method for method, _ in asked} == {"GET"}
    assert len(asked) == len({*asked})
    assert not [token for token in TOKENS.values() if token in text]
    assert re.search(r'^  portal_id: "[0-9a-f-]{36}"  # getPortalConfig /portal_id$', text, re.MULTILINE)
    assert "  # partner_id:  # missing; for resendPartnerInvitation" in text
    assert yaml.safe_load(text)["operations"]["getContract"]["params"]["id"]


def test_workflow_of_the_page_is_one(played: tuple[Path, Requests, Record, str]) -> None:
    folder, _, _, _ = played
    linter = str(Path(sys.executable).parent / "check-jsonschema")

    line = [linter, "--builtin-schema", "vendor.github-workflows", str(folder / "staging.yml")]
    subprocess.run(line, check=True)


def test_edited_file_keeps_every_line(
    played: tuple[Path, Requests, Record, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, _, url = played
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    path = tmp_path / "mine.yaml"
    text = (folder / "staging.yaml").read_text()
    edited = re.sub(r"  email: .*", '  email: "me@example.org"  # my own', text)
    edited = re.sub(r"  getContract: .*\n", "", edited)
    path.write_text(edited)

    assert main(["contract", "--init-targets", url, "--targets", str(path), "--rate", "0"]) == 0

    again = path.read_text().splitlines()
    assert [line for line in edited.splitlines() if line not in again] == []
    assert [line.split(":")[0].strip() for line in again if line not in edited.splitlines()] == [
        "getContract"
    ]


def test_tokens_that_are_known_of_a_mock_are_not_asked_of_the_environment(
    mock: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKPORTAL_TOKEN_PORTALAUTH", "dev-anna")
    monkeypatch.delenv("MOCKPORTAL_TOKEN_EPILOTAUTH", raising=False)
    path = tmp_path / "mine.yaml"

    with served(create_app(mock)) as url:
        assert main(["contract", "--init-targets", url, "--targets", str(path), "--rate", "0"]) == 0

    assert yaml.safe_load(path.read_text())["tokens"] == {"PortalAuth": "$MOCKPORTAL_TOKEN_PORTALAUTH"}
