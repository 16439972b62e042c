"""`mockportal export`: the session of a world as a scenario."""

import argparse
from pathlib import Path
from urllib.parse import quote

from mockportal.commands.output import say, warn
from mockportal.commands.recordings.control import must
from mockportal.commands.recordings.wire import address
from mockportal.commands.scenarios.token import DEFAULT_URL
from mockportal.files.writing import write_files
from mockportal.worlds import MAIN


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `export`."""
    parser.add_argument("--world", default=MAIN, metavar="W", help=f"the world (default: {MAIN})")
    parser.add_argument(
        "--url", default=DEFAULT_URL, metavar="URL", help=f"the mock (default: {DEFAULT_URL})"
    )
    parser.add_argument("--minimize", action="store_true", help="only what the last answer depends on")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it to a file (default: stdout)")


def run(given: argparse.Namespace) -> int:
    """Prints or writes the scenario. Raises `UsageError`."""
    url = address("--url", given.url)
    query = "?minimize=true" if given.minimize else ""
    text = must(url, "GET", f"/worlds/{quote(given.world, safe='')}/export{query}").content.decode()
    if given.out is None:
        say(text)
    else:
        write_files(given.out.parent, {given.out.name: text})
        warn(f"{given.out} is written; `mockportal verify {given.out}` plays it")
    return 0
