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


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("$.list[0,2]", {"list": [1, 3], "map": {"a": {"b": 1}}}),
        ("$.list[2,0]", {"list": [1, 3], "map": {"a": {"b": 1}}}),
        ("$.list[*]", {"list": [], "map": {"a": {"b": 1}}}),
        ("$.list[?@ > 1]", {"list": [0, 1], "map": {"a": {"b": 1}}}),
        ("$.list[-1,0]", {"list": [1, 2], "map": {"a": {"b": 1}}}),
        ("$.list[0,0]", {"list": [1, 2, 3], "map": {"a": {"b": 1}}}),
        ("$.map..*", {"list": [0, 1, 2, 3], "map": {}}),
        ("$..*", {}),
    ],
)
def test_remove_takes_away_what_it_matches_and_nothing_else(target: str, left: dict[str, Any]) -> None:
    document: dict[str, Any] = {"list": [0, 1, 2, 3], "map": {"a": {"b": 1}}}

    apply_overlay(document, [{"target": target, "remove": True, "description": "why"}])

    assert document == left


def test_remove_takes_items_of_several_lists_by_their_own_numbers() -> None:
    document: dict[str, Any] = {"a": [{"n": [1, 2, 3]}, {"n": [1, 2]}, {"n": []}]}

    apply_overlay(document, [{"target": "$.a[*].n[0,1]", "remove": True, "description": "why"}])

    assert document == {"a": [{"n": [3]}, {"n": []}, {"n": []}]}


def test_update_of_two_places_gives_each_its_own_value() -> None:
    document: dict[str, Any] = {"a": {}, "b": {}}
    update = {"x": {"y": 1}, "z": [{}]}
    actions: list[dict[str, Any]] = [
        {"target": "$.*", "update": update, "description": "why"},
        {"target": "$.a.x.y", "remove": True, "description": "why"},
        {"target": "$.a.z[0]", "update": {"w": 1}, "description": "why"},
    ]

    apply_overlay(document, actions)

    assert document == {"a": {"x": {}, "z": [{"w": 1}]}, "b": {"x": {"y": 1}, "z": [{}]}}
    assert update == {"x": {"y": 1}, "z": [{}]}


def test_update_of_the_whole_document_merges() -> None:
    document: dict[str, Any] = {"info": {"title": "a"}}

    apply_overlay(document, [{"target": "$", "update": {"info": {"version": "1"}}, "description": "why"}])

    assert document == {"info": {"title": "a", "version": "1"}}


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"target": "$", "remove": True}, "cannot remove the whole document"),
        ({"target": "$", "update": 1}, "the document can only be updated with an object"),
        ({"target": "$" + ".a" * 50_000, "update": 1}, "target is longer than 2000 characters"),
        ({"target": "$[?" + "(" * 900 + "@.a" + ")" * 900 + "]", "update": 1}, "target is nested too deep"),
        ({"target": "$" + "[?@" * 400 + "]" * 400, "update": 1}, "target is (nested too deep|no JSONPath)"),
    ],
)
def test_action_that_cannot_be_carried_out_is_an_error(action: dict[str, Any], problem: str) -> None:
    with pytest.raises(SpecError, match=problem):
        apply_overlay({"a": 1}, [{**action, "description": "why"}])


def test_target_that_matches_far_too_often_is_an_error() -> None:
    document: dict[str, Any] = {"a": 1}
    for _ in range(40):
        document = {"a": document, "b": 1}

    with pytest.raises(SpecError, match="target matches more than 300000 times"):
        apply_overlay(document, [{"target": "$" + "..*" * 20, "update": 1, "description": "why"}])


def test_action_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(SpecError, match=r"\$\.x matches nothing"):
        apply_overlay({"a": 1}, [{"target": "$.x", "update": 1, "description": "why"}])


def test_target_that_is_no_jsonpath_is_an_error() -> None:
    with pytest.raises(SpecError, match="the target is not a JSONPath"):
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

    implied = [finding for finding in findings if finding.check == "implied-response"]
    assert "/paths/~1v2~1portal~1billing~1events/get/responses/401" in [
        finding.pointer for finding in implied
    ]
    assert sum(finding.check == "ref-siblings" for finding in findings) == 16
    assert resolve(raw, "/components/schemas/Reason/enum") == [
        "", "regular", "irregular", "last", "first", "meter_change", "contract_change", "meter_adjustment"
    ]  # fmt: skip


def parameters(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query"} for name in names]


@pytest.mark.parametrize(
    ("target", "change", "left"),
    [
        # the overlays that the specification shows, in turn: targeted, by wildcard, adding to lists, removing from them
        ("$.paths['/a'].get", {"update": {"summary": "new"}}, {"/a": {"get": {"summary": "new"}}}),
        ("$.paths['/b']", {"update": {"post": {"x-safe": False}}}, {"/b": {"post": {"x-safe": False}}}),
        ("$.paths.*.get", {"update": {"x-safe": True}}, {"/a": {"get": {"x-safe": True}}, "/b": {"get": {"x-safe": True}}}),
        (
            "$.paths.*.get.parameters[?@.name=='filter' && @.in=='query']",
            {"update": {"schema": {}}},
            {"/b": {"get": {"parameters": [*parameters("dummy"), {**parameters("filter")[0], "schema": {}}]}}},
        ),
        (
            "$.paths.*.get.parameters",
            {"update": parameters("new")[0]},
            {
                "/a": {"get": {"parameters": parameters("dummy", "one", "dummy", "two", "new")}},
                "/b": {"get": {"parameters": parameters("dummy", "filter", "new")}},
            },
        ),
        (
            "$.paths.*.get.parameters[?@.name == 'dummy']",
            {"remove": True},
            {
                "/a": {"get": {"parameters": parameters("one", "two")}},
                "/b": {"get": {"parameters": parameters("filter")}},
            },
        ),
    ],
)  # fmt: skip
def test_overlays_of_the_specification_do_what_it_says(
    target: str, change: dict[str, Any], left: dict[str, Any]
) -> None:
    paths: dict[str, Any] = {
        "/a": {"get": {"parameters": parameters("dummy", "one", "dummy", "two")}},
        "/b": {"get": {"parameters": parameters("dummy", "filter")}},
    }
    wanted = copy.deepcopy(paths)
    for path, methods in left.items():
        for method, changed in methods.items():
            wanted[path][method] = wanted[path].get(method, {}) | changed

    document = {"paths": paths}
    apply_overlay(document, [{"target": target, "description": "why", **change}])

    assert document == {"paths": wanted}


def test_action_that_removes_nothing_changes_nothing() -> None:
    document = {"a": 1}

    touched = apply_overlay(document, [{"target": "$.a", "remove": False, "description": "kept"}])

    assert (document, touched) == ({"a": 1}, {"$.a": ["/a"]})
