"""Expectations that count the requests of a world: those of a scenario that has no others, and those of a test."""

from collections.abc import Iterator, Sequence

from mockportal.engine.world import World
from mockportal.expectations import Failure
from mockportal.state.scenario import Scenario
from mockportal.values import Record


def only_counts(scenario: Scenario) -> bool:
    """True if no expectation of a scenario plays anything, so that all of them are about requests of somebody else."""
    return all("operation" in entry and "as" not in entry for entry in scenario.expect)


def count_failures(expect: Sequence[Record], world: World) -> Iterator[Failure]:
    """The expectations that do not hold. Without `times`, one request is enough."""
    asked = [(exchange.operation, exchange.reply.status) for exchange in world.journal]
    for number, entry in enumerate(expect):
        operation, status = entry["operation"], entry["status"]
        times = asked.count((operation, status))
        if times != entry.get("times", times or 1):
            wanted = f"{entry['times']} times" if "times" in entry else "at least once"
            yield Failure(number, operation, f"status {status} {wanted}", f"{times} times")
