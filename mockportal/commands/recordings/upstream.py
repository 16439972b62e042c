"""The one address that `mockportal record` calls: looked up once, and never another one."""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockportal.commands.recordings.wire import address
from mockportal.engine.call import Request
from mockportal.errors import UsageError
from mockportal.web.recording.proxy import UpstreamAnswer

_FLAG = "--upstream"
_PORTS = {"http": 80, "https": 443}
_TIMEOUT = 30.0  # seconds
_LONGEST = 32 * 1024 * 1024  # bytes of an answer
# Headers that belong to a connection and not to the message on it.
_HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
     "upgrade", "content-length", "host", "accept-encoding")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upstream:
    """A host under its name, reached at the address that the name had when the command began.

    prefix: the path before that of every request, without a slash at its end
    """

    tls: bool
    name: str
    port: int
    address: str
    prefix: str

    def send(self, request: Request) -> UpstreamAnswer:
        """The answer to a request; a redirect is an answer. Raises `OSError` or `HTTPException` if there is none."""
        line = socket.create_connection((self.address, self.port), timeout=_TIMEOUT)
        connection = http.client.HTTPConnection(self.name, self.port, timeout=_TIMEOUT)
        try:
            secure = ssl.create_default_context()
            connection.sock = secure.wrap_socket(line, server_hostname=self.name) if self.tls else line
            headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
            headers |= {"host": self._host(), "accept-encoding": "identity"}
            target = self.prefix + request.path + (f"?{request.query}" if request.query else "")
            connection.request(request.method, target, request.body or None, headers)
            response = connection.getresponse()
            content = response.read(_LONGEST)
        finally:
            line.close()
            connection.close()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return UpstreamAnswer(response.status, fields, content)

    def _host(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == _PORTS["https" if self.tls else "http"] else f"{name}:{self.port}"


def upstream_at(url: str, allow_private: bool) -> Upstream:
    """The upstream at a URL, looked up. Raises `UsageError`, also for an address that is not public."""
    parts = urlsplit(address(_FLAG, url))
    name, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        entries = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UsageError(_FLAG, f"{name} has no address") from None
    addresses = [str(entry[4][0]) for entry in entries]
    private = [one for one in addresses if not _is_public(one)]
    if private and not allow_private:
        problem = f"{name} leads to {private[0]}, which is not public; --allow-private allows that"
        raise UsageError(_FLAG, problem)
    return Upstream(parts.scheme == "https", name, port, addresses[0], parts.path.rstrip("/"))


def _is_public(text: str) -> bool:
    found = ipaddress.ip_address(text.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global
