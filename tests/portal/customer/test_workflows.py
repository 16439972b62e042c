"""Workflows as customers and installers see them and move them on."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.portal.customer.workflows import steps_of
from mockportal.testing import Client
from tests.support.changes import activity_types, change, id_of, pass_days, record_of

REFUSED = [
    ("marek", "op-3001", "st3001inbet", 409),  # waits for the step before it
    ("marek", "op-3001", "st3001abnah", 403),  # for employees only
    ("hoffmann", "op-3001", "st3001netzp", 403),  # for installers only
    ("marek", "op-3002", "st3002prfng", 409),  # was skipped
    ("marek", "op-3001", "nosuchstep1", 404),
    ("marek", "op-3004", "st3004angeb", 404),  # another customer's
    ("anna", "op-3001", "st3001netzp", 404),
]


def done(client: Client, workflow: str, step: str, status: int | None = None) -> Any:
    id = id_of(client.world, f"workflow/{workflow}")
    return client.call("updateWorkflowStepAsDone", workflow_id=id, step_id=step, status=status)


def statuses(world: World, workflow: str) -> list[str]:
    return [step["status"] for step in steps_of(record_of(world, f"workflow/{workflow}"))]


def test_entity_shows_its_workflows(anna: Client, world: World) -> None:
    id = id_of(world, "opportunity/op-3004")

    [execution] = anna.call("getEntityWorkflows", slug="opportunity", id=id)["workflow_executions"]

    assert (execution["name"], execution["status"]) == ("Tarifwechsel", "STARTED")
    assert [step["name"] for step in steps_of(execution)] == ["Angebot prüfen", "Bestätigung"]


def test_workflow_that_is_not_for_portals_is_not_shown(anna: Client, world: World) -> None:
    change(world, "workflow/op-3004", {"enableECPWorkflow": False})

    answer = anna.call("getEntityWorkflows", slug="opportunity", id=id_of(world, "opportunity/op-3004"))

    assert answer == {"workflow_executions": []}
    done(anna, "op-3004", "st3004angeb", status=404)


def test_workflows_of_a_foreign_entity_are_not_found(anna: Client, world: World) -> None:
    id = id_of(world, "opportunity/op-3002")

    anna.call("getEntityWorkflows", slug="opportunity", id=id, status=404)


def test_completed_step_lets_the_next_one_begin(anna: Client, world: World) -> None:
    step = done(anna, "op-3004", "st3004angeb")

    first, second = steps_of(record_of(world, "workflow/op-3004"))
    assert step == first
    assert (step["status"], step["completedTime"]) == ("COMPLETED", "2026-06-15T07:00:00.000Z")
    assert (second["status"], second["started_at"]) == ("IN_PROGRESS", "2026-06-15T07:00:00.000Z")
    assert activity_types(world, "opportunity/op-3004") == ["EntityUpdatedFromPortal"]


def test_last_step_ends_the_workflow(anna: Client, world: World) -> None:
    done(anna, "op-3004", "st3004angeb")
    assert record_of(world, "workflow/op-3004")["status"] == "STARTED"

    done(anna, "op-3004", "st3004besta")

    workflow = record_of(world, "workflow/op-3004")
    assert (workflow["status"], workflow["completedTime"]) == ("DONE", "2026-06-15T07:00:00.001Z")


def test_step_outside_of_a_section_is_completed_too(nobody: Client, world: World) -> None:
    done(nobody.as_("dev-marek"), "op-3002", "st3002einba")

    assert statuses(world, "op-3002") == ["SKIPPED", "COMPLETED"]
    assert record_of(world, "workflow/op-3002")["status"] == "DONE"


def test_step_of_employees_keeps_the_workflow_open(nobody: Client, world: World) -> None:
    marek = nobody.as_("dev-marek")

    done(marek, "op-3001", "st3001netzp")
    done(marek, "op-3001", "st3001inbet")

    assert statuses(world, "op-3001") == ["COMPLETED", "COMPLETED", "COMPLETED", "IN_PROGRESS"]
    assert record_of(world, "workflow/op-3001")["status"] == "STARTED"


def test_completing_a_completed_step_changes_nothing(anna: Client, world: World) -> None:
    first = done(anna, "op-3004", "st3004angeb")
    pass_days(world, 1)

    again = done(anna, "op-3004", "st3004angeb")

    assert again == first
    assert activity_types(world, "opportunity/op-3004") == ["EntityUpdatedFromPortal"]


@pytest.mark.parametrize(("person", "workflow", "step", "status"), REFUSED)
def test_step_that_is_not_the_users_turn_is_refused(
    nobody: Client, world: World, person: str, workflow: str, step: str, status: int
) -> None:
    before = record_of(world, f"workflow/{workflow}")

    done(nobody.as_(f"dev-{person}"), workflow, step, status=status)

    assert record_of(world, f"workflow/{workflow}") == before


def test_refusal_does_not_tell_a_foreign_workflow_from_an_unknown_one(anna: Client, world: World) -> None:
    id = id_of(world, "workflow/op-3001")

    foreign = done(anna, "op-3001", "st3001netzp", status=404)

    unknown = anna.call("updateWorkflowStepAsDone", workflow_id="x", step_id="st3001netzp", status=404)
    assert foreign["message"].replace(id, "x") == unknown["message"]


def test_closed_workflow_moves_no_more(anna: Client, world: World) -> None:
    change(world, "workflow/op-3004", {"status": "CLOSED"})

    done(anna, "op-3004", "st3004angeb", status=409)


def test_step_that_is_worked_on_stays_the_current_one(anna: Client, world: World) -> None:
    steps = [
        {"id": "a", "status": "ASSIGNED", "ecp": {"enabled": True}},
        {"id": "b", "status": "UNASSIGNED", "ecp": {"enabled": True}},
        {"id": "c", "status": "UNASSIGNED", "ecp": {"enabled": True}},
    ]
    flow = [{"id": "empty", "type": "SECTION"}, {"id": "full", "type": "SECTION", "steps": steps}]
    change(world, "workflow/op-3004", {"flow": flow})

    done(anna, "op-3004", "b")

    assert statuses(world, "op-3004") == ["ASSIGNED", "COMPLETED", "UNASSIGNED"]
