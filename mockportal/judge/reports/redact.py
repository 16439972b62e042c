"""Secrets taken out of what a run leaves behind.

Hidden are the secrets given and those that the target minted, in each of the forms they may stand in (`forms.py`);
whatever looks like a JWT; and texts in a place that is named for secrets: a key, a header, a parameter of a query.
"""

import re
from bisect import insort
from collections.abc import Iterable, Iterator

from mockportal.judge.model import Received, Sent, json_body
from mockportal.judge.reports.forms import JWT, forms, plain_forms
from mockportal.values import Json, decode, encode

HIDDEN = "[redacted]"

_VARIABLE = "$MOCKPORTAL_TOKEN_"
_KEPT = r"(?!\$MOCKPORTAL_TOKEN_|\[redacted\])"
# `password_policy`, `has_client_secret` and `token_type` name no secret
_NAMED = (
    r"(?:(?!has_|is_|forgot)[\w-]*(?:password|secret|api[_-]?key|cookie|token)s?|(?:proxy-)?authorization)"
)
_NAME = re.compile(_NAMED, re.IGNORECASE)
_PAIR = re.compile(
    rf"(?is)((?P<key>\\{{0,8}}[\"']){_NAMED}(?P=key)\s*:\s*(?P<value>\\{{0,8}}[\"']))"
    rf"(?!(?:\w+ )?\$MOCKPORTAL_TOKEN_)(?:(?!(?P=value))(?:\\.|.))+"
)
_QUERY = re.compile(rf"(?i)((?<![\w-]){_NAMED}=[\\\"']*){_KEPT}[^&#\s\"'<>;\\]+")
_BEARER = re.compile(
    rf"(?i)(authorization[\\\"']*\s*[:=]\s*[\\\"']*(?:bearer|basic)\s+){_KEPT}[^\s\"'\\,;<>]+"
    r"|(\bbearer\s+)[\w.~+/=-]{20,}"
)
_WORTH_READING = re.compile(rb"(?i)password|secret|api[_-]?key|cookie|token|authorization")
_LONGER_THAN_WORDS = 20


class Redactor:
    """Hides secrets. What holds none comes back as it was; hiding twice changes nothing.

    A secret of less than six characters is hidden only where the place says that it is one.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._known: dict[str, None] = {}
        self._literals: list[tuple[int, str]] = []
        for secret in secrets:
            self._add(secret, forms(secret))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Those given and those learned."""
        return tuple(self._known)

    def learn(self, received: Received | None) -> None:
        """From now on hides the secrets that an answer hands out.

        What could be a plain word is left to its place: it would be found everywhere.
        """
        if received is None:
            return
        handed_out = [*_cookies(received)]
        if _WORTH_READING.search(received.body):
            handed_out += _named_texts(json_body(received), named=False)
        for value in handed_out:
            if _is_minted(value):
                self._add(value, plain_forms(value))

    def text(self, text: str) -> str:
        """`text` without secrets, whatever it is: prose, JSON, a URL, a header."""
        for _, literal in self._literals:
            if literal in text:
                text = text.replace(literal, HIDDEN)
        text = JWT.sub(HIDDEN, text)
        text = _BEARER.sub(lambda found: (found[1] or found[2]) + HIDDEN, text)
        text = _PAIR.sub(lambda found: found[1] + HIDDEN, text)
        return _QUERY.sub(lambda found: found[1] + HIDDEN, text)

    def data(self, data: bytes) -> bytes:
        """A body without secrets: the same bytes if it had none."""
        try:
            value = decode(data)
        except ValueError:
            value = None
        hidden = self.json(value)
        if hidden != value:
            data = encode(hidden)
        text = data.decode("utf-8", "surrogateescape")
        return self.text(text).encode("utf-8", "surrogateescape")

    def json(self, value: Json) -> Json:
        """A JSON value without secrets; numbers and booleans stay."""
        return self._json(value, named=False)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Header fields without secrets; variables of tokens stay, and so does the scheme of an authorization."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def sent(self, sent: Sent) -> Sent:
        """A request without secrets."""
        return Sent(
            operation=sent.operation,
            method=sent.method,
            target=self.text(sent.target),
            headers=dict(self.headers(sent.headers.items())),
            body=self.data(sent.body),
        )

    def received(self, received: Received) -> Received:
        """An answer without secrets."""
        return Received(received.status, self.headers(received.headers), self.data(received.body))

    def _add(self, secret: str, spellings: Iterable[str]) -> None:
        if secret in self._known:
            return
        for form in spellings:
            self._known[secret] = None
            insort(self._literals, (-len(form), form))  # the longest first: one may be part of another

    def _json(self, value: Json, named: bool) -> Json:
        if isinstance(value, dict):
            return {self.text(name): self._json(item, _is_secret(name)) for name, item in value.items()}
        if isinstance(value, list):
            return [self._json(item, named) for item in value]
        if not isinstance(value, str):
            return value
        return HIDDEN if named and value else self.text(value)

    def _header(self, name: str, value: str) -> str:
        if not _is_secret(name) or not value or _VARIABLE in value:
            return self.text(value)
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {HIDDEN}" if space and "authorization" in name.lower() else HIDDEN


def _is_secret(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _named_texts(value: Json, named: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _named_texts(item, _is_secret(name))
    elif isinstance(value, list):
        for item in value:
            yield from _named_texts(item, named)
    elif named and isinstance(value, str):
        yield value


def _cookies(received: Received) -> Iterator[str]:
    for name, value in received.headers:
        if name == "set-cookie":
            yield value.partition(";")[0].partition("=")[2]


def _is_minted(value: str) -> bool:
    """Whether a text can be told from words wherever it stands. A JWT can be told without being known."""
    if len(value) < 8 or any(char.isspace() for char in value) or JWT.fullmatch(value):
        return False
    return len(value) > _LONGER_THAN_WORDS or any(char.isdigit() for char in value)
