"""The requests of findings as an HTTP Archive, held to the specification of HAR 1.2."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from mockportal.judge.model import Interaction, Received, Report, Sent
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.machines.har import har_json
from mockportal.judge.reports.redact import Redactor
from mockportal.spec.spec import Spec
from mockportal.values import Json, decode
from tests.support.reports import BASE, POST, TOKEN, finding, large_report, received, report

HAR = decode((Path(__file__).parents[3] / "recordings" / "har-1.2.schema.json").read_bytes())


def entries_of(given: Report, *secrets: str) -> list[Json]:
    value = json.loads(har_json(report_json(given, Redactor(secrets), BASE), BASE))
    assert [error.message for error in Draft202012Validator(HAR).iter_errors(value)] == []
    return list(value["log"]["entries"])


def test_every_request_of_a_finding_is_there(spec: Spec) -> None:
    given = large_report(spec)

    found = entries_of(given)

    assert len(found) == sum(
        len(one.exchanges) for one in [*given.findings, *(k.finding for k in given.known)]
    )
    assert len({one["startedDateTime"] for one in found}) == len(found)


def test_entry_tells_its_finding_request_and_answer() -> None:
    one = finding(exchanges=(Interaction(POST, received(201, b"\xff", location="/v2/portal/pages/1")),))

    entry = entries_of(report(findings=(one,)))[0]

    assert entry["comment"] == f"{one.id} getContract response_schema_conformance: {one.message}"
    assert entry["request"]["url"] == f"{BASE}/v2/portal/pages"
    assert entry["request"]["postData"] == {
        "mimeType": "application/json",
        "params": [],
        "text": POST.body.decode(),
    }
    assert entry["response"]["content"] == {
        "size": 1, "mimeType": "application/json", "text": "/w==", "encoding": "base64",
    }  # fmt: skip
    assert entry["response"]["redirectURL"] == "/v2/portal/pages/1"


def test_request_without_an_answer_says_why() -> None:
    one = finding(exchanges=(Interaction(POST, None, "timed out"),))

    response = entries_of(report(findings=(one,)))[0]["response"]

    assert (response["status"], response["comment"]) == (0, "timed out")


def test_no_secret_is_in_the_archive() -> None:
    sent = Sent("login", "POST", f"/login?token={TOKEN}", {"cookie": f"sid={TOKEN}"}, TOKEN.encode())
    got = Received(200, (("set-cookie", f"sid={TOKEN}; Path=/"),), b"")

    text = json.dumps(entries_of(report(findings=(finding(exchanges=(Interaction(sent, got),)),)), TOKEN))

    assert TOKEN not in text
