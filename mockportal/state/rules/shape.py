"""The shape of a rule as JSON Schema."""

from collections.abc import Iterable

from mockportal.files.shape import TEXT, closed_object, described
from mockportal.state.rules.actions import BREAKAGES, CONNECTIONS
from mockportal.state.rules.firing import FIRING_KEYS
from mockportal.values import Record

STATUS = {"type": "integer", "minimum": 100, "maximum": 599}
_NEVER: Record = {"not": {}}
_DURATION = {"type": ["string", "number"], "description": "1.5s, 200ms, 2m; a number counts seconds"}
_LIMIT = {"type": "integer", "minimum": 0, "description": "so many requests"}
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
        id=described(TEXT, "its name; `rule-0`, `rule-1`, … by position if not given"),
        operation=described(
            _one_or_several(["*", *sorted(operation_ids)]), "an operationId, several of them, or `*` for all"
        ),
        tag=described(
            _one_or_several(sorted(tags)), "all operations with a tag of the document, for `operation`"
        ),
        when=_when(),
        **FIRING_KEYS,
        **actions,
        sequence={
            "type": "array",
            "minItems": 1,
            "items": _apart(closed_object((), **actions)),
            "description": "steps, one for each time that the rule fires; the last stays",
        },
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
        "as": described(TEXT, "a token, or any other token of the same user"),
        "params": {"type": "object", "description": "parameters of path and query, or parts of them"},
        "headers": described(_TEXTS, "headers with their values"),
        "body": {"type": "object", "description": "a part of the body"},
        "jsonpath": {**TEXT, "description": "a JSONPath query that selects something in the body"},
        "matches": _PATTERNS,
    }
    return described(closed_object((), **parts), "conditions, all of which a request has to meet")


def _actions() -> Record:
    answer = {
        "status": described(STATUS, "the status of the answer"),
        "body": {"description": "its body; for `patch` a merge patch"},
        "headers": described(_TEXTS, "its headers"),
    }
    patch = described(closed_object((), **answer), "changes of the real answer")
    return {
        "reply": described(closed_object(("status",), **answer), "an answer that keeps the contract"),
        "patch": {**patch, "minProperties": 1},
        "delay": {
            "description": "how long the answer waits, or the spread of such times",
            "oneOf": [
                _DURATION,
                closed_object(("median",), median=_DURATION, p99=_DURATION),
                closed_object(("min", "max"), min=_DURATION, max=_DURATION),
            ],
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
        "status": described(STATUS, "the status of the answer, 500 if not given"),
        "message": {"type": "string", "description": "the message in the body of the answer"},
        "headers": described(_TEXTS, "headers of the answer"),
        "connection": {"enum": [*CONNECTIONS], "description": "the way in which the connection ends"},
        "body": {"description": "truncated, garbage, or any other body to send", "examples": list(BREAKAGES)},
        "drip": {**_DURATION, "description": "the answer comes in small pieces over this time"},
        "rate_limit": described(
            closed_object(("limit", "per"), limit=_LIMIT, per=_DURATION),
            "more requests of one caller in this time are 429",
        ),
    }
    alone = {
        name: {"properties": dict.fromkeys(keys.keys() - {name}, _NEVER)}
        for name in ("connection", "drip", "rate_limit")
    }
    return closed_object((), **keys) | {
        "description": "an answer that may break the contract, or none",
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
