"""What is different from the run before."""

from dataclasses import dataclass

from mockportal.values import Record


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ids of findings, and of operations that had a verdict and have none now.

    `gone` are those that a run would have shown again; a finding that a deviation accepts now is in `accepted`, one
    whose operation was not tested now in `unseen`.
    """

    new: tuple[str, ...]
    still: tuple[str, ...]
    gone: tuple[str, ...]
    accepted: tuple[str, ...]
    unseen: tuple[str, ...]
    newly_untested: tuple[str, ...]


def compare(old: Record, new: Record) -> Comparison:
    """`new` against `old`, both as `REPORT_SCHEMA` describes them; each list in the order of its report."""
    before = {finding["id"]: finding for finding in old["findings"]}
    now = [finding["id"] for finding in new["findings"]]
    known = {entry["finding"]["id"] for entry in new["known"]}
    tested = {operation["id"] for operation in new["operations"] if operation["verdict"] != "untested"}
    left = [finding for id, finding in before.items() if id not in now and id not in known]
    return Comparison(
        new=tuple(id for id in now if id not in before),
        still=tuple(id for id in now if id in before),
        gone=tuple(finding["id"] for finding in left if _would_show(finding, tested)),
        accepted=tuple(id for id in before if id in known),
        unseen=tuple(finding["id"] for finding in left if not _would_show(finding, tested)),
        newly_untested=tuple(_newly_untested(old, new)),
    )


def _would_show(finding: Record, tested: set[str]) -> bool:
    return not finding["operation"] or finding["operation"] in tested


def _newly_untested(old: Record, new: Record) -> list[str]:
    had = {operation["id"] for operation in old["operations"] if operation["verdict"] != "untested"}
    return [
        operation["id"]
        for operation in new["operations"]
        if operation["verdict"] == "untested" and operation["id"] in had
    ]
