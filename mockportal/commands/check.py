"""`mockportal check`: the findings on spec, overlay and scenarios in one list."""

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path

from mockportal.config import scenario_folders
from mockportal.engine.api import Api, load_api
from mockportal.errors import ScenarioError, UsageError
from mockportal.files.strict_yaml import UnusableFile
from mockportal.mock import Setup, spec_files
from mockportal.spec.document import load_document
from mockportal.spec.lint import Finding, lint
from mockportal.spec.overlay import load_overlay
from mockportal.spec.spec import Spec, compile_spec
from mockportal.state.scenario import load_scenario


def check_everything(setup: Setup, paths: Sequence[Path]) -> list[Finding]:
    """Findings on the spec under its overlay, and on the scenarios at `paths` (none: all that can be served).

    Raises `MockportalError` for a spec, an overlay or a scenario file that cannot be used at all.
    """
    document, overlay = spec_files(setup)
    raw, actions = load_document(document), load_overlay(overlay) if overlay else []
    spec = compile_spec(copy.deepcopy(raw), actions, str(document), str(overlay))
    api = load_api(setup.behaviours, spec)
    folders = scenario_folders(setup.scenarios)
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


def _scenario_findings(files: Iterable[Path], folders: Sequence[Path], spec: Spec, api: Api) -> list[Finding]:
    findings = []
    for file in files:
        try:
            load_scenario(str(file), folders, spec, api.data).build()
        except UnusableFile:
            raise
        except ScenarioError as error:
            findings.append(Finding("problem", "scenario", error.where, error.problem))
    return findings
