"""`mockportal verify`: scenarios played one after another, and what does not hold in each."""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mockportal.commands.output import say, say_json, warn
from mockportal.commands.setup_flags import setup_of
from mockportal.expectations import Failure, failures
from mockportal.files.pointers import pointer_to
from mockportal.files.writing import write_files
from mockportal.mock import Setup, load_mock
from mockportal.state.scenario import load_scenario
from mockportal.state.scenario_files import scenario_names
from mockportal.values import Record

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of a scenario with so many `expectations`; each failure comes with file, line and pointer of its entry."""

    scenario: str
    expectations: int
    failures: tuple[tuple[str, Failure], ...]

    @property
    def holds(self) -> bool:
        return not self.failures

    def to_json(self) -> Record:
        found = [{"where": where, **failure.to_json()} for where, failure in self.failures]
        return {
            "scenario": self.scenario,
            "holds": self.holds,
            "expectations": self.expectations,
            "failures": found,
        }


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `verify`."""
    parser.add_argument(
        "names", nargs="*", metavar="SCENARIO", help="a scenario's name, or its file (default: all there are)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the verdicts")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the verdicts as JUnit XML")


def run(given: argparse.Namespace) -> int:
    """Plays the scenarios. Raises `MockportalError`."""
    return verify(given.names, setup_of(given), given.format, given.junit)


def verify(names: Sequence[str], setup: Setup, format: str, junit: Path | None = None) -> int:
    """Plays scenarios and prints a verdict on each; `junit` is a file to write them to as well. 1 if one fails.

    Raises `MockportalError`.
    """
    verdicts = []
    for verdict in verdicts_on(names, setup):
        verdicts.append(verdict)
        if format == "text":
            say(f"{'holds' if verdict.holds else 'fails':8}{verdict.scenario}")
            for where, failure in verdict.failures:
                say(f"  {where}: {failure}")
    if junit is not None:
        write_files(junit.parent, {junit.name: junit_xml(verdicts)})
    if format == "json":
        say_json([verdict.to_json() for verdict in verdicts])
    else:
        broken = sum(not verdict.holds for verdict in verdicts)
        warn(f"{len(verdicts)} scenarios, {broken} of them fail")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def junit_xml(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as JUnit XML: a test for each scenario, which fails with everything that does not hold."""
    broken = sum(not verdict.holds for verdict in verdicts)
    counts = {"tests": str(len(verdicts)), "failures": str(broken), "errors": "0", "skipped": "0"}
    suites = Element("testsuites", {"name": "mockportal verify", **counts})
    suite = SubElement(suites, "testsuite", {"name": "mockportal verify", **counts})
    for verdict in verdicts:
        case = SubElement(suite, "testcase", {"classname": "mockportal.verify", "name": verdict.scenario})
        told = [_FORBIDDEN.sub("\ufffd", f"{where}: {failure}") for where, failure in verdict.failures]
        if told:
            more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
            failed = SubElement(case, "failure", {"message": told[0] + more, "type": "expectation"})
            failed.text = "\n".join(told)
    indent(suites)
    written: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return written.decode() + "\n"


def verdicts_on(names: Sequence[str], setup: Setup) -> Iterator[Verdict]:
    """A verdict on each scenario, given by name or file (none: all that can be served by name).

    Raises `MockportalError` for one that cannot be used.
    """
    folders = setup.folders()
    chosen = names or scenario_names(folders)
    if not chosen:
        return
    mock = load_mock(replace(setup, scenario=chosen[0]))
    for name in chosen:
        plan = load_scenario(name, folders, mock.spec, mock.api.data)
        scenario = plan.build()
        found = failures(scenario, mock.engine)
        located = tuple((plan.where(pointer_to("expect", failure.entry)), failure) for failure in found)
        yield Verdict(scenario.name, len(scenario.expect), located)
