"""`mockportal contract --against OLD`: what has changed since an older document, and whom it breaks."""

from pathlib import Path

from mockportal.commands.output import say, say_json
from mockportal.compatibility import VersionStep, compare_versions
from mockportal.config import VERSIONS
from mockportal.mock import Setup, read_contract
from mockportal.spec.document import load_document
from mockportal.workflow_commands import workflow_command

_LEVELS = {"breaking": "error", "risky": "warning", "safe": "notice"}


def against(setup: Setup, old: Path, format: str) -> int:
    """Compares an older document, or a folder of versions, with this one. 1 if a change is breaking."""
    path, document, _ = read_contract(setup)
    name = str(path) if setup.api == VERSIONS[0] else f"{path} ({setup.api})"
    steps = compare_versions(old, load_document(path) if setup.spec else document, name)
    if format == "json":
        say_json([step.to_json() for step in steps])
    else:
        for step in steps:
            _say_step(step, format)
    return 1 if any(change.level == "breaking" for step in steps for change in step.changes) else 0


def _say_step(step: VersionStep, format: str) -> None:
    for change in step.changes:
        if format == "github":
            say(workflow_command(_LEVELS[change.level], f"{change.operation} {change.kind}", change.message))
        else:
            say(f"{change.level:9}{change.operation:42}{change.kind:36}{change.message}  {change.pointer}")
    counts = {level: sum(change.level == level for change in step.changes) for level in _LEVELS}
    say(f"{step.old} -> {step.new}: " + ", ".join(f"{count} {level}" for level, count in counts.items()))
