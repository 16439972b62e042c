"""Writing of report folders."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from mockportal.errors import UsageError


def write_files(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Files with these names and texts in `folder`, each whole or not at all. Raises `UsageError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / name, text) for name, text in texts.items()]
    except OSError as error:
        raise UsageError(str(folder), f"cannot be written ({error.strerror})") from None


def check_writable(folder: Path) -> None:
    """Makes the folder, if it is not there. Raises `UsageError` if no file can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(str(folder), f"cannot be written ({error.strerror})") from None


def _write(path: Path, text: str) -> Path:
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_text(text, "utf-8", newline="\n")
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise
    return path
