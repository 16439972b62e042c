"""`mockportal check`: the findings on spec, overlay and scenarios in one list."""

import argparse
import copy
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mockportal.commands.output import say, say_json, warn
from mockportal.commands.scenarios.editor_schema import editor_schema
from mockportal.commands.setup_flags import setup_of
from mockportal.engine.api import Api, load_api
from mockportal.errors import FileError, Place, UsageError, one_line
from mockportal.files.text import UnusableFile, shown_name
from mockportal.mock import DEFAULT, Setup, load_mock_spec, read_contract
from mockportal.spec.conversion.faults import Faults, take_out_wrong_kinds
from mockportal.spec.lint import lint
from mockportal.spec.spec import Spec, compile_spec
from mockportal.state.data_model import DataModel
from mockportal.state.scenario import load_scenario, scenario_findings
from mockportal.values import Record
from mockportal.workflow_commands import workflow_command

_LEVELS = {"note": "notice", "problem": "error", "unusable": "error"}


@dataclass(frozen=True, slots=True)
class Checking:
    """The files to look at, and the form of the report.

    paths:  scenario files and folders; none for all that can be served, and the document
    format: text, json or github
    notes:  whether the notes on the document belong to it although there are paths
    quiet:  whether nothing but problems is told
    """

    paths: Sequence[Path] = ()
    format: str = "text"
    notes: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Something at a place that the `rule` has found. `severity` is note, problem, or unusable for a whole file."""

    severity: str
    rule: str
    place: Place
    message: str

    def to_json(self) -> Record:
        """The finding with the parts of its place apart; what is not known is null."""
        place = self.place
        return {
            "severity": self.severity,
            "rule": self.rule,
            "file": place.file,
            "line": place.line or None,
            "column": place.column or None,
            "pointer": place.pointer or None,
            "message": self.message,
        }

    def to_text(self) -> str:
        return f"{self.severity:8}{self.rule:20}{one_line(f'{self.place}: {self.message}')}"

    def to_command(self) -> str:
        """The annotation of a line in GitHub."""
        return workflow_command(
            _LEVELS[self.severity], f"{self.rule} {self.place.pointer}", self.message, self.place
        )


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `check`."""
    parser.add_argument(
        "path", nargs="*", type=Path, help="scenario files or folders (default: all there are)"
    )
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="of the findings"
    )
    parser.add_argument("--notes", action="store_true", help="with paths: the notes on the document too")
    parser.add_argument("--quiet", action="store_true", help="problems only")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of scenarios")


def run(given: argparse.Namespace) -> int:
    """Prints the findings, or the JSON Schema. Raises `MockportalError`."""
    setup = setup_of(given)
    checking = Checking(given.path, given.format, notes=given.notes, quiet=given.quiet)
    return print_schema(setup) if given.schema else check(setup, checking)


def check(setup: Setup, checking: Checking) -> int:
    """Prints the findings. 1 if one of them is a problem, 2 if a file is unusable. Raises `MockportalError`."""
    found = [one for one in check_everything(setup, checking) if one.severity != "note" or not checking.quiet]
    _TELLERS[checking.format](found, checking.quiet)
    severities = {finding.severity for finding in found}
    return 2 if "unusable" in severities else 1 if "problem" in severities else 0


def print_schema(setup: Setup) -> int:
    """Prints the JSON Schema of scenarios. Raises `MockportalError`."""
    spec = load_mock_spec(setup)
    data = load_api(setup.package, spec).data
    say_json(editor_schema(spec, data, _known_aliases(setup, spec, data)))
    return 0


def _known_aliases(setup: Setup, spec: Spec, data: DataModel) -> Record:
    """The records of the default scenario by collection; none if it cannot be used."""
    try:
        entities: Record = load_scenario(DEFAULT, setup.folders(), spec, data).tree["entities"]
    except FileError:
        return {}
    return entities


def check_everything(setup: Setup, checking: Checking) -> list[CheckFinding]:
    """Findings on the scenarios at the paths, or on all that can be served and on the spec under its overlay.

    Raises `MockportalError` for a spec or an overlay that cannot be used, and for a path that does not exist.
    """
    folders = setup.folders()
    files = _files(checking.paths or folders)
    document, raw, actions = read_contract(setup)
    overlay = str(setup.overlay or "overlay")
    spec = compile_spec(copy.deepcopy(raw), actions, str(document), overlay, setup.puts_aside)
    found: list[CheckFinding] = []
    if checking.notes or not checking.paths:
        take_out_wrong_kinds(raw, Faults(put_aside=True))  # the spec tells of them
        linted = lint(raw, actions, spec)
        found = [
            CheckFinding(one.severity, one.check, Place(str(document), pointer=one.pointer), one.message)
            for one in linted
        ]
    return [*found, *_scenario_findings(files, folders, spec, load_api(setup.package, spec))]


def _tell_text(found: Sequence[CheckFinding], quiet: bool) -> None:
    unusable = [finding for finding in found if finding.severity == "unusable"]
    rest = [finding for finding in found if finding.severity != "unusable"]
    for finding in rest:
        say(finding.to_text())
    for finding in unusable:
        warn(one_line(f"mockportal: {finding.place}: {finding.message}"))
    if not quiet and (rest or not unusable):
        problems = sum(finding.severity == "problem" for finding in rest)
        warn(f"{problems} problems, {len(rest) - problems} notes")


def _tell_json(found: Sequence[CheckFinding], quiet: bool) -> None:
    say_json([finding.to_json() for finding in found])


def _tell_github(found: Sequence[CheckFinding], quiet: bool) -> None:
    for finding in found:
        say(finding.to_command())


_TELLERS = {"text": _tell_text, "json": _tell_json, "github": _tell_github}


def _files(paths: Iterable[Path]) -> list[Path]:
    """The scenario files at the paths. Raises `UsageError`."""
    found: dict[Path, None] = {}
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError):  # missing, or a name that no file can have
            mode = 0
        if stat.S_ISDIR(mode):
            found.update(dict.fromkeys(sorted(path.glob("*.yaml"))))
        elif mode:
            found[path] = None
        elif path != Path("scenarios"):
            raise UsageError(shown_name(path), "does not exist")
    return list(found)


def _scenario_findings(
    files: Iterable[Path], folders: Sequence[Path], spec: Spec, api: Api
) -> list[CheckFinding]:
    """Problems of the files and of what they extend, notes on the files alone; in the order of the files."""
    found: dict[CheckFinding, None] = {}
    for file in files:
        mistakes, notes = scenario_findings(str(file), folders, spec, api.data)
        own = [note for note in notes if note.place is not None and Path(note.place.file) == file]
        told = [*_told("problem", mistakes), *_told("note", own)]
        found.update(dict.fromkeys(sorted(told, key=lambda one: (one.place.line, one.place.column))))
    return list(found)


def _told(severity: str, errors: Iterable[FileError]) -> Iterator[CheckFinding]:
    for error in errors:
        kind = "unusable" if isinstance(error, UnusableFile) else severity
        yield CheckFinding(kind, "scenario", error.place or Place(error.where), error.problem)
