"""`mockportal import`: the steps of a scenario, made of a recording."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from mockportal.commands.output import say, warn
from mockportal.commands.setup_flags import setup_of
from mockportal.engine.api import load_api
from mockportal.errors import UsageError
from mockportal.files.writing import write_files
from mockportal.files.yaml_text import yaml_items, yaml_text
from mockportal.mock import Setup, load_mock_spec
from mockportal.recordings.har_callers import people_of
from mockportal.recordings.har_file import HarEntry, har_entries
from mockportal.recordings.har_steps import Step, steps_of
from mockportal.state.scenario import load_scenario


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `import`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.har", help="a recording of a browser, a proxy or a journal"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE.yaml", help="where to write (default: stdout)"
    )
    parser.add_argument(
        "--extends", default="default", metavar="SCENARIO", help="what it starts from (default: default)"
    )


def run(given: argparse.Namespace) -> int:
    """Writes the scenario; 1 if no entry can be a step. Raises `MockportalError`."""
    return import_har(given.file, given.output, given.extends, setup_of(given))


def import_har(path: Path, output: Path | None, extends: str, setup: Setup) -> int:
    """Makes a scenario of an archive, and lists the entries that it does not use. Raises `MockportalError`."""
    if output is not None and output.exists():
        raise UsageError(str(output), "exists already")
    entries = har_entries(path)
    spec = load_mock_spec(setup)
    api = load_api(setup.package, spec)
    scenario = load_scenario(extends, setup.folders(), spec, api.data).build()
    steps, unused = steps_of(entries, spec, people_of(scenario, api))
    _tell(unused, len(steps))
    if not steps:
        return 1
    text = scenario_text(path.name, extends, steps)
    if output is None:
        say(text)
    else:
        write_files(output.parent, {output.name: text})
        say(f"{output} is written; `mockportal verify {output}` plays it")
    return 0


def _tell(unused: Sequence[tuple[HarEntry, str]], used: int) -> None:
    for entry, reason in unused:
        warn(f"not used: {entry.number}: {entry}: {reason}")
    warn(f"{used} steps; {len(unused)} entries were not used")


def scenario_text(name: str, extends: str, steps: Sequence[Step]) -> str:
    """The text of a scenario with these steps."""
    head = yaml_text({"about": f"The steps of {name}.", "extends": extends})
    items = yaml_items([(step.remarks, step.keys) for step in steps], "  ")
    return f"{head}expect:\n" + "".join(f"{line}\n" for line in items)
