"""The flags that every command takes: the document, its overlay, behaviours and scenarios."""

import argparse
from dataclasses import replace
from pathlib import Path

from mockportal.commands.flags import version_of
from mockportal.config import BEHAVIOURS, VERSIONS
from mockportal.mock import Setup
from mockportal.state.clock import Clock


def add_setup_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags."""
    document = parser.add_mutually_exclusive_group()
    document.add_argument(
        "--api", type=version_of, default=VERSIONS[0], metavar="VERSION",
        help=f"the version of the shipped document: {' or '.join(VERSIONS)} (default: {VERSIONS[0]})",
    )  # fmt: skip
    document.add_argument("--spec", type=Path, metavar="FILE", help="another OpenAPI document (JSON or YAML)")
    overlay = parser.add_mutually_exclusive_group()
    overlay.add_argument("--overlay", type=Path, metavar="FILE", help="another OpenAPI Overlay")
    overlay.add_argument("--no-overlay", action="store_true", help="the raw document")
    parser.add_argument(
        "--strict", action="store_true", help="refuse a document with a fault in any operation"
    )
    parser.add_argument(
        "--behaviours",
        metavar="PACKAGE",
        help=f"what answers it (default: {BEHAVIOURS} for its own document, none for another)",
    )
    parser.add_argument(
        "--scenarios", type=Path, metavar="FOLDER", help="looked up first (default: ./scenarios)"
    )


def setup_of(given: argparse.Namespace) -> Setup:
    """The set-up that the flags ask for; a command without one of them has its default."""
    return Setup(
        scenario=getattr(given, "scenario", "default"),
        api=given.api,
        spec=given.spec,
        overlay=given.overlay,
        use_overlay=not given.no_overlay,
        strict=given.strict,
        behaviours=given.behaviours,
        scenarios=given.scenarios,
        seed=getattr(given, "seed", None),
        clock=_clock(given),
        frontend=getattr(given, "frontend", None) or "",
        domains=tuple(getattr(given, "domain", ())),
    )


def _clock(given: argparse.Namespace) -> Clock | None:
    clock: Clock | None = getattr(given, "clock", None)
    return replace(clock, moves_dates=False) if clock is not None and given.no_shift else clock
