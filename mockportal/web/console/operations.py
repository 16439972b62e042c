"""The operations of the document: what answers each, and what a form has to know that calls one."""

from collections.abc import Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.api import name_of
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.files.pointers import pointer_to, resolve
from mockportal.mock import Mock
from mockportal.spec.document import follow
from mockportal.spec.examples import example_of
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.parameters import Parameter
from mockportal.values import Json, Record
from mockportal.web.console.fields import fields_of, shape_of
from mockportal.web.control.input import as_json, mock_of, world_of

_OTHER = "other"


async def list_operations(request: Request) -> Response:
    """`{"operations": [{operation, method, path, summary, area, statuses, answered_by, tokens, callers, …}]}`, in the
    order of the document."""
    mock, world = mock_of(request), world_of(request)
    return as_json({"operations": [_row(mock, world, one) for one in mock.spec.operations.values()]})


async def show_operation(request: Request) -> Response:
    """One operation with its parameters and its body, each with a schema and an example."""
    mock, world, id = mock_of(request), world_of(request), request.path_params["operation"]
    operation = mock.spec.operations.get(id)
    if operation is None:
        raise HTTPException(404, f"there is no operation {id!r}{hint(id, mock.spec.operations)}")
    raw = resolve(mock.spec.document, operation.pointer)
    return as_json(
        {
            **_row(mock, world, operation),
            "description": str(raw.get("description", "")),
            "parameters": [_parameter(mock, world, operation, one) for one in operation.parameters],
            "body": _body(mock, world, operation, raw),
        }
    )


def _row(mock: Mock, world: World, operation: Operation) -> Record:
    behaviour = mock.api.behaviours.get(operation.id)
    schemes = {name for alternative in operation.security for name in alternative}
    return {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "summary": operation.summary,
        "area": _area(mock, operation),
        "statuses": sorted(operation.responses),
        "answered_by": mock.engine.responders.answered_by(operation),
        "behaviour": name_of(behaviour) if behaviour else None,
        "tokens": sorted(schemes),
        "callers": sorted({kind for name in schemes for kind in mock.api.token_classes.get(name, ())}),
    }


def _area(mock: Mock, operation: Operation) -> str:
    """The room of the behaviour that answers an operation; without one, its first tag."""
    behaviour = mock.api.behaviours.get(operation.id)
    if behaviour is not None:
        return behaviour.__module__.split(".")[-2:][0].replace("_", " ")
    tags = resolve(mock.spec.document, operation.pointer).get("tags") or [_OTHER]
    return str(tags[0])


def _parameter(mock: Mock, world: World, operation: Operation, parameter: Parameter) -> Record:
    schema, _ = follow(mock.spec.document, parameter.schema, parameter.pointer)
    example = next(_examples_of(mock, world, operation, parameter.pointer), None)
    return {
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.required,
        "explode": parameter.explode,
        **shape_of(schema),
        "example": parameter.default if parameter.default is not None else example,
    }


def _body(mock: Mock, world: World, operation: Operation, raw: Record) -> Record | None:
    if operation.body is None:
        return None
    media_type = JSON_TYPE if JSON_TYPE in operation.body.media else next(iter(operation.body.media), "")
    body, at = follow(mock.spec.document, raw["requestBody"], f"{operation.pointer}/requestBody")
    media = body["content"].get(media_type, {})
    pointer = f"{at}{pointer_to('content', media_type, 'schema')}"
    named = [one.get("value") for one in media.get("examples", {}).values() if isinstance(one, dict)]
    authored = [media["example"]] if "example" in media else named
    made = _examples_of(mock, world, operation, pointer) if "schema" in media else iter(())
    return {
        "required": operation.body.required,
        "media_type": media_type,
        "fields": fields_of(mock.spec.document, media.get("schema", {}), pointer),
        "example": next(iter(authored), None) or next(made, None),
    }


def _examples_of(mock: Mock, world: World, operation: Operation, pointer: str) -> Iterator[Json]:
    """The example for a schema; none if no valid one is found."""
    name = f"{world.scenario.seed}/{operation.id}/try"
    try:
        yield example_of(mock.spec, pointer, name, mock.api.samples, "request")
    except ValueError:
        return


ROUTES = (
    Route("/worlds/{world}/operations", list_operations, methods=["GET"]),
    Route("/worlds/{world}/operations/{operation}", show_operation, methods=["GET"]),
)
