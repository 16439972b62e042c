"""The way into a deployment, as its targets file tells: certificates, headers, logins. Secrets come from variables."""

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from mockportal.errors import UsageError
from mockportal.judge.wire.logins import Login
from mockportal.values import Json, Record


@dataclass(frozen=True, slots=True)
class Access:
    """The TLS context (None for that of the system), the headers of every request, and the logins."""

    context: ssl.SSLContext | None = None
    headers: dict[str, str] = field(default_factory=dict)
    logins: list[Login] = field(default_factory=list)

    def secrets(self) -> list[str]:
        """All that no report may hold."""
        return [*self.headers.values(), *(token for login in self.logins for token in login.seen)]


def access_of(value: Record, folder: Path) -> Access:
    """The access that the content of a targets file in `folder` describes. Raises `UsageError`."""
    told = value.get("access", {})
    context = _context(told, folder)
    headers = {
        name: str(_filled(text, f"access/headers/{name}")) for name, text in told.get("headers", {}).items()
    }
    logins = [
        Login(scheme, _filled(settings, f"logins/{scheme}"), context)
        for scheme, settings in value.get("logins", {}).items()
    ]
    return Access(context, headers, logins)


def _context(told: Record, folder: Path) -> ssl.SSLContext | None:
    names = ("authority", "certificate", "key")
    paths = {name: str(folder / told[name]) for name in names if name in told}
    if not paths:
        return None
    try:
        context = ssl.create_default_context()
        if "authority" in paths:
            context.load_verify_locations(paths["authority"])
        if "certificate" in paths:
            context.load_cert_chain(paths["certificate"], paths.get("key"))
    except (OSError, ssl.SSLError) as error:
        problem = error.strerror or str(error)
        raise UsageError("access", f"{', '.join(paths.values())}: cannot be used ({problem})") from None
    return context


def _filled(value: Json, where: str) -> Json:
    """The value with each `$NAME` as the variable of this name. Raises `UsageError` for one that is not set."""
    if isinstance(value, dict):
        return {key: _filled(item, f"{where}/{key}") for key, item in value.items()}
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if not os.environ.get(value[1:]):
        raise UsageError(where, f"{value} is not set in the environment")
    return os.environ[value[1:]]
