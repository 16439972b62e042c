"""The request that an entry of `expect` sends."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from mockportal.engine.call import Request, request_for
from mockportal.expectations.stage import Impossible
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.routes import BadPath, Routes
from mockportal.spec.spelling import unnamed_in_path
from mockportal.state.rules.check import NOBODY
from mockportal.values import Json, Record


def request_of(
    entry: Record, operation: Operation, routes: Routes, filled: Callable[[Json], Json]
) -> Request:
    """The request of an entry, with saved values `filled` in: by parameters and body, or, with `target` and
    `send_text`, as it was spelled. Raises `Impossible`."""
    token = "" if entry["as"] == NOBODY else str(filled(entry["as"]))
    params, target = filled(entry.get("params", {})), entry.get("target", "")
    missing = () if target else unnamed_in_path(operation, params)
    if missing:
        raise Impossible(f"the path lacks the parameter {missing[0]!r}")
    request = request_for(operation, params, filled(entry.get("send")), token)
    if target:
        request = replace(request, **_aimed(operation, str(filled(target)), routes))
    if "send_text" in entry:
        typed = {**request.headers, "content-type": JSON_TYPE}
        request = replace(request, body=entry["send_text"].encode(), headers=typed)
    more = {name.lower(): str(value) for name, value in filled(entry.get("send_headers", {})).items()}
    return replace(request, headers={**request.headers, **more}) if more else request


def _aimed(operation: Operation, target: str, routes: Routes) -> Mapping[str, Json]:
    """The parts of a request for a raw path and query. Raises `Impossible` if they lead elsewhere."""
    path, _, query = target.partition("?")
    try:
        route = routes.find(path)
    except BadPath:
        route = None
    aimed = route.operation(operation.method) if route is not None else None
    if aimed is None or aimed[0] is not operation:
        raise Impossible(f"{target} does not lead to {operation.id}")
    return {"path": path, "query": query, "path_params": aimed[1]}
