"""Whole bodies with and without their secrets, as texts that spell every byte."""

from typing import NamedTuple

from mockportal.redaction.carriers import Redaction
from mockportal.values import decode, encode


class BodyText(NamedTuple):
    """A body as a text, the same without secrets, and the codec that turns both into bytes."""

    text: str
    safe: str
    codec: str


def body_text(body: bytes, media_type: str, hide: Redaction) -> BodyText:
    """UTF-8 if the body is, else Latin-1, in which each byte is a character. JSON with secrets is written anew."""
    try:
        text, codec = body.decode(), "utf-8"
    except UnicodeDecodeError:
        text, codec = body.decode("latin-1"), "latin-1"
    try:
        value = decode(body)
    except ValueError:
        return BodyText(text, hide.form(text, media_type.lower()), codec)
    safe = hide.json(value)
    return BodyText(text, text if safe == value else encode(safe).decode(), codec)
