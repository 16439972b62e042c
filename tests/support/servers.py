"""Servers on 127.0.0.1 for tests: sockets that misbehave, and a recorder that answers as it is told."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport

# (connection, an event that is set when the test is over)
Talk = Callable[[socket.socket, threading.Event], None]
Answer = tuple[int, Mapping[str, str], bytes]


def ask(
    transport: Transport,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Received:
    """One request through a transport."""

    async def one() -> Received:
        return await transport(method, target, headers or {}, body)

    return asyncio.run(one())


@contextmanager
def talking(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server that treats each connection by `talk`, behind TLS if there is a context."""
    over = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve(connection: socket.socket) -> None:
            with closing(connection), suppress(OSError):
                talk(context.wrap_socket(connection, server_side=True) if context else connection, over)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(2)


def saying(data: bytes) -> Talk:
    """Reads a request, says `data`, and closes."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        with closing(connection):
            connection.recv(65536)
            connection.sendall(data)

    return talk


def silent(connection: socket.socket, over: threading.Event) -> None:
    """Accepts, and never answers."""
    over.wait()


def dripping(start: bytes, drop: bytes) -> Talk:
    """Says `start`, and then `drop` again and again."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while not over.wait(0.02):
            connection.sendall(drop)

    return talk


def http(status: str, kind: str, body: bytes, *fields: str) -> bytes:
    """An answer as bytes."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


@dataclass(slots=True)
class Recorder:
    """`requests` are (method, path and query, headers in lower case) in the order in which they arrived."""

    port: int = 0
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def methods(self) -> set[str]:
        return {method for method, _, _ in self.requests}


@contextmanager
def recording(
    answer: Callable[[str, str, Mapping[str, str], bytes], Answer], context: ssl.SSLContext | None = None
) -> Iterator[Recorder]:
    """An HTTP server, behind TLS if there is a context, that notes every request that arrives, whatever its method,
    before it asks for an answer."""
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for the client to confirm its head

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def handle_any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorder.requests.append((self.command, self.path, headers))
            body = self.rfile.read(int(headers.get("content-length", 0)))
            status, fields, content = answer(self.command, self.path, headers, body)
            self.send_response_only(status)
            for name, value in fields.items():
                if name.lower() not in ("content-length", "connection"):
                    self.send_header(name, value)
            if status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        recorder.port = server.server_address[1]
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield recorder
        finally:
            server.shutdown()
            thread.join(2)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of a certificate with its key, and of what signed it."""

    chain: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        """What a server with this certificate uses."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


def certificate(folder: Path, names: tuple[str, ...], expired: bool = False) -> Certificate:
    """A certificate for host names, or addresses, by an authority that nobody knows; for none, one that signed itself."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    signed = _certificate(root, root, root_key, root_key, (), False)
    leaf = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf")])
    own = (
        _certificate(leaf, root, key, root_key, names, expired)
        if names
        else _certificate(leaf, leaf, key, key, (), expired)
    )
    chain, authority = folder / "chain.pem", folder / "authority.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain
    )
    chain.write_bytes(private + own.public_bytes(serialization.Encoding.PEM))
    authority.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return Certificate(chain, authority)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    expired: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    end = now - timedelta(days=1) if expired else now + timedelta(days=1)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if names:
        alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    else:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(signer, hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
