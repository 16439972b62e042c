import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockportal.errors import UsageError
from mockportal.judge.model import Interaction, Received, Report, Sent
from mockportal.judge.reports.as_json import EXCERPT, report_json
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.schema import REPORT_SCHEMA
from mockportal.judge.reports.stored import body_of, exchanges_of, load_report, spell
from mockportal.spec.spec import Spec
from mockportal.values import Record
from tests.support.reports import (
    BASE,
    BROKEN,
    GET,
    JWT,
    POST,
    TOKEN,
    VARIABLE,
    finding,
    large_report,
    received,
    report,
)

PUBLISHED = Path(__file__).parents[3] / "docs" / "contract-report.schema.json"
SCHEMA = Draft202012Validator(REPORT_SCHEMA)


def record_of(*exchanges: Interaction) -> Record:
    return report_json(report(findings=(finding(exchanges=exchanges),)), Redactor([TOKEN]), BASE)


def only(record: Record) -> Record:
    """The one exchange of the one finding."""
    exchange: Record = record["findings"][0]["exchanges"][0]
    return exchange


def test_published_schema_is_the_schema() -> None:
    assert json.loads(PUBLISHED.read_text()) == REPORT_SCHEMA
    Draft202012Validator.check_schema(REPORT_SCHEMA)


@pytest.mark.parametrize("given_report", [report(), BROKEN], ids=["clean", "broken"])
def test_reports_fit_the_schema(given_report: Report) -> None:
    record = report_json(given_report, Redactor([]), BASE)

    assert [error.message for error in SCHEMA.iter_errors(record)] == []


def test_large_report_fits_the_schema(spec: Spec) -> None:
    record = report_json(large_report(spec), Redactor([]), BASE)

    assert [error.message for error in SCHEMA.iter_errors(record)] == []
    assert record["counts"] == {"passed": 112, "failed": 30, "untested": 7}


def test_run_is_told_whole() -> None:
    record = report_json(BROKEN, Redactor([]), BASE)

    del record["findings"], record["known"], record["operations"], record["checks"], record["next"]
    assert record == {
        "format": 1,
        "verdict": "violates",
        "counts": {"passed": 0, "failed": 2, "untested": 1},
        "target": BASE,
        "profile": "local",
        "seed": 7,
        "phases": ["examples", "coverage"],
        "spec_sha256": "5f" * 32,
        "versions": {"mockportal": "0.1.0", "schemathesis": "4.32.5"},
        "started": "2026-11-23T10:00:00Z",
        "seconds": 12.34,
        "problems": ["deviation 3 has expired"],
        "notes": [],
        "arguments": [],
        "traffic": {"sent": 13, "sent GET": 9, "sent POST": 4},
        "document": "",
        "trend": [],
    }


def test_operations_tell_statuses_checks_and_parameters() -> None:
    record = report_json(BROKEN, Redactor([]), BASE)

    assert record["operations"][0] == {
        "id": "getContract",
        "group": "",
        "method": "GET",
        "path": "/v2/portal/contract/{id}",
        "verdict": "failed",
        "untested": "",
        "cases": 9,
        "successes": 6,
        "documented": ["200", "404", "4XX"],
        "seen": {"200": 6, "404": 1, "409": 1, "502": 1},
        "undocumented": ["502"],
        "checks": {
            "not_a_server_error": {"passed": 8, "failed": 0},
            "response_schema_conformance": {"passed": 5, "failed": 1},
        },
        "parameters": {"path.id": {"valid": 7, "invalid": 2}},
    }
    assert record["operations"][1]["undocumented"] == []
    assert record["operations"][2]["untested"] == "no token for ExternalOIDCAuth"


def test_finding_is_told_with_what_reproduces_it() -> None:
    record = record_of(Interaction(GET, received(502, b"bad", **{"retry-after": "1"})))

    told = record["findings"][0]
    assert told["replay"] == f"mockportal contract --replay {finding().id}"
    assert told["exchanges"] == [
        {
            "request": {
                "operation": "getContract",
                "method": "GET",
                "target": "/v2/portal/contract/1?x=a%20b",
                "headers": {"authorization": f"Bearer {VARIABLE}"},
                "body": "",
                "redacted": False,
            },
            "response": {
                "status": 502,
                "headers": [["content-type", "application/json"], ["retry-after", "1"]],
                "body": "bad",
                "size": 3,
                "truncated": False,
            },
            "problem": "",
            "curl": f"curl -sSi '{BASE}/v2/portal/contract/1?x=a%20b' -H \"authorization: Bearer {VARIABLE}\"",
        }
    ]


