"""Exchanges as a command line of curl for bash."""

import base64
import shlex

from mockportal.programs.parts import Parts, Variable, joined, text_of
from mockportal.programs.program import Program

_LONGEST = 60_000  # of a single argument; the system allows twice as much
_END = "BODY"
_COLUMNS = 76


def curl(program: Program) -> str:
    """Prints the body of the answer."""
    sending = program.sending
    words = ["curl --silent --show-error --globoff --path-as-is"]
    words.append("--head" if sending.method == "HEAD" else f"--request {shlex.quote(sending.method)}")
    words += [f"--header {_header(name, value)}" for name, value in sending.headers]
    if sending.body and "content-type" not in dict(sending.headers):
        words.append("--header 'content-type:'")  # else curl calls the body a form
    source = ""
    if sending.body and not _is_argument(sending.body):
        source = _source(sending.body)
        words.append("--data-binary @-")
    elif sending.body:
        words.append(f"--data-raw {_word(sending.body)}")
    words.append(_word(sending.url))
    return source + " \\\n  ".join(words) + "\n"


def _header(name: str, value: Parts) -> str:
    return _word(joined(f"{name}: ", value)) if value else _word(joined(f"{name};"))


def _is_argument(body: Parts) -> bool:
    pieces = [part for part in body if isinstance(part, bytes)]
    return sum(map(len, pieces)) <= _LONGEST and all(text_of(piece) is not None for piece in pieces)


def _source(body: Parts) -> str:
    """A group of commands that writes the body into the pipe that curl reads."""
    return "{\n" + "".join(f"{_written(part)}\n" for part in body) + "} | "


def _written(part: bytes | Variable) -> str:
    if isinstance(part, Variable) or text_of(part) is not None:
        return f"printf %s {_word((part,))}"
    coded = base64.b64encode(part).decode()
    lines = "\n".join(coded[at : at + _COLUMNS] for at in range(0, len(coded), _COLUMNS))
    return f"base64 --decode <<'{_END}'\n{lines}\n{_END}"


def _word(parts: Parts) -> str:
    """One word for the shell, in which nothing is expanded but the variables of secrets."""
    return "".join(f'"${{{part.name}:?}}"' if isinstance(part, Variable) else _quoted(part) for part in parts)


def _quoted(data: bytes) -> str:
    text = text_of(data)
    if text is not None and text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, data)) + "'"


def _escaped(byte: int) -> str:
    one = chr(byte)
    return one if 0x20 <= byte < 0x7F and one not in "'\\" else f"\\x{byte:02x}"
