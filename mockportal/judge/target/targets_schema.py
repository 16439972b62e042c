"""The shape of a targets file as JSON Schema: a misspelt key or name must not leave something unjudged in silence.

A schema cannot see tags, so wherever one may stand a string is allowed.
"""

import re
from collections.abc import Iterable

from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

PARTS = (
    "refusals",
    "outcomes",
)  # they may stand in files of their own, `NAME-refusals.yaml` beside `NAME.yaml`

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_STATUS = {"type": "integer", "minimum": 100, "maximum": 599}
_ANY: Record = {"type": "object"}


def targets_schema(spec: Spec) -> Record:
    """JSON Schema 2020-12 of a targets file for a spec with these operations."""
    names = _any_of(spec.operations)
    listed = {"type": "array", "items": names}
    schemes = _any_of(
        {scheme for one in spec.operations.values() for found in one.security for scheme in found}
    )
    params = _params({parameter.name for one in spec.operations.values() for parameter in one.parameters})
    locked_out = _object(
        ("who", "token", "scheme", "status"),
        who=_TEXT,
        token=_TEXT,
        scheme=schemes,
        status=_STATUS,
        reason=_TEXT,
        writing={"type": "boolean"},
        also=listed,
        **{"except": listed},
    )
    return _object(
        tokens={"type": "object", "propertyNames": schemes, "additionalProperties": _TEXT},
        params=params,
        operations=_object(**{name: _case(one) for name, one in spec.operations.items()}),
        isolation={"type": "string"},
        identity=_object(("path", "body"), path=_TEXT, body=_ANY),
        apart=listed,
        others=_TEXTS,
        clock={"type": "string"},
        locked_out={"type": "array", "items": locked_out},
        redirect_hosts=_TEXTS,
        refusals=_refusals(listed, params, schemes),
        outcomes=_outcomes(listed, params, names),
    )


def _case(operation: Operation) -> Record:
    names = {parameter.name for parameter in operation.parameters}
    return _object(params=_params(names), body={}, media_type=_TEXT, token=_TEXT, status=_STATUS)


def _refusals(listed: Record, params: Record, schemes: Record) -> Record:
    entry = _object(
        ("status",),
        status=_STATUS,
        operations=listed,
        token=_TEXT,
        params=params,
        body={},
        fields=_ANY,
        reason=_TEXT,
        shows=_ANY,
        changes=_ANY,
        removed=_TEXT,
        **{"for": schemes},
    )
    return {"type": "array", "items": entry}


def _outcomes(listed: Record, params: Record, names: Record) -> Record:
    step = _object(("operation",), operation=names, params=params, body={}, token=_TEXT)
    entry = _object(
        ("operations",),
        operations=listed,
        params=params,
        body={},
        token=_TEXT,
        after={"type": "array", "items": step},
        about=names,
        status=_STATUS,
        shows={},
        values=_ANY,
        kinds=_ANY,
        lacks=_TEXTS,
        location=_TEXT,
    )
    return {"type": "array", "items": entry}


def _params(names: Iterable[str]) -> Record:
    """Values by the name of a parameter, which may be that of a part of it, as in `context[0][id]`."""
    known = sorted(names)
    parts: Record = {rf"^({'|'.join(map(re.escape, known))})\[": {}} if known else {}
    return {
        "type": "object",
        "properties": {name: {} for name in known},
        "patternProperties": parts,
        "additionalProperties": False,
    }


def _any_of(names: Iterable[str]) -> Record:
    return {"enum": sorted(names)}


def _object(required: Iterable[str] = (), **properties: Json) -> Record:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
