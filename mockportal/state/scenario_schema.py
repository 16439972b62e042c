"""The shape of a scenario file as JSON Schema: for the loader, and published for editors.

A schema cannot see tags, so wherever one may stand a string is allowed.
"""

from collections.abc import Iterable

from mockportal.files.shape import TEXT, closed_object
from mockportal.state.data_model import DataModel
from mockportal.values import Record

_STATUS = {"type": "integer", "minimum": 100, "maximum": 599}
_DURATION = {"type": ["string", "number"], "description": "1.5s, 200ms, 2m; a number counts seconds"}

_ISO_LENGTH = r"P(?=.*[WDHMS]$)(\d{1,6}W)?(\d{1,6}D)?(T(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?"
_LENGTH = {
    "type": "string",
    "pattern": rf"^(\d{{1,6}}(ms|[smhdw])|{_ISO_LENGTH})$",
    "description": "a length of time such as 2h or P7D (months have no fixed length)",
}


def scenario_schema(operation_ids: Iterable[str], data: DataModel) -> Record:
    """JSON Schema 2020-12 of a scenario for a spec with these operations and an API with these collections."""
    operation = {"enum": sorted(operation_ids)}
    anywhere = {
        "oneOf": [{"enum": ["*", *operation["enum"]]}, {"type": "array", "items": operation, "minItems": 1}]
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mockportal scenario",
        **closed_object(
            about={"type": "string", "description": "One sentence: what a tester sees."},
            extends={"oneOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]},
            seed={"type": "integer"},
            clock={
                "oneOf": [
                    TEXT,
                    closed_object(required=("now",), now=TEXT, mode={"enum": ["frozen", "ticking"]}),
                ]
            },
            entities={
                "type": "object",
                "propertyNames": {"enum": sorted(data.kinds)},
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": {"type": ["object", "string"]},
                },
            },
            tokens={
                "type": "object",
                "additionalProperties": {"oneOf": [*data.tokens.schemas, {"type": "string"}]},
            },
            rules={"type": "array", "items": _rule(anywhere)},
            expect={"type": "array", "items": _expectation(operation)},
        ),
    }


def _rule(operation: Record) -> Record:
    when = closed_object((), **{"as": TEXT, "params": {"type": "object"}, "body": {"type": "object"}})
    reply = closed_object(
        required=("status",),
        status=_STATUS,
        body={},
        headers={"type": "object", "additionalProperties": {"type": "string"}},
    )
    delay = {"oneOf": [_DURATION, closed_object(required=("median",), median=_DURATION, p99=_DURATION)]}
    fault = closed_object(
        status=_STATUS,
        message={"type": "string"},
        headers={"type": "object", "additionalProperties": {"type": "string"}},
        connection={"enum": ["reset", "empty"]},
        body={"enum": ["truncated", "garbage"]},
    )
    return closed_object(
        required=("operation",),
        id=TEXT,
        operation=operation,
        when=when,
        times={"type": "integer", "minimum": 1},
        every={"type": "integer", "minimum": 1},
        reply=reply,
        delay=delay,
        fault=fault | {"minProperties": 1},
    )


def _expectation(operation: Record) -> Record:
    """Three kinds of entry: a request that is played `as` somebody, a count of the requests so far, a step in time."""
    keys: Record = {
        "advance": _LENGTH,
        "as": TEXT,
        "operation": operation,
        "params": {"type": "object"},
        "send": {"description": "the request's body"},
        "status": _STATUS,
        "body": {"description": "a part of the answer's body"},
        "times": {"type": "integer", "minimum": 0},
    }
    played = {name: ["as"] for name in ("params", "send", "body")}
    needs = {"as": ["operation"], "operation": ["status"], "status": ["operation"], "times": ["operation"]}
    return closed_object(**keys) | {
        "minProperties": 1,
        "dependentRequired": needs | played,
        "dependentSchemas": {
            "advance": {"maxProperties": 1, "description": "moves the world's clock"},
            "times": {"properties": {"as": False}, "description": "counts in the journal"},
        },
    }
