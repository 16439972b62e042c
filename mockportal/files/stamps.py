"""Files as they were when they were read, to tell later whether they have changed."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mockportal.files.strict_yaml import Tagged, YamlFile
from mockportal.json_tree import leaves
from mockportal.values import Json

Stamp = tuple[int, int, int]

_GONE: Stamp = (0, 0, 0)
_COARSE = 10_000_000  # nanoseconds by which the time of a change may be told too early


def stamp_of(path: Path) -> Stamp:
    """The traits that change with a file: time, size and place on the disk. Zeros for one that cannot be looked at."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return _GONE
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


@dataclass(frozen=True, slots=True)
class Reading:
    """Files that were read after the instant `began` (nanoseconds), and their stamps afterwards."""

    began: int
    stamps: Mapping[Path, Stamp]

    def is_current(self) -> bool:
        """False if a file has changed, or may have changed while it was read."""
        return all(
            stamp_of(path) == stamp and stamp[0] + _COARSE < self.began for path, stamp in self.stamps.items()
        )


def reading(began: int, files: Sequence[YamlFile], folders: Iterable[Path] = ()) -> Reading:
    """The reading of these files, of the texts that they name by `!file`, and of folders, which change when a file
    comes or goes."""
    return Reading(began, {path: stamp_of(path) for path in (*_paths(files), *folders)})


def now() -> int:
    """Nanoseconds, as `Reading.began` counts them."""
    return time.time_ns()


def _paths(files: Iterable[YamlFile]) -> Iterator[Path]:
    for file in files:
        if file.is_on_disk:
            yield file.path
            if file.has_tags:
                yield from (file.path.parent / name for name in _texts(file.value))


def _texts(value: Json) -> Iterator[str]:
    """The names of the files that stand behind `!file`."""
    for _, leaf in leaves(value):
        if isinstance(leaf, Tagged) and leaf.tag == "!file" and isinstance(leaf.value, str):
            yield leaf.value