def test_answer_that_never_came_is_told_by_its_problem() -> None:
    told = only(record_of(Interaction(GET, None, "timed out")))

    assert (told["response"], told["problem"]) == (None, "timed out")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"x" * 2048, {"body": "x" * 2048, "size": 2048, "truncated": False}),
        (b"x" * 2049, {"body": "x" * 2048, "size": 2049, "truncated": True}),
        (b"x" + "ä".encode() * 1024, {"body": "x" + "ä" * 1023, "size": 2049, "truncated": True}),
        (b"\xff", {"body_base64": "/w==", "size": 1, "truncated": False}),
    ],
)
def test_excerpt_has_two_kilobytes_at_most(body: bytes, expected: Record) -> None:
    response = only(record_of(Interaction(GET, Received(200, (), body))))["response"]

    assert response == {"status": 200, "headers": [], **expected}
    assert len(body_of(response)) <= EXCERPT


def test_secret_at_the_cut_of_an_excerpt_does_not_show_in_part() -> None:
    body = b"x" * (EXCERPT - 5) + TOKEN.encode()

    response = only(record_of(Interaction(GET, Received(200, (), body))))["response"]

    assert TOKEN[:5] not in response["body"]


def test_no_secret_is_anywhere_in_a_report() -> None:
    login = Sent(
        "login", "POST", f"/login?token={TOKEN}", {"cookie": f"s={TOKEN}"}, b'{"password": "hunter2"}'
    )
    answer = received(200, b'{"access_token": "minted-4711"}', **{"set-cookie": "sid=baked-4711"})
    use = Sent(
        "getContract", "GET", "/x/minted-4711", {"authorization": "Bearer minted-4711"}, b"\xffbaked-4711"
    )
    one = finding(
        message=f"{TOKEN} {JWT} minted-4711",
        exchanges=(Interaction(login, answer), Interaction(use, None, TOKEN)),
    )

    record = report_json(report(findings=(one,), problems=(f"{TOKEN}",)), Redactor([TOKEN]), BASE)

    text = spell(record)
    assert [s for s in (TOKEN, "planted", JWT, "minted-4711", "baked-4711", "hunter2") if s in text] == []
    assert [exchange["request"]["redacted"] for exchange in record["findings"][0]["exchanges"]] == [
        True,
        True,
    ]


def test_id_is_that_of_the_finding_even_where_its_signature_holds_a_secret() -> None:
    one = finding(signature=f"the token {TOKEN}")

    record = report_json(report(findings=(one,)), Redactor([TOKEN]), BASE)

    assert record["findings"][0]["id"] == one.id
    assert record["findings"][0]["signature"] == "the token [redacted]"


def test_text_that_utf8_cannot_spell_is_no_obstacle(tmp_path: Path) -> None:
    record = report_json(report(findings=(finding(message="a\ud800b\x00"),)), Redactor([]), BASE)
    (tmp_path / "report.json").write_text(spell(record), "utf-8")

    assert load_report(tmp_path / "report.json")["findings"][0]["message"] == "a?b\x00"


@settings(deadline=None)
@given(body=st.binary(max_size=60), target=st.text(max_size=20), header=st.text(max_size=20))
def test_requests_come_back_byte_by_byte(body: bytes, target: str, header: str) -> None:
    redactor = Redactor([])
    sent = redactor.sent(Sent("op", "POST", "/" + target, {"x": header}, body))
    one = finding(exchanges=(Interaction(sent, Received(200, (("a", "1"), ("a", "2")), body)),))

    record = json.loads(spell(report_json(report(findings=(one,)), redactor, BASE)))

    safe = {"target": sent.target.encode("utf-8", "replace").decode(), "x": header}
    (again,) = exchanges_of(record, one.id)
    assert (again.sent.target, again.sent.body) == (safe["target"], sent.body)
    assert again.received is not None
    assert again.received.headers == (("a", "1"), ("a", "2"))
    assert again.received.body == sent.body


def test_exchanges_come_back_in_order_also_of_known_findings() -> None:
    record = report_json(BROKEN, Redactor([]), BASE)
    known = BROKEN.known[0].finding

    assert exchanges_of(record, BROKEN.findings[1].id) == (Interaction(POST, received(500)),)
    assert exchanges_of(record, known.id) == known.exchanges


def test_answer_that_never_came_comes_back_as_none() -> None:
    silent = Interaction(GET, None, "timed out")

    assert exchanges_of(record_of(silent), finding().id) == (silent,)


def test_unknown_finding_is_said_in_one_line() -> None:
    record = report_json(BROKEN, Redactor([]), BASE)
    wrong = BROKEN.findings[0].id[:-1] + "x"

    with pytest.raises(UsageError) as error:
        exchanges_of(record, wrong)

    assert str(error.value) == (
        f"--replay: the report has no finding '{wrong}'; did you mean '{BROKEN.findings[0].id}'?"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("{", "is not JSON: unexpected end of data"),
        ("[]", "is not a report of mockportal contract: $: [] is not of type 'object'"),
        ('{"format": 2}', "is not a report of mockportal contract: $: 'verdict' is a required property"),
    ],
)
def test_file_that_is_no_report_is_refused(tmp_path: Path, content: str | None, problem: str) -> None:
    path = tmp_path / "report.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(UsageError) as error:
        load_report(path)

    assert str(error.value).startswith(f"{path}: {problem}")
