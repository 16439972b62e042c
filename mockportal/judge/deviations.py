"""Known disagreements of a target: each accepted for a reason, by somebody, until a day.

Findings of the judge, drifts between two targets and changes between two documents are accepted the same way, in
files of the same form.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from mockportal.errors import FileError
from mockportal.files.pointers import pointer_to
from mockportal.files.shape import TEXT, closed_object, read_file
from mockportal.files.strict_yaml import YamlFile
from mockportal.judge.model import Finding, Report
from mockportal.values import Record, encode

_ACCEPTED = timedelta(days=90)
_T = TypeVar("_T")
# The operation, the check or kind, and the signature or pointer of something found.
Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Deviation:
    """Accepts what `check` finds on `operation`, up to and including the day `expires`.

    operation, check: what is accepted; of a drift, `check` is its kind
    reason, owner:    why, and who answers for it
    expires:          the last day
    where:            file, line and pointer of the entry, for errors
    signature:        accepts only this one of several findings; "" accepts all
    sometimes:        whether it may be missing from a run without being reported as stale
    """

    operation: str
    check: str
    reason: str
    owner: str
    expires: date
    where: str
    signature: str = ""
    sometimes: bool = False

    def accepts(self, found: Identity) -> bool:
        """True if this entry accepts such a finding."""
        operation, check, signature = found
        return (self.operation, self.check) == (operation, check) and self.signature in ("", signature)


def load_deviations(path: Path, operations: Iterable[str], checks: Iterable[str]) -> list[Deviation]:
    """The entries of a file: a mapping with `deviations`, a list. Raises `FileError` with line and pointer."""
    schema = entry_schema("check", checks, "signature", {"enum": sorted(operations)})
    return load_entries(path, "deviations", schema, "check", "signature")


def entry_schema(kind: str, kinds: Iterable[str], narrower: str, operation: Record) -> Record:
    """JSON Schema of one entry, in which `kind` says what is accepted and `narrower` which one of several."""
    return closed_object(
        ("operation", kind, "reason", "owner", "expires"),
        operation=operation,
        reason=TEXT,
        owner=TEXT,
        expires=TEXT,
        sometimes={"type": "boolean"},
        **{kind: {"enum": sorted(kinds)}, narrower: TEXT},
    )


def load_entries(path: Path, name: str, schema: Record, kind: str, narrower: str) -> list[Deviation]:
    """The entries that stand under `name` in a file. Raises `FileError` with line and pointer."""
    file = read_file(path, closed_object((name,), **{name: {"type": "array", "items": schema}}))
    return [
        Deviation(
            operation=entry["operation"],
            check=entry[kind],
            reason=entry["reason"],
            owner=entry["owner"],
            expires=day_of(file, pointer_to(name, number, "expires"), entry["expires"]),
            where=file.where(pointer_to(name, number)),
            signature=entry.get(narrower, ""),
            sometimes=entry.get("sometimes", False),
        )
        for number, entry in enumerate(file.value[name])
    ]


def day_of(file: YamlFile, at: str, text: str) -> date:
    """The day that `text` names. Raises `FileError`, also for a day with a time."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FileError(file.where(at), f"{text!r} is not a day like 2027-01-31") from None


def deviations_text(report: Report, hide: Callable[[str], str]) -> str:
    """A deviations file that accepts the findings of a report for ninety days, for somebody to put in the reasons and
    the owners. `hide` takes secrets out of a text."""
    expires = date.fromisoformat(report.started[:10]) + _ACCEPTED
    lines = ["# Each entry needs the reason why it is accepted, and an owner.", "deviations:"]
    for one in report.findings:
        entry = {"operation": one.operation, "check": one.check, "signature": hide(one.signature)}
        entry |= {"reason": f"TODO: {hide(one.message)}", "owner": "TODO", "expires": expires.isoformat()}
        lines.append(f"  - {encode(entry).decode()}")
    return "\n".join(lines) + "\n"


def accept(
    found: Iterable[_T],
    identity: Callable[[_T], Identity],
    deviations: Iterable[Deviation],
    today: date,
    tested: Iterable[str],
    idle: Collection[str] = (),
) -> tuple[list[_T], list[tuple[_T, Deviation]], list[str]]:
    """The findings that stay, the accepted ones with their entries, and a line for each entry that is wrong.

    An entry is wrong if it has expired, or if it no longer occurs although its operation was tested and its check is
    not in `idle`, the checks that were not run.
    """
    stay: list[_T] = []
    known: list[tuple[_T, Deviation]] = []
    used: set[str] = set()
    valid = list(deviations)
    for one in found:
        fitting = [entry for entry in valid if entry.accepts(identity(one))]
        used |= {entry.where for entry in fitting}
        lasting = next((entry for entry in fitting if entry.expires >= today), None)
        if lasting is None:
            stay.append(one)
        else:
            known.append((one, lasting))
    seen = frozenset(tested)
    problems = [f"{one.where}: expired on {one.expires}" for one in valid if one.expires < today]
    problems += [
        f"{one.where}: {one.check} on {one.operation} does not occur any more"
        for one in valid
        if one.where not in used and one.operation in seen and one.check not in idle and not one.sometimes
    ]
    return stay, known, problems


def identity_of(finding: Finding) -> Identity:
    """The names by which a deviation refers to a finding."""
    return finding.operation, finding.check, finding.signature
