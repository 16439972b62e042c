"""`mockportal contract --against OLD`: what has changed since an older document, and whom it breaks."""

import argparse
from pathlib import Path

from mockportal.commands.output import say, say_json
from mockportal.compatibility import VersionStep, compare_versions
from mockportal.config import VERSIONS
from mockportal.mock import Setup, read_contract
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.workflow_commands import workflow_command

_LEVELS = {"breaking": "error", "risky": "warning", "safe": "notice"}
_FAILING = {"breaking": ("breaking",), "risky": ("breaking", "risky")}


def add_against_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the comparison."""
    parser.add_argument("--against", type=Path, metavar="OLD", help="compare an older spec with this one")
    parser.add_argument(
        "--fail-on",
        choices=[*_FAILING],
        default="breaking",
        help="with --against: the changes that fail the run",
    )


def against(setup: Setup, old: Path, format: str, fail_on: str = "breaking") -> int:
    """Compares an older document, or a folder of versions, with this one. 1 if a change is as bad as `fail_on`."""
    path, document, _ = read_contract(setup)
    name = str(path) if setup.api == VERSIONS[0] else f"{path} ({setup.api})"
    steps = compare_versions(old, load_openapi(path) if setup.spec else document, name)
    if format == "json":
        say_json([step.to_json() for step in steps])
    else:
        for step in steps:
            _say_step(step, format)
    return 1 if any(change.level in _FAILING[fail_on] for step in steps for change in step.changes) else 0


def _say_step(step: VersionStep, format: str) -> None:
    for change in step.changes:
        if format == "github":
            say(workflow_command(_LEVELS[change.level], f"{change.operation} {change.kind}", change.message))
        else:
            say(f"{change.level:9}{change.operation:42}{change.kind:36}{change.message}  {change.pointer}")
    counts = {level: sum(change.level == level for change in step.changes) for level in _LEVELS}
    say(f"{step.old} -> {step.new}: " + ", ".join(f"{count} {level}" for level, count in counts.items()))
