"""Workflows as flat lists of tasks, and the tasks of all workflows that the user has to do something for."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.customer.workflows import CLOSED, SIDES
from mockportal.portal.entity.list_view import workflows_of
from mockportal.portal.entity.visibility import call_visible, is_open, is_visible, visible
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_HOLDERS = ("opportunity", "order", "contract")  # the entities whose tasks are collected
_GENERATION = 2  # of linear workflows
_CONFIGURED = ("enabled", "label", "description")
# attribute of an execution → attribute of the answer
_DATES: Mapping[str, str] = MappingProxyType(
    {"creationTime": "created_at", "lastUpdated": "updated_at", "completedTime": "completed_at"}
)


@operation("getEntityPortalWorkflows")
def list_portal_workflows(call: Call, state: Draft) -> Json:
    entity = call_visible(call, state, call.params["slug"], call.params["id"])
    return {"portal_workflows": _workflows(state, entity)}


@operation("getEntityPortalWorkflowsBatch")
def list_workflows_of_several(call: Call, state: Draft) -> Json:
    """An entity that the user may not see is left out; one without a workflow has an empty list."""
    results = []
    for slug, id in dict.fromkeys((named["slug"], named["id"]) for named in call.fields["entities"]):
        entity = state.collection(slug).find(id) if COLLECTIONS.has_entity(slug) else None
        if entity and is_open(call.caller.realm, slug) and is_visible(call.caller, state, slug, entity):
            results.append({"entity_id": entity["_id"], "portal_workflows": _workflows(state, entity)})
    return {"results": results}


@operation("getOutstandingTasks")
def list_outstanding_tasks(call: Call, state: Draft) -> Json:
    """A portal that has switched its engagement center off shows no tasks."""
    portal = call.caller.realm
    if portal.get("engagement_center_enabled") is False:
        return {"tasks": [], "total": 0}
    side = SIDES.get(portal.get("origin", ""), "ecp")
    tasks = [
        task
        for slug in _HOLDERS
        if is_open(portal, slug)
        for entity in visible(call.caller, state, slug)
        for task in _outstanding(state, entity, side)
    ]
    return {"tasks": tasks, "total": len(tasks)}


def _outstanding(state: Draft, entity: Record, side: str) -> Iterator[Record]:
    for workflow in _workflows(state, entity):
        for task in workflow["tasks"] if workflow["status"] == "STARTED" else ():
            settings = task.get(side, {})
            journey = settings.get("journey") or task.get("journey") or {}
            id = journey.get("journeyId", journey.get("id"))
            if task["is_active"] and settings.get("enabled") and id:
                yield {
                    "entity_id": entity["_id"],
                    "entity_schema": entity["_schema"],
                    "entity_title": entity["_title"],
                    "workflow_id": workflow["id"],
                    "workflow_name": workflow["name"],
                    "step_id": task["id"],
                    "step_name": settings.get("label", task["name"]),
                    "journey_id": id,
                    "complete_task_automatically": bool(journey.get("complete_task_automatically", False)),
                }


def _workflows(state: Draft, entity: Record) -> list[Record]:
    """The workflows of an entity, each with its tasks. All paths of a linear workflow are known from the start."""
    return [
        {
            "id": workflow["id"],
            "name": str(workflow.get("name", "")),
            "status": workflow.get("status", "STARTED"),
            "version": _GENERATION,
            "is_path_complete": True,
            **{new: workflow[old] for old, new in _DATES.items() if old in workflow},
            **({"definition_id": workflow["definition_id"]} if "definition_id" in workflow else {}),
            "contexts": [_context(workflow, context) for context in workflow.get("contexts", ())],
            "tasks": _tasks(workflow),
        }
        for workflow in workflows_of(state, str(entity["_id"]))
    ]


def _context(workflow: Record, context: Record) -> Record:
    id, schema = str(context.get("id", "")), str(context.get("schema", ""))
    return {"entity_id": id, "entity_schema": schema, "is_primary": id == workflow.get("context_id")}


def _tasks(workflow: Record) -> list[Record]:
    """The steps in order. It is the turn of the first one that is open, as long as the workflow runs."""
    tasks: list[Record] = []
    is_turn = workflow.get("status", "STARTED") == "STARTED"
    for phase, step in _steps(workflow):
        task = _task(phase, step, len(tasks) + 1)
        is_open_step = task["status"] not in CLOSED
        tasks.append({**task, "is_active": is_turn and is_open_step})
        is_turn = is_turn and not is_open_step
    return tasks


def _steps(workflow: Record) -> Iterator[tuple[Record, Record]]:
    """(section, step) of every step; the section is empty for a step that is in none."""
    for item in workflow.get("flow", ()):
        if "steps" in item:
            yield from ((item, step) for step in item["steps"] if "id" in step)
        elif item.get("type") != "SECTION" and "id" in item:
            yield {}, item


def _task(phase: Record, step: Record, order: int) -> Record:
    status = step.get("status", "PENDING")
    task: Record = {
        "id": str(step["id"]),
        "name": str(step.get("name", "")),
        "order": order,
        "status": status if status in (*CLOSED, "IN_PROGRESS") else "PENDING",
    }
    task |= {side: _configured(step[side]) for side in ("ecp", "installer") if side in step}
    if "journey" in step:
        task["journey"] = _journey(step["journey"])
    if phase:
        task |= {"phase_id": str(phase.get("id", "")), "phase_name": str(phase.get("name", ""))}
    names = {"completedTime": "completed_at", "lastUpdated": "updated_at"}
    return task | {new: step[old] for old, new in names.items() if old in step}


def _configured(settings: Record) -> Record:
    shown = {name: settings[name] for name in _CONFIGURED if name in settings}
    return {**shown, "journey": _journey(settings["journey"])} if "journey" in settings else shown


def _journey(journey: Record) -> Record:
    """A journey of an execution, which writes `completeTaskAutomatically`."""
    automatic = journey.get("complete_task_automatically", journey.get("completeTaskAutomatically"))
    named: Record = {name: journey[name] for name in ("id", "journeyId", "name") if name in journey}
    return named if automatic is None else {**named, "complete_task_automatically": bool(automatic)}
