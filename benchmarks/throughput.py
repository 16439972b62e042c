"""Requests per second and latency of the mock, as a ratio to a bare uvicorn application in the same run.

The bare application answers fixed bytes, as many as the mock's answer has.

Needs `wrk`. `python benchmarks/throughput.py` starts both servers on free ports of 127.0.0.1, plays every request
against both in interleaved rounds, and prints the median of each: a table, and the geometric mean of the ratios.

CPU time is that of the server's process, from /proc: on a busy machine it is steadier than rates, which swing twofold.

With `--vary` no two requests are the same (a number in the query that means nothing), so that the mock can remember no
answer and computes each of them.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import geometric_mean, median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
WRK = re.compile(r"Requests/sec:\s+([\d.]+)")
LATENCY = re.compile(r"(50|99)%\s+([\d.]+)(us|ms|s)")
SENT = re.compile(r"(\d+) requests in")
BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)")
NUMBERED = """
local n = 0
function request()
  n = n + 1
  return wrk.format(nil, (string.gsub("{path}", "{{n}}", n)))
end
"""
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Case(NamedTuple):
    """One request. `fine` says whether its answer is a success."""

    name: str
    method: str
    path: str
    body: str
    fine: bool


class Measured(NamedTuple):
    """One run of wrk: requests per second, p50 and p99 in milliseconds, the server's CPU time for a request in µs."""

    rate: float
    p50: float
    p99: float
    cpu: float


def cases(url: str) -> list[Case]:
    """The requests, with the ids that the world of a running mock has."""
    state = f"{url}/__mockportal/worlds/main/state"

    def id_of(kind: str, alias: str) -> str:
        record = json.load(urllib.request.urlopen(f"{state}/{kind}/{alias}"))
        return str(record["portal_id" if kind == "portal" else "_id"])

    return cases_of(id_of)


def cases_of(id_of: Callable[[str, str], str]) -> list[Case]:
    """The seven requests; `id_of` tells the id of a record by its kind and alias."""
    meter, counter = id_of("meter", "1tst0010000001"), id_of("meter_counter", "1tst0010000001-1.8.0")
    reading = {
        "meter_id": meter,
        "counter_id": counter,
        "value": 25000,
        "source": "ECP",
        "timestamp": "2026-06-14",
    }
    search = {
        "slug": "contract",
        "filters": [{"term": {"status": "active"}}],
        "sort": "contract_number:asc",
        "size": 10,
    }
    window = "from=2026-05-01T00:00:00Z&to=2026-05-08T00:00:00Z&interval=P1D"
    consumption = (
        f"app_id=musterau-energiedaten&extensionId=energy-data&hookId=consumption&{window}&meter_id={meter}"
    )
    return [
        Case("getPortalUser", "GET", "/v2/portal/user", "", True),
        Case("getPortalConfigV3", "GET", f"/v3/portal/config/{id_of('portal', 'p1')}", "", True),
        Case("getConsumption", "GET", f"/v2/portal/consumption?{consumption}", "", True),
        Case("createMeterReading", "POST", "/v2/portal/metering/reading", json.dumps(reading), True),
        Case("entity:search", "POST", "/v2/portal/entity:search", json.dumps(search), True),
        Case(
            "invalid body", "POST", "/v2/portal/metering/reading", '{"value": "x", "source": "moon"}', False
        ),
        Case("invalid search", "POST", "/v2/portal/entity:search", '{"slug": 7, "size": "x"}', False),
    ]


def wrk(url: str, pid: int, case: Case, seconds: int, connections: int) -> Measured:
    """Plays one request at the server with this process id for some seconds.

    Fails if an answer has not the status class that the case names.
    """
    headers = (
        'wrk.headers["Authorization"] = "Bearer dev-anna"\nwrk.headers["Content-Type"] = "application/json"\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method = "{case.method}"\n{headers}wrk.body = {json.dumps(case.body)}\n')
        script.write(NUMBERED.format(path=case.path) if "{n}" in case.path else "")
        script.flush()
        line = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            "-s",
            script.name,
            url + case.path.replace("{n}", "0"),
        ]
        spent = cpu_seconds(pid)
        out = subprocess.run(line, capture_output=True, text=True, check=True).stdout
        spent = cpu_seconds(pid) - spent
    found, sent = WRK.search(out), SENT.search(out)
    assert found, out
    assert sent, out
    refused = BAD.search(out)
    assert (refused is None) == case.fine, f"{case.name}: {out}"
    spread = {share: float(value) * MILLISECONDS[unit] for share, value, unit in LATENCY.findall(out)}
    return Measured(
        float(found.group(1)), spread["50"], spread["99"], spent * 1e6 / max(1, int(sent.group(1)))
    )


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has spent, as /proc says."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answer_size(url: str, case: Case) -> int:
    """Bytes of the mock's answer."""
    headers = {"Authorization": "Bearer dev-anna", "Content-Type": "application/json"}
    request = urllib.request.Request(url + case.path, case.body.encode() or None, headers, method=case.method)
    try:
        return len(urllib.request.urlopen(request).read())
    except urllib.error.HTTPError as refused:
        return len(refused.read())


