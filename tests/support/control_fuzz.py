"""Generated requests to the control API, by its own document, with the checks of schemathesis."""

from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.types import ASGIApp, Receive, Scope, Send

from mockportal.mock import Mock
from mockportal.values import Json, Record
from mockportal.web.app import create_app
from mockportal.web.document.assembly import control_document

BASE = "http://localhost:8080/__mockportal"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
)
PHASES = ("examples", "coverage", "fuzzing")
# Their schemas cannot tell all that is checked: names of scenarios, attributes of records, rules that fit the contract.
FINER_THAN_THEIR_SCHEMA = ("createWorld",)


def control_failures(mock: Mock, examples: int, seed: int) -> Iterator[tuple[str, str]]:
    """(operation, failure) for each one that a run finds, with so many examples of each operation.

    The streams of events end at once, as a run would wait for their end.
    """
    app = create_app(mock)
    app.state.end_streams()
    for event in from_schema(_schema(mock, app, examples, seed)).execute():
        if isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info is not None:
                        info = check.failure_info
                        yield str(event.label), f"{check.name}: {info.failure.message} {info.code_sample}"
        elif isinstance(event, events.NonFatalError | events.FatalError):
            yield "", str(event)


def _schema(mock: Mock, app: Any, examples: int, seed: int) -> Any:
    config = SchemathesisConfig.from_dict(_config(examples, seed))
    schema = schemathesis.openapi.from_dict(_shorter(control_document(mock, BASE)), config=config)
    schema.app = _at_localhost(app)
    return schema


def _shorter(value: Json) -> Json:
    """The document with a few of the operations, tags and collections that a rule or a scenario may name: a run tries
    each value of an enumeration in each of its places."""
    if isinstance(value, dict):
        return {name: item[:3] if name == "enum" else _shorter(item) for name, item in value.items()}
    return [_shorter(item) for item in value] if isinstance(value, list) else value


def _at_localhost(app: ASGIApp) -> ASGIApp:
    """The application under its own name; schemathesis calls every application in its process `testserver`."""

    async def local(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [line for line in scope.get("headers", ()) if line[0] != b"host"]
        await app({**scope, "headers": [(b"host", b"localhost:8080"), *headers]}, receive, send)

    return local


def _config(examples: int, seed: int) -> Record:
    phases: Record = {name: {"enabled": name in PHASES} for name in (*PHASES, "stateful")}
    return {
        "seed": seed,
        "workers": 1,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "generation": {"max-examples": examples, "database": "none"},
        "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
        "phases": phases,
    }
