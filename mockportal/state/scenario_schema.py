"""The shape of a scenario file as JSON Schema: for the loader, and published for editors.

A schema cannot see tags, so wherever one may stand a string is allowed.
"""

from collections.abc import Iterable

from mockportal.files.shape import TEXT, closed_object
from mockportal.state.clock import DURATION
from mockportal.state.data_model import DataModel
from mockportal.state.rules.shape import STATUS, rule_schema
from mockportal.values import Record

_ISO_LENGTH = r"P(?=.*[WDHMS]$)(\d{1,6}W)?(\d{1,6}D)?(T(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?"
_LENGTH = {
    "type": "string",
    "pattern": rf"^(\d{{1,6}}(ms|[smhdw])|{_ISO_LENGTH})$",
    "description": DURATION,
}
_POINTER = {
    "type": "string",
    "pattern": "^(/.*)?$",
    "description": "a JSON pointer into the answer's body such as /data/0/_id",
}


def scenario_schema(operation_ids: Iterable[str], data: DataModel, tags: Iterable[str] = ()) -> Record:
    """JSON Schema 2020-12 of a scenario for a document with these operations and tags, and an API with these
    collections."""
    operation = {"enum": sorted(operation_ids)}
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
                    closed_object(
                        required=("now",),
                        now=TEXT,
                        mode={"enum": ["frozen", "ticking"]},
                        step={
                            "oneOf": [TEXT, {"const": 0}],
                            "description": f"how far a frozen clock moves on with every write, {DURATION}; 0 for not",
                        },
                    ),
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
            rules={"type": "array", "items": rule_schema(operation["enum"], tags)},
            expect={"type": "array", "items": _expectation(operation)},
        ),
    }


def _map(values: Record, description: str, names: Record | None = None) -> Record:
    return {
        "type": "object",
        "additionalProperties": values,
        "propertyNames": names or {},
        "description": description,
    }


def _expectation(operation: Record) -> Record:
    """Four kinds of entry: a request that is played `as` somebody, a count of the requests so far, a step in time, and
    an edit of a record."""
    keys: Record = {
        "advance": _LENGTH,
        "as": TEXT,
        "operation": operation,
        "params": {"type": "object"},
        "send": {"description": "the request's body"},
        "status": STATUS,
        "body": {"description": "a part of the answer's body"},
        "headers": _map({"type": "string"}, "headers of the answer"),
        "without": {
            "type": "array",
            "items": _POINTER,
            "description": "pointers that the answer's body lacks",
        },
        "length": _map({"type": "integer", "minimum": 0}, "lengths of lists in the answer's body", _POINTER),
        "save": _map(_POINTER, "values that later entries call `$name`", {"pattern": "^[a-z][a-z0-9_]*$"}),
        "times": {"type": "integer", "minimum": 0},
        "edit": {
            "type": "string",
            "pattern": "^[a-z_]+/.+$",
            "description": "a record such as ticket/ti-5001",
        },
        "with": {"type": ["object", "null"], "description": "a merge patch; null removes the record"},
    }
    answer = ("params", "send", "body", "headers", "without", "length", "save")
    played = {name: ["as"] for name in answer} | {"edit": ["with"], "with": ["edit"]}
    needs = {"as": ["operation"], "operation": ["status"], "status": ["operation"], "times": ["operation"]}
    return closed_object(**keys) | {
        "minProperties": 1,
        "dependentRequired": needs | played,
        "dependentSchemas": {
            "advance": {"maxProperties": 1, "description": "moves the world's clock"},
            "edit": {"maxProperties": 2, "description": "changes a record"},
            "times": {"properties": {"as": {"not": {}}}, "description": "counts in the journal"},
        },
    }
