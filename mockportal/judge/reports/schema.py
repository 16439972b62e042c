"""What `report.json` looks like, as JSON Schema; `docs/contract-report.schema.json` is this."""

from typing import Final

from mockportal.values import Record

FORMAT: Final = 1


def _object(properties: Record, optional: tuple[str, ...] = ()) -> Record:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _list(items: Record) -> Record:
    return {"type": "array", "items": items}


def _map(values: Record) -> Record:
    return {"type": "object", "additionalProperties": values}


def _said(schema: Record, description: str) -> Record:
    return {**schema, "description": description}


_TEXT: Record = {"type": "string"}
_TEXTS = _list(_TEXT)
_YES: Record = {"type": "boolean"}
_NUMBER: Record = {"type": "integer", "minimum": 0}
_BODY: Record = {
    "body": _said(_TEXT, "where it is UTF-8"),
    "body_base64": {"type": "string", "contentEncoding": "base64"},
}
_ONE_BODY: Record = {"oneOf": [{"required": ["body"]}, {"required": ["body_base64"]}]}

_REQUEST = _ONE_BODY | _object(
    {
        "operation": _said(_TEXT, "empty where the contract has no such operation"),
        "method": _TEXT,
        "target": _said(_TEXT, "path and query"),
        "headers": _said(_map(_TEXT), "`$MOCKPORTAL_TOKEN_…` stands for a token"),
        **_BODY,
        "redacted": _said(_YES, "a secret was taken out, so this is not quite what was sent"),
    },
    optional=tuple(_BODY),
)
_RESPONSE = _ONE_BODY | _object(
    {
        "status": _NUMBER,
        "headers": _list({"type": "array", "prefixItems": [_TEXT, _TEXT], "minItems": 2, "maxItems": 2}),
        **_BODY,
        "size": _said(_NUMBER, "bytes of the whole body"),
        "truncated": _YES,
    },
    optional=tuple(_BODY),
)
_EXCHANGE = _object(
    {
        "request": {"$ref": "#/$defs/request"},
        "response": {"anyOf": [{"$ref": "#/$defs/response"}, {"type": "null"}]},
        "problem": _said(_TEXT, "why there is no response"),
        "curl": _said(_TEXT, "sends the request again"),
    }
)
_FINDING = _object(
    {
        "id": {"type": "string", "pattern": "^[0-9a-f]{10}$"},
        "operation": _TEXT,
        "check": _TEXT,
        "signature": _said(_TEXT, "tells findings of one check on one operation apart"),
        "message": _TEXT,
        "rule": _said(_TEXT, "JSON pointer into the contract"),
        "layer": _said(_TEXT, "the part of the judge that found it"),
        "count": _NUMBER,
        "replay": _said(_TEXT, "the command that plays it again"),
        "exchanges": _said(_list({"$ref": "#/$defs/exchange"}), "in order; the last one shows the finding"),
    }
)
_OPERATION = _object(
    {
        "id": _TEXT,
        "method": _TEXT,
        "path": _TEXT,
        "verdict": {"enum": ["passed", "failed", "untested"]},
        "untested": _said(_TEXT, "why there is no verdict on it; empty if there is one"),
        "cases": _NUMBER,
        "successes": _NUMBER,
        "documented": _said(_TEXTS, "statuses as the contract spells them"),
        "seen": _said(_map(_NUMBER), "answers by status"),
        "undocumented": _said(_TEXTS, "statuses seen that the contract does not have"),
        "checks": _map(_object({"passed": _NUMBER, "failed": _NUMBER})),
        "parameters": _said(
            _map(_object({"valid": _NUMBER, "invalid": _NUMBER})),
            "requests by parameter, with its place before it: `query.from`, `body`",
        ),
    }
)

REPORT_SCHEMA: Record = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A report of mockportal contract",
    **_object(
        {
            "format": {"const": FORMAT},
            "verdict": {"enum": ["conforms", "violates"]},
            "counts": _said(
                _object({"passed": _NUMBER, "failed": _NUMBER, "untested": _NUMBER}), "operations by verdict"
            ),
            "target": _TEXT,
            "profile": _TEXT,
            "seed": {"type": "integer"},
            "phases": _TEXTS,
            "spec_sha256": _TEXT,
            "versions": _map(_TEXT),
            "started": _TEXT,
            "seconds": {"type": "number", "minimum": 0},
            "problems": _said(_TEXTS, "what fails the run beside findings"),
            "findings": _list({"$ref": "#/$defs/finding"}),
            "known": _said(
                _list(
                    _object(
                        {
                            "finding": {"$ref": "#/$defs/finding"},
                            "reason": _TEXT,
                            "owner": _TEXT,
                            "expires": _TEXT,
                        }
                    )
                ),
                "findings that a deviation accepts",
            ),
            "operations": _list({"$ref": "#/$defs/operation"}),
            "traffic": _said(_map(_NUMBER), "what was sent, blocked, retried"),
        }
    ),
    "$defs": {
        "request": _REQUEST,
        "response": _RESPONSE,
        "exchange": _EXCHANGE,
        "finding": _FINDING,
        "operation": _OPERATION,
    },
}
