from dataclasses import replace

from mockportal.judge.model import Finding, Report
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.stored import RunComparison, compare
from mockportal.values import Record
from tests.support.reports import BASE, KNOWN, finding, report

A = finding(signature="a")
B = finding(signature="b")
C = finding("createPage", signature="c")


def record(given: Report) -> Record:
    return report_json(given, Redactor([]), BASE)


def of(*findings: Finding) -> Record:
    return record(report(findings=findings))


def test_same_run_twice_is_all_still() -> None:
    assert compare(of(A, B), of(A, B)) == RunComparison((), (A.id, B.id), (), (), (), ())


def test_findings_are_new_still_or_gone() -> None:
    assert compare(of(A, B), of(C, B)) == RunComparison((C.id,), (B.id,), (A.id,), (), (), ())


def test_finding_that_a_deviation_accepts_is_not_gone() -> None:
    accepted = record(report(known=(replace(KNOWN, finding=A),)))

    assert compare(of(A), accepted) == RunComparison((), (), (), (A.id,), (), ())


def test_finding_of_an_operation_that_was_not_tested_is_not_gone() -> None:
    now = report()
    now.operations["getContract"].untested = "no token"

    assert compare(of(A), record(now)) == RunComparison((), (), (), (), (A.id,), ("getContract",))


def test_finding_of_an_operation_that_was_left_out_is_not_gone() -> None:
    now = report()
    del now.operations["createPage"]

    assert compare(of(C), record(now)) == RunComparison((), (), (), (), (C.id,), ())


def test_finding_without_an_operation_can_be_gone() -> None:
    nowhere = finding("", signature="x")

    assert compare(of(nowhere), of()).gone == (nowhere.id,)
