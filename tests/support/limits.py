"""Other limits for a while, so that a test reaches them with little."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockportal.config import LIMITS


@contextmanager
def limited(**values: float) -> Iterator[None]:
    """The limits named here have these values inside the block."""
    before = {name: getattr(LIMITS, name) for name in values}
    for name, value in values.items():
        object.__setattr__(LIMITS, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            object.__setattr__(LIMITS, name, value)
