"""Microseconds that the mock takes for a request in this process, without a network: a figure with little noise.

`python benchmarks/in_process.py` plays the requests of `throughput.py` at the ASGI application, over and over, and
prints the median of each: the same request again, and no two requests the same. `--calls` counts the calls of functions
instead, which come out alike on any machine.
"""

import argparse
import asyncio
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import geometric_mean, median
from types import FrameType
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from starlette.types import ASGIApp, Message, Scope  # noqa: E402

from benchmarks.throughput import Case, cases_of  # noqa: E402
from mockportal.mock import Setup, load_mock  # noqa: E402
from mockportal.web.app import create_app  # noqa: E402

BATCH = 20
HEADERS = [
    (b"host", b"127.0.0.1:8080"),
    (b"authorization", b"Bearer dev-anna"),
    (b"content-type", b"application/json"),
]
VARIED = "&varied={n}"


def scope_of(case: Case, number: int) -> Scope:
    """The request as a server hands it over."""
    path, _, query = case.path.partition("?")
    query += VARIED.format(n=number) if number else ""
    length = [(b"content-length", b"%d" % len(case.body))] if case.body else []
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": case.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": HEADERS + length,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8080),
        "state": {},
    }


async def play(app: ASGIApp, case: Case, number: int) -> int:
    """Plays one request; the status."""
    statuses = []

    async def receive() -> Message:
        return {"type": "http.request", "body": case.body.encode(), "more_body": False}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    await app(scope_of(case, number), receive, send)
    return int(statuses[0])


async def microseconds(app: ASGIApp, case: Case, rounds: int, number: Callable[[], int]) -> float:
    """The median of many batches; the first requests warm up."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(BATCH):
            status = await play(app, case, number())
        times.append((time.process_time() - started) / BATCH * 1e6)
        assert (status < 400) == case.fine, f"{case.name}: {status}"
    return median(times[rounds // 5 :])


async def calls(app: ASGIApp, case: Case, number: Callable[[], int]) -> float:
    """The calls of Python and C functions for one request, once it is warm."""
    count = 0

    def note(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    for _ in range(BATCH):
        await play(app, case, number())
    sys.setprofile(note)
    for _ in range(BATCH):
        await play(app, case, number())
    sys.setprofile(None)
    return count / BATCH


async def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=100, help=f"of {BATCH} requests each")
    parser.add_argument("--calls", action="store_true", help="count calls in place of time")
    options = parser.parse_args()
    mock = load_mock(Setup())
    app = create_app(mock).state.direct  # as `mockportal serve` does
    gc.freeze()
    aliases = mock.world().scenario.aliases
    numbers = iter(range(1, 10_000_000))
    totals: list[list[float]] = []
    print(f"| request | repeated {'calls' if options.calls else 'µs'} | varied |\n|---|---|---|")  # noqa: T201
    for case in cases_of(lambda kind, alias: aliases[kind][alias]):
        row = []
        for number in (lambda: 0, lambda: next(numbers)):
            counted = (
                calls(app, case, number) if options.calls else microseconds(app, case, options.rounds, number)
            )
            row.append(await counted)
        totals.append(row)
        print(f"| {case.name} | {row[0]:.0f} | {row[1]:.0f} |")  # noqa: T201
    means = [geometric_mean(column) for column in zip(*totals, strict=True)]
    print(f"\ngeometric means {means[0]:.0f} and {means[1]:.0f}")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
