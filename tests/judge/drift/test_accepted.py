"""Accepted drifts: they are no findings until they end, and have to occur."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.judge.drift import load_accepted
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from tests.judge.drift.test_drift import answered, on_body
from tests.support.drifting import compared, plan_for

ENTRY = "{operation: getContract, kind: status, reason: being rolled out, owner: team-portal, expires: 2026-07-01}"


def written(folder: Path, *entries: str) -> Path:
    file = folder / "accepted.yaml"
    file.write_text("drifts:\n" + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
    return file


def test_an_accepted_drift_is_known_and_no_finding(mock: Mock, spec: Spec, tmp_path: Path) -> None:
    accepted = tuple(load_accepted(written(tmp_path, ENTRY), spec.operations))
    plan = replace(plan_for(mock, "getContract"), accepted=accepted)

    report = compared(plan, mock, {"getContract": answered(201)})

    assert (report.verdict, report.findings, report.problems) == ("same", [], [])
    assert [(one.owner, one.expires) for one in report.known] == [("team-portal", "2026-07-01")]


def test_a_pointer_narrows_what_is_accepted(mock: Mock, spec: Spec, tmp_path: Path) -> None:
    entry = ENTRY.replace("kind: status", "kind: extra_key, pointer: /data/odd").replace(
        "getContract", "getPortalUser"
    )
    accepted = tuple(load_accepted(written(tmp_path, entry), spec.operations))
    plan = replace(plan_for(mock, "getPortalUser"), accepted=accepted)
    changed = on_body(lambda body: body["data"].update(odd=1, odder=1))

    report = compared(plan, mock, {"getPortalUser": changed})

    assert [drift.pointer for drift in report.findings] == ["/data/odder"]
    assert [one.drift.pointer for one in report.known] == ["/data/odd"]


def test_an_entry_that_has_ended_fails_the_run(mock: Mock, spec: Spec, tmp_path: Path) -> None:
    file = written(tmp_path, ENTRY)
    accepted = tuple(load_accepted(file, spec.operations))
    plan = replace(plan_for(mock, "getContract"), accepted=accepted, today=date(2026, 7, 2))

    report = compared(plan, mock, {"getContract": answered(201)})

    assert report.problems == [f"{file}:2:5: /drifts/0: expired on 2026-07-01"]
    assert [drift.kind for drift in report.findings] == ["status"]


def test_an_entry_that_no_longer_occurs_fails_the_run(mock: Mock, spec: Spec, tmp_path: Path) -> None:
    file = written(tmp_path, ENTRY)
    plan = replace(plan_for(mock, "getContract"), accepted=tuple(load_accepted(file, spec.operations)))

    report = compared(plan, mock)

    assert report.problems == [f"{file}:2:5: /drifts/0: status on getContract does not occur any more"]
    assert report.verdict == "differs"


def test_an_entry_about_what_was_not_compared_is_left_alone(mock: Mock, spec: Spec, tmp_path: Path) -> None:
    accepted = tuple(load_accepted(written(tmp_path, ENTRY), spec.operations))

    report = compared(replace(plan_for(mock, "getContact"), accepted=accepted), mock)

    assert report.problems == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{operation: getContract}", "is a required property"),
        (ENTRY.replace("getContract", "getContrac"), "did you mean 'getContract'?"),
        (ENTRY.replace("kind: status", "kind: statu"), "did you mean 'status'?"),
        (ENTRY.replace("2026-07-01", "soon"), "'soon' is not a day like 2027-01-31"),
        (ENTRY.replace("2026-07-01", "2026-07-01T00:00:00"), "is not a day like 2027-01-31"),
        (ENTRY.replace("kind: status", "kind: status, place: x"), "unknown key 'place'"),
        ("[]", "is not of type 'object'"),
    ],
)
def test_a_bad_entry_is_named(spec: Spec, tmp_path: Path, entry: str, problem: str) -> None:
    with pytest.raises(FileError) as caught:
        load_accepted(written(tmp_path, entry), spec.operations)

    assert problem in str(caught.value)
    assert "/drifts/0" in str(caught.value)
