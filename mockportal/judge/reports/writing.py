"""The report folder: every form of a report beside each other."""

from pathlib import Path

from mockportal.errors import UsageError
from mockportal.files.writing import write_files
from mockportal.judge.model import Report
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.machines.junit import junit_xml
from mockportal.judge.reports.pages.html import html
from mockportal.judge.reports.pages.markdown import markdown
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.stored import load_report, spell
from mockportal.values import Record

RECORD = "report.json"


def write_reports(report: Report, folder: Path, redactor: Redactor, base_url: str) -> list[Path]:
    """The files written: report.json, junit.xml, summary.md and index.html, each whole or not at all.

    A report.json that is there already is what the page compares with. Raises `UsageError` if the folder cannot be
    written.
    """
    record = report_json(report, redactor, base_url)
    before = _before(folder / RECORD)
    texts = {
        RECORD: spell(record),
        "junit.xml": junit_xml(record),
        "summary.md": markdown(record),
        "index.html": html(record, before),
    }
    return write_files(folder, texts)


def _before(path: Path) -> Record | None:
    """The report of the run before; what is none, or of another format, is no reason to stop."""
    try:
        return load_report(path)
    except UsageError:
        return None
