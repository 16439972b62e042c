"""Known disagreements of a target: each accepted for a reason, by somebody, until a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from mockportal.errors import UsageError, hint
from mockportal.judge.model import Finding, Known, Report
from mockportal.spec.document import load_document
from mockportal.values import Json, encode

_ACCEPTED = timedelta(days=90)
_NEEDED = ("operation", "check", "reason", "owner", "expires")
_KEYS = frozenset((*_NEEDED, "signature", "sometimes"))


@dataclass(frozen=True, slots=True)
class Deviation:
    """Accepts the findings of `check` on `operation`, those with `signature` only if there is one, up to and including
    the day `expires`. One that occurs only `sometimes` is not missed. `where` names the entry for errors."""

    operation: str
    check: str
    reason: str
    owner: str
    expires: date
    where: str
    signature: str = ""
    sometimes: bool = False

    def accepts(self, operation: str, check: str, signature: str) -> bool:
        """Whether it is about such a finding."""
        return (self.operation, self.check) == (operation, check) and self.signature in ("", signature)


def load_deviations(path: Path, operations: Iterable[str]) -> list[Deviation]:
    """The entries of a file: a mapping with `deviations`, a list. Raises `SpecError` and `UsageError`."""
    listed = load_document(path).get("deviations")
    if not isinstance(listed, list):
        raise UsageError(f"{path}: /deviations", "is not a list")
    known = frozenset(operations)
    return [_deviation(entry, f"{path}: /deviations/{number}", known) for number, entry in enumerate(listed)]


def _deviation(entry: Json, where: str, known: frozenset[str]) -> Deviation:
    check_entry(entry, where, "a deviation", _NEEDED, _KEYS, known)
    sometimes = entry.get("sometimes", False)
    if not isinstance(sometimes, bool):
        raise UsageError(f"{where}/sometimes", "is neither true nor false")
    texts = {key: str(entry.get(key, "")) for key in (*_NEEDED[:4], "signature")}
    expires = day_of(entry["expires"], f"{where}/expires")
    return Deviation(expires=expires, where=where, sometimes=sometimes, **texts)


def deviations_text(report: Report) -> str:
    """A deviations file that accepts the findings of a report for ninety days, for somebody to put in the reasons and
    the owners."""
    expires = date.fromisoformat(report.started[:10]) + _ACCEPTED
    lines = ["# Each entry needs the reason why it is accepted, and an owner.", "deviations:"]
    for one in report.findings:
        entry = {"operation": one.operation, "check": one.check, "signature": one.signature}
        entry |= {"reason": f"TODO: {one.message}", "owner": "TODO", "expires": expires.isoformat()}
        lines.append(f"  - {encode(entry).decode()}")
    return "\n".join(lines) + "\n"


def check_entry(
    entry: Json, where: str, what: str, needed: Iterable[str], keys: frozenset[str], known: frozenset[str]
) -> None:
    """An entry is a mapping of `keys`, with those that are `needed`, about one of the `known` operations.

    Raises `UsageError`.
    """
    if not isinstance(entry, dict):
        raise UsageError(where, "is not a mapping")
    for key in entry.keys() - keys:
        raise UsageError(f"{where}/{key}", f"is no key of {what}{hint(str(key), keys)}")
    for key in needed:
        if not entry.get(key):
            raise UsageError(where, f"needs {key!r}")
    name = str(entry["operation"])
    if name not in known:
        raise UsageError(f"{where}/operation", f"the spec has no operation {name!r}{hint(name, known)}")


def day_of(value: Json, where: str) -> date:
    """The day that an entry names. Raises `UsageError`, also for a day with a time."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(where, f"{str(value)!r} is no day like 2027-01-31") from None


def accept(
    findings: Iterable[Finding],
    deviations: Iterable[Deviation],
    today: date,
    tested: Iterable[str],
    idle: Collection[str] = (),
) -> tuple[list[Finding], list[Known], list[str]]:
    """The findings that stay, those that are accepted, and what is wrong with the deviations: one that has expired,
    and one about a tested operation that no longer occurs, each a line. `idle` are the checks that were not run."""
    stay: list[Finding] = []
    known: list[Known] = []
    used: set[str] = set()
    valid = list(deviations)
    for finding in findings:
        fitting = [one for one in valid if one.accepts(finding.operation, finding.check, finding.signature)]
        used |= {one.where for one in fitting}
        lasting = next((one for one in fitting if one.expires >= today), None)
        if lasting is None:
            stay.append(finding)
        else:
            known.append(Known(finding, lasting.reason, lasting.owner, lasting.expires.isoformat()))
    seen = frozenset(tested)
    problems = [f"{one.where}: expired on {one.expires}" for one in valid if one.expires < today]
    problems += [
        f"{one.where}: {one.check} on {one.operation} does not occur any more"
        for one in valid
        if one.where not in used and one.operation in seen and one.check not in idle and not one.sometimes
    ]
    return stay, known, problems
