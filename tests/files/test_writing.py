"""Files are written whole or not at all: a full disk and a folder that cannot be written change nothing."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockportal.errors import UsageError
from mockportal.files.writing import write_files


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """No file of this process gets larger than `size`, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    write_files(tmp_path, {"report.json": "old", "summary.md": "old"})

    with full_after(1_000), pytest.raises(UsageError) as said:
        write_files(tmp_path, {"summary.md": "new", "report.json": "x" * 2_000})

    assert str(said.value) == f"{tmp_path}: cannot be written (File too large)"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "report.json": "old",
        "summary.md": "new",
    }


@pytest.mark.parametrize("folder", ["/proc/nothing", "/dev/null/reports"])
def test_folder_that_cannot_be_written_is_one_line(folder: str) -> None:
    with pytest.raises(UsageError, match=rf"^{folder}: cannot be written \("):
        write_files(Path(folder), {"report.json": "{}"})
