"""The state of a world: its collections, and one record at a time, read and changed. A change is checked like a
scenario."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.mock import Mock
from mockportal.state.data_model import Kind
from mockportal.state.record_change import BadChange, keep_record, key_named
from mockportal.values import Record, merge_patch
from mockportal.web.control.input import as_json, beside, body_of, kind_of, mock_of, world_of
from mockportal.web.control.journalled import STATE, journalled

_LONGEST = 200


async def count_records(request: Request) -> Response:
    """`{collection: number of records}`"""
    return as_json(world_of(request).state.counts())


async def list_records(request: Request) -> Response:
    """`{"records": {id: record}}`"""
    world = world_of(request)
    kind = kind_of(request, world)
    draft = world.draft()

    def listed() -> Response:
        records = draft.collection(kind.name)
        return as_json({"records": {str(record[kind.key]): record for record in records}})

    return await beside(request, listed)


async def get_record(request: Request) -> Response:
    """One record, by id or alias."""
    _, _, record = _found(request)
    return as_json(record)


async def put_record(request: Request) -> Response:
    """Replaces a record, or makes one."""
    world = world_of(request)
    kind, name = kind_of(request, world), request.path_params["name"]
    id = _id(world, kind, name)
    if id not in world.draft().collection(kind.name) and len(name) > _LONGEST:
        raise HTTPException(400, f"the name of a record has at most {_LONGEST} characters")
    return _stored(mock_of(request), world, kind, {kind.key: id, **await body_of(request)}, id)


async def patch_record(request: Request) -> Response:
    """Merges into a record; null removes."""
    world, kind, record = _found(request)
    changed = merge_patch(record, await body_of(request))
    return _stored(mock_of(request), world, kind, changed, str(record[kind.key]))


async def delete_record(request: Request) -> Response:
    """Forgets a record."""
    world, kind, record = _found(request)
    draft = world.draft()
    draft.collection(kind.name).remove(str(record[kind.key]))
    world.change(draft.state)
    return Response(status_code=204)


def _id(world: World, kind: Kind, name: str) -> str:
    return key_named(world.draft(), world.scenario.aliases, kind, name)


def _found(request: Request) -> tuple[World, Kind, Record]:
    world = world_of(request)
    kind, name = kind_of(request, world), request.path_params["name"]
    record = world.draft().collection(kind.name).find(_id(world, kind, name))
    if record is None:
        known = hint(name, world.scenario.aliases.get(kind.name, ()))
        raise HTTPException(404, f"there is no {kind.name}/{name}{known}")
    return world, kind, record


def _stored(mock: Mock, world: World, kind: Kind, record: Record, id: str) -> Response:
    """The answer to a record that was checked and kept, or the violations of one that was not."""
    draft = world.draft()
    created = id not in draft.collection(kind.name)
    try:
        kept = keep_record(draft, mock.spec, kind, record, id)
    except BadChange as problem:
        errors = [violation.to_json() for violation in problem.violations]
        return as_json({"message": str(problem), **({"errors": errors} if errors else {})}, 400)
    world.change(draft.state)
    return as_json(kept, 201 if created else 200)


_ONE = "/worlds/{world}/state/{kind}/{name}"
ROUTES = (
    Route("/worlds/{world}/state", count_records, methods=["GET"]),
    Route("/worlds/{world}/state/{kind}", list_records, methods=["GET"]),
    Route(_ONE, get_record, methods=["GET"]),
    Route(_ONE, journalled(STATE, put_record), methods=["PUT"]),
    Route(_ONE, journalled(STATE, patch_record), methods=["PATCH"]),
    Route(_ONE, journalled(STATE, delete_record), methods=["DELETE"]),
)
