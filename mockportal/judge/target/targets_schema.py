"""The shape of a targets file as JSON Schema: a misspelt key or name must not leave something unjudged in silence.

A schema cannot see tags, so wherever one may stand a string is allowed.
"""

import re
from collections.abc import Iterable

from mockportal.files.shape import TEXT, closed_object
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Record

PARTS = (
    "refusals",
    "outcomes",
    "bad_tokens",
)  # they may stand in files of their own, `NAME-refusals.yaml` beside `NAME.yaml`

_TEXTS = {"type": "array", "items": TEXT}
_STATUS = {"type": "integer", "minimum": 100, "maximum": 599}
_TEXTS_BY_NAME = {"type": "object", "additionalProperties": TEXT}
_ANY: Record = {"type": "object"}


def targets_schema(spec: Spec) -> Record:
    """JSON Schema 2020-12 of a targets file for a spec with these operations."""
    names = _any_of(spec.operations)
    listed = {"type": "array", "items": names}
    schemes = _any_of(
        {scheme for one in spec.operations.values() for found in one.security for scheme in found}
    )
    params = _params({parameter.name for one in spec.operations.values() for parameter in one.parameters})
    locked_out = closed_object(
        ("who", "token", "scheme", "status"),
        who=TEXT,
        token=TEXT,
        scheme=schemes,
        status=_STATUS,
        reason=TEXT,
        writing={"type": "boolean"},
        also=listed,
        **{"except": listed},
    )
    bad_token = closed_object(("who", "token", "scheme"), who=TEXT, token=TEXT, scheme=schemes)
    return closed_object(
        tokens={"type": "object", "propertyNames": schemes, "additionalProperties": TEXT},
        access=closed_object(authority=TEXT, certificate=TEXT, key=TEXT, headers=_TEXTS_BY_NAME),
        logins={"type": "object", "propertyNames": schemes, "additionalProperties": _login()},
        params=params,
        operations=closed_object(**{name: _case(one) for name, one in spec.operations.items()}),
        isolation={"type": "string"},
        identity=closed_object(("path", "body"), path=TEXT, body=_ANY),
        apart=listed,
        others=_TEXTS,
        clock={"type": "string"},
        locked_out={"type": "array", "items": locked_out},
        issued={"type": "object", "propertyNames": schemes, "additionalProperties": TEXT},
        public_keys={"type": "array", "items": _ANY},
        bad_tokens={"type": "array", "items": bad_token},
        redirect_hosts=_TEXTS,
        refusals=_refusals(listed, params, schemes),
        outcomes=_outcomes(listed, params, names),
    )


def _login() -> Record:
    ways = {"oauth": TEXT, "cognito": TEXT, "command": _TEXTS | {"minItems": 1}}
    names = (
        "client_id",
        "client_secret",
        "scope",
        "audience",
        "refresh_token",
        "username",
        "password",
        "pool",
    )
    return closed_object(**ways, **dict.fromkeys(names, TEXT)) | {"minProperties": 1}


def _case(operation: Operation) -> Record:
    names = {parameter.name for parameter in operation.parameters}
    return closed_object(params=_params(names), body={}, media_type=TEXT, token=TEXT, status=_STATUS)


def _refusals(listed: Record, params: Record, schemes: Record) -> Record:
    entry = closed_object(
        ("status",),
        status=_STATUS,
        operations=listed,
        token=TEXT,
        params=params,
        body={},
        fields=_ANY,
        reason=TEXT,
        shows=_ANY,
        changes=_ANY,
        removed=TEXT,
        **{"for": schemes},
    )
    return {"type": "array", "items": entry}


def _outcomes(listed: Record, params: Record, names: Record) -> Record:
    step = closed_object(("operation",), operation=names, params=params, body={}, token=TEXT)
    entry = closed_object(
        ("operations",),
        operations=listed,
        params=params,
        body={},
        token=TEXT,
        after={"type": "array", "items": step},
        about=names,
        status=_STATUS,
        shows={},
        values=_ANY,
        kinds=_ANY,
        lacks=_TEXTS,
        location=TEXT,
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
