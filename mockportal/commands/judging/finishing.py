"""The end of a run of the judge: its report is written, kept for `--replay`, and printed."""

import os
from collections.abc import Mapping
from pathlib import Path

from mockportal.commands.judging.last_report import keep
from mockportal.commands.judging.options import Output, TargetOptions
from mockportal.commands.judging.target import MOCK_ADDRESS
from mockportal.commands.output import say, say_json
from mockportal.files.writing import write_files
from mockportal.judge.checks_page import helps
from mockportal.judge.hooks.loading import Hooks
from mockportal.judge.model import Report
from mockportal.judge.reports import Redactor, annotations, report_json, residues, text, write_reports
from mockportal.judge.reports.machines.recording import RunRecording
from mockportal.judge.reports.places import places_in, shown_path
from mockportal.mock import contract_files

_PAGE = "index.html"
_NO_HOOKS = Hooks()


def finish(
    report: Report, redactor: Redactor, options: TargetOptions, output: Output, hooks: Hooks = _NO_HOOKS
) -> None:
    """Writes and prints a report; a secret that is left in what was written is one more problem of the run."""
    base_url = options.url or MOCK_ADDRESS
    _explain(report, options, hooks)
    if hooks.after:
        report.notes += hooks.notes(report_json(report, redactor, base_url))
        report.problems += [hooks.failed[name] for name in hooks.after if name in hooks.failed]
    if output.report is not None:
        write_reports(report, output.report, redactor, base_url, page_address(os.environ))
        left = residues(output.report, redactor.secrets)
        report.problems += [f"a secret is left in {where}" for where in left]
    record = report_json(report, redactor, base_url)
    keep(record)
    if output.format == "json":
        say_json(record)
    elif output.format == "github":
        say(annotations(record))
    else:
        say(text(record, output.report))


def write_recording(
    path: Path | None, recording: RunRecording, report: Report, redactor: Redactor, url: str
) -> None:
    """Writes the requests of a run; a secret that is left in the file is a problem. Raises `UsageError`."""
    if path is None:
        return
    write_files(path.parent, {path.name: recording.text(redactor, url or MOCK_ADDRESS)})
    report.problems += [f"a secret is left in {where}" for where in residues(path, redactor.secrets)]


def page_address(environment: Mapping[str, str]) -> str:
    """The address at which a summary finds the page of the report: that of the job, in the CI of GitHub or GitLab."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}#artifacts"
    job = environment.get("CI_JOB_URL", "")
    return f"{job}/artifacts/browse" if job else _PAGE


def _explain(report: Report, options: TargetOptions, hooks: Hooks) -> None:
    """Adds to a report what every check is about, and where the rules stand in the file of the contract."""
    path = contract_files(options.setup)[0]
    found = [*report.findings, *(known.finding for known in report.known)]
    report.helps = helps() | hooks.helps()
    report.document = shown_path(path)
    report.places = places_in(path, (one.pointer for one in found))
