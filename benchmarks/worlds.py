"""Times of making, resetting and rewinding a world, and the memory of many small writes.

`python benchmarks/worlds.py` prints medians and maxima in microseconds, for a world of 100,000 records, and the growth
of this process by 10,000 writes to a world of 10,000 records. Nothing goes over HTTP.
"""

import gc
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))

from mockportal.engine.call import Reply, Request
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock_spec
from mockportal.state.scenario import Scenario

RECORDS, SMALLER, WRITES, TIMES = 100_000, 10_000, 10_000, 1_000
KIND = "ticket"


def main() -> None:
    mock = Mock(Setup(), load_mock_spec(Setup()))
    small = mock.worlds.add("small", filled(mock.scenario(None), SMALLER))
    gc.collect()
    before = resident()
    for n in range(WRITES):
        write(small, n)
    say(f"{WRITES} writes to a world of {SMALLER} records: {resident() - before:.1f} MB more")
    say(f"a world of {RECORDS} records")
    big = filled(mock.scenario(None), RECORDS)
    world = mock.worlds.add("big", big)
    timed("make it", lambda n: mock.worlds.add(f"w{n % 200}", big))
    timed("reset it", lambda _: world.reset(big))
    for n in range(TIMES):
        write(world, n)
    timed("rewind it", lambda n: world.go_to(moment_after(world, n * 7919 % TIMES + 1)))


def filled(scenario: Scenario, records: int) -> Scenario:
    """The scenario with so many records more."""
    draft = World("filled", scenario).draft()
    for n in range(records):
        draft.collection(KIND).put({"_id": f"filled-{n}", "subject": f"Frage {n}", "status": "Open"})
    return replace(scenario, state=draft.state.as_start())


def write(world: World, n: int) -> None:
    """One committed exchange that changes one record."""
    draft = world.draft()
    draft.collection(KIND).put({"_id": f"filled-{n}", "subject": f"Frage {n}", "status": "Closed"})
    reply = Reply(200, None)
    world.record("benchmark", Request("POST", f"/ticket/{n}"), (reply, b"{}"), draft.state)


def moment_after(world: World, n: int):  # type: ignore[no-untyped-def]
    moment = world.moment_after(n)
    assert moment is not None, n
    return moment


def timed(what: str, act: Callable[[int], object]) -> None:
    """Prints how long it takes, over many times."""
    taken = []
    for n in range(TIMES):
        start = perf_counter()
        act(n)
        taken.append((perf_counter() - start) * 1_000_000)
    say(f"{what}: median {median(taken):.0f} us, slowest {max(taken):.0f} us")


def resident() -> float:
    """The memory of this process that is in RAM now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
