"""Bodies as JSON values, by their media type, and values as bodies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from mockportal.media_types import MediaType, best_match, media_type_of
from mockportal.spec.codecs.forms import multipart, urlencoded
from mockportal.spec.codecs.types import ANY, TypeTree, scalar
from mockportal.spec.codecs.writing import plain_text
from mockportal.spec.codecs.xml import read_xml, write_xml
from mockportal.spec.validation import Validator
from mockportal.values import Json, Record, decode, encode

_URLENCODED = "application/x-www-form-urlencoded"
_ROOT = "root"
_NUMBERS = ("integer", "number", "boolean")


@dataclass(frozen=True, slots=True)
class Media:
    """The description of a body in one media type, or in a range of them.

    validator: checks its value; None where anything is right
    types:     the types in its value
    encodings: how the fields of a form are spelled
    """

    validator: Validator | None = None
    types: TypeTree = ANY
    encodings: Mapping[str, Record] = field(default_factory=dict)


def media_for(given: str, media: Mapping[str, Media]) -> str | None:
    """The documented type or range for a body with the content type `given`; None if there is none.

    Without a content type it is the first that is documented.
    """
    if not given:
        return next(iter(media), None)
    if given in media:
        return given
    sent = media_type_of(given)
    found = best_match(sent, media)
    if found is None and sent.subtype.endswith("+json"):
        return best_match(media_type_of("application/json"), media)
    return found


def read_body(data: bytes, content_type: str, media: Media) -> Json:
    """The value of a body. Raises `ValueError` with one line for what is not of its media type."""
    sent = media_type_of(content_type)
    if sent.is_json:
        return decode(data)
    if sent.name == _URLENCODED:
        return urlencoded(data, sent.charset, media.types, media.encodings)
    if sent.type == "multipart":
        return multipart(data, content_type, media.types, media.encodings)
    if _is_xml(sent):
        return read_xml(data, media.types)
    if "*" in sent.name:
        return _guessed(data)
    if sent.type != "text":
        return data.decode("latin-1")
    text = _text(data, sent)
    return scalar(media.types, text) if media.types.kind in _NUMBERS else text


def write_body(value: Json, content_type: str, media: Media) -> bytes:
    """A value as a body of this media type."""
    sent = media_type_of(content_type)
    if sent.is_json or "*" in sent.name:
        return encode(value)
    if _is_xml(sent):
        return write_xml(value, media.types, _ROOT)
    if sent.name == _URLENCODED and isinstance(value, dict):
        return urlencode(_spelled(value), doseq=True).encode()
    if isinstance(value, str):
        return value.encode()
    return b"" if value is None else encode(value)


def _spelled(fields: Record) -> dict[str, str | list[str]]:
    """The fields of a form as texts; a list is one text for each item."""
    return {
        name: [plain_text(item) for item in value] if isinstance(value, list) else plain_text(value)
        for name, value in fields.items()
    }


def _is_xml(sent: MediaType) -> bool:
    return sent.subtype == "xml" or sent.subtype.endswith("+xml")


def _guessed(data: bytes) -> Json:
    """A body without a media type of its own: JSON if it is any, else a text."""
    try:
        return decode(data)
    except ValueError:
        return data.decode("latin-1")


def _text(data: bytes, sent: MediaType) -> str:
    try:
        return data.decode(sent.charset)
    except LookupError:
        raise ValueError(f"unknown charset {sent.charset!r}") from None
    except UnicodeDecodeError:
        raise ValueError(f"is not {sent.charset}") from None
