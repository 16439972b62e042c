"""`mockportal docs`: the manual, which is in the package."""

import argparse
import os
import sys
import webbrowser
from pathlib import Path

from mockportal.commands.output import say
from mockportal.config import cache_folder, content
from mockportal.errors import UsageError
from mockportal.manual.llms import llms_text
from mockportal.manual.pages import INDEX, place_of
from mockportal.manual.site import site_in

SKILL = "mockportal/SKILL.md"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `docs`."""
    parser.add_argument(
        "topic",
        nargs="?",
        default=INDEX,
        metavar="TOPIC",
        help="a page, or a heading on one, such as `rules`",
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    way.add_argument("--print", action="store_true", help="print the page as Markdown")
    way.add_argument(
        "--llms", action="store_true", help="print llms.txt, the list of all pages for language models"
    )
    way.add_argument(
        "--skill", action="store_true", help="print SKILL.md, which teaches an agent to use the mock"
    )


def run(given: argparse.Namespace) -> int:
    """Prints the address of the page, and opens it where there is a browser with windows. Raises `MockportalError`."""
    if given.llms:
        say(llms_text())
        return 0
    if given.skill:
        return _said(content("skills") / SKILL)
    place = place_of(given.topic)
    if given.print:
        return _said(content("docs") / f"{place.page.name}.md")
    address = (_site() / f"{place.page.name}.html").as_uri() + (place.anchor and f"#{place.anchor}")
    say(address)
    if not given.no_browser and _has_windows():
        webbrowser.open(address)
    return 0


def _said(file: Path) -> int:
    say(file.read_text(encoding="utf-8").rstrip("\n"))
    return 0


def _site() -> Path:
    """The folder of the HTML pages. Raises `UsageError` if there is no place for it."""
    cache = cache_folder()
    if cache is None:
        raise UsageError("docs", "there is no place for the pages; set XDG_CACHE_HOME, or use --print")
    try:
        return site_in(cache)
    except OSError as error:
        problem = f"cannot be written ({error.strerror}); set XDG_CACHE_HOME, or use --print"
        raise UsageError(str(cache), problem) from None


def _has_windows() -> bool:
    """False where a browser would take over the terminal, or where there is none."""
    return sys.platform in ("darwin", "win32") or any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    )
