"""The mark `portal`: what a test wants of its world."""

from __future__ import annotations  # the types stand in the library

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockportal.library.choices import Choices

MARK = "portal"
_KNOWN = ("scenario", "clock", "rules", "seed", "api")
_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 63
_DIGITS = 8


def choices_of(item: pytest.Item) -> dict[str, Any]:
    """The choices for the world of a test: of its marks, the nearest one first, and of the configuration file.

    Fails the test for a keyword that the mark does not have.
    """
    config, found = item.config, dict[str, Any]()
    for mark in item.iter_markers(MARK):
        unknown = sorted(mark.kwargs.keys() - set(_KNOWN))
        if unknown or mark.args:
            wrong = unknown[0] if unknown else repr(mark.args[0])
            pytest.fail(f"@pytest.mark.portal takes {', '.join(_KNOWN)} by name, not {wrong}", pytrace=False)
        found = {**mark.kwargs, **found}
    if isinstance(found.get("scenario"), str | Path):
        found["scenario"] = _scenario_beside(item.path, str(found["scenario"]))
    return {**configured(config), **found}


def configured(config: pytest.Config) -> Choices:
    """The version and the folder of scenarios that the configuration file names."""
    folder = config.rootpath / str(config.getini("portal_scenarios"))
    version: str = config.getini("portal_api")
    return {"api": version, "scenarios": folder} if folder.is_dir() else {"api": version}


def world_name(nodeid: str) -> str:
    """`test-reading-is-refused-1f0c2a9b`: a name that tells which test it is, and that no other test has."""
    digest = hashlib.sha256(nodeid.encode()).hexdigest()[:_DIGITS]
    readable = _OTHER.sub("-", nodeid.rpartition("::")[2].lower()).strip("-")
    return f"{readable[: _LONGEST - _DIGITS - 1].strip('-')}-{digest}".lstrip("-")


def _scenario_beside(test: Path, name: str) -> str:
    """A file beside the test if there is one, else the scenario as it is named."""
    beside = test.parent / name
    return str(beside) if beside.is_file() else name
