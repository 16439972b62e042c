"""The versions of the document: each is answered whole by the same behaviours, and so is a version in between."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mockportal.config import VERSIONS, content
from mockportal.engine.api import load_api
from mockportal.engine.world import World
from mockportal.errors import BehaviourError
from mockportal.mock import Mock, Setup, load_mock, read_contract
from mockportal.portal.versions import ADDED, FOR_IDENTIFIED_CONTACTS, is_in_some_version
from mockportal.spec.document import load_document, operations
from mockportal.spec.lint import lint
from mockportal.spec.overlay import apply_fitting, apply_overlay, load_overlay
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Record
from tests.spec.test_facts import differences, stripped
from tests.support.cases import cases
from tests.support.command_line import run_command

NEWEST = VERSIONS[-1]
DOCUMENT = read_contract(Setup(api=NEWEST))[1]
OPERATIONS = {raw["operationId"]: raw for _, _, raw, _ in operations(DOCUMENT)}
FIRST = {raw["operationId"] for _, _, raw, _ in operations(load_document(content("openapi.json")))}
COMPONENTS = DOCUMENT["components"]["schemas"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_valid_request_to_the_newest_version_succeeds(newer_mock: Mock, newer: Client, name: str) -> None:
    case = cases(newer_mock.spec, newer.world.scenario, NEWEST)[name]

    exchange = newer.as_(case.token).exchange(name, body=case.body, media_type=case.media_type, **case.params)

    assert exchange.reply.status == case.status, exchange.reply
    assert exchange.reply.answered_by == "behaviour"
    assert exchange.violations == ()


def test_newest_version_has_all_its_operations() -> None:
    assert len(OPERATIONS) == 173
    assert len(COMPONENTS) == 196
    assert OPERATIONS.keys() - FIRST == ADDED[NEWEST]


def test_operations_that_take_the_token_of_a_contact_are_those_that_the_document_marks() -> None:
    marked = {name for name, raw in OPERATIONS.items() if raw.get("x-contact-identification-token")}

    assert marked == FOR_IDENTIFIED_CONTACTS


def test_everything_new_is_described_and_has_an_example() -> None:
    silent = [name for name in ADDED[NEWEST] if not OPERATIONS[name].get("description")]
    silent += [name for name, schema in COMPONENTS.items() if not schema.get("description")]
    for name in ADDED[NEWEST]:
        bodies = [OPERATIONS[name].get("requestBody", {})]
        bodies += [one for status, one in OPERATIONS[name]["responses"].items() if status.startswith("2")]
        media = [one["content"]["application/json"] for one in bodies if "content" in one]
        silent += [name for one in media if "example" not in one]

    assert silent == []


def test_newest_version_has_no_problem(newer_mock: Mock) -> None:
    _, raw, actions = read_contract(Setup(api=NEWEST))

    findings = lint(raw, actions, newer_mock.spec)

    assert [one.to_json() for one in findings if one.severity == "problem"] == []


def test_first_version_stays_as_it_was() -> None:
    path, raw, _ = read_contract(Setup())

    assert raw == load_document(path)
    assert {raw["operationId"] for _, _, raw, _ in operations(raw)} == FIRST


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return run_command(Path.cwd(), *arguments)


def test_operations_of_a_version_are_listed() -> None:
    run = command("operations", "--api", NEWEST, "--format", "json")

    listed = json.loads(run.stdout)

    assert len(listed) == 173
    assert {one["answered_by"] for one in listed} == {"behaviour"}


@pytest.mark.parametrize("name", ["operations", "check", "spec", "verify"])
def test_unknown_version_is_one_line_with_the_nearest(name: str) -> None:
    run = command(name, "--api", "2026-10")

    assert run.returncode == 2
    assert run.stderr == (
        f"mockportal {name}: argument --api: '2026-10' is not one of 2026-05, 2026-11; did you mean '2026-11'?\n"
    )


def test_version_and_document_exclude_each_other() -> None:
    run = command("operations", "--api", NEWEST, "--spec", "openapi.json")

    assert run.returncode == 2
    assert run.stderr.count("\n") == 1


def test_misspelt_operation_is_an_error_in_every_version(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "acme_versions.py").write_text(
        "from mockportal.engine.api import Api, operation\n\n"
        "API = Api(versions=lambda id: id == 'getLater')\n\n\n"
        "@operation('getLater')\ndef later(call, state):\n    return {}\n\n\n"
        "@operation('getPortalUser')\ndef show(call, state):\n    return {}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    api = load_api("acme_versions", spec)

    assert list(api.behaviours) == ["getPortalUser"]
    text = (
        (tmp_path / "acme_versions.py").read_text().replace("@operation('getLater')", "@operation('getLatr')")
    )
    (tmp_path / "acme_misspelt.py").write_text(text)
    with pytest.raises(BehaviourError, match=r"the spec has no operation 'getLatr'"):
        load_api("acme_misspelt", spec)


def test_every_bound_operation_is_in_some_version() -> None:
    assert all(map(is_in_some_version, OPERATIONS))
    assert not is_in_some_version("getPortalUsr")


@pytest.fixture(scope="module")
def in_between(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest document without some operations and schemas, and with one that nobody knows yet."""
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    for gone in ("/v1/portal/exports", "/v1/portal/exports/{jobId}", "/v2/portal/contact"):
        del document["paths"][gone]
    answer = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}
    document["paths"]["/v4/portal/later"] = {
        "get": {"operationId": "getLater", "security": [], "responses": {"200": answer}}
    }
    file = tmp_path_factory.mktemp("between") / "between.json"
    file.write_text(json.dumps(document))
    return file


