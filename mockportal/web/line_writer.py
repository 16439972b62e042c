"""A stream that never makes its writer wait, for what the server says on stderr.

A pipe that nobody reads fills up, and a write into it then blocks for ever; on the event loop that stops the server.
"""

import os
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from typing import TextIO, cast

_MOST = 1_000
_PATIENCE = 1.0  # seconds that the end waits for a reader


class LineWriter:
    """Writes to a file descriptor from its own thread; what comes while 1,000 texts wait is dropped and counted."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._waiting: queue.Queue[str | None] = queue.Queue(_MOST)
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, text: str) -> int:
        """Takes the text, and returns at once."""
        try:
            self._waiting.put_nowait(text)
        except queue.Full:
            self._dropped += 1
        return len(text)

    def flush(self) -> None:
        """Nothing: the thread writes as soon as it can."""

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        """Lets the thread write what waits, for a second at most."""
        with suppress(queue.Full):
            self._waiting.put(None, timeout=_PATIENCE)
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while (text := self._waiting.get()) is not None:
            self._write(text)
            if self._waiting.empty():
                self._tell_dropped()
        self._tell_dropped()

    def _tell_dropped(self) -> None:
        lost, self._dropped = self._dropped, 0
        if lost:
            self._write(f"mockportal: {lost} lines were dropped, as nobody read them in time\n")

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "backslashreplace")
        with suppress(OSError):  # the reader has gone
            while data:
                data = data[os.write(self._number, data) :]


@contextmanager
def patient_stderr() -> Iterator[None]:
    """Everything that is written to stderr inside is written by a thread."""
    sys.stderr.flush()
    writer = LineWriter(sys.stderr.fileno())
    try:
        with redirect_stderr(cast(TextIO, writer)):
            yield
    finally:
        writer.close()
