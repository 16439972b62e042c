"""Shows the progress of a run on stderr: a bar on a terminal, else a line for each stage and every now and then."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

NOTICE = "notice"  # a stage whose only content is a line for whoever waits
_EVERY = 15.0  # seconds between two lines
_EARLY = 0.03  # the part of a run before which nobody can tell how long it takes
# How long each stage takes for one thing in it, compared with one generated phase for one operation.
_WEIGHTS = {"checks": 10.0, "journeys": 5.0, "stateful": 30.0}


@dataclass(slots=True)
class Course:
    """The way of a run. `sizes` is how many things there are in each of its stages, in order."""

    sizes: Mapping[str, int]
    now: Callable[[], float] = time.monotonic
    started: float = 0.0
    stage: str = ""
    seen: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.started = self.now()

    def enter(self, stage: str, what: str) -> None:
        self.stage = stage
        self.seen.setdefault(stage, set()).add(what)

    @property
    def part(self) -> float:
        """The part of the run that is done, from 0 to 1."""
        stages = [*self.sizes]
        before = stages[: stages.index(self.stage)]
        done = sum(self._weight(stage, self.sizes[stage]) for stage in before)
        done += self._weight(self.stage, min(len(self.seen[self.stage]) - 1, self.sizes[self.stage]))
        return done / (sum(self._weight(stage, size) for stage, size in self.sizes.items()) or 1.0)

    def told(self, what: str) -> str:
        """`checks 12 of 29: paging_is_honoured, 40 %, about 3 min left`."""
        count = min(len(self.seen[self.stage]), self.sizes[self.stage])
        place = f"{self.stage} {count} of {self.sizes[self.stage]}"
        left = self.left()
        return ", ".join(filter(None, [f"{place}: {what}" if what else place, f"{self.part:.0%}", left]))

    def left(self) -> str:
        """`about 3 min left`, or "" while nobody can tell."""
        part = self.part
        if part < _EARLY:
            return ""
        seconds = (self.now() - self.started) * (1 - part) / part
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {seconds:.0f} s left"

    @staticmethod
    def _weight(stage: str, things: int) -> float:
        return _WEIGHTS.get(stage, 1.0) * things


@contextmanager
def shown(sizes: Mapping[str, int]) -> Iterator[Callable[[str, str], None]]:
    """A function to call with the stage and what is at work in it."""
    course = Course(sizes)
    if sys.stderr.isatty():
        columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield _on_terminal(bar, course)
    else:
        yield in_lines(course, _write)


def _on_terminal(bar: Progress, course: Course) -> Callable[[str, str], None]:
    task = bar.add_task("", total=1.0)

    def say(stage: str, what: str) -> None:
        if stage == NOTICE:
            bar.console.print(what)
        elif stage in course.sizes:
            course.enter(stage, what)
            bar.update(task, completed=course.part, description=course.told(what))

    return say


def in_lines(course: Course, write: Callable[[str], None]) -> Callable[[str, str], None]:
    """Writes a line when a stage begins, and at most one every fifteen seconds."""
    last = course.now()

    def say(stage: str, what: str) -> None:
        nonlocal last
        if stage == NOTICE:
            write(what)
        if stage not in course.sizes:
            return
        begins = stage not in course.seen
        course.enter(stage, what)
        if begins:
            write(f"{stage} …")
        elif course.now() - last < _EVERY:
            return
        else:
            write(course.told(what))
        last = course.now()

    return say


def _write(line: str) -> None:
    with suppress(OSError):  # nobody reads it
        sys.stderr.write(f"mockportal: {line}\n")
        sys.stderr.flush()
