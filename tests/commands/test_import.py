"""`mockportal import` as a process: an archive of a journal becomes a scenario that passes `check` and `verify`."""

import json
from pathlib import Path

import httpx
import pytest

from tests.test_cli import Run, run, served

__all__ = ["run"]
ANNA = {"authorization": "Bearer dev-anna"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The journal of a session with a minted token."""
    with served(tmp_path_factory.mktemp("served")) as (url, _):
        minted = httpx.post(f"{url}/__mockportal/worlds/main/tokens", json={"user": "mehmet"}).json()["token"]
        mehmet = {"authorization": f"Bearer {minted}"}
        httpx.get(f"{url}/v2/portal/user", headers=ANNA)
        httpx.patch(f"{url}/v2/portal/contact", headers=ANNA, json={"first_name": "Änne", "last_name": "no"})
        httpx.get(f"{url}/v2/portal/contact", headers=ANNA)
        httpx.get(f"{url}/v2/portal/billing/events?size=2&from=1&paid=true", headers=mehmet)
        httpx.get(f"{url}/v2/portal/billing/events?size=many", headers=mehmet)
        httpx.get(f"{url}/v2/portal/user")
        return httpx.get(f"{url}/__mockportal/worlds/main/journal.har").text


def test_archive_of_a_journal_becomes_a_scenario_that_holds(run: Run, tmp_path: Path, archive: str) -> None:
    (tmp_path / "session.har").write_text(archive, "utf-8")

    made = run("import", "session.har", "-o", "session.yaml")

    assert (made.returncode, made.stderr.splitlines()[-1]) == (0, "6 steps; 1 entries were not used")
    text = (tmp_path / "session.yaml").read_text("utf-8")
    assert text.count("as: dev-mehmet") == 2
    assert "Bearer" not in text
    checked = run("check", "session.yaml")
    assert (checked.returncode, checked.stdout) == (0, "")
    verified = run("verify", "session.yaml")
    assert (verified.returncode, verified.stdout) == (0, "holds   session\n")


def test_scenario_goes_to_stdout_and_the_rest_to_stderr(run: Run, tmp_path: Path, archive: str) -> None:
    (tmp_path / "session.har").write_text(archive, "utf-8")

    made = run("import", "session.har", "--extends", "overdue-invoice")

    assert made.stdout.startswith('about: "The steps of session.har."\nextends: overdue-invoice\nexpect:\n')
    assert made.stderr.startswith("not used: 1: POST http://127.0.0.1:")


def test_archive_without_a_usable_entry_is_1_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    other = {"request": {"method": "GET", "url": "https://cdn.example.test/x"}, "response": {"status": 200}}
    (tmp_path / "session.har").write_text(json.dumps({"log": {"entries": [other]}}))

    made = run("import", "session.har", "-o", "session.yaml")

    assert made.returncode == 1
    assert made.stderr == (
        "not used: 1: GET https://cdn.example.test/x: cdn.example.test is another host\n"
        "0 steps; 1 entries were not used\n"
    )
    assert not (tmp_path / "session.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.har"], "mockportal: missing.har: cannot be read (No such file or directory)\n"),
        (["wrong.har"], "mockportal: wrong.har: is not an HTTP Archive: there is no list at /log/entries\n"),
        (["wrong.har", "-o", "wrong.har"], "mockportal: wrong.har: exists already\n"),
        (
            ["good.har", "--extends", "defualt"],
            "mockportal: defualt: is not a known scenario; did you mean 'default'?\n",
        ),
    ],
)
def test_bad_input_is_one_line_and_2(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "wrong.har").write_text("{}")
    (tmp_path / "good.har").write_text('{"log": {"entries": []}}')

    made = run("import", *arguments)

    assert (made.returncode, made.stdout, made.stderr) == (2, "", message)
