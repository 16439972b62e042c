"""Content that no answer may have: secrets, tokens beyond those that an operation is there to give out, and the
inside of the server. Functions like those of `answers`: each looks at one answer."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from mockportal.json_tree import leaves, spot, walk
from mockportal.judge.checks.answer.answers import Answer, Wrong
from mockportal.judge.knowledge import knowledge
from mockportal.judge.wire.gate import variable
from mockportal.redaction import is_secret, may_name_secrets
from mockportal.values import Json, decode

_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
_MASKED = re.compile(r"[*•xX.…-]+")
_SHORTEST = 4
_SHORTEST_TOKEN = 8


@dataclass(frozen=True, slots=True)
class _Rules:
    """`suspect` is over bytes: what has none of it needs no closer look."""

    suspect: re.Pattern[bytes]
    key: re.Pattern[str]
    harmless: re.Pattern[str]
    inside: tuple[tuple[tuple[bytes, ...], re.Pattern[bytes]], ...]
    refusal: re.Pattern[bytes]


@cache
def _rules() -> _Rules:
    known = knowledge("secrets")
    return _Rules(
        re.compile(rf'"(?:{known["keys"]})"|eyJ'.encode()),
        re.compile(known["keys"], re.IGNORECASE),
        re.compile(known["harmless"], re.IGNORECASE),
        tuple(
            (tuple(text.encode() for text in one["has"]), re.compile(one["like"].encode(), re.DOTALL))
            for one in known["inside"]
        ),
        re.compile("|".join(known["inside_refusals"]).encode()),
    )


def secrets_stay_secret(answer: Answer, given: Container[tuple[str, str]] = ()) -> Iterator[Wrong]:
    """No answer shows a password, a client's secret or a key; a token only where the operation is there to give it
    out; settings no text that is a key by its name; nothing, least of all a refusal, shows the inside of the server:
    traces, queries, paths, hosts. What a request has put into a place that is free, whatever it called it, is none."""
    yield from _inside(answer)
    if not _may_hold_secrets(answer.received.body):
        return
    for path, value in leaves(answer.body):
        if isinstance(value, str) and not _hidden(value):
            name = _name(path)
            if (name, value) not in given:
                yield from _told(answer, name, spot(path), value)
    for at in _typed_secrets(answer.body):
        yield Wrong(f"secret {at}", f"shows the secret {at}", answer.operation.pointer)


def freely_given(operation: str, body: bytes) -> Iterator[tuple[str, str]]:
    """(name, text) of all that a request brings, if one may be a secret by its name, but for those that the operation
    takes as such."""
    if not _may_hold_secrets(body):
        return
    taken = knowledge("secrets")["taken"]
    for path, value in leaves(decode(body)):
        if isinstance(value, str) and operation not in taken.get(_name(path), ()):
            yield _name(path), value


def _may_hold_secrets(body: bytes) -> bool:
    return may_name_secrets(body) or _rules().suspect.search(body) is not None


def _name(path: Sequence[str | int]) -> str:
    return next((one for one in reversed(path) if isinstance(one, str)), "")


def tokens_stay_secret(tokens: Iterable[str]) -> Callable[[Answer], Iterator[Wrong]]:
    """The check that no answer tells any of these tokens, with which the target is called."""
    known = [token.encode() for token in tokens if len(token) >= _SHORTEST_TOKEN]

    def own_tokens_stay_secret(answer: Answer) -> Iterator[Wrong]:
        """No answer tells a token with which the target is called."""
        body, sent = answer.received.body, answer.exchange.sent
        for token in known:
            at = body.find(token)
            if at < 0 or token in sent.body or token in sent.target.encode():
                continue
            if not _is_word(body, at, at + len(token)):
                continue
            yield Wrong("token", "tells a token with which it can be called", answer.operation.pointer)
            return

    return own_tokens_stay_secret


def _is_word(body: bytes, start: int, end: int) -> bool:
    around = body[max(start - 1, 0) : start] + body[end : end + 1]
    return not re.search(rb"[\w-]", around)


def _told(answer: Answer, name: str, at: str, value: str) -> Iterator[Wrong]:
    tokens, operation = knowledge("secrets")["tokens"], answer.operation.id
    if name in tokens:
        if operation not in tokens[name]:
            yield Wrong(
                f"token {at}", f"gives out {at}, which it does not document", answer.operation.pointer
            )
    elif (is_secret(name) or _is_key(operation, name)) and not _shown(answer, name):
        yield Wrong(f"secret {at}", f"shows {at} as text", answer.operation.pointer)
    elif _JWT.search(value) and not value.startswith(("http://", "https://")):
        yield Wrong(f"token {at}", f"gives out a token as {at}", answer.operation.pointer)


def _shown(answer: Answer, name: str) -> bool:
    """True if this property is part of the answer for this caller."""
    known, operation = knowledge("secrets"), answer.operation.id
    if operation in known["shown"].get(name, ()):
        return True
    caller = answer.exchange.sent.headers.get("authorization", "")
    is_admin = caller.endswith(variable(knowledge("schemes")["administrator"]))
    return is_admin and operation in known["shown_to_administrators"].get(name, ())


def _typed_secrets(value: Json) -> Iterator[str]:
    """Places of records that say of themselves that their value is a secret, and have one."""
    for path, record in walk(value):
        if isinstance(record, dict) and record.get("type") == "secret":
            text = record.get("value")
            if isinstance(text, str) and not _hidden(text):
                yield spot((*path, "value"))


def _hidden(value: str) -> bool:
    """Too short to be a secret, masked, or a placeholder for one."""
    return len(value) < _SHORTEST or "{{" in value or _MASKED.fullmatch(value) is not None


def _is_key(operation: str, name: str) -> bool:
    """True if a property of settings is a key by its name."""
    rules = _rules()
    named = rules.key.fullmatch(name) and not rules.harmless.search(name)
    return bool(named) and operation in knowledge("secrets")["settings"]


def _inside(answer: Answer) -> Iterator[Wrong]:
    status, sent = answer.received.status, answer.exchange.sent
    for text in _insides(answer.received.body, status):
        if text not in sent.body and text not in unquote(sent.target).encode():
            shown = " ".join(text.decode(errors="replace").split())[:80]
            message = f"{status} shows the inside of the server: {shown}"
            yield Wrong(f"inside {status}", message, answer.operation.pointer)
            return


def _insides(body: bytes, status: int) -> Iterator[bytes]:
    for texts, pattern in _rules().inside:
        if any(text in body for text in texts):
            yield from (found.group() for found in pattern.finditer(body))
    if status >= 400:
        yield from (found.group() for found in _rules().refusal.finditer(body))
