"""The document reads well: a summary and a description for every operation, examples that are valid."""

from mockportal.config import content
from mockportal.spec.document import load_document, operations
from mockportal.spec.lint import lint
from mockportal.spec.overlay import load_overlay
from mockportal.spec.spec import Spec

RAW = load_document(content("openapi.json"))


def test_every_operation_is_described() -> None:
    silent = [
        raw["operationId"]
        for _, _, raw, _ in operations(RAW)
        if not (raw.get("summary") and raw.get("description"))
    ]

    assert silent == []


def test_every_body_and_success_has_an_example(spec: Spec) -> None:
    without = []
    for operation in spec.operations.values():
        for response in operation.responses.values():
            if response.status.startswith("2") and response.validators and not response.examples:
                without.append(f"{operation.id} {response.status}")
    for _, _, raw, _ in operations(RAW):
        for media_type, media in raw.get("requestBody", {}).get("content", {}).items():
            if "example" not in media and "examples" not in media:
                without.append(f"{raw['operationId']} {media_type}")

    assert without == []


def test_every_schema_is_described() -> None:
    assert [
        name for name, schema in RAW["components"]["schemas"].items() if not schema.get("description")
    ] == []


def test_lint_finds_no_problem(spec: Spec) -> None:
    findings = lint(RAW, load_overlay(content("overlay.yaml")), spec)

    assert [finding.to_json() for finding in findings if finding.severity == "problem"] == []
