"""Every 4xx that an operation documents is reached, except those that `UNREACHABLE` explains."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockportal.commands.judging.target import shipped_targets
from mockportal.commands.operations import markdown, operation_rows
from mockportal.config import VERSIONS, content
from mockportal.engine.world import World
from mockportal.files.strict_yaml import load_yaml
from mockportal.judge.checks.sequence.refusals import entries_of
from mockportal.mock import Mock, Setup, read_contract
from mockportal.portal.unreachable import UNREACHABLE
from mockportal.portal.versions import ADDED
from mockportal.spec.document import load_document, operations
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.cases import FILE, Case, cases, resolved
from tests.support.changes import change, remove

DOCUMENTED = {
    (raw["operationId"], int(status)): raw
    for _, _, raw, _ in operations(load_document(content("openapi.json")))
    for status in raw["responses"]
    if status.startswith("4")
}
ENTRIES = load_yaml(FILE.with_name("default-refusals.yaml")).value
NEWEST = VERSIONS[-1]
NEWER = {
    (raw["operationId"], int(status))
    for _, _, raw, _ in operations(read_contract(Setup(api=NEWEST))[1])
    for status in raw["responses"]
    if status.startswith("4") and raw["operationId"] in ADDED[NEWEST]
}


@pytest.mark.parametrize(("name", "status"), sorted(DOCUMENTED.keys() - UNREACHABLE.keys()))
def test_documented_refusal_is_reached(mock: Mock, world: World, name: str, status: int) -> None:
    entry = resolved(entries_of(ENTRIES, mock.spec.operations[name], status)[0], world.scenario)
    case = cases(mock.spec, world.scenario)[name]

    _check_refusal(mock, world, case, entry, status)


@pytest.mark.parametrize(("name", "status"), sorted(NEWER - UNREACHABLE.keys()))
def test_documented_refusal_of_a_newer_operation_is_reached(newer_mock: Mock, name: str, status: int) -> None:
    world, spec = World("test", newer_mock.scenario(None)), newer_mock.spec
    known = shipped_targets(NEWEST, spec)["refusals"]
    entry = resolved(entries_of(known, spec.operations[name], status)[0], world.scenario)
    case = cases(spec, world.scenario, NEWEST)[name]

    _check_refusal(newer_mock, world, case, entry, status)


def _check_refusal(mock: Mock, world: World, case: Case, entry: Record, status: int) -> None:
    case = _changed(case, entry)
    for record, changes in entry.get("changes", {}).items():
        change(world, record, changes)
    if "removed" in entry:
        remove(world, entry["removed"])
    before = world.state

    exchange = Client(mock, world, case.token).exchange(
        case.operation, body=case.body, media_type=case.media_type, **case.params
    )

    assert exchange.reply.status == status, exchange.reply
    assert exchange.reply.answered_by in ("guard", "read", "behaviour")
    assert exchange.after is before


def test_what_is_unreachable_is_documented() -> None:
    assert UNREACHABLE.keys() <= DOCUMENTED.keys() | NEWER


def _changed(case: Case, entry: Record) -> Case:
    params = {**case.params, **entry.get("params", {})}
    body: Any = entry.get("body", case.body)
    return replace(
        case,
        token=entry.get("token", case.token),
        params={key: value for key, value in params.items() if value is not None},
        body={**body, **entry["fields"]} if "fields" in entry else body,
    )


def test_list_of_operations_is_current(mock: Mock) -> None:
    page = Path(__file__).parent.parent / "docs" / "operations.md"

    assert page.read_text() == markdown(operation_rows(mock), mock.api) + "\n"
