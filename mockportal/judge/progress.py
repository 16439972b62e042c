"""Shows the progress of a run on stderr: a bar on a terminal, otherwise a line for each stage."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_QUIET = ("probing", "schema_analysis", "auth_bootstrap")


@contextmanager
def shown(operations: int) -> Iterator[Callable[[str, str], None]]:
    """A function to call with the stage and what is at work in it."""
    if sys.stderr.isatty():
        with _bar() as bar:
            yield _on_terminal(bar, operations)
    else:
        yield _in_lines()


def _bar() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[stage]:10}"),
        BarColumn(),
        TextColumn("{task.fields[what]}"),
    )
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)


def _on_terminal(bar: Progress, operations: int) -> Callable[[str, str], None]:
    task = bar.add_task("", total=operations, stage="", what="")
    seen: dict[str, set[str]] = {}

    def say(stage: str, what: str) -> None:
        if stage in _QUIET:
            return
        done = seen.setdefault(stage, set())
        done.add(what)
        bar.update(task, stage=stage, what=what, completed=len(done))

    return say


def _in_lines() -> Callable[[str, str], None]:
    said: set[str] = set()

    def say(stage: str, what: str) -> None:
        if stage not in said and stage not in _QUIET:
            said.add(stage)
            with suppress(OSError):  # nobody reads it
                sys.stderr.write(f"mockportal: {stage} …\n")
                sys.stderr.flush()

    return say
