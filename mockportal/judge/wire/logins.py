"""Logins: the ways in which a deployment gives out tokens, and tokens that are renewed before they expire."""

import base64
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ssl import SSLContext
from urllib.parse import urlencode

import urllib3

from mockportal.errors import UsageError
from mockportal.judge.model import Received
from mockportal.judge.wire.transports import NoAnswer, Transport
from mockportal.judge.wire.user_pools import signed_in
from mockportal.values import Json, Record, decode

_SECONDS = 10.0
_UNKNOWN = 300.0  # seconds after which a token is renewed that does not say how long it lives
_PART = 0.8  # of its life, after which a token is renewed
_FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Login:
    """The token of one security scheme. `settings` say how it is given out: by `oauth`, by `cognito`, or by a
    `command`; `seen` are all secrets that came of it."""

    scheme: str
    settings: Record
    context: SSLContext | None = None
    now: Callable[[], float] = time.time
    seen: list[str] = field(default_factory=list)
    _renew_at: float = 0.0
    _refresh: str = ""

    @property
    def first(self) -> str:
        """The token with which the run began."""
        return self.seen[0]

    def token(self) -> str:
        """The token, a new one if the old one is about to expire. Raises `NoAnswer`."""
        if not self.seen or self.now() >= self._renew_at:
            token, lifetime = self._given_out()
            self.seen.append(token)
            self._renew_at = self.now() + (_PART * lifetime if lifetime else _UNKNOWN)
        return self.seen[-1]

    def _given_out(self) -> tuple[str, float]:
        if "command" in self.settings:
            token = self._printed(self.settings["command"])
            return token, self._left(token)
        oauth = "oauth" in self.settings
        answer = self._by_oauth() if oauth else signed_in(self.settings, self._refresh, self._posted)
        if "challenge" in answer:
            raise self._failed(f"the user pool asks for {answer['challenge'] or 'something else'}")
        given: Json = answer.get("id_token") or answer.get("access_token")
        if not isinstance(given, str):
            raise self._failed("the answer holds no token")
        if isinstance(answer.get("refresh_token"), str):
            self._refresh = answer["refresh_token"]
        lifetime = answer.get("expires_in")
        return given, float(lifetime) if isinstance(lifetime, int | float) else self._left(given)

    def _by_oauth(self) -> Record:
        """Client credentials, or the refresh token where there is one."""
        refresh = self._refresh or self.settings.get("refresh_token", "")
        fields = {"grant_type": "refresh_token", "refresh_token": refresh} if refresh else {
            "grant_type": "client_credentials"
        }  # fmt: skip
        names = ("client_id", "client_secret", "scope", "audience")
        fields |= {name: self.settings[name] for name in names if name in self.settings}
        return self._posted(self.settings["oauth"], urlencode(fields), {"content-type": _FORM})

    def _posted(self, url: str, body: str, headers: Mapping[str, str]) -> Record:
        try:
            with urllib3.PoolManager(ssl_context=self.context) as pool:
                answer = pool.request(
                    "POST", url, body=body, headers=headers, timeout=_SECONDS, retries=False, redirect=False
                )
            value: Json = decode(answer.data)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise self._failed(str(error)) from None
        if answer.status != 200 or not isinstance(value, dict):
            told = value.get("error") or value.get("message") if isinstance(value, dict) else ""
            raise self._failed(f"answered {answer.status} {told or ''}".rstrip())
        return value

    def _printed(self, command: list[str]) -> str:
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=6 * _SECONDS)
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            raise self._failed(f"{command[0]}: {error}") from None
        token = run.stdout.strip()
        if run.returncode or not token or not token.isascii() or not token.isprintable() or " " in token:
            raise self._failed(f"{command[0]} ends with {run.returncode} and prints no token")
        return token

    def _left(self, token: str) -> float:
        """Seconds for which a token still lives, if it tells."""
        expires = _claims(token).get("exp")
        return max(expires - self.now(), 1.0) if isinstance(expires, int | float) else 0.0

    def _failed(self, problem: str) -> NoAnswer:
        return NoAnswer(f"the login for {self.scheme} failed: {problem}")


def _claims(token: str) -> Record:
    """The claims of a token, if it is one that holds some."""
    try:
        part = token.split(".")[1]
        value = decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def logged_in(logins: list[Login]) -> dict[str, str]:
    """The first token of each login by its scheme. Raises `UsageError`."""
    try:
        return {login.scheme: login.token() for login in logins}
    except NoAnswer as problem:
        raise UsageError("logins", str(problem)) from None


def with_access(transport: Transport, headers: Mapping[str, str], logins: list[Login]) -> Transport:
    """A transport that sends `headers` with every request, and the newest token in place of the first one."""
    if not headers and not logins:
        return transport

    async def send(method: str, target: str, given: Mapping[str, str], body: bytes) -> Received:
        newest = {f"Bearer {login.first}": login for login in logins}
        sent = {
            name: f"Bearer {newest[value].token()}" if value in newest else value
            for name, value in given.items()
        }
        return await transport(method, target, {**headers, **sent}, body)

    return send
