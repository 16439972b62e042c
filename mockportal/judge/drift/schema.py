"""What `drift.json` looks like, as JSON Schema; `docs/drift-report.schema.json` is this."""

from typing import Final

from mockportal.judge.drift.model import RANKS
from mockportal.values import Record

FORMAT: Final = 1

_TEXT: Record = {"type": "string"}
_NUMBER: Record = {"type": "integer", "minimum": 0}


def _object(properties: Record) -> Record:
    return {
        "type": "object",
        "required": [*properties],
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Record) -> Record:
    return {"type": "array", "items": items}


def _map(values: Record) -> Record:
    return {"type": "object", "additionalProperties": values}


def _said(schema: Record, description: str) -> Record:
    return {**schema, "description": description}


_SIDE = _object({"target": _said(_TEXT, "a URL, or `mock`"), "profile": _TEXT, "traffic": _map(_NUMBER)})
_EXCHANGE = _object(
    {
        "curl": _said(_TEXT, "sends the request again; `$MOCKPORTAL_TOKEN_…` stands for a token"),
        "status": _said(_NUMBER, "0 where there was no answer"),
        "content_type": _TEXT,
        "size": _said(_NUMBER, "bytes of the body, which is not kept"),
        "problem": _said(_TEXT, "why there was no answer"),
    }
)
_FINDING = _object(
    {
        "id": {"type": "string", "pattern": "^[0-9a-f]{10}$"},
        "rank": {"type": "integer", "minimum": 1, "maximum": max(RANKS.values())},
        "operation": _TEXT,
        "kind": {"enum": [*RANKS]},
        "status": _said(_TEXT, "of the answers whose bodies differ; empty where the statuses do"),
        "pointer": _said(
            _TEXT, "JSON pointer into the bodies; `*` is an element, `{id}` a key that is an id"
        ),
        "left": _said(_TEXT, "what was seen at LEFT, without data"),
        "right": _TEXT,
        "message": _TEXT,
        "rule": _said(_TEXT, "JSON pointer into the contract"),
        "count": _said(_NUMBER, "cases that show it"),
        "suggestion": _said(_TEXT, "YAML that would close it"),
        "exchanges": _object({side: {"$ref": "#/$defs/exchange"} for side in ("left", "right")}),
    }
)

DRIFT_SCHEMA: Record = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A report of mockportal drift",
    **_object(
        {
            "format": {"const": FORMAT},
            "verdict": {"enum": ["same", "differs"]},
            "left": {"$ref": "#/$defs/side"},
            "right": {"$ref": "#/$defs/side"},
            "same_data": _said({"type": "boolean"}, "both hold the records of one targets file"),
            "seed": {"type": "integer"},
            "spec_sha256": _TEXT,
            "versions": _map(_TEXT),
            "seconds": {"type": "number", "minimum": 0},
            "compared": _said(_map(_NUMBER), "cases by operation"),
            "untested": _said(_map(_TEXT), "why operations were not compared"),
            "ids": _said(_NUMBER, "pairs of ids that mean the same thing"),
            "findings": _said(_list({"$ref": "#/$defs/finding"}), "the heaviest first"),
            "known": _list(
                _object(
                    {
                        "finding": {"$ref": "#/$defs/finding"},
                        "reason": _TEXT,
                        "owner": _TEXT,
                        "expires": _TEXT,
                    }
                )
            ),
            "problems": _said(_list(_TEXT), "what fails the run beside findings"),
            "noise": _said(_list(_TEXT), "what was left out, as a target does not agree with itself"),
        }
    ),
    "$defs": {"side": _SIDE, "exchange": _EXCHANGE, "finding": _FINDING},
}
