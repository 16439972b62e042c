"""Texts of a request in which secrets stand as names of environment variables."""

from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.redaction import REDACTED

TOKEN = "MOCKPORTAL_TOKEN"


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that holds a secret, in the spelling that its place in the request needs."""

    name: str


Parts = tuple[bytes | Variable, ...]


class Variables:
    """Hands out the names of the variables of one program."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def token(self) -> Variable:
        """The variable of the bearer token."""
        return self._named(TOKEN)

    def secret(self) -> Variable:
        """A variable of its own for any other secret."""
        number = sum(name != TOKEN for name in self.names) + 1
        return self._named(f"MOCKPORTAL_SECRET_{number}")

    def parts(self, text: str, safe: str, codec: str = "utf-8") -> Parts:
        """`text`, whose redaction is `safe`, with a variable for each secret; bytes are spelled by `codec`."""
        if safe == text:
            return (text.encode(codec),) if text else ()
        return tuple(self._split(safe, codec))

    def _split(self, safe: str, codec: str) -> Iterator[bytes | Variable]:
        for number, piece in enumerate(safe.split(REDACTED)):
            if number:
                yield self.secret()
            if piece:
                yield piece.encode(codec)

    def _named(self, name: str) -> Variable:
        if name not in self.names:
            self.names.append(name)
        return Variable(name)


def text_of(data: bytes) -> str | None:
    """The text that bytes spell in UTF-8; None if they do not, or hold a NUL, which no argument can."""
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None


def joined(*texts: str | Parts) -> Parts:
    """Parts one after another, neighbouring bytes as one."""
    found: list[bytes | Variable] = []
    for text in texts:
        for part in (text.encode(),) if isinstance(text, str) else text:
            last = found[-1] if found else None
            if isinstance(last, bytes) and isinstance(part, bytes):
                found[-1] = last + part
            else:
                found.append(part)
    return tuple(found)
