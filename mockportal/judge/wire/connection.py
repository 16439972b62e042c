"""One connection to a pinned host. An answer is whole and in time, or it is none."""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import BadStatusLine, HTTPException, RemoteDisconnected
from weakref import finalize

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, DecodeError, HTTPError, IncompleteRead, ProtocolError
from urllib3.util.connection import is_connection_dropped

from mockportal.judge.model import Received
from mockportal.judge.wire.hosts import Host

_LONGEST_ANSWER = 32 * 1024 * 1024
_CHUNK = 1 << 16
_FIRST_SECONDS = 4.0
_CONNECT_SECONDS = 2.0
_AGENT = "mockportal-contract"
_REPEATABLE = ("GET", "HEAD", "OPTIONS")
# What belongs to the connection and not to the request: nobody but this module says it.
_OF_THE_LINE = frozenset(
    ("host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect",
     "proxy-connection", "proxy-authorization")
)  # fmt: skip


class NoAnswer(Exception):
    """The target gave no whole HTTP answer; `str()` says why in one line."""


class Connection:
    """Keeps its connection open between requests. Follows no redirect, asks no proxy, believes no certificate that the
    system, or a context of its own, would not (`SSL_CERT_FILE` adds one)."""

    def __init__(self, host: Host, timeout: float, context: ssl.SSLContext | None = None) -> None:
        self._host = host
        self._timeout = timeout
        self._patience = min(timeout, _FIRST_SECONDS)  # a target that never answered is given up sooner
        self._connection = _connection(host, context)
        finalize(self, self._connection.close)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Raises `NoAnswer`."""
        fields = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_LINE}
        fields |= {"Host": self._host.header}
        if not any(name.lower() == "user-agent" for name in fields):
            fields["User-Agent"] = _AGENT
        with _cutting() as cut:
            try:
                received = self._received(cut, method, target, fields, body)
            except (HTTPError, HTTPException, OSError, ValueError) as error:
                self._connection.close()
                late = cut.happened or isinstance(error, TimeoutError)
                raise NoAnswer(self._late() if late else _reason(error)) from None
            except NoAnswer:
                self._connection.close()
                raise
        self._patience = self._timeout
        return received

    def _received(
        self, cut: "Deadline", method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Received:
        """An answer; where an open connection turns out to be closed, over a new one if that does no harm."""
        old = self._is_open()
        try:
            return self._tried(cut, method, target, headers, body)
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not old or cut.happened or method not in _REPEATABLE:
                raise
            self._connection.close()
            return self._tried(cut, method, target, headers, body)

    def _is_open(self) -> bool:
        if self._connection.sock is None:
            return False
        if is_connection_dropped(self._connection):
            self._connection.close()
        return self._connection.sock is not None

    def _tried(
        self, cut: "Deadline", method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Received:
        if self._connection.sock is None:
            self._connect()
        open_socket = self._connection.sock
        assert open_socket is not None
        open_socket.settimeout(self._patience)
        cut.after(self._patience, open_socket)
        self._connection.request(
            method, target, body or None, headers, preload_content=False, decode_content=True
        )
        answer = self._connection.getresponse()
        content = _content(answer)
        if cut.happened:
            raise NoAnswer(self._late())
        fields = tuple((name.lower(), value) for name, value in answer.headers.iteritems())
        return Received(answer.status, fields, content)

    def _connect(self) -> None:
        try:
            self._connection.connect()
        except (TimeoutError, ConnectTimeoutError):
            raise NoAnswer(f"takes no connection within {_CONNECT_SECONDS:g} seconds") from None

    def _late(self) -> str:
        return f"gives no whole answer within {self._patience:g} seconds"


class Deadline:
    """Shuts a socket down after a time, so that an answer that comes drop by drop ends too."""

    def __init__(self) -> None:
        self.happened = False
        self._timer: threading.Timer | None = None

    def after(self, seconds: float, open_socket: socket.socket) -> None:
        self.cancel()
        self._timer = threading.Timer(seconds, self._shut, (open_socket,))
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _shut(self, open_socket: socket.socket) -> None:
        self.happened = True
        with suppress(OSError):  # not the method of a TLS socket, which another thread is reading
            socket.socket.shutdown(open_socket, socket.SHUT_RDWR)


@contextmanager
def _cutting() -> "Iterator[Deadline]":
    cut = Deadline()
    try:
        yield cut
    finally:
        cut.cancel()


def _connection(host: Host, context: ssl.SSLContext | None) -> HTTPConnection:
    if not host.tls:
        return HTTPConnection(host.address, host.port, timeout=_CONNECT_SECONDS)
    return HTTPSConnection(
        host.address,
        host.port,
        timeout=_CONNECT_SECONDS,
        ssl_context=context or ssl.create_default_context(),
        server_hostname=host.name,
    )


def _content(answer: BaseHTTPResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in answer.stream(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > _LONGEST_ANSWER:
            raise NoAnswer(f"the answer is longer than {_LONGEST_ANSWER} bytes")
    return b"".join(parts)


def _reason(error: Exception) -> str:
    """One line for people; the order matters, as some of these are kinds of others."""
    while isinstance(error, ProtocolError) and not isinstance(error, IncompleteRead):
        inner = next((one for one in reversed(error.args) if isinstance(one, Exception)), None)
        if inner is None:
            break
        error = inner
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate cannot be trusted: {error.verify_message.rstrip('.')}"
        case ssl.SSLError():
            return (
                f"speaks no TLS that could be used: {(error.reason or str(error)).lower().replace('_', ' ')}"
            )
        case RemoteDisconnected():
            return "closes the connection without an answer"
        case BadStatusLine():
            return "does not speak HTTP"
        case DecodeError():
            return "its content is not encoded as its header says"
        case IncompleteRead():
            return f"the answer breaks off after {error.partial} bytes"
        case OSError() if error.strerror:
            return error.strerror.lower()
    text = str(error) or type(error).__name__
    return " ".join((text.rpartition(">: ")[2] or text).split())
