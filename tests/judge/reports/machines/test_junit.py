from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from hypothesis import given, settings
from hypothesis import strategies as st

from mockportal.judge.model import Interaction, Received, Report, Tally
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.machines.junit import junit_xml
from mockportal.judge.reports.redact import Redactor
from mockportal.spec.spec import Spec
from tests.support.reports import BASE, BROKEN, GET, finding, large_report, report


def parsed(given: Report) -> Element:
    return ElementTree.fromstring(junit_xml(report_json(given, Redactor([]), BASE)))


def outcomes(root: Element) -> dict[str, str]:
    """What each test came to, by name."""
    return {
        case.get("name", ""): next((child.tag for child in case), "passed") for case in root.iter("testcase")
    }


def test_each_operation_and_check_is_a_test() -> None:
    assert outcomes(parsed(BROKEN)) == {
        "(no operation): unknown_path": "failure",
        "getContract: not_a_server_error": "passed",
        "getContract: response_schema_conformance": "failure",
        "createPage: not_a_server_error": "failure",
        "createPage: response_schema_conformance": "system-out",
        "ssoLogin: untested": "skipped",
        "run: deviation 3 has expired": "failure",
    }


def test_counts_and_properties_stand_at_the_suite() -> None:
    root = parsed(BROKEN)

    suite = root[0]
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "7", "failures": "4", "errors": "0", "skipped": "1", "time": "12.340",
    }  # fmt: skip
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped", "timestamp")} == {
        "tests": "6", "failures": "3", "errors": "0", "skipped": "1", "timestamp": "2026-11-23T10:00:00Z",
    }  # fmt: skip
    assert {one.get("name"): one.get("value") for one in suite.iter("property")} == {
        "target": BASE,
        "profile": "local",
        "seed": "7",
        "spec_sha256": "5f" * 32,
        "version.mockportal": "0.1.0",
        "version.schemathesis": "4.32.5",
    }
    assert {case.get("classname") for case in suite.iter("testcase")} == {"mockportal.contract.local"}


def test_each_group_of_operations_is_a_suite() -> None:
    grouped = replace(BROKEN, operations={**BROKEN.operations})
    grouped.operations["createPage"] = replace(BROKEN.operations["createPage"], group="Pages")

    suites = {suite.get("name"): suite for suite in parsed(grouped)}

    assert list(suites) == ["(no group)", "Pages", "the run"]
    assert [case.get("name") for case in suites["Pages"].iter("testcase")] == [
        "createPage: not_a_server_error",
        "createPage: response_schema_conformance",
    ]
    assert [case.get("name") for case in suites["the run"].iter("testcase")] == [
        "run: deviation 3 has expired"
    ]


def test_run_that_does_not_say_when_has_no_timestamp() -> None:
    undated = report()
    undated.started = ""

    assert parsed(undated)[0].get("timestamp") is None


def test_failure_tells_how_to_see_it_again() -> None:
    failure = parsed(report(findings=(finding(),))).find(".//failure")

    assert failure is not None
    assert failure.get("message") == "body /data: '_id' is a required property"
    assert failure.get("type") == "response_schema_conformance"
    assert failure.text is not None
    assert failure.text.splitlines() == [
        f"{finding().id}: body /data: '_id' is a required property",
        f"rule: {finding().pointer}",
        f"curl -sSi '{BASE}/v2/portal/contract/1?x=a%20b' -H \"authorization: Bearer $MOCKPORTAL_TOKEN_PORTALAUTH\"",
        "answer: 200",
        '{"data": {}}',
        f"mockportal contract --replay {finding().id}",
    ]


def test_findings_of_one_check_are_one_failure() -> None:
    root = parsed(report(findings=(finding(), finding(signature="b", message="another"))))

    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "body /data: '_id' is a required property (and 1 finding more)"
    assert "another" in (failure.text or "")


def test_operation_without_a_verdict_passes_no_test() -> None:
    tried = report()
    tried.operations["ssoLogin"].checks["not_a_server_error"] = Tally(5, 0)

    assert "ssoLogin: not_a_server_error" not in outcomes(parsed(tried))


def test_failure_that_came_to_no_finding_is_none_the_less_a_failure() -> None:
    assert outcomes(parsed(report()))["getContract: response_schema_conformance"] == "failure"


@settings(deadline=None)
@given(body=st.binary(max_size=40), text=st.text(st.characters(), max_size=40))
def test_any_bytes_make_valid_xml(body: bytes, text: str) -> None:
    one = finding(message=text, exchanges=(Interaction(GET, Received(200, (), body), text),))

    root = parsed(report(findings=(one,), problems=(text + "\x00\ufffe",)))

    assert len(list(root.iter("testcase"))) == 5


def test_large_report_has_a_name_once(spec: Spec) -> None:
    root = parsed(large_report(spec))

    names = [case.get("name") for case in root.iter("testcase")]
    assert len(names) == len(set(names))
