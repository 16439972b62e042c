"""What schemathesis is told by `scripts/conformance`: a world for each operation, its token, and what was reached."""

import json
import os
from pathlib import Path
from typing import Any

import schemathesis

FOLDER = Path(os.environ["CONFORMANCE_FOLDER"])
TOKENS: dict[str, str] = json.loads((FOLDER / "tokens.json").read_text())
DEFAULTS = ("Bearer dev-anna", "Bearer dev-admin")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Names the world; a default token gives way to the one with which the operation can succeed."""
    name = case.operation.definition.raw["operationId"]
    case.headers["X-Mockportal-World"] = name.lower()
    if case.headers.get("Authorization") in DEFAULTS and TOKENS[name]:
        case.headers["Authorization"] = f"Bearer {TOKENS[name]}"


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Notes the operations that were reached with a success, and valid data that is refused as if it were not."""
    name = case.operation.definition.raw["operationId"]
    if response.status_code < 400:
        _note("reached.txt", name)
    valid = case.meta is not None and case.meta.generation.mode.is_positive
    if valid and response.status_code == 400 and response.headers["x-mockportal-answered-by"] == ["read"]:
        _note("refused.txt", f"{name} {response.json()['message']}")


def _note(file: str, line: str) -> None:
    with (FOLDER / file).open("a") as notes:
        notes.write(line + "\n")
