"""Secrets taken out of what a run leaves behind.

Hidden are the secrets given and those that the target minted, in each of the forms they may stand in (`forms.py`), and
whatever `mockportal.redaction` tells by its name or its shape.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mockportal.judge.model import Received, Sent, json_body
from mockportal.judge.reports.forms import forms
from mockportal.redaction import REDACTED, is_minted, may_name_secrets, named_texts, redaction, spellings
from mockportal.values import Json, Record, decode, encode

HIDDEN = REDACTED


class _Repeated(Exception):
    """An object in JSON has a key twice."""


class Redactor:
    """Hides secrets. What holds none comes back as it was; hiding twice changes nothing.

    A secret of less than six characters is hidden only where the place says that it is one.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._known: dict[str, None] = {}
        self._literals: set[str] = set()
        for secret in secrets:
            self._add(secret, forms(secret))
        self._redaction = redaction(self._literals)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Those given and those learned."""
        return tuple(self._known)

    def hide(self, secrets: Iterable[str]) -> None:
        """From now on hides these secrets, too."""
        for secret in secrets:
            self._add(secret, forms(secret))
        self._redaction = redaction(self._literals)

    def learn(self, received: Received | None) -> None:
        """From now on hides the secrets that an answer hands out.

        What could be a plain word is left to its place: it would be found everywhere.
        """
        if received is None:
            return
        before = len(self._known)
        body = json_body(received) if may_name_secrets(received.body) else None
        for value in (*_cookies(received), *named_texts(body)):
            if is_minted(value) and value not in self._known:
                self._add(value, spellings(value))
        if len(self._known) > before:
            self._redaction = redaction(self._literals)

    def text(self, text: str) -> str:
        """`text` without secrets, whatever it is: prose, JSON, a URL, a header."""
        return self._redaction.text(text)

    def data(self, data: bytes) -> bytes:
        """A body without secrets: the same bytes if it had none."""
        try:
            value = decode(data)
            json.loads(data, object_pairs_hook=_without_repetition)
        except (ValueError, _Repeated):
            text = data.decode("utf-8", "surrogateescape")
            return self._redaction.form(text).encode("utf-8", "surrogateescape")
        safe = self.json(value)
        return data if safe == value else encode(safe)

    def json(self, value: Json) -> Json:
        """A JSON value without secrets."""
        return self._redaction.json(value)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Header fields without secrets; variables of tokens stay, and so does the scheme of an authorization."""
        return tuple((name, self._redaction.header(name, value)) for name, value in headers)

    def sent(self, sent: Sent) -> Sent:
        """A request without secrets."""
        return replace(
            sent,
            target=self._redaction.target(sent.target),
            headers=dict(self.headers(sent.headers.items())),
            body=self.data(sent.body),
        )

    def received(self, received: Received) -> Received:
        """An answer without secrets."""
        return Received(received.status, self.headers(received.headers), self.data(received.body))

    def _add(self, secret: str, spelled: Iterable[str]) -> None:
        for form in spelled:
            self._known[secret] = None
            self._literals.add(form)


def _without_repetition(pairs: list[tuple[str, Json]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise _Repeated
    return record


def _cookies(received: Received) -> Iterator[str]:
    for name, value in received.headers:
        if name == "set-cookie":
            yield value.partition(";")[0].partition("=")[2]