@contextmanager
def server(line: list[str], port: int, path: str) -> Iterator[tuple[str, float, int]]:
    """(URL, seconds from start to the first answer, process id) of a server process."""
    started = time.perf_counter()
    process = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                request = urllib.request.Request(url + path, headers={"Authorization": "Bearer dev-anna"})
                urllib.request.urlopen(request, timeout=1).read()
                break
            except OSError:
                assert process.poll() is None, f"{line} ended"
                assert time.perf_counter() - started < 30
                time.sleep(0.005)
        yield url, time.perf_counter() - started, process.pid
    finally:
        process.terminate()
        process.wait()


def mock(port: int) -> list[str]:
    """The command of the mock."""
    return [sys.executable, "-m", "mockportal", "serve", "--port", str(port)]


def bare(port: int) -> list[str]:
    """The command of the reference."""
    line = [
        sys.executable,
        "-m",
        "uvicorn",
        "benchmarks.bare:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    return [*line, "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--lifespan", "off"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def resident_megabytes(pid: int) -> float:
    """Memory of a process, as /proc says."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def start_up(rounds: int) -> tuple[float, float]:
    """Median seconds to the first answer: (mock, bare), in interleaved starts."""
    times: dict[str, list[float]] = {"mock": [], "bare": []}
    for _ in range(rounds):
        for name, command, path in (("mock", mock, "/v2/portal/user"), ("bare", bare, "/")):
            port = free_port()
            with server(command(port), port, path) as (_, seconds, _):
                times[name].append(seconds)
    return median(times["mock"]), median(times["bare"])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--vary", action="store_true", help="let no two requests be the same")
    options = parser.parse_args()
    ports = free_port(), free_port()
    results: dict[tuple[str, str], list[Measured]] = {}
    with server(mock(ports[0]), ports[0], "/v2/portal/user") as (url, _, pid):
        idle = resident_megabytes(pid)
        played = cases(url)
        sizes = {case.name: answer_size(url, case) for case in played}
        if options.vary:
            played = [
                case._replace(path=f"{case.path}{'&' if '?' in case.path else '?'}n={{n}}") for case in played
            ]
        with server(bare(ports[1]), ports[1], "/") as (reference, _, bare_pid):
            for _ in range(options.rounds):
                for case in played:
                    path = f"/{{n}}?size={sizes[case.name]}" if options.vary else f"/?size={sizes[case.name]}"
                    same = case._replace(path=path, fine=True)
                    runs = (("mock", url, pid, case), ("bare", reference, bare_pid, same))
                    for name, target, process, kind in runs:
                        measured = wrk(target, process, kind, options.seconds, options.connections)
                        results.setdefault((name, case.name), []).append(measured)
        loaded = resident_megabytes(pid)
    ratios, cpu_ratios = [], []
    print("| request | mock req/s | bare req/s | ratio | CPU µs, mock and bare | ratio | mock p50 / p99 ms |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    for case in played:
        ours, theirs = results["mock", case.name], results["bare", case.name]
        ratio = median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True))
        ratios.append(ratio)
        cpu, bare_cpu = median(one.cpu for one in ours), median(one.cpu for one in theirs)
        cpu_ratios.append(bare_cpu / cpu)
        rates = f"{median(one.rate for one in ours):.0f} | {median(one.rate for one in theirs):.0f}"
        spread = f"{median(one.p50 for one in ours):.1f} / {median(one.p99 for one in ours):.1f}"
        spent = f"{cpu:.0f}, {bare_cpu:.0f} | {bare_cpu / cpu:.2f}"
        print(f"| {case.name} | {rates} | {ratio:.2f} | {spent} | {spread} |")  # noqa: T201
    seconds, reference_seconds = start_up(5)
    print(f"\ngeometric mean ratio {geometric_mean(ratios):.2f}, by CPU {geometric_mean(cpu_ratios):.2f}")  # noqa: T201
    print(f"start-up to the first answer {seconds:.2f} s, bare {reference_seconds:.2f} s")  # noqa: T201
    print(f"resident memory {idle:.0f} MB idle, {loaded:.0f} MB after the load")  # noqa: T201


if __name__ == "__main__":
    main()
