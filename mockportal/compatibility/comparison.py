"""Compares two documents, operation by operation."""

from collections.abc import Iterator

from mockportal.compatibility.access import security_changes, server_changes
from mockportal.compatibility.changes import Change, PartChange, change_of, order
from mockportal.compatibility.messages import body_changes, response_changes
from mockportal.compatibility.operations import (
    Endpoint,
    EndpointPair,
    identity_changes,
    operations_of,
    paired,
)
from mockportal.compatibility.parameters import parameter_changes
from mockportal.compatibility.schemas.comparison import SchemaComparison
from mockportal.compatibility.schemas.sameness import keyword_changes
from mockportal.compatibility.source import Source
from mockportal.errors import SpecError
from mockportal.values import Record

_OPERATION = frozenset(
    ("operationId", "parameters", "requestBody", "responses", "security", "servers", "deprecated")
)


def compare(old: Record, new: Record) -> list[Change]:
    """Every change, breaking ones first, then by operation and pointer. Raises `SpecError`."""
    return compare_sources(source_of(old, "old"), source_of(new, "new"))


def source_of(document: Record, name: str) -> Source:
    """The document to compare, called `name` in errors. Raises `SpecError` if it is not OpenAPI 3."""
    if not str(document.get("openapi", "")).startswith("3."):
        raise SpecError(name, "is not an OpenAPI 3 document")
    return Source(document, name)


def compare_sources(old: Source, new: Source) -> list[Change]:
    """As `compare`, with names for the documents."""
    before, after, comparison = operations_of(old), operations_of(new), SchemaComparison(old, new)
    same = paired(before, after)
    kept = [both.old for both in same], [both.new for both in same]
    changes = {
        *(_removed(operation) for operation in before if operation not in kept[0]),
        *(_added(operation) for operation in after if operation not in kept[1]),
        *(change_of(both.new.name, finding) for both in same for finding in _findings(both, comparison)),
    }
    return sorted(changes, key=order)


def _findings(both: EndpointPair, comparison: SchemaComparison) -> Iterator[PartChange]:
    yield from identity_changes(both)
    yield from server_changes(both)
    yield from security_changes(both)
    yield from parameter_changes(both, comparison)
    yield from body_changes(both, comparison)
    yield from response_changes(both, comparison)
    yield from keyword_changes(comparison.old, both.old.at, comparison.new, both.new.at, _OPERATION)


def _removed(operation: Endpoint) -> Change:
    kind = "deprecated-operation-removed" if operation.says("deprecated") is True else "operation-removed"
    message = f"{operation.method.upper()} {operation.path} is gone"
    return change_of(operation.name, PartChange(kind, operation.at, message))


def _added(operation: Endpoint) -> Change:
    message = f"{operation.method.upper()} {operation.path} is new"
    return change_of(operation.name, PartChange("operation-added", operation.at, message))
