"""Generated requests to the control API, by its own document, with the checks of schemathesis."""

from collections.abc import Callable, Iterator, Sequence
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
# Whether these are accepted depends on more than a schema can tell: on the names of scenarios and users, on the bounds
# of the calendar, on the attributes of records, and on what the contract lets a rule answer.
FINER = (
    "createWorld",
    "resetWorld",
    "putRecord",
    "patchRecord",
    "addRule",
    "releaseHeld",
    "setClock",
    "advanceClock",
    "mintToken",
)
# The bodies that hold rules have a thousand cases of coverage, and each valid one costs a scenario.
LARGE = ("createWorld", "resetWorld", "addRule")


def control_failures(
    mock: Mock,
    examples: int,
    seed: int,
    uncovered: Sequence[str] = (),
    tell: Callable[[str], object] = lambda _: None,
) -> Iterator[tuple[str, str]]:
    """(operation, failure) for each one that a run finds, with so many examples of each operation, and all cases of
    coverage of each that is not among the `uncovered`.

    `tell` is told of the requests to each operation. The streams of events end at once, as a run would wait for their end.
    """
    app = create_app(mock)
    app.state.end_streams()
    for event in from_schema(_schema(mock, app, _config(examples, seed, uncovered))).execute():
        if isinstance(event, events.ScenarioFinished):
            tell(f"{len(event.recorder.interactions):6} {event.phase.value} {event.label}\n")
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info is not None:
                        info = check.failure_info
                        yield str(event.label), f"{check.name}: {info.failure.message} {info.code_sample}"
        elif isinstance(event, events.NonFatalError | events.FatalError):
            yield "", str(event)


def _schema(mock: Mock, app: Any, settings: Record) -> Any:
    config = SchemathesisConfig.from_dict(settings)
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


def _config(examples: int, seed: int, uncovered: Sequence[str]) -> Record:
    exceptions: list[Record] = [
        {"include-operation-id": [*FINER], "checks": {"positive_data_acceptance": {"enabled": False}}},
        {"include-operation-id": [*uncovered], "phases": {"coverage": {"enabled": False}}},
    ]
    return {
        "seed": seed,
        "workers": 1,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "generation": {"max-examples": examples, "database": "none"},
        "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
        "phases": {
            "examples": {"enabled": False},  # which a test of its own plays
            "coverage": {"extra-data-sources": {"responses": False}},
            "fuzzing": {"extra-data-sources": {"responses": False}},
            "stateful": {"enabled": False},
        },
        "operations": exceptions if uncovered else exceptions[:1],
    }
