"""The report of the last run with findings, which is kept for `--replay`."""

from contextlib import suppress
from pathlib import Path

from mockportal.config import cache_folder
from mockportal.errors import UsageError
from mockportal.files.writing import write_files
from mockportal.judge.reports import load_report
from mockportal.judge.reports.stored import spell
from mockportal.values import Record

_NAME = "last-report.json"


def report_to_replay(folder: Path | None) -> Record:
    """The report in a folder, else that of the last run with findings. Raises `UsageError`."""
    if folder is not None:
        return load_report(folder / "report.json")
    kept = cache_folder()
    if kept is None or not (kept / _NAME).exists():
        raise UsageError("--replay", "there is no last report; name one by --report FOLDER")
    return load_report(kept / _NAME)


def keep(record: Record) -> None:
    """Keeps a report with findings for `--replay`, if there is a place for it."""
    folder = cache_folder()
    if folder is not None and record["findings"]:
        with suppress(UsageError):
            write_files(folder, {_NAME: spell(record)})
