"""The reports of a run of the judge, for people and for machines, with no secret in them."""

from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.curl import curl
from mockportal.judge.reports.forms import residues
from mockportal.judge.reports.machines.github import annotations
from mockportal.judge.reports.machines.junit import junit_xml
from mockportal.judge.reports.pages.html import html
from mockportal.judge.reports.pages.markdown import markdown
from mockportal.judge.reports.pages.text import text
from mockportal.judge.reports.redact import HIDDEN, Redactor
from mockportal.judge.reports.schema import REPORT_SCHEMA
from mockportal.judge.reports.stored import RunComparison, compare, exchanges_of, load_report
from mockportal.judge.reports.writing import write_reports

__all__ = [
    "HIDDEN",
    "REPORT_SCHEMA",
    "Redactor",
    "RunComparison",
    "annotations",
    "compare",
    "curl",
    "exchanges_of",
    "html",
    "junit_xml",
    "load_report",
    "markdown",
    "report_json",
    "residues",
    "text",
    "write_reports",
]
