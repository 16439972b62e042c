"""How long a small request takes beside a client that asks for two years of quarter hours again and again.

python benchmarks/beside.py [--seconds 10] [--operation consumption|costs]

The small requests go to another world, one after the other on one connection; first alone, then beside the others.
"""

import argparse
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

ANNA = {"Authorization": "Bearer dev-anna"}
QUERY = "extensionId=energy-data&from=2024-06-01T00:00:00Z&to=2026-06-01T00:00:00Z&interval=PT15M"
METER = "432ae6c7-ce16-5b6a-bc4f-9ea81ff97236"
PAUSE = 0.002  # seconds between two small requests
ALONE = 500  # requests


class LongAsker(threading.Thread):
    """Asks until it is told to stop, and counts."""

    def __init__(self, port: int, operation: str) -> None:
        super().__init__()
        self.port, self.operation = port, operation
        self.answers, self.is_over = 0, False

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port)
        while not self.is_over:
            path = f"/v2/portal/{self.operation}?{QUERY}&meter_id={METER}&n={self.answers}"
            connection.request("GET", path, headers={**ANNA, "X-Mockportal-World": "long"})
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == 200, content
            self.answers += 1


def small(connection: HTTPConnection, number: int) -> float:
    """The milliseconds that a new small request takes."""
    began = time.perf_counter()
    connection.request("GET", f"/v2/portal/user?n={number}", headers={**ANNA, "X-Mockportal-World": "small"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return (time.perf_counter() - began) * 1000


def told(name: str, taken: list[float]) -> None:
    ranked = sorted(taken)
    p50, p90, p99 = (ranked[int(len(ranked) * share)] for share in (0.5, 0.9, 0.99))
    sys.stdout.write(
        f"{name}: {len(taken)} small requests, p50 {p50:.1f} ms, p90 {p90:.1f} ms, p99 {p99:.1f} ms\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--operation", default="consumption", choices=("consumption", "costs"))
    asked = parser.parse_args()
    command = [sys.executable, "-m", "mockportal", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = urlsplit(server.stdout.readline().split()[3]).port or 0
        connection = HTTPConnection("127.0.0.1", port)
        told("alone", [small(connection, number) for number in range(ALONE)])
        long = LongAsker(port, asked.operation)
        long.start()
        end, taken = time.monotonic() + asked.seconds, list[float]()
        while time.monotonic() < end:
            taken.append(small(connection, ALONE + len(taken)))
            time.sleep(PAUSE)
        long.is_over = True
        long.join()
        told(f"beside {long.answers} long answers", taken)
        server.terminate()


if __name__ == "__main__":
    main()
