"""Finds a target: its URL is taken apart, and its address is looked up once for the whole run."""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from mockportal.errors import UsageError

# (name, port) -> its addresses, the best first; raises `OSError`
Resolve = Callable[[str, int], list[str]]

_FLAG = "--target"
_LOCAL = "localhost"
_PORTS = {"http": 80, "https": 443}
_LOOK_UP_SECONDS = 3.0
_CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Host:
    """`name` is what certificates and the Host header are about, `address` where requests go, whatever the name
    resolves to later. `prefix` is the path before that of every operation, without a slash at its end."""

    tls: bool
    name: str
    port: int
    address: str
    prefix: str

    @property
    def header(self) -> str:
        """The Host header."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == _PORTS["https" if self.tls else "http"] else f"{name}:{self.port}"


def resolved(name: str, port: int) -> list[str]:
    """The addresses that the system knows for a name. Raises `OSError`."""
    entries = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [*dict.fromkeys(str(entry[4][0]) for entry in entries)]


def is_loopback(url: str, resolve: Resolve = resolved) -> bool:
    """True if the host of `url` is this machine: a loopback address or `localhost`, and every address it resolves to.

    False for any other name that cannot be resolved.
    """
    name = (urlsplit(url).hostname or "").lower()
    if not _says_loopback(name):
        return False
    try:
        found = resolve(name, 0)
    except OSError:
        return name == _LOCAL
    return all(map(_is_loopback_address, found))


def pinned(url: str, resolve: Resolve = resolved) -> Host:
    """The host of a URL with the first of its addresses that takes a connection. Raises `UsageError`."""
    parts = _split(url)
    name = _ascii(parts.hostname or "")
    port = parts.port or _PORTS[parts.scheme]
    addresses = _looked_up(name, port, resolve)
    if _says_loopback(name) and not all(map(_is_loopback_address, addresses)):
        raise UsageError(_FLAG, f"{name} leads to {addresses[0]}, which is not on this machine")
    address = _reachable(addresses, port, f"{parts.scheme}://{parts.netloc}")
    return Host(parts.scheme == "https", name, port, address, parts.path.rstrip("/"))


def _says_loopback(name: str) -> bool:
    return name == _LOCAL or name.endswith(f".{_LOCAL}") or _is_loopback_address(name)


def _is_loopback_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(_FLAG, f"{url!r} is not an address: {error}") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise UsageError(_FLAG, f"{url!r} is not an http:// or https:// address")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(_FLAG, "takes no user, query or fragment; tokens go into --token")
    return parts


def _ascii(name: str) -> str:
    """A name as DNS and certificates spell it."""
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        raise UsageError(_FLAG, f"{name!r} is not a host name") from None


def _looked_up(name: str, port: int, resolve: Resolve) -> list[str]:
    """The addresses of a name. A look-up cannot be broken off, so it has a thread that nobody waits for at the end."""
    found: list[str] = []
    problems: list[str] = []

    def look_up() -> None:
        try:
            found.extend(resolve(name, port))
        except (OSError, UnicodeError) as error:
            problems.append(getattr(error, "strerror", None) or str(error))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(_LOOK_UP_SECONDS)
    if not found:
        reason = problems[0] if problems else f"no address within {_LOOK_UP_SECONDS:g} seconds"
        raise UsageError(_FLAG, f"{name} cannot be resolved: {reason}")
    return found


def _reachable(addresses: list[str], port: int, shown: str) -> str:
    """The first address that takes a connection."""
    deadline = time.monotonic() + _CONNECT_SECONDS
    problem = ""
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            socket.create_connection((address, port), left).close()
        except OSError as error:
            problem = error.strerror or str(error)
        else:
            return address
    raise UsageError(_FLAG, f"{shown} cannot be reached: {problem.lower()}")
