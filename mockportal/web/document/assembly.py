"""The OpenAPI document of the control API, put together from short descriptions of its operations.

Each file in `rooms/` describes operations by `METHOD /path`, in the order in which their examples can be played:

    id, summary, description
    parameters  schemas of parameters of the path that differ from the usual ones in `parts.yaml`
    query       schemas of the parameters of the query
    headers     schemas of request headers
    body        the schema of the body, which is a closed object unless it is a reference
    needs       the parameters of the query that are required; `body` if it is, and its schema does not tell
    answers     the schema of the body by status, or the name of one in `parts.yaml`; null for no body
    media       the media type of the answers, if that is not JSON
    refusals    statuses of refusals, apart from those that every endpoint has
    example     a request (`path`, `query`, `body`) with the `status` and the `answer` that it gets
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from mockportal import __version__
from mockportal.files.shape import closed_object
from mockportal.files.strict_yaml import load_yaml
from mockportal.mock import Mock
from mockportal.state.rules.shape import rule_schema
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Json, Record
from mockportal.web.control.journalled import OPERATIONS

_FOLDER = Path(__file__).parent
_ROOMS = ("about", "worlds", "state", "journal", "time-travel", "rules", "clock", "tokens", "console")
_EVERYWHERE = ("400", "401", "403", "404", "408", "413", "415")
_JSON = "application/json"
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class ControlOperation:
    """An operation of the control API as its room describes it."""

    method: str
    path: str
    room: str
    raw: Record

    @cached_property
    def example(self) -> Record:
        """`{path, query, body, status, answer}`, the last two those of the answer to the request."""
        return {"path": {}, "query": {}, "status": min(self.raw["answers"]), **self.raw["example"]}


@lru_cache(maxsize=1)
def descriptions() -> tuple[ControlOperation, ...]:
    """The operations in the order in which their examples can be played."""
    found = []
    for room in _ROOMS:
        for name, raw in load_yaml(_FOLDER / "rooms" / f"{room}.yaml").value.items():
            method, _, path = name.partition(" ")
            found.append(ControlOperation(method, path, room, raw))
    return tuple(found)


def control_document(mock: Mock, base: str) -> Record:
    """The OpenAPI 3.1 document of the control API at the address `base`."""
    paths: Record = {}
    for one in descriptions():
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {**_parts()["info"], "version": __version__},
        "servers": [{"url": base}],
        "tags": [{"name": room} for room in _ROOMS],
        "security": [{}, {"controlToken": []}],
        "paths": paths,
        "components": {
            "schemas": {**_parts()["schemas"], **_generated(mock)},
            "responses": {status: _refusal(status) for status in _parts()["refusals"]},
            "securitySchemes": {"controlToken": {"type": "http", "scheme": "bearer"}},
        },
    }


@lru_cache(maxsize=1)
def _parts() -> Record:
    parts: Record = load_yaml(_FOLDER / "parts.yaml").value
    return parts


def _generated(mock: Mock) -> Record:
    """The schemas of rules, of scenarios and of the operations in a journal, for the document that is served."""
    rule = rule_schema(mock.spec.operations, mock.spec.tags)
    scenario = scenario_schema(mock.spec.operations, mock.api.data, mock.spec.tags)
    del scenario["$schema"]
    scenario["properties"]["rules"]["items"] = {"$ref": "#/components/schemas/Rule"}
    noted = {"enum": [*mock.spec.operations, *OPERATIONS]}
    return {"Rule": rule, "Scenario": scenario, "NotedOperation": noted}


def _operation(one: ControlOperation) -> Record:
    raw = one.raw
    told: Record = {name: raw[name] for name in ("summary", "description") if name in raw}
    return {
        "operationId": raw["id"],
        "tags": [one.room],
        **told,
        "parameters": [*_parameters(one)],
        **({"requestBody": _body(one)} if "body" in raw else {}),
        "responses": {**dict(_answers(one)), **_refusals(one)},
    }


def _parameters(one: ControlOperation) -> Iterator[Record]:
    usual, given = {**_parts()["paths"], **one.raw.get("parameters", {})}, one.example
    for name in _PARAMETER.findall(one.path):
        yield _parameter(name, "path", usual[name], True, given["path"])
    for name, schema in one.raw.get("query", {}).items():
        yield _parameter(name, "query", schema, name in one.raw.get("needs", ()), given["query"])
    for name, schema in one.raw.get("headers", {}).items():
        yield _parameter(name, "header", schema, False, {})


def _parameter(name: str, place: str, schema: Record, required: bool, given: Record) -> Record:
    example = {"example": given[name]} if name in given else {}
    return {"name": name, "in": place, "required": required, "schema": schema, **example}


def _body(one: ControlOperation) -> Record:
    schema = one.raw["body"]
    if "$ref" not in schema:
        schema = {**closed_object(), **schema}
    example = {"example": one.example["body"]} if "body" in one.example else {}
    needed = bool(schema.get("required")) or "body" in one.raw.get("needs", ())
    return {"required": needed, "content": {_JSON: {"schema": schema, **example}}}


def _answers(one: ControlOperation) -> Iterator[tuple[str, Record]]:
    for status, schema in one.raw["answers"].items():
        yield status, _answer(one, status, schema)


def _answer(one: ControlOperation, status: str, schema: Json) -> Record:
    told = {"description": one.raw["summary"]}
    if schema is None:
        return told
    if isinstance(schema, str):
        schema = {"$ref": f"#/components/schemas/{schema}"}
    media = {"schema": schema}
    if status == one.example["status"] and "answer" in one.example:
        media["example"] = one.example["answer"]
    return {**told, "content": {one.raw.get("media", _JSON): media}}


def _refusals(one: ControlOperation) -> Record:
    statuses = sorted((*_EVERYWHERE, *one.raw.get("refusals", ())))
    found = {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}
    shown = one.example["status"]
    return found | ({shown: _refusal(shown, example=one.example["answer"])} if shown in found else {})


def _refusal(status: str, **example: Json) -> Record:
    media = {"schema": {"$ref": "#/components/schemas/Refusal"}, **example}
    return {"description": _parts()["refusals"][status], "content": {_JSON: media}}
