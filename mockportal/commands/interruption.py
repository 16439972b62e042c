"""Ctrl-C and SIGTERM while a command has something to finish: it is told once, and ends on its own."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Interruption:
    """The signal that asked the command to end; 0 while there was none."""

    number: int = 0

    def reason(self) -> str:
        """`interrupted by SIGINT`, or "" while there was no signal."""
        return f"interrupted by {signal.Signals(self.number).name}" if self.number else ""

    def code(self, verdict: int) -> int:
        """The exit code: as shells spell a signal, else that of the verdict."""
        return interrupted_by(self.number) if self.number else verdict

    def note(self, number: int, frame: FrameType | None) -> None:
        """Notes the first signal. Raises `KeyboardInterrupt` at the second one."""
        if self.number:
            raise KeyboardInterrupt(number)
        self.number = number


def interrupted_by(number: int) -> int:
    """The exit code of a command that a signal ended."""
    return 128 + number


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Only notes the first signal, so that the command can tell what it found and remove what it made."""
    interruption = Interruption()
    before = [(one, signal.signal(one, interruption.note)) for one in _SIGNALS]
    try:
        yield interruption
    finally:
        for number, handler in before:
            signal.signal(number, handler)
