"""Secrets taken out of what is shown: journal, log, reports. The exchange itself keeps them: a replay needs them."""

from mockportal.redaction.bodies import BodyText, body_text
from mockportal.redaction.carriers import Redaction
from mockportal.redaction.known import (
    literals,
    named_texts,
    redaction,
    secrets_of_body,
    secrets_of_headers,
    secrets_of_query,
    told_literals,
)
from mockportal.redaction.names import is_secret, is_secret_parameter, may_name_secrets
from mockportal.redaction.shapes import REDACTED, is_minted, jwts, spellings

__all__ = [
    "REDACTED",
    "BodyText",
    "Redaction",
    "body_text",
    "is_minted",
    "is_secret",
    "is_secret_parameter",
    "jwts",
    "literals",
    "may_name_secrets",
    "named_texts",
    "redaction",
    "secrets_of_body",
    "secrets_of_headers",
    "secrets_of_query",
    "spellings",
    "told_literals",
]
