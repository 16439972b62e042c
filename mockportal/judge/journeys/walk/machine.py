"""The state machine that draws the steps of a journey's walks.

A step that finds something wrong books it and ends its walk, for the model is out of step from there on; the other
walks of the journey go on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial, wraps
from itertools import count
from typing import Any, ClassVar, NamedTuple

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from mockportal.judge.context import Context
from mockportal.judge.journeys.walk.walk import Ended, Skipped, Walk
from mockportal.judge.wire.gate import Blocked, Stopped

_FEWER = (2, 8)  # walks and steps where there is no world to throw away afterwards


class Journey(NamedTuple):
    """`operations` are those without which it cannot be walked."""

    operations: tuple[str, ...]
    run: Callable[[Context], None]


class Machine(RuleBasedStateMachine):
    """A journey; its walks are in worlds of their own. One with `needs_world` leaves something behind that no operation
    takes away, so it is walked only where worlds are thrown away."""

    steps: ClassVar[list[tuple[Callable[..., None], dict[str, Any]]]]
    needs_world: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        steps = (getattr(act, "taken", None) for act in cls.__dict__.values())
        cls.steps = [*getattr(cls, "steps", ()), *(found for found in steps if found)]

    def __init__(self, context: Context, numbers: Iterator[int], stops: list[Stopped]) -> None:
        super().__init__()
        self.context, self.stops = context, stops
        self.walk = Walk(context, f"{context.check.replace('_', '-')}-{context.seed}-{next(numbers)}")
        _guarded(self, self.begin)

    def begin(self) -> None:
        """Learns what there is."""

    @initialize(data=st.data())
    def tour(self, data: Any) -> None:
        """Takes every step of the class once, before hypothesis draws any. After the first one, a drawn step comes next
        and the others follow in turn, so that no step always comes after one that ends the walk."""
        first, rest = self.steps[:1], self.steps[1:]
        cut = data.draw(st.integers(0, max(len(rest) - 1, 0)))
        for act, drawn in (*first, *rest[cut:], *rest[:cut]):
            act(self, **data.draw(st.fixed_dictionaries(drawn)))

    def teardown(self) -> None:
        self.walk.ended = False
        _guarded(self, self.walk.tidy)


def step(*operations: str, **drawn: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule of a machine that is left out where `operations` cannot be called."""

    def decorate(act: Callable[..., None]) -> Any:
        @wraps(act)
        def run(self: Machine, **values: Any) -> None:
            if self.walk.can(*operations):
                _guarded(self, act, self, **values)

        taken: Any = rule(**drawn)(run)  # type: ignore[no-untyped-call]
        taken.taken = (run, drawn)
        return taken

    return decorate


def journey(machine: type[Machine], *operations: str, walks: int = 5, steps: int = 10) -> Journey:
    """A journey of so many walks of at most so many steps."""

    def run(context: Context) -> None:
        if not context.usable(*operations) or (machine.needs_world and not context.target.isolation):
            return
        stops: list[Stopped] = []
        walk = partial(machine, context, count(1), stops)
        seed(context.seed)(walk)
        run_state_machine_as_test(walk, settings=_settings(context, walks, steps))  # type: ignore[arg-type]
        if stops:
            raise stops[0]

    return Journey(operations, run)


def pick(things: Sequence[Any], number: int) -> Any:
    """One of them. Skips the step if there is none."""
    if not things:
        raise Skipped
    return things[number % len(things)]


def _guarded(machine: Machine, act: Callable[..., object], *args: Any, **values: Any) -> None:
    """Does something unless the walk has ended, and notes if that ends it."""
    if machine.walk.ended:
        return
    machine.walk.ended = True
    with suppress(Ended, Blocked):
        try:
            with suppress(Skipped):
                act(*args, **values)
        except Stopped as stopped:
            machine.stops.append(stopped)
            raise Ended from None
        machine.walk.ended = bool(machine.stops)


def _settings(context: Context, walks: int, steps: int) -> settings:
    walks, steps = (walks, steps) if context.target.isolation else _FEWER
    return settings(
        phases=[Phase.generate],
        max_examples=walks,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
