"""The last runs that were written to a report folder, and the trend over them."""

import json
from collections import Counter
from pathlib import Path

from mockportal.judge.model import Report
from mockportal.judge.reports.causes import severity_of
from mockportal.values import Record, decode

HISTORY = "history.json"
_MOST = 30
_SHOWN = 10
_ALIKE = ("target", "profile")
_KEYS = frozenset(("started", "seconds", "verdict", "seed", "findings", "untested", *_ALIKE))


def read_history(folder: Path) -> list[Record]:
    """The runs in a folder, the oldest first; a file that is none of ours is no reason to stop."""
    try:
        runs = decode((folder / HISTORY).read_bytes())
    except (OSError, ValueError):
        return []
    return (
        [run for run in runs if isinstance(run, dict) and run.keys() >= _KEYS]
        if isinstance(runs, list)
        else []
    )


def history_text(report: Report) -> str:
    """The text of the file: a line for each run, this one at the end, and so many that it stays small."""
    runs = [*report.past, run_of_history(report)][-_MOST:]
    return "[\n" + ",\n".join(json.dumps(run, ensure_ascii=True) for run in runs) + "\n]\n"


def run_of_history(report: Report) -> Record:
    """This run as the history keeps it: no text of a finding, only its id and operation."""
    severities = Counter(severity_of(one) for one in report.findings)
    return {
        "started": report.started,
        "seconds": round(report.seconds, 1),
        "verdict": report.verdict,
        "target": report.target,
        "profile": report.profile,
        "seed": report.seed,
        "spec_sha256": report.spec_sha256,
        "severities": dict(sorted(severities.items())),
        "findings": {one.id: one.operation for one in report.findings},
        "untested": [name for name, one in report.operations.items() if one.untested],
    }


def trend(report: Report) -> list[Record]:
    """The last runs like this one, the oldest first, each with what is new, fixed and still there since the run before.

    Empty for the first run. A finding is fixed only if its operation was tested again.
    """
    now = run_of_history(report)
    runs = [*(run for run in report.past if all(run[key] == now[key] for key in _ALIKE)), now]
    rows = [_row(before, run) for before, run in zip([{"findings": {}}, *runs], runs, strict=False)]
    return rows[-_SHOWN:] if len(rows) > 1 else []


def _row(before: Record, run: Record) -> Record:
    then, now, untested = before["findings"], run["findings"], {*run["untested"]}
    gone = [id for id, operation in then.items() if id not in now and operation not in untested]
    told = {name: run[name] for name in ("started", "seconds", "verdict", "seed")}
    still = len(then.keys() & now.keys())
    return {**told, "findings": len(now), "new": len(now) - still, "fixed": len(gone), "still": still}
