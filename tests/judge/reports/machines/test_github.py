from mockportal.judge.model import KnownFinding
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.machines.github import annotations
from mockportal.judge.reports.redact import Redactor
from tests.support.reports import BASE, BROKEN, finding, report


def test_findings_are_errors_known_and_untested_warnings_and_the_verdict_a_notice() -> None:
    lines = annotations(report_json(BROKEN, Redactor([]), BASE)).splitlines()

    assert [line.partition("::")[2].partition("::")[0] for line in lines] == [
        "error title=createPage%3A not_a_server_error (high)",
        "error title=getContract%3A response_schema_conformance (high)",
        "error title=(no operation)%3A unknown_path (medium)",
        "error title=mockportal contract",
        "warning title=createPage%3A response_schema_conformance (high)",
        "warning title=untested%3A no token for ExternalOIDCAuth",
        "notice title=mockportal contract",
    ]
    assert (
        "::Breaks the contract: 3 findings, 1 problem, 1 operation untested"
        "%0A3 operations: 0 passed, 2 failed, 1 untested"
        f"%0Aplay the first finding again: mockportal contract --replay {BROKEN.findings[1].id}%0A"
    ) in lines[-1]


def test_nothing_in_a_message_ends_its_command() -> None:
    odd = finding("a,b:c%", message="50% of\r\n::error::x", exchanges=())

    line = annotations(report_json(report(findings=(odd,)), Redactor([]), BASE)).splitlines()[0]

    assert line == (
        "::error title=a%2Cb%3Ac%25%3A response_schema_conformance (high)::"
        f"50%25 of%0D%0A::error::x%0Amockportal contract --replay {odd.id}"
    )


def test_known_deviation_says_until_when() -> None:
    known = KnownFinding(finding(), "odd but agreed", "ada", "2027-01-31")

    lines = annotations(report_json(report(known=(known,)), Redactor([]), BASE)).splitlines()

    assert lines[0].endswith("::known until 2027-01-31 (ada): odd but agreed")


def test_annotation_is_shown_at_the_line_of_the_rule() -> None:
    given = report(findings=(finding(exchanges=()),))
    given.document, given.places = "api/openapi.json", {finding().pointer: (12, 7)}

    line = annotations(report_json(given, Redactor([]), BASE)).splitlines()[0]

    assert "(high),file=api/openapi.json,line=12,col=7::" in line


def test_findings_of_one_cause_are_one_annotation() -> None:
    many = tuple(finding(f"op{n:02}", "sort_is_honoured", "title asc", "not sorted", ()) for n in range(13))

    lines = annotations(report_json(report(findings=many), Redactor([]), BASE)).splitlines()

    assert sum(line.startswith("::error") for line in lines) == 1
    assert f"::not sorted%0Aof the same cause: {many[1].id} op01, " in lines[0]
    assert "op10 and 2 more%0A" in lines[0]
