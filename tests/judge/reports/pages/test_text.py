from pathlib import Path

from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.history import run_of_history
from mockportal.judge.reports.pages.text import text
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.view import duration
from tests.support.reports import BASE, BROKEN, finding, report


def test_terminal_says_all_that_matters_verdict_first() -> None:
    record = report_json(BROKEN, Redactor([]), BASE)
    first, second, third = (one.id for one in BROKEN.findings)

    assert (
        text(record, Path("out"))
        == f"""\
Breaks the contract: 3 findings, 1 problem, 1 operation untested
3 operations: 0 passed, 2 failed, 1 untested
{BASE} · local · seed 7 · 12.3 s

what to do next
  play the first finding again: mockportal contract --replay {second}
  judge createPage alone: mockportal contract --operation createPage
  accept what is agreed, until a day: mockportal contract --write-deviations deviations.yaml

high  not_a_server_error  F100
  {second}  createPage  POST /v2/portal/pages
    500 for a valid request
high  response_schema_conformance  F101
  {first}  getContract  GET /v2/portal/contract/{{id}}
    body /data: '_id' is a required property
medium  unknown_path  F999
  {third}  (no operation)
    answers 200 | where there is nothing

known deviations
  {BROKEN.known[0].finding.id}  createPage response_schema_conformance: the real API does so too (ada, until 2027-01-31)

problems
  deviation 3 has expired

untested
  no token for ExternalOIDCAuth: ssoLogin

traffic: sent 13, sent GET 9, sent POST 4
report: out/index.html
"""
    )


def test_run_without_a_finding_is_short() -> None:
    clean = report()
    clean.operations.pop("ssoLogin")

    assert text(report_json(clean, Redactor([]), BASE)) == (
        f"Keeps the contract\n2 operations: 2 passed, 0 failed, 0 untested\n{BASE} · local · seed 7 · 12.3 s\n\n"
        "what to do next\n  send other requests: mockportal contract --seed 8\n\n"
        "traffic: sent 13, sent GET 9, sent POST 4\n"
    )


def test_message_cannot_steer_the_terminal() -> None:
    odd = report_json(report(findings=(finding(message="a\x1b[2Jb\r\n c"),)), Redactor([]), BASE)

    assert "a\ufffd[2Jb c\n" in text(odd)


def test_findings_that_say_the_same_are_told_apart_by_their_signature() -> None:
    both = report(findings=(finding(signature="200 a"), finding(signature="200 b"), finding("createPage")))

    lines = text(report_json(both, Redactor([]), BASE)).splitlines()

    said = "    body /data: '_id' is a required property"
    assert [line for line in lines if said in line] == [said, f"{said} [200 a]", f"{said} [200 b]"]


def test_many_untested_operations_are_counted() -> None:
    many = report()
    for number in range(9):
        many.operations[f"op{number}"] = many.operations["ssoLogin"].__class__(
            f"op{number}", "GET", "/x", (), untested="no token for ExternalOIDCAuth"
        )

    assert "ssoLogin, op0, op1, op2, op3, op4 and 4 more" in text(report_json(many, Redactor([]), BASE))


def test_durations() -> None:
    assert [duration(seconds) for seconds in (0.04, 59.94, 60, 163.4)] == [
        "0.0 s",
        "59.9 s",
        "1 min 0 s",
        "2 min 43 s",
    ]


def test_trend_counts_what_is_new_still_there_and_fixed() -> None:
    before, now = report(findings=(finding(),)), report(findings=(finding(signature="b"),))
    before.started, before.seconds = "2026-11-22T10:00:00Z", 9.0
    now.past = [run_of_history(before)]

    assert (
        "the last runs\n"
        "  2026-11-22T10:00:00Z  1 finding: 1 new, 0 still there, 0 fixed  (9.0 s)\n"
        "  2026-11-23T10:00:00Z  1 finding: 1 new, 0 still there, 1 fixed  (12.3 s)\n"
    ) in text(report_json(now, Redactor([]), BASE))
