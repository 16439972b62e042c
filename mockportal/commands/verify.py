"""`mockportal verify`: scenarios played one after another, and what does not hold in each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mockportal.commands.output import say, say_json, warn
from mockportal.expectations import Failure, failures
from mockportal.files.pointers import pointer_to
from mockportal.mock import Setup, load_mock
from mockportal.state.scenario import load_scenario
from mockportal.state.scenario_files import scenario_names
from mockportal.values import Record


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


def verify(names: Sequence[str], setup: Setup, format: str) -> int:
    """Plays scenarios and prints a verdict on each. 1 if one fails. Raises `MockportalError`."""
    verdicts = []
    for verdict in verdicts_on(names, setup):
        verdicts.append(verdict)
        if format == "text":
            say(f"{'holds' if verdict.holds else 'fails':8}{verdict.scenario}")
            for where, failure in verdict.failures:
                say(f"  {where}: {failure}")
    if format == "json":
        say_json([verdict.to_json() for verdict in verdicts])
    else:
        broken = sum(not verdict.holds for verdict in verdicts)
        warn(f"{len(verdicts)} scenarios, {broken} of them fail")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


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
