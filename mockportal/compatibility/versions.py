"""Compares an older file, or a folder of versions, with the current document."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mockportal.compatibility.changes import Change
from mockportal.compatibility.comparison import compare_sources, source_of
from mockportal.errors import SpecError, UsageError
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.values import Record

_SUFFIXES = frozenset((".json", ".yaml", ".yml"))
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class VersionStep:
    """The changes from one version to the next, both named after their files: those of a folder without it."""

    old: str
    new: str
    changes: list[Change]

    def to_json(self) -> Record:
        """The step as an object."""
        return {"old": self.old, "new": self.new, "changes": [change.to_json() for change in self.changes]}


def compare_versions(old: Path, new: Record, new_name: str) -> list[VersionStep]:
    """The steps from `old` to `new`; the files of a folder come in version order, `v2` before `v10`.

    Raises `SpecError` for a file that cannot be read or is not OpenAPI 3, `UsageError` for a folder without versions.
    """
    files = _versions(old) if old.is_dir() else [old]
    old_names = [file.name for file in files] if old.is_dir() else [str(old)]
    sources = [source_of(_loaded(file), str(file)) for file in files]
    names = [*old_names, new_name]
    pairs = pairwise([*sources, source_of(new, new_name)])
    return [
        VersionStep(before, after, compare_sources(*pair))
        for (before, after), pair in zip(pairwise(names), pairs, strict=True)
    ]


def _loaded(file: Path) -> Record:
    try:
        return load_openapi(file)
    except SpecError as error:
        where = f"{file}: {error.where}" if error.where.startswith("/paths/") else error.where
        raise SpecError(where, error.problem) from None


def _versions(folder: Path) -> list[Path]:
    files = [file for file in folder.iterdir() if file.suffix in _SUFFIXES and not file.name.startswith(".")]
    if not files:
        raise UsageError(str(folder), "holds no version: no .json, .yaml or .yml file")
    return sorted(files, key=_order)


def _order(file: Path) -> tuple[list[tuple[int, str]], str]:
    """Numbers in the name by their value, texts by their letters."""
    parts = _DIGITS.split(file.stem)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], file.name
