"""An exchange as a command line: `curl`, with tokens as `$VARIABLES` that the shell fills in.

What cannot be seen on a terminal is not typed either: such a body comes out of `base64 -d`.
"""

import base64
import re
import shlex
from collections.abc import Sequence
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from mockportal.judge.model import Interaction, Sent

_VARIABLE = re.compile(r"(\$MOCKPORTAL_TOKEN_[A-Za-z0-9_]+)")
_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
_ASCII = re.compile(r"[\x20-\x7e]*")
_GLOB = re.compile(r"[\[\]{}]")
_DOTS = re.compile(r"(?i)/(\.|%2e){1,2}(/|$)")
_LONGEST_WORD = 64 * 1024  # a shell takes 128 KiB
_WITH_LENGTH = ("POST", "PUT", "PATCH")  # those whose length clients say even if it is 0
_UNSAID = (
    ("accept", "*/*"),
    ("x-schemathesis-testcaseid", None),
)  # curl says it itself; another in every run
_IN_QUOTES = MappingProxyType({**{char: f"\\{char}" for char in '\\"$`'}, "!": "\"'!'\""})


def curl(exchange: Interaction, base_url: str) -> str:
    """One line that bash and zsh run as it is, and that sends the same request again."""
    sent = exchange.sent
    pipe, data = _data(sent.body)
    words = ["curl", *_method(sent), *_address(sent.target, base_url), *_headers(sent), *data]
    return pipe + " ".join(words)


def sequence(commands: Sequence[str], names: Sequence[str]) -> str:
    """Commands to run one after another; where there are several, a comment numbers each."""
    if len(commands) < 2:
        return "".join(commands)
    total = len(commands)
    pairs = zip(commands, names, strict=True)
    return "\n".join(f"# {n} of {total} {name}\n{line}" for n, (line, name) in enumerate(pairs, 1))


def _method(sent: Sent) -> list[str]:
    if (
        sent.method == "HEAD"
    ):  # curl would wait for a body after -X HEAD, and takes -I only without one to send
        return ["-sSi", "-m", "10", "-X", "HEAD"] if sent.body else ["-sSI"]
    if sent.method == "GET" and not sent.body:
        return ["-sSi"]
    return ["-sSi", "-X", shlex.quote(sent.method)]


def _address(target: str, base_url: str) -> list[str]:
    """The URL with the flags that keep curl from rewriting it."""
    target = quote(target, safe=_VISIBLE)
    base = base_url.rstrip("/")
    if not target.startswith("/") or "#" in target:
        prefix = urlsplit(base).path if target.startswith("/") else ""
        return ["--request-target", shlex.quote(prefix + target), shlex.quote(base + "/")]
    flags = ["-g"] if _GLOB.search(base + target) else []
    if _DOTS.search(target.partition("?")[0]):
        flags.append("--path-as-is")
    return [*flags, shlex.quote(base + target)]


def _headers(sent: Sent) -> list[str]:
    names = {name.lower() for name in sent.headers}
    said = [(name, value) for name, value in sent.headers.items() if not _is_noise(name.lower(), value)]
    lines = [f"{name}: {value}" if value.strip() else f"{name};" for name, value in said]
    if sent.body and "content-type" not in names:
        lines.append("content-type:")  # curl would say that it is a form
    if not sent.body and sent.method in _WITH_LENGTH and "content-length" not in names:
        lines.append("content-length: 0")
    return [word for line in lines for word in ("-H", _quoted(line))]


def _is_noise(name: str, value: str) -> bool:
    return any(name == other and noise in (None, value) for other, noise in _UNSAID)


def _quoted(line: str) -> str:
    """A header as a word for the shell, in which only the variables of tokens are expanded."""
    if _VARIABLE.search(line):
        parts = _VARIABLE.split(line)
        return '"' + "".join(part if n % 2 else _escaped(part) for n, part in enumerate(parts)) + '"'
    return shlex.quote(line) if _ASCII.fullmatch(line) else f"$'{_bytes(line)}'"


def _escaped(text: str) -> str:
    """`text` inside double quotes, which are left for what cannot stand in them."""
    return "".join(
        _IN_QUOTES.get(char, char) if _ASCII.fullmatch(char) else f"\"$'{_bytes(char)}'\"" for char in text
    )


def _bytes(text: str) -> str:
    r"""`text` inside `$'…'`. Headers are Latin-1 on the wire."""
    data = text.encode("latin-1") if max(map(ord, text)) < 0x100 else text.encode("utf-8", "surrogatepass")
    return "".join(
        chr(code) if 0x20 <= code < 0x7F and code not in b"'\\" else f"\\x{code:02x}" for code in data
    )


def _data(body: bytes) -> tuple[str, list[str]]:
    """(what is piped into curl, the words that say so)."""
    if not body:
        return "", []
    text = _typed(body)
    if text is not None:
        return "", ["--data-raw", shlex.quote(text)]
    return f"printf %s {base64.b64encode(body).decode()} | base64 -d | ", ["--data-binary", "@-"]


def _typed(body: bytes) -> str | None:
    """`body` as text, if it can be typed and seen."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    visible = text.replace("\n", "").isprintable()
    return text if visible and len(body) <= _LONGEST_WORD else None
