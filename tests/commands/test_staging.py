"""`docs/staging.md` played on a deployment that nobody knows: another seed, no worlds, two tokens."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from contracts.mutants.serving import served
from mockportal.cli import main
from mockportal.mock import Mock, Setup
from mockportal.values import Record
from mockportal.web.app import create_app
from tests.support.deployments import as_deployment

PAGE = Path(__file__).parents[2] / "docs" / "staging.md"
TOKENS = {"MOCKPORTAL_TOKEN_PORTALAUTH": "dev-anna", "MOCKPORTAL_TOKEN_EPILOTAUTH": "dev-admin"}
Requests = list[tuple[str, str]]


def commands(url: str) -> Iterator[list[str]]:
    """The commands of the page against `url`, without the pace that a deployment needs."""
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line.replace("$STAGING", url), comments=True)
            if words[0] == "mockportal":
                yield [*words[1:], "--rate", "0"]


@pytest.fixture(scope="module")
def played(
    mock: Mock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, list[int], Requests, str]]:
    """The folder in which the page was played, the exit codes, the requests of its first command, and the address."""
    seen: Requests = []
    app = as_deployment(create_app(Mock(Setup(seed=7), mock.spec)))

    async def noting(scope, receive, send):  # type: ignore[no-untyped-def]
        if scope["type"] == "http":
            seen.append((scope["method"], scope["path"] + "?" + scope["query_string"].decode()))
        await app(scope, receive, send)

    folder = tmp_path_factory.mktemp("staging")
    with served(noting) as url, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CACHE_HOME", str(folder))
        for name, token in TOKENS.items():
            patch.setenv(name, token)
        init, judge = commands(url)
        first = main(init)
        asked = [*seen]
        codes = [first, main(judge)]
        yield folder, codes, asked, url


def test_page_ends_in_a_useful_verdict(played: tuple[Path, list[int], Requests, str]) -> None:
    folder, codes, _, _ = played
    report: Record = json.loads((folder / "report" / "report.json").read_text())

    assert codes == [0, 0]
    assert (report["verdict"], report["findings"], report["problems"]) == ("conforms", [], [])
    assert report["counts"]["passed"] >= 60


def test_file_holds_sources_and_no_token(played: tuple[Path, list[int], Requests, str]) -> None:
    folder, _, asked, _ = played
    text = (folder / "staging.yaml").read_text()

    assert {method for method, _ in asked} == {"GET"}
    assert len(asked) == len({*asked})
    assert not [token for token in TOKENS.values() if token in text]
    assert re.search(r'^  portal_id: "[0-9a-f-]{36}"  # getPortalConfig /portal_id$', text, re.MULTILINE)
    assert "  # partner_id:  # missing; for resendPartnerInvitation" in text
    assert yaml.safe_load(text)["operations"]["getContract"]["params"]["id"]


def test_edited_file_keeps_every_line(
    played: tuple[Path, list[int], Requests, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
