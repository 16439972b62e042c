"""A report read back from its file: to be compared with the next run, and for findings to be played again."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from jsonschema import Draft202012Validator

from mockportal.errors import UsageError, hint
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.judge.reports.schema import REPORT_SCHEMA
from mockportal.values import Record, decode


def load_report(path: Path) -> Record:
    """The report in a file. Raises `UsageError` if it cannot be read or is none."""
    try:
        value = decode(path.read_bytes())
    except OSError as error:
        raise UsageError(str(path), f"cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise UsageError(str(path), f"is not JSON: {error}") from None
    for wrong in Draft202012Validator(REPORT_SCHEMA).iter_errors(value):
        what = f"{wrong.json_path}: {wrong.message[:200]}"
        raise UsageError(str(path), f"is not a report of mockportal contract: {what}")
    report: Record = value
    return report


def exchanges_of(report: Record, finding_id: str) -> tuple[Interaction, ...]:
    """The exchanges of a finding, known ones included; of a body of an answer there is only the excerpt.

    Raises `UsageError` if the report has no such finding.
    """
    findings = {finding["id"]: finding for finding in all_findings(report)}
    if finding_id not in findings:
        raise UsageError("--replay", f"the report has no finding {finding_id!r}{hint(finding_id, findings)}")
    return tuple(_exchange(record) for record in findings[finding_id]["exchanges"])


def all_findings(report: Record) -> list[Record]:
    """Those that fail the run, then those that deviations accept."""
    return [*report["findings"], *(known["finding"] for known in report["known"])]


def spell(report: Record) -> str:
    """The text of `report.json`."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def body_of(record: Record) -> bytes:
    """The body of a request or answer in a report."""
    if "body_base64" in record:
        return base64.b64decode(record["body_base64"])
    return str(record["body"]).encode()


def _exchange(record: Record) -> Interaction:
    request, response = record["request"], record["response"]
    sent = Sent(
        request["operation"], request["method"], request["target"], request["headers"], body_of(request)
    )
    received = None
    if response is not None:
        headers = tuple((name, value) for name, value in response["headers"])
        received = Received(response["status"], headers, body_of(response))
    return Interaction(sent, received, record["problem"])


@dataclass(frozen=True, slots=True)
class RunComparison:
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


def compare(old: Record, new: Record) -> RunComparison:
    """`new` against `old`, both as `REPORT_SCHEMA` describes them; each list in the order of its report."""
    before = {finding["id"]: finding for finding in old["findings"]}
    now = [finding["id"] for finding in new["findings"]]
    known = {entry["finding"]["id"] for entry in new["known"]}
    tested = {operation["id"] for operation in new["operations"] if operation["verdict"] != "untested"}
    left = [finding for id, finding in before.items() if id not in now and id not in known]
    return RunComparison(
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
