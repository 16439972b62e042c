"""The bytes and headers of an answer, apart from what they mean."""

import codecs
import json
from collections.abc import Iterator

from urllib3.util.request import ACCEPT_ENCODING

from mockportal.judge.checks.answer.answers import Answer, Wrong
from mockportal.values import Json, encode

# HTTP allows one line of each of these; browsers refuse an answer with two of the last one.
_SINGLE = (
    *("content-type", "content-length", "content-location", "location", "etag", "last-modified", "expires"),
    *("retry-after", "access-control-allow-origin"),
)  # fmt: skip
_CODINGS = frozenset((*ACCEPT_ENCODING.split(","), "identity"))
_BODILESS = (204, 205, 304)
_LARGEST = 1_000_000  # bytes of an answer that is read a second time


def bytes_are_sound(answer: Answer) -> Iterator[Wrong]:
    """No object has a property twice; no header that may come once comes twice or names two types; JSON is said to be
    in no other charset than UTF-8, text can be read in the one that it names; the length and the coding are true, and
    204 and 304 have no content."""
    at = f"{answer.operation.pointer}/responses" if answer.response is None else answer.response.pointer
    status = answer.received.status
    for signature, message in (*_headers(answer), *_charset(answer), *_length(answer), *_keys(answer)):
        yield Wrong(f"{status} {signature}", f"{status} {message}", at)


def _headers(answer: Answer) -> Iterator[tuple[str, str]]:
    names = [name for name, _ in answer.received.headers]
    for name in _SINGLE:
        if names.count(name) > 1:
            lines = [value for key, value in answer.received.headers if key == name]
            yield f"{name} twice", f"has {name} {len(lines)} times: {'; '.join(lines)[:120]}"
    kind = answer.received.header("content-type") or ""
    if "," in kind.partition(";")[0]:
        yield "two types", f"names two types at once: {kind[:80]}"
    codings = (answer.received.header("content-encoding") or "").lower().split(",")
    for coding in {one.strip() for one in codings} - _CODINGS - {""}:
        yield "coding", f"is encoded as {coding[:40]}, which nobody asked for"


def _charset(answer: Answer) -> Iterator[tuple[str, str]]:
    kind, body = answer.media_type, answer.received.body
    if "charset" not in (answer.received.header("content-type") or "").lower() or not body:
        return
    try:
        codec = codecs.lookup(kind.charset).name
        body.decode(codec)
    except LookupError:
        yield "charset", f"is in a charset that there is not: {kind.charset[:40]}"
    except UnicodeError:
        yield "charset", f"cannot be read as {kind.charset[:40]}, which it says it is"
    else:
        if kind.is_json and codec != "utf-8" and not (codec == "ascii" and body.isascii()):
            yield "charset", f"says that JSON is in {kind.charset[:40]}; it is always in UTF-8"


def _length(answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.exchange.sent.method == "HEAD":
        return
    received = answer.received
    length = received.header("content-length")
    if received.status in _BODILESS and received.body:
        yield "content", f"comes with {len(received.body)} bytes, and has no content"
        return
    if length is None or received.status == 304 or received.header("content-encoding") is not None:
        return
    if length.strip() != str(len(received.body)):
        yield "length", f"says that it has {length[:20]} bytes, and has {len(received.body)}"


def _keys(answer: Answer) -> Iterator[tuple[str, str]]:
    """The first property that an object has twice. JSON that is spelled as this package would has none."""
    body = answer.received.body
    if answer.body is None or len(body) > _LARGEST or encode(answer.body) == body:
        return
    twice: list[str] = []

    def noted(pairs: list[tuple[str, Json]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice.append(next(name for name in names if names.count(name) > 1))

    json.loads(body, object_pairs_hook=noted)
    if twice:
        yield "property twice", f"has an object with {twice[0][:60]} twice"
