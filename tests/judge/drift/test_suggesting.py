"""What is suggested can be used as it is: the overlay applies and the drift is gone, the scenario loads."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from mockportal.judge.drift.comparison.documented import Documented
from mockportal.judge.drift.model import Drift, DriftReport
from mockportal.mock import Mock, Setup
from mockportal.spec.overlay import apply_overlay
from mockportal.spec.spec import Spec, compile_spec
from tests.judge.drift.test_drift import answered, each, on_body
from tests.support.drifting import compared, elsewhere, plan_for, with_headers
from tests.support.runs import Break


def drifting(mock: Mock, operation: str, change: Break) -> tuple[Drift, str]:
    """The heaviest drift, with its suggestion."""
    report: DriftReport = compared(elsewhere(plan_for(mock, operation)), mock, {operation: change})
    return report.findings[0], report.suggestions[report.findings[0].id]


def amended(spec: Spec, suggestion: str) -> Spec:
    document = copy.deepcopy(spec.document)
    actions = yaml.safe_load(suggestion)
    assert all(action["description"] for action in actions)
    apply_overlay(document, actions)
    return compile_spec(document, [], "amended")


def documented(spec: Spec, drift: Drift) -> Documented:
    response = spec.operations[drift.operation].responses[drift.status]
    return Documented(spec.document, response.schemas["application/json"])


def test_a_value_outside_the_enum_is_added_to_it(mock: Mock, spec: Spec) -> None:
    drift, suggestion = drifting(
        mock, "getBillingEvents", each("results", lambda item: item.update(type="fine"))
    )

    after = amended(spec, suggestion)

    assert "fine" in documented(after, drift).enum(("results", "*", "type"))


def test_an_undocumented_status_is_documented(mock: Mock, spec: Spec) -> None:
    _, suggestion = drifting(mock, "getContract", answered(418))

    assert amended(spec, suggestion).operations["getContract"].documents(418)


def test_a_documented_refusal_becomes_a_rule_of_a_scenario(mock: Mock, tmp_path: Path) -> None:
    _, suggestion = drifting(mock, "getContract", answered(403))
    file = tmp_path / "suggested.yaml"
    file.write_text(suggestion, "utf-8")

    scenario = Mock(Setup(scenario=str(file)), mock.spec).scenario(None)

    assert [rule.operations for rule in scenario.rules] == [{"getContract"}]


@pytest.mark.parametrize(
    ("operation", "change", "key"),
    [
        ("getBillingEvents", each("results", lambda item: item.pop("due_date")), "due_date"),
        ("getContract", on_body(lambda body: body["entity"].pop("_title")), "_title"),
    ],
)
def test_a_missing_key_is_not_required_any_more(
    mock: Mock, spec: Spec, operation: str, change: Break, key: str
) -> None:
    drift, suggestion = drifting(mock, operation, change)

    after = documented(amended(spec, suggestion), drift)

    steps = tuple(drift.pointer.split("/")[1:-1])
    assert documented(spec, drift).with_key(steps, key)
    assert not after.with_key(steps, key)


def test_an_undocumented_key_becomes_a_property(mock: Mock, spec: Spec) -> None:
    drift, suggestion = drifting(
        mock, "getConsumption", each("consumptions", lambda item: item.update(odd=1))
    )

    after = documented(amended(spec, suggestion), drift)

    assert after.at(("consumptions", "*", "odd"))


def test_another_type_is_written_into_the_contract(mock: Mock, spec: Spec) -> None:
    drift, suggestion = drifting(
        mock, "getConsumption", each("consumptions", lambda item: item.update(value="1"))
    )

    assert documented(amended(spec, suggestion), drift).types(("consumptions", "*", "value")) == {"string"}


def test_null_is_written_into_the_contract(mock: Mock, spec: Spec) -> None:
    drift, suggestion = drifting(
        mock, "getConsumption", each("consumptions", lambda item: item.update(value=None))
    )

    assert "null" in documented(amended(spec, suggestion), drift).types(("consumptions", "*", "value"))


def test_another_format_is_written_into_the_contract(mock: Mock, spec: Spec) -> None:
    change = each("results", lambda item: item.update(due_date="2026-06-01T00:00:00Z"))
    drift, suggestion = drifting(mock, "getBillingEvents", change)

    assert documented(amended(spec, suggestion), drift).format(("results", "*", "due_date")) == "date-time"


def test_another_media_type_is_written_into_the_contract(mock: Mock, spec: Spec) -> None:
    plan = plan_for(mock, "getContract")
    door = with_headers(mock, "getContract", content_type="application/problem+json")

    report = compared(plan, mock, right=door)
    after = amended(spec, report.suggestions[report.findings[0].id])
    assert "application/problem+json" in after.operations["getContract"].responses["200"].validators


def test_data_that_the_mock_lacks_become_a_record_to_fill_in(mock: Mock) -> None:
    plan = elsewhere(plan_for(mock, "getBillingEvents", "getContract"))
    changes = {
        "getBillingEvents": on_body(lambda body: body.update(results=[])),
        "getContract": answered(404),
    }
    report = compared(plan, mock, changes)
    swapped = {drift.operation: report.suggestions[drift.id] for drift in report.findings}

    assert swapped["getBillingEvents"].startswith("# http://127.0.0.1:9090 has no data there")
    assert yaml.safe_load(swapped["getContract"])["rules"][0]["fault"]["status"] == 404


@pytest.mark.parametrize(
    ("operation", "change", "collection"),
    [
        ("getPortalPage", answered(404), "page"),
        ("getBillingAccount", answered(404), "billing_account"),
        ("getAllFiles", on_body(lambda body: body.update(results=[])), "file"),
    ],
)
def test_the_collection_is_that_of_the_schema(
    mock: Mock, operation: str, change: Break, collection: str
) -> None:
    plan = elsewhere(plan_for(mock, operation))
    plan = replace(
        plan, left=replace(plan.left, name="http://127.0.0.1:1"), right=replace(plan.right, name="mock")
    )

    report = compared(plan, mock, {operation: change})

    suggestion = yaml.safe_load(report.suggestions[report.findings[0].id])
    assert [*suggestion["entities"]] == [collection]
