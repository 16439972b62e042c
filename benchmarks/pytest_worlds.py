"""Measures what the fixture `portal` adds to a test: 200 tests with a world each, against the same tests without.

python benchmarks/pytest_worlds.py [--tests 200] [--runs 5]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import entry_points
from pathlib import Path

PLUGIN = "mockportal.pytest_plugin"
BARE = "def test_{n}():\n    pass\n"
WITH_WORLD = "def test_{n}(portal):\n    pass\n"
SITUATION = '@pytest.mark.portal(scenario="overdue-invoice")\n' + WITH_WORLD
REQUEST = 'def test_{n}(portal):\n    assert portal.as_("anna").get("/v2/portal/user").is_success\n'


def main() -> None:
    """Prints the median of some runs for each kind of test."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tests", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    kinds = {"bare": BARE, "a world": WITH_WORLD, "a situation": SITUATION, "a world and a request": REQUEST}
    bare = 0.0
    for name, text in kinds.items():
        seconds = statistics.median(run(text, given.tests) for _ in range(given.runs))
        bare = bare or seconds
        sys.stdout.write(f"{name:22} {seconds:5.2f} s, {seconds - bare:5.2f} s more\n")


def run(text: str, tests: int) -> float:
    """Seconds of a whole run of pytest, from its start to its end, over so many tests like `text`."""
    with tempfile.TemporaryDirectory() as folder:
        body = "import pytest\n\n" + "\n".join(text.format(n=n) for n in range(tests))
        Path(folder, "test_worlds.py").write_text(body)
        is_installed = any(entry.value == PLUGIN for entry in entry_points(group="pytest11"))
        plugin = [] if is_installed else ["-p", PLUGIN]
        line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin]
        start = time.perf_counter()
        subprocess.run(line, cwd=folder, check=True, capture_output=True)
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
