"""Secrets taken out of whatever can carry them: headers, queries, paths, JSON, forms, and any other text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from mockportal.redaction.names import is_secret, is_secret_parameter, secret_names
from mockportal.redaction.pairs import hidden, hidden_credentials, without_named
from mockportal.redaction.shapes import REDACTED, without_shapes
from mockportal.values import Json, Record, decode

_WORD = re.compile(r"[\w~-]++(?:\.[\w~-]++)*+")
_RUN = re.compile(r"[^\s\"'<>&\\]++")
_UNQUOTED = ":/?#[]@!$'()*+,;=%"
_LAYERS = 3
_FORM = re.compile(r"[^\s=&]++=[^\s&]*+(?:&[^\s&]*+)*+\s*+")
_FIELD = re.compile(r"\bname\*?=(?:\"([^\"\r\n]*+)\"|([^\s;\"]++))", re.IGNORECASE)
_BOUNDARY = re.compile(r"^--[^\r\n]++", re.MULTILINE)
_BLANK_LINE = re.compile(r"\r?\n\r?\n")
_WHOLE = 1024 * 1024
_SHOWN = 2_000
_MARGIN = 8_000
_UNSURE = 1_000
# In a record of lifetimes, a number under `access_token` is one.
_LIFETIMES = re.compile("timeout|lifetime|expir|ttl", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Hides secrets: under their names, by their shape, and wherever they stand the ones that it knows.

    literals: known secrets in all their spellings, the longest first
    is_token: tells of a word whether it is a known secret; None if no word is
    """

    literals: tuple[str, ...] = ()
    is_token: Callable[[str], bool] | None = None

    def text(self, text: str) -> str:
        """`text` without secrets, whatever it is: prose, broken JSON, a URL, a header line."""
        return self._text(text, _LAYERS)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers without secrets."""
        return {name: self.header(name, value) for name, value in headers.items()}

    def header(self, name: str, value: str) -> str:
        """The value of a header without secrets; of an authorization the scheme stays."""
        if not is_secret_parameter(name):
            return self.text(value)
        return hidden_credentials(value) if "authorization" in name.lower() else hidden(value)

    def query(self, query: str) -> str:
        """A raw query, or the body of a form, without secrets."""
        return "&".join([self._pair(pair) for pair in self._known(query).split("&")])

    def target(self, target: str) -> str:
        """The raw target of a request, path and query, without secrets."""
        path, mark, query = target.partition("?")
        return self.text(path) + mark + self.query(query)

    def path(self, path: str, params: Mapping[str, str]) -> str:
        """A raw path without secrets: those that are known, and the parameters that are named for one."""
        secrets = {unquote(value) for name, value in params.items() if value and is_secret(name)}
        segments = [REDACTED if unquote(one) in secrets else one for one in path.split("/")]
        return self.text("/".join(segments))

    def json(self, value: Json) -> Json:
        """A JSON value in which everything under the name of a secret is hidden, and every secret in a text."""
        if isinstance(value, dict):
            return self._record(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def body(self, body: bytes, media_type: str = "") -> Json:
        """A body as it may be shown: JSON of up to a megabyte as a value, and the beginning of anything else as a
        text."""
        if not body:
            return None
        value = json_of(body)
        if value is not None or body.strip() == b"null":
            return self.json(value)
        safe = self.form(body[: _SHOWN + _MARGIN].decode("utf-8", "replace"), media_type)
        if len(body) > _SHOWN + _MARGIN:  # the cut may go through a secret
            safe = safe[:-_UNSURE]
        return safe[:_SHOWN]

    def form(self, text: str, media_type: str = "") -> str:
        """A text that may be a form of either kind, without secrets."""
        if "multipart/" in media_type or (text.lstrip().startswith("--") and "form-data" in text):
            return self._multipart(text)
        if "urlencoded" in media_type or _FORM.fullmatch(text):
            return self.query(text)
        return self.text(text)

    def _text(self, text: str, layers: int) -> str:
        text = without_named(without_shapes(self._known(text)))
        if "%" in text and layers:
            text = _RUN.sub(lambda found: self._decoded(found[0], layers - 1), text)
        return text

    def _known(self, text: str) -> str:
        for literal in self.literals:
            if literal in text:
                text = text.replace(literal, REDACTED)
        is_token = self.is_token
        if is_token is None:
            return text
        return _WORD.sub(lambda found: REDACTED if is_token(found[0]) else found[0], text)

    def _decoded(self, text: str, layers: int) -> str:
        """A percent-encoded text as it is, unless there is a secret behind the encoding."""
        decoded = unquote(text) if "%" in text else text
        if decoded == text:
            return text
        safe = self._text(decoded, layers)
        return text if safe == decoded else quote(safe, safe=_UNQUOTED)

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if equals and is_secret_parameter(name):
            return f"{name}={hidden(value)}"
        return self.text(pair)

    def _record(self, record: Record) -> Record:
        secret = secret_names(record)
        if _tells_secret(record):
            secret |= {"value"}
        safe = {self.text(name): _hidden(item) if name in secret else self._item(name, item)
                for name, item in record.items()}  # fmt: skip
        path, message = record.get("path"), record.get("message")
        if isinstance(path, str) and isinstance(message, str) and "message" not in secret:
            safe["message"] = self.text(f"{path}: {message}")[len(self.text(f"{path}: ")) :]
        return safe

    def _item(self, name: str, item: Json) -> Json:
        if isinstance(item, dict) and _LIFETIMES.search(name):
            return {key: one if isinstance(one, int | float) else self.json({key: one})[key]
                    for key, one in item.items()}  # fmt: skip
        return self.json(item)

    def _multipart(self, text: str) -> str:
        """A form of fields between boundaries."""
        boundary = _BOUNDARY.search(text)
        if boundary is None:
            return self.text(text)
        return boundary[0].join([self._field(part) for part in text.split(boundary[0])])

    def _field(self, part: str) -> str:
        blank = _BLANK_LINE.search(part)
        if blank is None:
            return self.text(part)
        head, value = part[: blank.end()], part[blank.end() :]
        field = _FIELD.search(head)
        if field is None or not is_secret_parameter(field[1] or field[2] or ""):
            return self.text(head) + self.text(value)
        return self.text(head) + REDACTED + value[len(value.rstrip()) :]


def json_of(body: bytes) -> Json:
    """The value of a body of JSON that is not too large to be looked at as a whole, else None."""
    if len(body) > _WHOLE:
        return None
    try:
        return decode(body)
    except ValueError:
        return None


def _hidden(value: Json) -> Json:
    """A whole value, whatever it is; each item of a list for itself, and nothing that cannot be a secret."""
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if isinstance(value, str):
        return hidden(value)
    return value if value is None or isinstance(value, bool) or value == {} else REDACTED


def _tells_secret(record: Record) -> bool:
    """True if a record says of itself that its `value` is a secret: `{"name": "X-Auth-Token", "value": …}`."""
    if "value" not in record:
        return False
    named = (record.get(key) for key in ("name", "key", "header", "field"))
    return (
        record.get("type") == "secret"
        or record.get("secret") is True
        or any(isinstance(name, str) and is_secret_parameter(name) for name in named)
    )
