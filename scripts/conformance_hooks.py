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
    """Notes the operations that were reached with a success."""
    if response.status_code < 400:
        with (FOLDER / "reached.txt").open("a") as reached:
            reached.write(case.operation.definition.raw["operationId"] + "\n")
