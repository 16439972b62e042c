"""What a comparison leaves behind: nothing secret, no body of an answer, and as its schema says."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from mockportal.judge.drift import (
    DRIFT_SCHEMA,
    drift_annotations,
    drift_json,
    drift_text,
    write_drift,
)
from mockportal.judge.reports import Redactor, residues
from mockportal.mock import Mock
from mockportal.values import Record
from tests.judge.drift.test_drift import answered, on_body
from tests.support.drifting import compared, plan_for

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def record(mock: Mock) -> Record:
    changes = {
        "getPortalUser": on_body(lambda body: body["data"].update(email="Anna\x1b[2J", odd=1)),
        "getContract": answered(201),
    }
    report = compared(plan_for(mock, *changes, "getContact"), mock, changes)
    report.problems.append("100 % of the time\nis up")
    return drift_json(report, Redactor(["dev-anna"]))


def test_the_schema_is_published() -> None:
    assert json.loads((ROOT / "docs" / "drift-report.schema.json").read_text("utf-8")) == DRIFT_SCHEMA


def test_a_report_is_as_the_schema_says(record: Record) -> None:
    jsonschema.Draft202012Validator.check_schema(DRIFT_SCHEMA)
    jsonschema.validate(record, DRIFT_SCHEMA)

    assert record["verdict"] == "differs"
    assert [finding["operation"] for finding in record["findings"]] == ["getContract", "getPortalUser"]


def test_the_commands_go_to_their_side_with_variables_for_tokens(record: Record) -> None:
    exchanges = record["findings"][0]["exchanges"]

    assert "http://127.0.0.1:8080/v2/portal/contract/" in exchanges["left"]["curl"]
    assert "http://127.0.0.1:9090/v2/portal/contract/" in exchanges["right"]["curl"]
    assert "$MOCKPORTAL_TOKEN_PORTALAUTH" in exchanges["right"]["curl"]


def test_no_answer_and_no_secret_is_in_it(record: Record, tmp_path: Path) -> None:
    files = write_drift(record, tmp_path / "report")

    texts = [file.read_text("utf-8") for file in files]
    assert [file.name for file in files] == ["drift.json", "drift.txt", "suggestions.yaml"]
    assert not any("Berger" in text or "\x1b" in text for text in texts)
    assert residues(tmp_path, ["dev-anna"]) == []


def test_suggestions_are_yaml(record: Record, tmp_path: Path) -> None:
    write_drift(record, tmp_path)

    documents = [*yaml.safe_load_all((tmp_path / "suggestions.yaml").read_text("utf-8"))]
    assert [action["target"] for action in documents[1]] == ["$.components.schemas.PortalUser"]


def test_the_verdict_comes_first_and_findings_are_lines(record: Record) -> None:
    lines = drift_text(record).splitlines()

    assert lines[0] == "2 drifts, 1 problem: LEFT mock, RIGHT http://127.0.0.1:9090"
    assert (
        f"{record['findings'][0]['id']}  status  getContract: answers 200 at LEFT and 201 at RIGHT"
        in lines[3]
    )
    assert "  100 % of the time is up" in lines
    assert not any(line.startswith("  |") for line in lines)


def test_suggestions_are_shown_if_asked_for(record: Record) -> None:
    assert "\n  | # " in drift_text(record, suggest=True)


def test_annotations_are_escaped(record: Record) -> None:
    lines = drift_annotations(record).splitlines()

    assert lines[0].startswith("::error title=getContract%3A status::answers 200 at LEFT and 201 at RIGHT")
    assert "::error title=mockportal drift::100 %25 of the time%0Ais up" in lines
    assert lines[-1].startswith("::notice title=mockportal drift::2 drifts, 1 problem")


def test_no_drift_is_said_plainly(mock: Mock) -> None:
    record = drift_json(compared(plan_for(mock, "getContract"), mock), Redactor([]))

    jsonschema.validate(record, DRIFT_SCHEMA)
    assert drift_text(record).startswith(
        "no drift: LEFT mock, RIGHT http://127.0.0.1:9090\n1 operation compared"
    )
