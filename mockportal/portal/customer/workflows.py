"""Workflows as portals take part in them: shown on their entity, and moved on by customers and installers."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import Conflict, Forbidden, NotFound
from mockportal.portal.entity.activities import STEP_COMPLETED, record_activity
from mockportal.portal.entity.list_view import workflows_of
from mockportal.portal.entity.views import find_entity
from mockportal.portal.entity.visibility import call_visible, check_slug, is_visible
from mockportal.state.store import Draft
from mockportal.values import Json, Record

CLOSED = frozenset(("COMPLETED", "SKIPPED"))
_WAITING = frozenset(("UNASSIGNED", "PENDING"))
# origin of the portal → the part of a step that enables it there; any other origin is a customers' portal
SIDES: Mapping[str, str] = MappingProxyType({"INSTALLER_PORTAL": "installer"})


@operation("getEntityWorkflows")
def list_workflows(call: Call, state: Draft) -> Json:
    entity = call_visible(call, state, call.params["slug"], call.params["id"])
    return {"workflow_executions": workflows_of(state, entity["_id"])}


@operation("updateWorkflowStepAsDone")
def complete_step(call: Call, state: Draft) -> Json:
    """A step is completed once, after what it requires; the next one begins, and the last one ends the workflow."""
    workflow, entity = _workflow(call, state)
    steps = steps_of(workflow)
    step = next((step for step in steps if step["id"] == call.params["step_id"]), None)
    if step is None:
        raise NotFound(f"workflow {workflow['id']} has no step {call.params['step_id']}")
    _check_enabled(call, step)
    if step.get("status") == "COMPLETED":
        return step
    _check_order(workflow, steps, step)
    now = state.timestamp()
    completed = {**step, "status": "COMPLETED", "completedTime": now, "lastUpdated": now}
    _store(state, workflow, _moved_on(steps, completed, now), now)
    names = {"step": str(step.get("name")), "workflow": str(workflow.get("name"))}
    record_activity(call, state, STEP_COMPLETED, [entity], **names)
    return completed


def steps_of(workflow: Record) -> list[Record]:
    """The steps of an execution in order, whether or not they are in a section."""
    items = [item for item in workflow.get("flow", ()) if "steps" in item or item.get("type") != "SECTION"]
    return [step for item in items for step in item.get("steps", [item]) if "id" in step]


def _workflow(call: Call, state: Draft) -> tuple[Record, Record]:
    """The execution and the entity it runs on, if this user may see it. Raises `NotFound`, `Forbidden`, `Missing`."""
    workflow = state.collection("workflow").get(call.params["workflow_id"])
    entity = find_entity(state, str(workflow.get("context_id")))
    if (
        entity is None
        or not workflow.get("enableECPWorkflow")
        or not is_visible(call.caller, state, entity["_schema"], entity)
    ):
        raise NotFound(f"no workflow {workflow['id']}")
    check_slug(call.caller, entity["_schema"])
    return workflow, entity


def _check_enabled(call: Call, step: Record) -> None:
    side = SIDES.get(call.caller.realm.get("origin", ""), "ecp")
    if not step.get(side, {}).get("enabled"):
        raise Forbidden(f"step {step['id']} is not open in this portal")


def _check_order(workflow: Record, steps: Iterable[Record], step: Record) -> None:
    if workflow.get("status") == "CLOSED":
        raise Conflict(f"workflow {workflow['id']} is closed")
    if step.get("status") == "SKIPPED":
        raise Conflict(f"step {step['id']} was skipped")
    waiting = _unmet(steps, step)
    if waiting:
        raise Conflict(f"step {step['id']} has to wait for {', '.join(waiting)}")


def _unmet(steps: Iterable[Record], step: Record) -> list[str]:
    """The ids of the required steps that are still open."""
    closed = {one["id"] for one in steps if one.get("status") in CLOSED}
    required = [requirement["step_id"] for requirement in step.get("requirements", ())]
    return [id for id in required if id not in closed]


def _moved_on(steps: Iterable[Record], completed: Record, now: str) -> list[Record]:
    """The steps with this one completed; the first open one begins, unless it has to wait or is being worked on."""
    moved = [completed if step["id"] == completed["id"] else step for step in steps]
    current = next((step for step in moved if step.get("status") not in CLOSED), None)
    if current is None or current.get("status") not in _WAITING or _unmet(moved, current):
        return moved
    begun = {**current, "status": "IN_PROGRESS", "started_at": now, "lastUpdated": now}
    return [begun if step is current else step for step in moved]


def _store(state: Draft, workflow: Record, steps: list[Record], now: str) -> None:
    by_id = {step["id"]: step for step in steps}
    flow = [
        {**item, "steps": [by_id.get(step.get("id"), step) for step in item["steps"]]}
        if "steps" in item
        else by_id.get(item.get("id"), item)
        for item in workflow["flow"]
    ]
    changes: Record = {"flow": flow, "lastUpdated": now}
    if all(step.get("status") in CLOSED for step in steps):
        changes |= {"status": "DONE", "completedTime": now}
    state.collection("workflow").patch(workflow["id"], changes)
