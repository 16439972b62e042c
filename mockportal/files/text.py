"""The text of a file, which has to be UTF-8; another encoding is guessed and named."""

from pathlib import Path

from mockportal.errors import FileError, Place, one_line

_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16
_NAME = 200


class UnusableFile(FileError):
    """A file that cannot be read at all: it is missing, too large, or not what it should be."""


def read_text(path: Path, limit: int) -> str:
    """The text of a file of at most `limit` bytes. Raises `UnusableFile`."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UnusableFile(shown_name(path), f"cannot be read ({error.strerror})") from None
    except ValueError:
        raise UnusableFile(shown_name(path), "cannot be read (no file can have this name)") from None
    if len(data) > limit:
        raise UnusableFile(str(path), f"is larger than {limit // 2**20} MiB")
    return decoded(data, str(path))


def read_inside(folder: Path, name: str, limit: int) -> str:
    """The text of a file of at most `limit` bytes in a folder, or below it. Raises `UnusableFile`."""
    try:
        inside = folder.resolve()
        path = (inside / name).resolve()
        found = path.is_relative_to(inside) and path.is_file()
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or a circle of links
        found = False
    if not found:
        raise UnusableFile(shown_name(name), f"is not a file inside {folder.resolve().name}/")
    return read_text(path, limit)


def place_after(name: str, before: str) -> Place:
    """The place in a file that comes right after the text `before`."""
    return Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


def shown_name(name: Path | str) -> str:
    """A file's name for a message: short, and without characters that would break a line."""
    text = str(name)
    cut = text if len(text) <= _NAME else f"{text[:_NAME]}…"
    return one_line(cut)


def decoded(data: bytes, name: str) -> str:
    """The text that bytes spell in UTF-8. Raises `UnusableFile` that names the likely encoding."""
    if _is_wide(data):
        raise UnusableFile(Place(name, 1, 1), "is not UTF-8 but UTF-16; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = place_after(name, data[: error.start].decode())
        raise UnusableFile(place, f"is not UTF-8{_narrow(data, error.start)}") from None


def _is_wide(data: bytes) -> bool:
    """True if these bytes begin like UTF-16: with its mark, or like ASCII with a zero in every other byte."""
    start = data[:64]
    halves = (start[::2], start[1::2]) if len(start) >= 4 else ()
    return data.startswith(_MARKS) or any(half.count(0) * 2 > len(half) for half in halves)


def _narrow(data: bytes, at: int) -> str:
    try:
        letter = data[at : at + 1].decode("cp1252")
        data.decode("cp1252")
    except UnicodeDecodeError:
        return f": the byte 0x{data[at]:02x} does not belong there"
    return f" but probably Windows-1252, with {letter!r} here; save it as UTF-8"
