"""Accepted drifts: a file of entries, each with a reason, an owner and a day on which it ends."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from mockportal.judge.deviations import Deviation, Identity, accept, entry_schema, load_entries
from mockportal.judge.drift.model import RANKS, Drift, KnownDrift


def load_accepted(path: Path, operations: Iterable[str]) -> list[Deviation]:
    """The entries of a file: a mapping with `drifts`, a list. Raises `FileError` with line and pointer."""
    schema = entry_schema("kind", RANKS, "pointer", {"enum": sorted(operations)})
    return load_entries(path, "drifts", schema, "kind", "pointer")


def accept_drifts(
    drifts: Iterable[Drift], accepted: Iterable[Deviation], today: date, compared: Iterable[str]
) -> tuple[list[Drift], list[KnownDrift], list[str]]:
    """The drifts that stay, those that are accepted, and what is wrong with the entries, a line each."""
    unique = {drift.id: drift for drift in drifts}
    stay, known, problems = accept(unique.values(), _identity, accepted, today, compared)
    return (
        stay,
        [KnownDrift(drift, one.reason, one.owner, one.expires.isoformat()) for drift, one in known],
        problems,
    )


def _identity(drift: Drift) -> Identity:
    return drift.operation, drift.kind, drift.pointer
