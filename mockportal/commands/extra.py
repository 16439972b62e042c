"""Extras: parts of the package whose libraries are installed only on demand."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockportal.errors import UsageError


@contextmanager
def needs_extra(name: str) -> Iterator[None]:
    """Guards the import of a command that needs an extra. Raises `UsageError` if a library of it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        problem = f"needs the extra: pip install 'mockportal[{name}]' ({error.name} is missing)"
        raise UsageError(name, problem) from None
