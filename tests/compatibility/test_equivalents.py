"""Two ways to say the same in a document, which are no change."""

from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.compatibility import compare, compare_versions
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.values import Json, Record
from tests.compatibility.test_comparison import (
    NUMBER,
    OK,
    TEXT,
    answered,
    asks,
    document,
    one,
    query,
    rules,
    says,
    secured,
    sent,
    takes,
)

BOTH: Record = {"type": ["string", "integer"]}
NOTHING: Record = {"type": "null"}
SAME_SCHEMAS: tuple[tuple[Json, Json], ...] = (
    ({"oneOf": [TEXT, NUMBER]}, BOTH),
    ({"anyOf": [NUMBER, TEXT]}, BOTH),
    ({"anyOf": [TEXT, NUMBER]}, {"oneOf": [TEXT, NUMBER]}),
    ({"oneOf": [TEXT, NUMBER, NOTHING]}, {"type": ["string", "integer", "null"]}),
    ({"oneOf": [TEXT, NUMBER], "nullable": True}, {"anyOf": [TEXT, NUMBER, NOTHING]}),
    ({"oneOf": [{**TEXT, "minLength": 2}, {**NUMBER, "minimum": 1}]}, {**BOTH, "minLength": 2, "minimum": 1}),
    ({"anyOf": [TEXT, {"type": "object"}], "additionalProperties": True}, {"anyOf": [TEXT, {"type": "object"}]}),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [*SAME_SCHEMAS, *((new, old) for old, new in SAME_SCHEMAS)])
@pytest.mark.parametrize("place", [sent, answered])
def test_disjoint_alternatives_are_a_list_of_types(place: object, old: Json, new: Json) -> None:
    assert callable(place)
    levels = {change.level for change in compare(place(old), place(new))}

    assert levels <= {"safe"}
    assert levels == set() or "additionalProperties" in str((old, new))


def test_a_type_that_no_alternative_has_is_a_change() -> None:
    changes = compare(sent({"oneOf": [TEXT, NUMBER, {"type": "boolean"}]}), sent(BOTH))

    assert rules(changes) == ["request-alternative-removed"]


def test_alternatives_that_overlap_are_told_apart() -> None:
    numbers = [{"type": "number"}, NUMBER]

    changes = compare(sent({"oneOf": numbers}), sent({"anyOf": numbers}))

    assert rules(changes) == ["schema-keyword-changed"]


# old operation, new operation, what that is
MEDIA: tuple[tuple[Record, Record, list[str]], ...] = (
    (takes("application/json; charset=utf-8"), takes("application/json"), []),
    (takes("Application/JSON"), takes("application/json"), []),
    (takes("text/plain"), takes("text/plain; charset=utf-8"), []),
    (takes("application/json"), takes("*/*"), ["request-media-type-added"]),
    (takes("*/*"), takes("application/json"), ["request-media-type-removed"]),
    (takes("image/png", "image/gif"), takes("image/*"), ["request-media-type-added"]),
    (takes("image/png"), takes("text/*"), ["request-media-type-added", "request-media-type-removed"]),
    (says("application/json;charset=UTF-8"), says("application/json"), []),
    (says("image/*"), says("image/png"), []),
    (says("image/png"), says("image/*"), ["response-media-type-added"]),
)


@pytest.mark.parametrize(("old", "new", "expected"), MEDIA)
def test_media_types_are_compared_as_media_types(old: Record, new: Record, expected: list[str]) -> None:
    assert rules(compare(one(old), one(new))) == expected


KEY: Record = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER: Record = {"type": "http", "scheme": "bearer"}


def schemes(**found: Record) -> Record:
    return {"components": {"securitySchemes": found}}


def test_a_renamed_scheme_needs_the_same_credential() -> None:
    old = one(secured({"Staff": []}, {"Customer": []}), **schemes(Staff=BEARER, Customer=BEARER))
    new = one(secured({"Either": []}), **schemes(Either={**BEARER, "scheme": "Bearer"}))

    assert compare(old, new) == []


def test_two_keys_in_the_same_place_are_one_credential() -> None:
    found = schemes(Key=KEY, Other={**KEY, "name": "x-key"})

    assert compare(one(secured({"Key": []}), **found), one(secured({"Other": []}), **found)) == []


def test_bearer_schemes_that_a_document_tells_apart_differ() -> None:
    found = schemes(Staff=BEARER, Customer=BEARER)

    changes = compare(one(secured({"Staff": []}), **found), one(secured({"Customer": []}), **found))

    assert rules(changes) == ["security-loosened", "security-tightened"]


LIST: Record = {"type": "array", "items": TEXT}


