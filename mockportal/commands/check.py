"""`mockportal check`: the findings on spec, overlay and scenarios in one list."""

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path

from mockportal.commands.output import say, say_json, warn
from mockportal.engine.api import Api, load_api
from mockportal.errors import FileError, UsageError
from mockportal.files.strict_yaml import UnusableFile
from mockportal.mock import Setup, load_mock, spec_files
from mockportal.spec.document import load_document
from mockportal.spec.lint import LintFinding, lint
from mockportal.spec.overlay import load_overlay
from mockportal.spec.spec import Spec, compile_spec
from mockportal.state.scenario import load_scenario
from mockportal.state.scenario_schema import scenario_schema


def check(setup: Setup, paths: Sequence[Path], format: str) -> int:
    """Prints the findings. 1 if one of them is a problem. Raises `MockportalError`."""
    findings = check_everything(setup, paths)
    if format == "json":
        say_json([finding.to_json() for finding in findings])
    else:
        for finding in findings:
            say(f"{finding.severity:8}{finding.check:20}{finding.pointer}  {finding.message}")
        problems = sum(finding.severity == "problem" for finding in findings)
        warn(f"{problems} problems, {len(findings) - problems} notes")
    return 1 if any(finding.severity == "problem" for finding in findings) else 0


def print_schema(setup: Setup) -> int:
    """Prints the JSON Schema of scenarios. Raises `MockportalError`."""
    mock = load_mock(setup)
    say_json(scenario_schema(mock.spec.operations, mock.api.data))
    return 0


def check_everything(setup: Setup, paths: Sequence[Path]) -> list[LintFinding]:
    """Findings on the spec under its overlay, and on the scenarios at `paths` (none: all that can be served).

    Raises `MockportalError` for a spec, an overlay or a scenario file that cannot be used at all.
    """
    document, overlay = spec_files(setup)
    raw, actions = load_document(document), load_overlay(overlay) if overlay else []
    spec = compile_spec(copy.deepcopy(raw), actions, str(document), str(overlay))
    api = load_api(setup.package, spec)
    folders = setup.folders()
    return [*lint(raw, actions, spec), *_scenario_findings(_files(paths or folders), folders, spec, api)]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(path.glob("*.yaml"))))
        elif path.is_file():
            found[path] = None
        elif path != Path("scenarios"):
            raise UsageError(str(path), "does not exist")
    return list(found)


def _scenario_findings(
    files: Iterable[Path], folders: Sequence[Path], spec: Spec, api: Api
) -> list[LintFinding]:
    findings = []
    for file in files:
        try:
            load_scenario(str(file), folders, spec, api.data).build()
        except UnusableFile:
            raise
        except FileError as error:
            findings.append(LintFinding("problem", "scenario", error.where, error.problem))
    return findings
