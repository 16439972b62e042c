import copy
from pathlib import Path
from typing import Any

import pytest

from mockportal.config import content
from mockportal.errors import SpecError
from mockportal.files.pointers import resolve
from mockportal.spec.document import load_document
from mockportal.spec.lint import lint
from mockportal.spec.overlay import apply_overlay, load_overlay
from mockportal.spec.spec import Spec, compile_spec


def test_update_merges_objects_and_appends_to_lists() -> None:
    document = {"a": {"b": 1, "list": [1]}}

    touched = apply_overlay(
        document, [{"target": "$.a", "update": {"c": 2, "list": [2]}, "description": "why"}]
    )

    assert document == {"a": {"b": 1, "c": 2, "list": [1, 2]}}
    assert touched == {"$.a": ["/a"]}


def test_remove_takes_the_node_away() -> None:
    document: dict[str, Any] = {"a": {"b": 1}}

    apply_overlay(document, [{"target": "$.a.b", "remove": True, "description": "why"}])

    assert document == {"a": {}}


def test_action_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(SpecError, match=r"\$\.x matches nothing"):
        apply_overlay({"a": 1}, [{"target": "$.x", "update": 1, "description": "why"}])


def test_target_that_is_no_jsonpath_is_an_error() -> None:
    with pytest.raises(SpecError, match="target is no JSONPath"):
        apply_overlay({"a": 1}, [{"target": "$[", "update": 1, "description": "why"}])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("overlay: 2.0.0", "is not an OpenAPI Overlay"),
        ("overlay: 1.0.0\nactions: {}", "is not a list"),
        ("overlay: 1.0.0\nactions: [{update: 1}]", "has no target"),
        ("overlay: 1.0.0\nactions: [{target: $.a}]", "needs one of update and remove"),
        ("overlay: 1.0.0\nactions: [{target: $.a, remove: true}]", "gives no reason"),
        ("[1]", "is not a mapping"),
        ("a: [", "is not YAML"),
    ],
)
def test_unusable_overlay_is_an_error(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text)

    with pytest.raises(SpecError, match=problem):
        load_overlay(path)


def test_overlay_makes_the_contract_satisfiable(spec: Spec) -> None:
    search = spec.operations["searchPortalUserEntities"].responses["200"].validators["application/json"]
    reading = spec.operations["createMeterReading"].responses["400"].validators["application/json"]
    templates = spec.schema("EmailTemplates")

    assert search.is_valid({"results": [], "hits": 0})
    assert reading.is_valid({"message": "wrong"})
    assert reading.is_valid({"message": "low", "reason": "less_than_previous"})
    assert not reading.is_valid({"message": "x", "reason": "plausibility_check_failed"})
    assert reading.is_valid(
        {"message": "x", "reason": "plausibility_check_failed", "upper_limit": 2, "lower_limit": 1}
    )
    assert templates.is_valid({"invitation": None})
    assert spec.schema("Reason").is_valid(None)


def test_every_refusal_that_can_happen_is_documented(spec: Spec) -> None:
    missing = [
        f"{operation.id} {status}"
        for operation in spec.operations.values()
        for status in ((401, 403) if operation.security else ())
        if not operation.documents(status)
    ]

    assert missing == []
    assert spec.operations["updateWorkflowStepAsDone"].documents(409)
    assert not spec.operations["createMeterReading"].documents(404)


def test_page_numbers_are_whole_and_not_negative(spec: Spec) -> None:
    parameters = {parameter.name: parameter for parameter in spec.operations["getAllOrders"].parameters}

    assert parameters["from"].kind == parameters["size"].kind == "integer"
    assert parameters["from"].schema["minimum"] == 0


def test_needed_bodies_are_required(spec: Spec) -> None:
    needed = [
        name
        for name, operation in spec.operations.items()
        if operation.body is not None and not operation.body.required
    ]

    assert sorted(needed) == [
        "replaceECPTemplateVariables", "ssoLogin", "ssoLoginV3", "updateContact", "updateOrder", "updatePortalUser"
    ]  # fmt: skip


def test_lint_names_every_pointer_that_the_overlay_touches() -> None:
    raw = load_document(content("openapi.json"))
    actions = load_overlay(content("overlay.yaml"))

    findings = lint(raw, actions, compile_spec(copy.deepcopy(raw), actions, "openapi.json"))

    implied = [finding for finding in findings if finding.pointer == "implied-response"]
    assert "/paths/~1v2~1portal~1billing~1events/get/responses/401" in [
        finding.pointer for finding in implied
    ]
    assert sum(finding.pointer == "ref-siblings" for finding in findings) == 16
    assert resolve(raw, "/components/schemas/Reason/enum") == [
        "", "regular", "irregular", "last", "first", "meter_change", "contract_change", "meter_adjustment"
    ]  # fmt: skip
