"""The report folder: every form of a report beside each other."""

from pathlib import Path

from mockportal.errors import UsageError
from mockportal.files.writing import write_files
from mockportal.judge.model import Report
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.history import HISTORY, history_text, read_history
from mockportal.judge.reports.machines.ctrf import ctrf_json
from mockportal.judge.reports.machines.har import har_json
from mockportal.judge.reports.machines.junit import junit_xml
from mockportal.judge.reports.machines.sarif import sarif_json
from mockportal.judge.reports.pages.html import html
from mockportal.judge.reports.pages.markdown import markdown
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.stored import load_report, spell
from mockportal.values import Record

RECORD = "report.json"


def write_reports(
    report: Report, folder: Path, redactor: Redactor, base_url: str, link: str = "index.html"
) -> list[Path]:
    """The files written, each whole or not at all; `link` leads to the page from elsewhere.

    A report.json that is there already is what the page compares with, and history.json what the trend is of. Raises
    `UsageError` if the folder cannot be written.
    """
    report.past = read_history(folder)
    record = report_json(report, redactor, base_url)
    before = _before(folder / RECORD)
    texts = {
        RECORD: spell(record),
        "junit.xml": junit_xml(record),
        "report.sarif": sarif_json(record),
        "ctrf.json": ctrf_json(record),
        "findings.har": har_json(record, base_url),
        "summary.md": markdown(record, link),
        "index.html": html(record, before),
        HISTORY: history_text(report),
    }
    return write_files(folder, texts)


def _before(path: Path) -> Record | None:
    """The report of the run before; what is none, or of another format, is no reason to stop."""
    try:
        return load_report(path)
    except UsageError:
        return None
