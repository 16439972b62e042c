"""A call of a user pool: its fields, read strictly, and the one error that it may end with.

Exception
└── Denied            a call that the pool refuses, answered as 400 with the name of the error
"""

import hashlib
import hmac
from base64 import b64encode
from dataclasses import dataclass

from mockportal.engine.call import Request
from mockportal.portal.cognito.pools import (
    client_of,
    is_disabled,
    is_unconfirmed,
    pool_settings,
    user_of_pool,
)
from mockportal.portal.identity.outbox import pages_address
from mockportal.state.store import Draft
from mockportal.values import Json, Record

NOT_AUTHORIZED = "NotAuthorizedException"
INVALID_PARAMETER = "InvalidParameterException"
NOT_FOUND = "ResourceNotFoundException"
USER_NOT_FOUND = "UserNotFoundException"

_LONGEST_NAME = 254  # characters of an e-mail address


class Denied(Exception):
    """`kind` is the name that Cognito has for the error. A change made before it is raised is kept."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class PoolCall:
    """A call of one action of a portal's pool; `body` holds its members."""

    state: Draft
    portal: Record
    body: Record
    request: Request

    @property
    def hides_users(self) -> bool:
        """True if the client answers an unknown user like a wrong password (PreventUserExistenceErrors)."""
        return pool_settings(self.state, self.portal).get("prevent_user_existence_errors") is not False

    @property
    def web_url(self) -> str:
        """The address of the portal's pages, for links in mails."""
        return pages_address(self.state, self.portal, self.request.headers.get("origin", ""))

    def text(self, name: str) -> str:
        """A member that has to be there."""
        return needed_text(self.body, name)

    def optional(self, name: str) -> str | None:
        """A member that may be missing."""
        value = self.body.get(name)
        return None if value is None else _text(name, value)

    def texts(self, name: str) -> dict[str, str]:
        """A member that maps names to texts; empty if it is missing. A null in it counts as missing."""
        value = self.body.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise _malformed(name, "a map")
        return {key: _text(name, one) for key, one in value.items() if one is not None}

    def check_client(self, username: str = "", proof: str | None = None) -> None:
        """Raises `Denied` unless the call is of the pool's client, and proves that it knows the secret, if any.

        `proof` is the secret hash over the user name, which may be the id or the address of the user.
        """
        client, secret = self._client(), self._secret()
        if secret and proof is None:
            problem = "is configured with secret but SECRET_HASH was not received"
            raise Denied(NOT_AUTHORIZED, f"Client {client} {problem}")
        if proof is None:
            return
        user = user_of_pool(self.state, self.portal, username) or {}
        names = [username, *(str(user[name]) for name in ("_id", "email") if name in user)]
        hashes = [
            hmac.digest(secret.encode(), f"{name}{client}".encode(), hashlib.sha256)
            for name in names
            if secret
        ]
        if not any(same_text(b64encode(hashed).decode(), proof) for hashed in hashes):
            raise Denied(NOT_AUTHORIZED, f"Unable to verify secret hash for client {client}")

    def check_client_secret(self) -> None:
        """The same for a client that sends the secret itself."""
        client, secret = self._client(), self._secret()
        if not same_text(secret, self.optional("ClientSecret") or ""):
            raise Denied(NOT_AUTHORIZED, f"Unable to verify secret for client {client}")

    def _client(self) -> str:
        client = self.text("ClientId")
        if client != client_of(self.portal):
            raise Denied(NOT_FOUND, "User pool client does not exist.")
        return client

    def _secret(self) -> str:
        return str(pool_settings(self.state, self.portal).get("client_secret", ""))

    def user(self, username: str) -> Record | None:
        """The confirmed and enabled user with this name or address; None if there is none and the client hides that.

        The password is not looked at before: whoever has to confirm the address is told so at once.
        """
        user = self.known_user(username)
        if user is not None and is_unconfirmed(user):
            raise Denied("UserNotConfirmedException", "User is not confirmed.")
        if user is not None and is_disabled(user):
            raise Denied(NOT_AUTHORIZED, "User is disabled.")
        return user

    def known_user(self, username: str) -> Record | None:
        """The same for a user in whatever status."""
        if not username:
            raise Denied(INVALID_PARAMETER, "Missing required parameter USERNAME")
        if len(username) > _LONGEST_NAME:
            raise Denied(INVALID_PARAMETER, f"USERNAME is longer than {_LONGEST_NAME} characters")
        user = user_of_pool(self.state, self.portal, username)
        if user is None and not self.hides_users:
            raise Denied(USER_NOT_FOUND, "User does not exist.")
        return user


def needed_text(fields: Record, name: str) -> str:
    """A text that has to be there. Raises `Denied`."""
    value = fields.get(name)
    if value is None or value == "":
        lowered = name[:1].lower() + name[1:]
        problem = f"Value at '{lowered}' failed to satisfy constraint: Member must not be null"
        raise Denied(INVALID_PARAMETER, f"1 validation error detected: {problem}")
    return _text(name, value)


def needed_answer(answers: dict[str, str], name: str) -> str:
    """A parameter of a sign-in that has to be there. Raises `Denied`."""
    if not answers.get(name):
        raise Denied(INVALID_PARAMETER, f"Missing required parameter {name}")
    return answers[name]


def same_text(one: str, other: str) -> bool:
    """Compares secrets in a time that tells nothing about them."""
    return hmac.compare_digest(one.encode(), other.encode())


def wrong_credentials() -> Denied:
    """The refusal of a wrong password, and of an unknown user where the client hides that."""
    return Denied(NOT_AUTHORIZED, "Incorrect username or password.")


def _text(name: str, value: Json) -> str:
    if not isinstance(value, str):
        raise _malformed(name, "a text")
    return value


def _malformed(name: str, wanted: str) -> Denied:
    return Denied("SerializationException", f"{name} is not {wanted}")
