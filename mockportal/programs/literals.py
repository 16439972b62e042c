"""JSON values, texts and bytes as literals of Python and JavaScript. No text can leave its literal."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from mockportal.programs.answer import Anything
from mockportal.programs.parts import Parts, Variable, text_of
from mockportal.values import Json

_WIDTH = 88
_INDENT = 4


@dataclass(frozen=True, slots=True)
class Notation:
    """The way in which a language writes JSON values.

    text:     writes a text
    key:      writes the key of an object
    words:    for true, false and null
    anything: the expression that equals everything
    indent:   the blanks of a level
    """

    text: Callable[[str], str]
    key: Callable[[str], str]
    words: tuple[str, str, str]
    anything: str
    indent: int


def value_text(value: Json, notation: Notation, column: int) -> str:
    """A JSON value as an expression whose first character stands on a line that is indented by `column`."""
    flat = _flat(value, notation)
    if len(flat) + column <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = column + notation.indent
    if isinstance(value, dict):
        items = [f"{notation.key(key)}: {value_text(item, notation, inner)}" for key, item in value.items()]
    else:
        items = [value_text(item, notation, inner) for item in value]
    return block(items, column, notation.indent, "{}" if isinstance(value, dict) else "[]")


def block(items: list[str], column: int, indent: int, brackets: str) -> str:
    """Items line by line between brackets, the last of which stands at `column`."""
    lines = "".join(f"{' ' * (column + indent)}{item},\n" for item in items)
    return f"{brackets[0]}\n{lines}{' ' * column}{brackets[1]}"


def python_text(text: str) -> str:
    """A Python literal, in double quotes where that needs no more escapes."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if text.isprintable() else repr(text)


def javascript_text(text: str) -> str:
    """A JavaScript literal; characters that cannot be seen are escaped."""
    return "".join(
        one if one.isprintable() else json.dumps(one)[1:-1] for one in json.dumps(text, ensure_ascii=False)
    )


def python_parts(parts: Parts) -> str:
    """A Python expression: a text, or bytes where the parts are no text."""
    if all(text_of(part) is not None for part in parts if isinstance(part, bytes)):
        texts = [
            _python_variable(part) if isinstance(part, Variable) else python_text(part.decode())
            for part in parts
        ]
        return " + ".join(texts) or '""'
    pieces = [
        f"{_python_variable(part)}.encode()" if isinstance(part, Variable) else repr(part) for part in parts
    ]
    return " + ".join(pieces)


def javascript_parts(parts: Parts) -> str:
    """A JavaScript expression for a text; bytes beyond ASCII are one character each, as headers need it."""
    texts = [
        f"process.env.{part.name}" if isinstance(part, Variable) else javascript_text(part.decode("latin-1"))
        for part in parts
    ]
    return " + ".join(texts) or '""'


def javascript_bytes(parts: Parts) -> str:
    """A JavaScript expression for the bytes of a body."""
    pieces = [_buffer(part) for part in parts]
    return pieces[0] if len(pieces) == 1 else f"Buffer.concat([{', '.join(pieces)}])"


def is_text(parts: Parts) -> bool:
    """True if the parts can be the text of an argument."""
    return all(isinstance(part, Variable) or text_of(part) is not None for part in parts)


def _flat(value: Json, notation: Notation) -> str:
    if isinstance(value, dict):
        items = (f"{notation.key(key)}: {_flat(item, notation)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flat(item, notation) for item in value)}]"
    if isinstance(value, Anything):
        return notation.anything
    if isinstance(value, bool) or value is None:
        return notation.words[(True, False, None).index(value)]
    return notation.text(value) if isinstance(value, str) else json.dumps(value)


def _python_variable(variable: Variable) -> str:
    return f'os.environ["{variable.name}"]'


def _buffer(part: bytes | Variable) -> str:
    if isinstance(part, Variable):
        return f'Buffer.from(process.env.{part.name} ?? "")'
    text = text_of(part)
    if text is not None:
        return f"Buffer.from({javascript_text(text)})"
    return f'Buffer.from("{base64.b64encode(part).decode()}", "base64")'


PYTHON = Notation(python_text, python_text, ("True", "False", "None"), "ANY", _INDENT)
JAVASCRIPT = Notation(
    javascript_text,
    lambda key: f"[{javascript_text(key)}]" if key == "__proto__" else javascript_text(key),
    ("true", "false", "null"),
    "expect.anything()",
    2,
)
