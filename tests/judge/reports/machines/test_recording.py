"""The requests of a whole run as an HTTP Archive."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mockportal.judge.model import Received
from mockportal.judge.reports.machines.recording import RunRecording
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.wire.transports import NoAnswer
from mockportal.values import Json, decode
from tests.support.reports import BASE, TOKEN, received

HAR = decode((Path(__file__).parents[3] / "recordings" / "har-1.2.schema.json").read_bytes())


async def answering(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
    if target == "/gone":
        raise NoAnswer("the connection was refused")
    return received(
        200, b'{"echo": "' + headers["authorization"].encode() + b'", "more": "' + b"x" * 5_000 + b'"}'
    )


def log_of(recording: RunRecording) -> Json:
    value = json.loads(recording.text(Redactor([TOKEN]), BASE))
    assert [error.message for error in Draft202012Validator(HAR).iter_errors(value)] == []
    return value["log"]


def sent(recording: RunRecording, *targets: str) -> None:
    send = recording.around(answering)

    async def send_all() -> None:
        for target in targets:
            await send("GET", target, {"authorization": f"Bearer {TOKEN}"}, b"")

    asyncio.run(send_all())


def test_answers_are_there_whole_and_without_secrets() -> None:
    recording = RunRecording()

    sent(recording, "/a?b=c")

    log = log_of(recording)
    assert [one["request"]["url"] for one in log["entries"]] == [f"{BASE}/a?b=c"]
    assert "x" * 5_000 in log["entries"][0]["response"]["content"]["text"]
    assert TOKEN not in json.dumps(log)


def test_only_the_last_requests_are_kept() -> None:
    recording = RunRecording(most=2)

    sent(recording, "/a", "/b", "/c")

    log = log_of(recording)
    assert [one["request"]["url"] for one in log["entries"]] == [f"{BASE}/b", f"{BASE}/c"]
    assert log["comment"] == "the last 2 of 3 requests"


def test_request_without_an_answer_says_why() -> None:
    recording = RunRecording()

    with pytest.raises(NoAnswer):
        sent(recording, "/gone")

    assert log_of(recording)["entries"][0]["response"]["comment"] == "the connection was refused"
