"""The shape of a scenario file as JSON Schema: for the loader, and published for editors.

A schema cannot see tags, so wherever one may stand a string is allowed.
"""

from collections.abc import Iterable

from mockportal.files.shape import TEXT, closed_object, described
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
            extends={
                "oneOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}],
                "description": "the scenarios that it goes on from, a later one over an earlier one",
            },
            seed={"type": "integer", "description": "the number that all generated ids depend on"},
            clock=_clock(),
            certificate_header={
                "type": "string",
                "pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
                "description": "the request header in which a proxy tells the certificate of a client (mutualTLS)",
            },
            entities={
                "type": "object",
                "description": "the records, by collection and alias",
                "propertyNames": {"enum": sorted(data.kinds)},
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": {"type": ["object", "string"]},
                },
            },
            tokens={
                "type": "object",
                "description": "bearer tokens, and who has each",
                "additionalProperties": {"oneOf": [*data.tokens.schemas, {"type": "string"}]},
            },
            rules={
                "type": "array",
                "items": rule_schema(operation["enum"], tags),
                "description": "what is answered in place of the behaviours; the first rule that applies wins",
            },
            expect={
                "type": "array",
                "items": _expectation(operation, rule_schema(operation["enum"], tags)),
                "description": "what must hold, played in order by `mockportal verify`",
            },
        ),
    }


def _clock() -> Record:
    step = {
        "oneOf": [TEXT, {"const": 0}],
        "description": f"how far a frozen clock moves on with every write, {DURATION}; 0 for not",
    }
    mode = {"enum": ["frozen", "ticking"], "description": "a frozen clock stands, a ticking one goes on"}
    now = described(TEXT, "an RFC 3339 instant with its zone")
    return {
        "oneOf": [TEXT, closed_object(required=("now",), now=now, mode=mode, step=step)],
        "description": "the instant at which the world stands, alone or with the way in which it goes on",
    }


def _map(values: Record, description: str, names: Record | None = None) -> Record:
    return {
        "type": "object",
        "additionalProperties": values,
        "propertyNames": names or {},
        "description": description,
    }


def _expectation(operation: Record, rule: Record) -> Record:
    """The kinds of entries: a request that is played `as` somebody, a count of the requests so far, a step in time,
    another time, a change of a record, and a rule that comes or goes."""
    record = {"type": "string", "pattern": "^[a-z_]+/.+$", "description": "a record such as ticket/ti-5001"}
    request = _request_and_answer()
    keys: Record = {
        "advance": _LENGTH,
        "clock": _clock(),
        "as": described(TEXT, "the token that the request is played with, `nobody` for none"),
        "operation": described(operation, "the operation that is played, or counted in the journal"),
        "status": described(STATUS, "the status that its answer must have"),
        **request,
        "times": {
            "type": "integer",
            "minimum": 0,
            "description": "how many exchanges must be in the journal",
        },
        "edit": record,
        "put": record,
        "with": {
            "type": ["object", "null"],
            "description": "a merge patch, null removes the record; for `put` the whole record",
        },
        "add_rule": described(rule, "a rule that is tried first from here on"),
        "drop_rule": described(TEXT, "the id of a rule that goes"),
    }
    needs = {"as": ["operation"], "operation": ["status"], "status": ["operation"], "times": ["operation"]}
    needs |= {name: ["as"] for name in request} | {"edit": ["with"], "put": ["with"]}
    alone = ("advance", "clock", "add_rule", "drop_rule")
    return closed_object(**keys) | {
        "minProperties": 1,
        "dependentRequired": needs,
        "dependentSchemas": {
            **{name: {"maxProperties": 1} for name in alone},
            "edit": {"maxProperties": 2},
            "put": {"maxProperties": 2, "properties": {"with": {"type": "object"}}},
            "with": {"anyOf": [{"required": ["edit"]}, {"required": ["put"]}]},
            "times": {"properties": {"as": {"not": {}}}, "description": "counts in the journal"},
        },
    }


def _request_and_answer() -> Record:
    """The keys of an entry that is played: of its request, and of its answer."""
    texts = {"type": "string"}
    return {
        "params": {"type": "object", "description": "parameters by name"},
        "target": {"type": "string", "pattern": "^/", "description": "path and query as sent, for `params`"},
        "send": {"description": "the request's body"},
        "send_text": {**texts, "description": "the request's body as sent, for `send`"},
        "send_headers": _map(texts, "more headers of the request"),
        "body": {"description": "a part of the answer's body"},
        "exact": {"type": "boolean", "description": "true: `body` is the whole body, to the byte"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "of the answer's body"},
        "fault": {**TEXT, "description": "how the answer is broken: reset, truncated, …"},
        "headers": _map(texts, "headers of the answer"),
        "without": {
            "type": "array",
            "items": _POINTER,
            "description": "pointers that the answer's body lacks",
        },
        "length": _map({"type": "integer", "minimum": 0}, "lengths of lists in the answer's body", _POINTER),
        "save": _map(_POINTER, "values that later entries call `$name`", {"pattern": "^[a-z][a-z0-9_]*$"}),
    }
