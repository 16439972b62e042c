"""Workflows as lists of tasks, and the tasks that wait for a user."""

import pytest

from mockportal.testing import Client
from tests.support.changes import id_of

STEP = "st3004angeb"


@pytest.fixture
def anna(newer: Client) -> Client:
    return newer.as_("dev-anna")


def test_workflow_is_a_flat_list_in_which_one_task_is_active(anna: Client) -> None:
    id = id_of(anna.world, "opportunity/op-3004")

    (workflow,) = anna.call("getEntityPortalWorkflows", slug="opportunity", id=id)["portal_workflows"]

    assert (workflow["version"], workflow["is_path_complete"]) == (2, True)
    assert [(one["order"], one["status"], one["is_active"]) for one in workflow["tasks"]] == [
        (1, "IN_PROGRESS", True),
        (2, "PENDING", False),
    ]
    assert workflow["tasks"][0]["ecp"]["journey"]["name"] == "Angebot annehmen"
    assert workflow["tasks"][0]["phase_name"] == "Tarifwechsel"


def test_step_that_is_done_leaves_the_tasks(anna: Client) -> None:
    before = anna.call("getOutstandingTasks")
    workflow = id_of(anna.world, "workflow/op-3004")

    anna.call("updateWorkflowStepAsDone", workflow_id=workflow, step_id=STEP)

    assert [one["step_id"] for one in before["tasks"]] == [STEP]
    assert before["total"] == 1
    assert anna.call("getOutstandingTasks") == {"tasks": [], "total": 0}


def test_engagement_center_that_is_off_shows_no_tasks(anna: Client) -> None:
    draft = anna.world.draft()
    portals = draft.collection("portal")
    portals.put({**portals.get(id_of(anna.world, "portal/p1")), "engagement_center_enabled": False})
    anna.world.state = draft.state

    assert anna.call("getOutstandingTasks") == {"tasks": [], "total": 0}


def test_batch_leaves_out_what_the_user_may_not_see(anna: Client) -> None:
    own, contract = id_of(anna.world, "opportunity/op-3004"), id_of(anna.world, "contract/v-900001")
    foreign = id_of(anna.world, "contract/v-900003")
    entities = [
        {"id": own, "slug": "opportunity"},
        {"id": contract, "slug": "contract"},
        {"id": foreign, "slug": "contract"},
        {"id": own, "slug": "no_schema"},
    ]

    results = anna.call("getEntityPortalWorkflowsBatch", body={"entities": entities})["results"]

    assert [(one["entity_id"], len(one["portal_workflows"])) for one in results] == [(own, 1), (contract, 0)]


def test_batch_of_more_than_fifty_is_refused(anna: Client) -> None:
    entities = [{"id": str(number), "slug": "contract"} for number in range(51)]

    anna.call("getEntityPortalWorkflowsBatch", body={"entities": entities}, status=400)
    anna.call("getEntityPortalWorkflowsBatch", body={"entities": []}, status=400)


def test_workflows_of_a_foreign_entity_are_not_found(anna: Client) -> None:
    anna.call(
        "getEntityPortalWorkflows",
        slug="contract",
        id=id_of(anna.world, "contract/v-900003"),
        status=404,
    )
