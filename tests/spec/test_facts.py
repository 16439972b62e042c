"""`openapi.json` says what the published API says: everything but the prose is compared with the facts."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mockportal.config import content

_PROSE = frozenset(("description", "summary", "example", "examples", "title", "externalDocs"))
_NAMED = frozenset(
    ("properties", "schemas", "responses", "parameters", "paths", "headers", "securitySchemes")
)


def stripped(node: Any, named: bool = False) -> Any:
    """`node` without prose; below a key that holds names (`properties`, …) a name like `description` is no prose."""
    if isinstance(node, list):
        return [stripped(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: stripped(value, not named and key in _NAMED and isinstance(value, dict))
        for key, value in node.items()
        if named or key not in _PROSE
    }


def differences(ours: Any, facts: Any, at: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(facts, dict):
        found = [f"{at}/{key}: missing" for key in facts.keys() - ours.keys()]
        found += [f"{at}/{key}: not in the facts" for key in ours.keys() - facts.keys()]
        for key in ours.keys() & facts.keys():
            found += differences(ours[key], facts[key], f"{at}/{key}")
        return found
    if isinstance(ours, list) and isinstance(facts, list) and len(ours) == len(facts):
        return [
            difference
            for number, (one, other) in enumerate(zip(ours, facts, strict=True))
            for difference in differences(one, other, f"{at}/{number}")
        ]
    return (
        [] if ours == facts and type(ours) is type(facts) else [f"{at}: {ours!r} is {facts!r} in the facts"]
    )


def test_document_differs_from_the_facts_in_prose_only() -> None:
    path = os.environ.get("PORTAL_API_FACTS")
    if not path:
        pytest.skip("PORTAL_API_FACTS names no file")
    facts = json.loads(Path(path).read_text())
    ours = json.loads(content("openapi.json").read_text())

    assert differences(stripped(ours), stripped(facts)) == []
    assert len(ours["paths"]) == 129
    assert len(ours["components"]["schemas"]) == 151


def test_comparison_notices_a_changed_fact() -> None:
    one = {"properties": {"description": {"type": "string"}}, "description": "prose"}
    other = {"properties": {"description": {"type": "number"}}}

    assert differences(stripped(one), stripped(other)) == [
        "/properties/description/type: 'string' is 'number' in the facts"
    ]
