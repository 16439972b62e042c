"""What a run of the judge leaves behind, for people and for machines, without a secret in it."""

from mockportal.contract.reports.as_json import report_json
from mockportal.contract.reports.compare import Comparison, compare
from mockportal.contract.reports.curl import curl
from mockportal.contract.reports.forms import residues
from mockportal.contract.reports.github import annotations, workflow_command
from mockportal.contract.reports.html import html
from mockportal.contract.reports.junit import junit_xml
from mockportal.contract.reports.markdown import markdown
from mockportal.contract.reports.redact import HIDDEN, Redactor
from mockportal.contract.reports.schema import REPORT_SCHEMA
from mockportal.contract.reports.stored import exchanges_of, load_report
from mockportal.contract.reports.text import text
from mockportal.contract.reports.writing import write_reports

__all__ = [
    "HIDDEN",
    "REPORT_SCHEMA",
    "Comparison",
    "Redactor",
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
    "workflow_command",
    "write_reports",
]
