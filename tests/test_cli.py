"""The command line as a user meets it: servers in processes of their own, and short commands in this one."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.command_line import run_command

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `mockportal` in an empty folder."""

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_command(tmp_path, *arguments)

    return command


@contextmanager
def served(folder: Path, *arguments: str, **own: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The URL of a mock on a free port, from its ready line. It has its `own` variables of the environment too."""
    line = [sys.executable, "-m", "mockportal", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        line,
        cwd=folder,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready.startswith("mockportal ready at http://127.0.0.1:"), ready
        yield ready.split()[3], process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_serve_prints_one_ready_line_and_answers(tmp_path: Path) -> None:
    with served(tmp_path) as (url, process):
        health = httpx.get(f"{url}/__mockportal/health").json()
        user = httpx.get(f"{url}/v2/portal/user", headers={"authorization": "Bearer dev-anna"}).json()

        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)

    assert health["operations"] == 149
    assert user["data"]["email"] == "anna.berger@example.org"
    assert process.returncode == 0
    assert errors == ""


def test_two_serves_answer_the_same_bytes(tmp_path: Path) -> None:
    def play(url: str) -> list[tuple[int, bytes, dict[str, str]]]:
        headers = {"authorization": "Bearer dev-anna", "host": "mock.localhost"}
        answers = [
            httpx.get(f"{url}/v2/portal/user", headers=headers),
            httpx.get(f"{url}/v2/portal/contract", headers=headers),
            httpx.patch(f"{url}/v2/portal/user", headers=headers, json={"language": "en"}),
            httpx.get(f"{url}/v2/portal/entity/portal_user/x/activity", headers=headers),
            httpx.post(
                f"{url}/v2/portal/entity:search",
                headers=headers,
                json={"slug": ["contract", "meter"], "hydrate": True},
            ),
            httpx.post(
                f"{url}/__mockportal/worlds/a/tokens",
                headers={"host": "a.localhost"},
                json={"user": "portal_user/anna"},
            ),
            httpx.get(f"{url}/nothing"),
        ]
        return [
            (
                answer.status_code,
                answer.content,
                {name: value for name, value in answer.headers.items() if name != "date"},
            )
            for answer in answers
        ]

    with served(tmp_path) as (one, _):
        first = play(one)
    with served(tmp_path) as (other, _):
        second = play(other)

    assert first == second


def test_faults_of_a_connection_reach_the_client(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "broken.yaml").write_text(
        "extends: default\nrules:\n"
        " - {operation: getPortalUser, times: 1, fault: {connection: reset}}\n"
        " - {operation: getPortalUser, times: 1, fault: {connection: empty}}\n"
        " - {operation: getPortalUser, times: 1, fault: {body: truncated}}\n"
    )
    with served(tmp_path, "broken") as (url, process):
        for _ in range(3):
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{url}/v2/portal/user", headers={"authorization": "Bearer dev-anna"})
        assert (
            httpx.get(f"{url}/v2/portal/user", headers={"authorization": "Bearer dev-anna"}).status_code
            == 200
        )
        process.terminate()
        assert process.communicate(timeout=20)[1] == ""


def test_watch_loads_a_changed_scenario_and_survives_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    mine = tmp_path / "scenarios" / "mine.yaml"
    mine.write_text("extends: default\nabout: one")

    def anna(url: str) -> str:
        answer = httpx.get(f"{url}/v2/portal/user", headers={"authorization": "Bearer dev-anna"})
        return str(answer.json()["data"].get("language"))

    def eventually(url: str, language: str) -> bool:
        for _ in range(100):
            if anna(url) == language:
                return True
            time.sleep(0.1)
        return False

    with served(tmp_path, "mine", "--watch") as (url, _):
        mine.write_text("extends: default\nentities: {portal_user: {anna: {language: xx}}}")
        assert eventually(url, "xx")
        mine.write_text("extends: nothing")
        time.sleep(1)
        assert anna(url) == "xx"


def test_request_log_has_no_secrets(tmp_path: Path) -> None:
    with served(tmp_path, "--log", "json") as (url, process):
        httpx.get(f"{url}/v2/portal/user?token=geheim", headers={"authorization": "Bearer dev-anna"})
        process.terminate()
        errors = process.communicate(timeout=20)[1]

    assert json.loads(errors)["operation"] == "getPortalUser"
    assert "geheim" not in errors
    assert "dev-anna" not in errors


BAD = [
    (("serve", "nothing"), "nothing: is not a known scenario"),
    (("serve", "defualt"), "did you mean 'default'?"),
    (("serve", "broken.yaml"), "broken.yaml:2:1: is not YAML"),
    (("serve", "wrong.yaml"), "wrong.yaml:2:29: /entities/contact/anna/_title: 5 is not of type 'string'"),
    (("serve", "--port", "x"), "invalid int value: 'x'"),
    (("serve", "--host", "nowhere.invalid"), "cannot listen there"),
    (("serve", "--clock", "soon"), "'soon' is neither an RFC 3339 instant nor `now`"),
    (
        ("serve", "--clock", "2026-06-15"),
        "write 2026-06-15T00:00:00+02:00 for German time, or 2026-06-15T00:00:00Z",
    ),
    (("serve", "--control-token", ""), "--control-token: is empty, so it would let everybody in"),
    (("serve", "--control-token", "two words"), "--control-token: is not a token"),
    (("serve", "--control-token", "schlüssel"), "--control-token: is not a token"),
    (("serve", "--host", "0.0.0.0", "--control-token", ""), "--control-token: is empty"),
    (("serve", "--control-token-file", "empty"), "--control-token-file: is empty"),
    (("serve", "--control-token-file", "missing"), "missing: cannot be read"),
    (("serve", "--control-token-file", "empty", "--control-token", "x"), "not allowed with argument"),
    (("serve", "--cors-origin", "*"), "'*' cannot have credentials"),
    (("serve", "--cors-origin", "http://localhost:3000/"), "is not an origin such as http://localhost:5173"),
    (("serve", "--cors-origin", "localhost:3000"), "is not an origin such as http://localhost:5173"),
    (("serve", "--spec", "missing.json"), "missing.json: cannot be read"),
    (("serve", "--spec", "broken.yaml"), "broken.yaml:2:1: is not YAML"),
    (("serve", "--overlay", "wrong.yaml"), "is not an OpenAPI Overlay"),
    (("serve", "--behaviours", "no.such.package"), "cannot be imported"),
    (("check", "nothing.yaml"), "nothing.yaml: does not exist"),
    (("check", "broken.yaml"), "broken.yaml:2:1: is not YAML"),
    (("spec", "--spec", "list.json"), "list.json: is not a mapping"),
    (("dance",), "invalid choice: 'dance'"),
    ((), "arguments are required"),
]


@pytest.mark.parametrize(("arguments", "problem"), BAD, ids=[" ".join(row[0]) for row in BAD])
def test_bad_input_is_one_line_and_exit_2(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], problem: str
) -> None:
    (tmp_path / "broken.yaml").write_text("a: [1")
    (tmp_path / "wrong.yaml").write_text("extends: default\nentities: {contact: {anna: {_title: 5}}}")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "empty").write_text(" \n")

    result = run(*arguments)

    assert result.returncode == 2
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_process_ends_with_one_line_and_exit_2(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "mockportal", "serve", "--port", "99999"]

    result = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert (result.returncode, result.stdout) == (2, "")
    assert "cannot listen there" in result.stderr
    assert result.stderr.count("\n") == 1


def test_empty_control_token_in_the_environment_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKPORTAL_CONTROL_TOKEN", "")

    result = run("serve")

    assert result.returncode == 2
    assert result.stderr == (
        "mockportal: MOCKPORTAL_CONTROL_TOKEN: is empty, so it would let everybody in;"
        " leave it out to ask for no token\n"
    )


@pytest.mark.parametrize("source", ["file", "environment"])
def test_control_token_comes_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    if source == "environment":
        monkeypatch.setenv("MOCKPORTAL_CONTROL_TOKEN", "s3cret")
    flags = ("--control-token-file", "token") if source == "file" else ()

    with served(tmp_path, *flags) as (url, _):
        given = ["", "s3cret", "Basic s3cret", "Bearer wrong", "bearer s3cret", "Bearer s3cret"]
        statuses = [
            httpx.get(f"{url}/__mockportal/health", headers={"authorization": one}).status_code
            for one in given
        ]

    assert statuses == [401, 401, 401, 401, 200, 200]


def test_named_origin_may_send_credentials(tmp_path: Path) -> None:
    flags = ("--cors-origin", "HTTP://LocalHost:3000", "--cors-origin", "https://app.test:443")
    with served(tmp_path, *flags) as (url, _):
        allowed = [
            httpx.get(f"{url}/v2/portal/user", headers={"origin": origin}).headers.get(
                "access-control-allow-origin"
            )
            for origin in ("http://localhost:3000", "https://app.test", "https://other.test")
        ]

    assert allowed == ["http://localhost:3000", "https://app.test", "*"]


def test_port_in_use_is_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))

    assert result.returncode == 2
    assert "cannot listen there: Address already in use" in result.stderr


def test_check_is_clean_and_lists_what_the_overlay_touches(run: Run) -> None:
    result = run("check", "--format", "json")

    findings = json.loads(result.stdout)
    assert result.returncode == 0
    assert {finding["severity"] for finding in findings} == {"note"}
    assert {"implied-response", "overlay", "ref-siblings"} <= {finding["rule"] for finding in findings}
    assert all(finding["pointer"].startswith("/") for finding in findings)


def test_check_finds_a_wrong_scenario(tmp_path: Path, run: Run) -> None:
    (tmp_path / "wrong.yaml").write_text("extends: default\nrules: [{operation: getPortalUsr}]")

    result = run("check", "wrong.yaml")

    assert result.returncode == 1
    assert "did you mean 'getPortalUser'?" in result.stdout
    assert result.stderr.startswith("1 problems")


def test_check_prints_the_schema_of_scenarios(run: Run) -> None:
    schema = json.loads(run("check", "--schema").stdout)

    assert (
        "getPortalUser"
        in schema["properties"]["rules"]["items"]["properties"]["operation"]["oneOf"][0]["enum"]
    )


def test_spec_is_printed_with_and_without_the_overlay(run: Run) -> None:
    path = "/v2/portal/billing/events"
    overlaid = json.loads(run("spec").stdout)["paths"][path]["get"]["responses"]
    raw = json.loads(run("spec", "--no-overlay").stdout)["paths"][path]["get"]["responses"]

    assert "401" in overlaid
    assert "401" not in raw


def test_operations_say_what_answers_them(run: Run) -> None:
    rows = json.loads(run("operations", "--format", "json").stdout)

    assert len(rows) == 149
    assert {"operation", "method", "path", "answered_by", "behaviour"} <= rows[0].keys()
    found = {row["operation"]: row for row in rows}
    assert found["createMeterReading"]["answered_by"] == "behaviour"
    assert found["createMeterReading"]["behaviour"] == "mockportal.portal.metering.readings.create_reading"
    assert "createMeterReading" in run("operations").stdout
    assert run("operations", "--format", "markdown").stdout.startswith("# Operations")


def test_output_that_nobody_reads_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    line = [sys.executable, "-m", "mockportal", "spec"]

    result = subprocess.run(
        line, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )

    os.close(writer)
    assert (result.returncode, result.stderr) == (0, "")


def test_raw_document_can_be_served(tmp_path: Path) -> None:
    with served(tmp_path, "--no-overlay") as (url, _):
        answer = httpx.get(f"{url}/v2/portal/user", headers={"authorization": "Bearer dev-anna"})

    assert answer.status_code == 200
