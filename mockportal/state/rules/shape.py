"""The shape of a rule as JSON Schema."""

from collections.abc import Iterable

from mockportal.files.shape import TEXT, closed_object
from mockportal.state.rules.actions import BREAKAGES, CONNECTIONS
from mockportal.state.rules.firing import FIRING_KEYS
from mockportal.values import Record

STATUS = {"type": "integer", "minimum": 100, "maximum": 599}
_NEVER: Record = {"not": {}}
_DURATION = {"type": ["string", "number"], "description": "1.5s, 200ms, 2m; a number counts seconds"}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_PATTERNS = {
    "type": "object",
    "propertyNames": {"pattern": "^/(params/.+|headers/.+|body(/.*)?)$"},
    "additionalProperties": {"type": "string"},
    "description": "pointers such as /params/id or /body/customer/name, and a regular expression for each",
}


def rule_schema(operation_ids: Iterable[str], tags: Iterable[str]) -> Record:
    """JSON Schema 2020-12 of a rule for a document with these operations and tags."""
    actions = _actions()
    rule = closed_object(
        id=TEXT,
        operation=_one_or_several(["*", *sorted(operation_ids)]),
        tag=_one_or_several(sorted(tags)),
        when=_when(),
        **FIRING_KEYS,
        **actions,
        sequence={"type": "array", "minItems": 1, "items": _apart(closed_object((), **actions))},
        unchecked={"type": "boolean", "description": "true: the answers may break the contract"},
    )
    alone = {
        "sequence": {"properties": dict.fromkeys(actions, _NEVER)},
        "tag": {"properties": {"operation": _NEVER}},
    }
    needed = {"if": {"not": {"required": ["tag"]}}, "then": {"required": ["operation"]}}
    return {**_apart(rule, alone), **needed}


def _when() -> Record:
    parts: Record = {
        "as": TEXT,
        "params": {"type": "object"},
        "headers": _TEXTS,
        "body": {"type": "object"},
        "jsonpath": {**TEXT, "description": "a JSONPath query that selects something in the body"},
        "matches": _PATTERNS,
    }
    return closed_object((), **parts)


def _actions() -> Record:
    answer = {"status": STATUS, "body": {}, "headers": _TEXTS}
    return {
        "reply": closed_object(("status",), **answer),
        "patch": {**closed_object((), **answer), "minProperties": 1},
        "delay": {
            "oneOf": [
                _DURATION,
                closed_object(("median",), median=_DURATION, p99=_DURATION),
                closed_object(("min", "max"), min=_DURATION, max=_DURATION),
            ]
        },
        "fault": _fault(),
        "state": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z_]+/.+$"},
            "additionalProperties": {"type": ["object", "null"]},
            "description": "merge patches of records such as ticket/ti-5001; null removes the record",
        },
        "hold": {**_DURATION, "description": "how long the exchange waits to be released: 30s"},
    }


def _fault() -> Record:
    keys: Record = {
        "status": STATUS,
        "message": {"type": "string"},
        "headers": _TEXTS,
        "connection": {"enum": [*CONNECTIONS]},
        "body": {"description": "truncated, garbage, or any other body to send", "examples": list(BREAKAGES)},
        "drip": {**_DURATION, "description": "the answer comes in small pieces over this time"},
        "rate_limit": closed_object(("limit", "per"), limit={"type": "integer", "minimum": 0}, per=_DURATION),
    }
    alone = {
        name: {"properties": dict.fromkeys(keys.keys() - {name}, _NEVER)}
        for name in ("connection", "drip", "rate_limit")
    }
    return closed_object((), **keys) | {
        "minProperties": 1,
        "dependentSchemas": {**alone, "body": {"properties": {"message": _NEVER}}},
    }


def _apart(shape: Record, others: Record | None = None) -> Record:
    """The shape of an object with at most one answer of its own."""
    excluded = {"reply": ("fault", "patch"), "patch": ("reply", "fault")}
    found = {name: {"properties": dict.fromkeys(names, _NEVER)} for name, names in excluded.items()}
    return {**shape, "dependentSchemas": {**found, **(others or {})}}


def _one_or_several(names: list[str]) -> Record:
    listed = {"enum": [name for name in names if name != "*"]}
    return {"oneOf": [{"enum": names}, {"type": "array", "items": listed, "minItems": 1}]}
