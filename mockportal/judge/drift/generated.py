"""Positive cases made by schemathesis: every schema of a request, filled in as it allows. Only its public interface is
used."""

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisException
from schemathesis import GenerationMode

from mockportal.errors import UsageError
from mockportal.judge.drift.model import Asked
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.spec.spelling import spell
from mockportal.values import Json

_PLACES = ("query", "headers", "cookies", "path_parameters")


class Generator:
    """Makes cases for the operations of a spec, the same for the same seed."""

    def __init__(self, spec: Spec, seed: int) -> None:
        """Raises `UsageError` for a document that schemathesis cannot use."""
        self._seed = seed
        try:
            self._schema: Any = schemathesis.openapi.from_dict(copy.deepcopy(spec.document))
        except Exception as error:  # whatever it is, the document cannot be used
            raise UsageError("schemathesis", f"cannot use the contract: {error}") from None

    def cases(self, operation: Operation, most: int) -> list[Asked]:
        """At most `most` cases; none for an operation for which none can be made."""
        if most < 1 or not (operation.parameters or operation.body):
            return []
        known = self._schema[operation.path][operation.method]  # not every operation has an id
        strategy = known.as_strategy(generation_mode=GenerationMode.POSITIVE)
        made: list[Any] = []

        @seed(_number(f"{self._seed} {operation.id}"))
        @settings(
            max_examples=most,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        )
        @given(strategy)
        def collect(case: Any) -> None:
            made.append(case)

        try:
            collect()
        except HypothesisException:
            return []
        asked = [_asked(operation, case) for case in made]
        return [one for one in asked if _can_be_spelled(operation, one)]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def _asked(operation: Operation, case: Any) -> Asked:
    known = {parameter.name for parameter in operation.parameters}
    params: dict[str, Json] = {}
    for place in _PLACES:
        given: Mapping[str, Json] = getattr(case, place) or {}
        params |= {name: value for name, value in given.items() if name in known}
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool) else None
    return Asked(params, body, case.media_type or JSON_TYPE)


def _can_be_spelled(operation: Operation, asked: Asked) -> bool:
    """Not everything that a schema allows can be said in a URL or a header."""
    try:
        spelled = spell(operation, asked.params, asked.body, asked.media_type)
    except (ValueError, TypeError):
        return False
    return spelled.target.isascii() and all(
        value.isascii() and value.isprintable() for value in spelled.headers.values()
    )