@pytest.mark.parametrize("style", [{}, {"style": "form", "explode": False}])
def test_a_parameter_that_may_have_several_values_takes_one_as_before(style: Record) -> None:
    old, new = one(asks(query("a"))), one(asks(query("a", schema=LIST, **style)))

    assert [(change.level, change.kind) for change in compare(old, new)] == [("safe", "request-type-widened")]
    assert "request-type-changed" in rules(compare(new, old))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array", "items": NUMBER}, ["request-type-changed", "request-type-widened"]),
        ({**LIST, "minItems": 2}, ["request-type-changed"]),
    ],
)
def test_a_list_that_does_not_take_the_old_value_is_a_change(schema: Record, expected: list[str]) -> None:
    changes = compare(one(asks(query("a"))), one(asks(query("a", schema=schema))))

    assert rules(changes) == expected


def test_a_scope_or_a_flow_that_comes_changes_nothing() -> None:
    def flow(*scopes: str, address: str = "https://e.test/token") -> Record:
        return {"tokenUrl": address, "scopes": dict.fromkeys(scopes, "")}

    def granted(name: str, **flows: Record) -> Record:
        return one(secured({name: ["read"]}), **schemes(**{name: {"type": "oauth2", "flows": flows}}))

    old = granted("Grant", clientCredentials=flow("read"))
    more = granted("Grant", clientCredentials=flow("read", "write"), password=flow("read"))
    renamed = granted("Other", clientCredentials=flow("read", "write"))
    moved = granted("Grant", clientCredentials=flow("read", address="https://e.test/other"))

    assert [compare(old, more), compare(old, renamed)] == [[], []]
    assert [(change.level, change.kind) for change in compare(old, moved)] == [("risky", "keyword-changed")]


def test_a_reference_that_depends_on_who_refers_to_it_proves_nothing() -> None:
    old, new = answered(LIST), answered({"type": "array", "items": {"$dynamicRef": "#item"}})

    changes = compare({**old, "openapi": "3.1.0"}, {**new, "openapi": "3.1.0"})

    assert [(change.level, change.kind) for change in changes] == [("risky", "schema-keyword-changed")]


def test_a_prefix_that_moves_to_the_server_is_risky() -> None:
    old = document({"/v1/a": {"get": {"operationId": "op", **OK}}}, servers=[{"url": "https://e.test"}])
    new = document(
        {"/a": {"get": {"operationId": "op", **OK}}},
        servers=[{"url": "https://e.test/{v}/", "variables": {"v": {"default": "v1"}}}],
    )

    assert [(change.level, change.kind) for change in compare(old, new)] == [("risky", "servers-changed")]
    assert [change.level for change in compare(new, old)] == ["risky"]


def test_another_prefix_is_another_place() -> None:
    old = document({"/v1/a": {"get": {"operationId": "op", **OK}}})
    new = document({"/a": {"get": {"operationId": "op", **OK}}}, servers=[{"url": "/v2"}])

    assert rules(compare(old, new)) == ["operation-moved", "servers-changed"]


WRITTEN = """
openapi: 3.0.3
paths:
  /a:
    get:
      parameters: [{name: country, in: query, schema: {type: string, enum: [%s, SE]}}]
      responses: {204: {description: d}}
"""


def test_no_is_a_text_in_yaml(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(WRITTEN % "NO")
    (tmp_path / "new.yaml").write_text(WRITTEN % '"NO"')

    (step,) = compare_versions(tmp_path / "old.yaml", load_openapi(tmp_path / "new.yaml"), "new")

    assert step.changes == []


def test_other_files_below_the_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "thing.yaml").write_text("type: string")
    (tmp_path / "old.yaml").write_text(
        (WRITTEN % "NO").replace("{type: string, enum: [NO, SE]}", "{$ref: thing.yaml}")
    )
    (tmp_path / "new.yaml").write_text((WRITTEN % "NO").replace(", enum: [NO, SE]", ""))

    (step,) = compare_versions(tmp_path / "old.yaml", load_openapi(tmp_path / "new.yaml"), "new")

    assert step.changes == []


@pytest.mark.parametrize(
    ("flags", "code"), [([], 0), (["--fail-on", "risky"], 1), (["--fail-on", "breaking"], 0)]
)
def test_the_changes_that_fail_a_run_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], code: int
) -> None:
    (tmp_path / "old.yaml").write_text(WRITTEN % "NO")
    (tmp_path / "new.yaml").write_text((WRITTEN % "NO").replace("/a:", "/a:\n    servers: [{url: /b}]"))
    documents = ["--spec", str(tmp_path / "new.yaml"), "--against", str(tmp_path / "old.yaml")]

    assert main(["contract", *documents, *flags]) == code
    assert "0 breaking, 1 risky" in capsys.readouterr().out


def test_an_unknown_scheme_is_no_known_credential() -> None:
    changes = compare(
        one(secured({"Key": []}), **schemes(Key=KEY)), one(secured({"Gone": []}), **schemes(Key=KEY))
    )

    assert rules(changes) == ["security-loosened", "security-tightened"]
