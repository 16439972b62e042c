"""What the machines share: one mock, a fresh world for each run, and a client of it.

A machine changes the world through the API and keeps a dict of what it expects to find there.
"""

from collections.abc import Iterable
from functools import cache
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock
from mockportal.testing import Client
from tests.support.changes import id_of

_T = TypeVar("_T")


@cache
def the_mock() -> Mock:
    """The mock of all invariants; it remembers nothing of its worlds."""
    return load_mock(Setup())


def fresh_world() -> World:
    """A world as the default scenario says."""
    return World("test", the_mock().scenario(None))


class Machine(RuleBasedStateMachine):
    """Walks at random through a world of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.world = fresh_world()
        self.admin = self.as_("admin")
        self.nobody = Client(the_mock(), self.world)

    def as_(self, person: str) -> Client:
        return Client(the_mock(), self.world, f"dev-{person}")

    def id_of(self, name: str) -> str:
        """The id of a record of the scenario, such as `contract/v-900001`."""
        return id_of(self.world, name)


def walk(machine: type[Machine]) -> None:
    """Runs a machine as often, and as far, as the profile says."""
    run_state_machine_as_test(machine)


def chosen(items: Iterable[_T], pick: int) -> _T:
    """One of the items; a smaller `pick` is an earlier one."""
    listed = list(items)
    return listed[pick % len(listed)]


def fork_of(world: World) -> World:
    """Another world in the same state, at the same time."""
    fork = World(world.name, world.scenario)
    fork.state, fork.clock = world.state, world.clock
    return fork


def fresh_client(person: str) -> Client:
    """Somebody in a fresh world."""
    return Client(the_mock(), fresh_world(), f"dev-{person}")
