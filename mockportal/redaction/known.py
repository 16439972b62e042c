"""The secrets that are known by their value, and those that a message tells under their names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import unquote_plus

from mockportal.redaction.carriers import Redaction, json_of
from mockportal.redaction.names import is_secret_parameter, secret_names
from mockportal.redaction.shapes import is_minted, spellings
from mockportal.values import Json


def literals(secrets: Iterable[str]) -> frozenset[str]:
    """The texts to look for where these secrets are to be hidden. One of less than six characters has none."""
    return frozenset(form for secret in secrets for form in spellings(secret))


def told_literals(secrets: Iterable[str]) -> frozenset[str]:
    """The same for secrets that a message tells, where any word may stand: a word is looked for in quotes alone."""
    told = set(secrets)
    minted = literals(secret for secret in told if is_minted(secret))
    return minted | {f"{quote}{secret}{quote}" for secret in told if secret for quote in "'\""}


def redaction(texts: Iterable[str], is_token: Callable[[str], bool] | None = None) -> Redaction:
    """The redaction that hides these texts, and the words that `is_token` knows."""
    return Redaction(tuple(sorted(texts, key=lambda text: (-len(text), text))), is_token)


def named_texts(value: Json) -> Iterator[str]:
    """The texts that stand under names of secrets in a JSON value."""
    if isinstance(value, list):
        for item in value:
            yield from named_texts(item)
    elif isinstance(value, dict):
        secret = secret_names(value)
        for name, item in value.items():
            yield from _texts(item) if name in secret else named_texts(item)


def secrets_of_headers(headers: Mapping[str, str]) -> Iterator[str]:
    """The values of headers that are named for secrets, without a scheme, and those of cookies."""
    for name, value in headers.items():
        if is_secret_parameter(name):
            yield value.rpartition(" ")[2]
            if "=" in value:
                yield from (pair.partition("=")[2].strip() for pair in value.split(";"))


def secrets_of_query(query: str) -> Iterator[str]:
    """The values of parameters that are named for secrets, in a query or the body of a form."""
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if value and is_secret_parameter(name):
            yield unquote_plus(value)


def secrets_of_body(body: bytes) -> Iterator[str]:
    """The texts under names of secrets, in JSON or in a form."""
    value = json_of(body)
    if value is not None:
        yield from named_texts(value)
    elif b"=" in body[:100]:
        yield from secrets_of_query(body[:10_000].decode("utf-8", "replace"))


def _texts(value: Json) -> Iterator[str]:
    """A text, or those of a list. An object may hold what is no secret: the claims of a token, say."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
