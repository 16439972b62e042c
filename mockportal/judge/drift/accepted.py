"""Accepted drifts: a file of entries, each with a reason, an owner and a day on which it ends."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from mockportal.errors import UsageError, hint
from mockportal.judge.deviations import Deviation, accept, check_entry, day_of
from mockportal.judge.drift.model import RANKS, Drift, KnownDrift
from mockportal.judge.model import Finding
from mockportal.spec.document import load_document
from mockportal.values import Json

_NEEDED = ("operation", "kind", "reason", "owner", "expires")
_KEYS = frozenset((*_NEEDED, "pointer"))


def load_accepted(path: Path, operations: Iterable[str]) -> list[Deviation]:
    """The entries of a file: a mapping with `drifts`, a list. Raises `SpecError` and `UsageError`."""
    document = load_document(path)
    for key in document.keys() - {"drifts"}:
        raise UsageError(f"{path}: /{key}", "is no key of a file of accepted drifts; there is just 'drifts'")
    listed = document.get("drifts")
    if not isinstance(listed, list):
        raise UsageError(f"{path}: /drifts", "is not a list")
    known = frozenset(operations)
    return [_entry(entry, f"{path}: /drifts/{number}", known) for number, entry in enumerate(listed)]


def _entry(entry: Json, where: str, known: frozenset[str]) -> Deviation:
    check_entry(entry, where, "an accepted drift", _NEEDED, _KEYS, known)
    operation, kind, pointer = (str(entry.get(key, "")) for key in ("operation", "kind", "pointer"))
    if kind not in RANKS:
        raise UsageError(f"{where}/kind", f"{kind!r} is no kind of drift{hint(kind, RANKS)}")
    return Deviation(
        operation=operation,
        check=kind,
        reason=str(entry["reason"]),
        owner=str(entry["owner"]),
        expires=day_of(entry["expires"], f"{where}/expires"),
        where=where,
        signature=pointer,
    )


def accept_drifts(
    drifts: Iterable[Drift], accepted: Iterable[Deviation], today: date, compared: Iterable[str]
) -> tuple[list[Drift], list[KnownDrift], list[str]]:
    """The drifts that stay, those that are accepted, and what is wrong with the entries, a line each."""
    by_id = {drift.id: drift for drift in drifts}
    findings = [
        Finding(drift.operation, drift.kind, drift.pointer, drift.id, drift.rule, "drift")
        for drift in by_id.values()
    ]
    stay, known, problems = accept(findings, accepted, today, compared)
    return (
        [by_id[finding.message] for finding in stay],
        [KnownDrift(by_id[one.finding.message], one.reason, one.owner, one.expires) for one in known],
        problems,
    )