def test_version_in_between_is_answered_by_the_same_behaviours(in_between: Path) -> None:
    mock = load_mock(Setup(spec=in_between, behaviours="mockportal.portal"))
    client = Client(mock, World("test", mock.scenario(None)), "dev-anna")

    seen = client.call("listPortalNotifications")

    unbound = mock.spec.operations.keys() - mock.api.behaviours.keys()
    assert unbound == {"getLater"}
    assert seen["total_unread"] == 2
    assert client.exchange("getLater").reply.answered_by == "example"
    assert "createExport" not in mock.api.behaviours


def test_serve_lists_what_has_no_behaviour(in_between: Path, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "mockportal", "serve", "--port", "0"]
    line += ["--spec", str(in_between), "--behaviours", "mockportal.portal"]
    process = subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None

    ready = process.stdout.readline()
    process.terminate()
    _, told = process.communicate(timeout=20)

    assert "| 170 operations |" in ready
    assert told == "mockportal: answered by example, without a behaviour: getLater\n"


def test_fitting_actions_are_applied_and_the_others_left_out() -> None:
    document: Record = {"a": {"b": 1}, "components": {"schemas": {"Known": {}}}}

    apply_fitting(
        document,
        [
            {"target": "$.a", "description": "fits", "update": {"c": {"$ref": "#/components/schemas/Known"}}},
            {
                "target": "$.a",
                "description": "refers to nothing",
                "update": {"d": [{"$ref": "#/components/schemas/No"}]},
            },
            {"target": "$.x", "description": "matches nothing", "remove": True},
        ],
    )

    assert document["a"] == {"b": 1, "c": {"$ref": "#/components/schemas/Known"}}


def test_drafted_overlay_leaves_no_difference_but_prose(in_between: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    line = [sys.executable, "scripts/draft-version", "openapi.json", str(in_between)]
    run = subprocess.run(line, cwd=content("openapi.json").parent, capture_output=True, text=True, check=True)
    draft.write_text(run.stdout)
    document = load_document(content("openapi.json"))

    apply_overlay(document, load_overlay(draft))

    assert differences(stripped(document), stripped(load_document(in_between))) == []
    assert "description" not in str(load_overlay(draft)[0].get("update", ""))
