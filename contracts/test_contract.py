"""One test for each operation, and one for each journey. The ids are operationIds, whatever the version of pytest."""

import pytest

from contracts.conftest import Bench
from mockportal.config import content
from mockportal.judge.journeys import JOURNEYS
from mockportal.spec.document import load_document, operations

OPERATIONS = [raw["operationId"] for _, _, raw, _ in operations(load_document(content("openapi.json")))]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation(bench: Bench, operation: str) -> None:
    report = bench.judge(operation, "checks", "examples", "coverage")

    untested = report.operations[operation].untested
    if untested and not report.findings:
        pytest.skip(untested)
    assert report.verdict == "conforms", bench.explain(report)


@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey(bench: Bench, journey: str) -> None:
    report = bench.judge_journey(journey)

    assert report.verdict == "conforms", bench.explain(report)
