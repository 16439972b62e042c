"""The schema that editors get: it knows every attribute, and finds nothing wrong with what ships."""

from pathlib import Path

import jsonschema_rs
import pytest

from mockportal.commands.scenarios.editor_schema import editor_schema
from mockportal.config import content
from mockportal.files.shape import untagged
from mockportal.files.strict_yaml import load_yaml
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from mockportal.values import Record


@pytest.fixture(scope="module")
def schema(spec: Spec, mock: Mock) -> Record:
    return editor_schema(spec, mock.api.data, mock.scenario(None).aliases)


def test_shipped_files_are_right_in_an_editor(schema: Record, newer_mock: Mock) -> None:
    newest = editor_schema(newer_mock.spec, newer_mock.api.data, newer_mock.scenario(None).aliases)
    own = content("scenarios") / newer_mock.setup.api
    paths: list[Path] = sorted(content("scenarios").rglob("*.yaml"))

    wrong = [
        path.name
        for path in paths
        if not jsonschema_rs.Draft202012Validator(newest if path.parent == own else schema).is_valid(
            untagged(load_yaml(path).value)
        )
    ]

    assert wrong == []


def test_choice_is_completed_and_described(schema: Record) -> None:
    status = schema["$defs"]["contract"]["properties"]["status"]

    assert status["anyOf"][0]["enum"][:3] == ["draft", "in_approval_process", "approved"]
    assert status["description"].startswith("State of the contract.")


def test_relation_and_id_are_completed_with_aliases(schema: Record) -> None:
    customer = schema["$defs"]["contract"]["properties"]["customer"]
    portal = schema["$defs"]["portal_user"]["properties"]["portal_id"]

    assert "contact/anna" in customer["anyOf"][0]["enum"]
    assert "portal/p1" in portal["anyOf"][0]["enum"]


def test_inherited_records_are_completed_by_alias(schema: Record) -> None:
    contracts = schema["properties"]["entities"]["properties"]["contract"]

    assert "v-900001" in contracts["properties"]


def test_misspelt_choice_is_wrong_in_an_editor(schema: Record) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema)

    assert not validator.is_valid({"entities": {"contract": {"x": {"status": "aktiv"}}}})
    assert validator.is_valid({"entities": {"contract": {"x": {"status": "active", "mine": 5}}}})
