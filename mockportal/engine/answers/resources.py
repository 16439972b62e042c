"""Create, read, update and delete, inferred from the paths of a spec that has no behaviours for them.

`POST /things` with `GET /things/{id}` is a resource. Records live in a collection named by the path; an answer
that would not fit the documented schema is left to the example.
"""

import re

from mockportal.engine.call import Call, Reply
from mockportal.errors import NotFound
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.state.store import Draft
from mockportal.values import Json, Record, merge_patch

_ITEM = re.compile(r"(.+)/\{([^}/]+)\}")


class Resources:
    """The inferred resources of a spec."""

    def __init__(self, spec: Spec) -> None:
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in spec.operations.values():
            by_path.setdefault(operation.path, {})[operation.method] = operation
        self._keys: dict[str, tuple[str, str]] = {}  # path → (collection path, name of the key)
        for path, methods in by_path.items():
            item = _ITEM.fullmatch(path)
            if item and "GET" in methods and "POST" in by_path.get(item.group(1), {}):
                self._keys[path] = self._keys[item.group(1)] = (item.group(1), item.group(2))

    def knows(self, operation: Operation) -> bool:
        """True if the operation belongs to a resource."""
        return operation.path in self._keys

    def answer(self, call: Call, draft: Draft) -> Reply | None:
        """The reply from the stored records, or None. Raises `NotFound`."""
        if call.operation.path not in self._keys or call.operation.method not in _METHODS:
            return None
        path, key = self._keys[call.operation.path]
        name = re.sub(r"\{([^}]+)\}", lambda found: str(call.params[found.group(1)]), path)
        id = str(call.params[key]) if call.operation.path != path else ""
        body = _METHODS[call.operation.method](call, draft, name, id)
        response = call.operation.response(call.operation.success)
        validator = response.validators.get(JSON_TYPE) if response else None
        if validator is None:
            return Reply(call.operation.success, None)
        return Reply(call.operation.success, body) if validator.is_valid(body) else None


def _create(call: Call, draft: Draft, name: str, _: str) -> Json:
    id = str(call.fields.get("id") or draft.new_id("resource"))
    return _store(draft, name, id, {"id": id, **call.fields})


def _read(_: Call, draft: Draft, name: str, id: str) -> Json:
    if id:
        return _find(draft, name, id)["value"]
    return [record["value"] for record in draft.collection("resource").where(path=name)]


def _replace(call: Call, draft: Draft, name: str, id: str) -> Json:
    _find(draft, name, id)
    return _store(draft, name, id, {**call.fields, "id": id})


def _merge(call: Call, draft: Draft, name: str, id: str) -> Json:
    return _store(draft, name, id, merge_patch(_find(draft, name, id)["value"], call.fields))


def _delete(_: Call, draft: Draft, name: str, id: str) -> Json:
    draft.collection("resource").remove(_find(draft, name, id)["key"])
    return None


def _find(draft: Draft, name: str, id: str) -> Record:
    record = draft.collection("resource").find(f"{name}/{id}")
    if record is None:
        raise NotFound(f"there is no {name}/{id}")
    return record


def _store(draft: Draft, name: str, id: str, value: Record) -> Record:
    draft.collection("resource").put({"key": f"{name}/{id}", "path": name, "value": value})
    return value


_METHODS = {"POST": _create, "GET": _read, "PUT": _replace, "PATCH": _merge, "DELETE": _delete}
