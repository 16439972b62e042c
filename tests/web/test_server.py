"""Raw bytes into a real server: trailers, bodies that break off, chunks that are none."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from mockportal.values import Json
from tests.test_cli import served

HEAD = "PATCH /v2/portal/user HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
ANNA = "Authorization: Bearer dev-anna\r\n"
BODY = '{"language":"xx"}'
CHUNK = f"{len(BODY):x}\r\n{BODY}\r\n"
CONTROL = (
    "PATCH /__mockportal/worlds/main/state/portal_user/anna HTTP/1.1\r\n"
    "Host: localhost\r\nContent-Type: application/json\r\n"
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that has said nothing on stderr at the end but that requests were invalid."""
    with served(tmp_path_factory.mktemp("served")) as (address, process):
        yield address
        process.terminate()
        errors = process.communicate(timeout=20)[1]
    assert set(errors.splitlines()) <= {
        "Invalid HTTP request received.",
        "WARNING:  Invalid HTTP request received.",
    }


def exchanged(url: str, *pieces: str) -> bytes:
    """What the server says to these bytes, after which the client closes its side."""
    address = urlsplit(url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 0), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece.encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer


def language(url: str) -> Json:
    return httpx.get(f"{url}/__mockportal/worlds/main/state/portal_user/anna").json().get("language")


def entries(url: str) -> int:
    return len(httpx.get(f"{url}/__mockportal/worlds/main/journal").json()["entries"])


@pytest.mark.parametrize(
    "trailers",
    [
        ANNA,
        "authorization: bearer dev-anna\r\nX-Mockportal-World: other\r\n",
        "Prefer: code=500\r\n" + ANNA,
    ],
)
def test_trailers_do_not_log_in_or_choose_a_world(url: str, trailers: str) -> None:
    answer = exchanged(
        url, f"{HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{CHUNK}0\r\n{trailers}\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"x-mockportal-world: main" in answer
    assert language(url) != "xx"


def test_trailers_do_not_pass_for_the_host(url: str) -> None:
    head = CONTROL.replace("Host: localhost", "Host: evil.example")

    answer = exchanged(
        url,
        f"{head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{CHUNK}0\r\nHost: localhost\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 403 ")
    assert language(url) != "xx"


BROKEN = [
    (f"Content-Length: 1000\r\n\r\n{BODY}", b""),
    (f"Transfer-Encoding: chunked\r\n\r\n{CHUNK}", b""),
    (f"Transfer-Encoding: chunked\r\n\r\n{CHUNK}nonsense\r\n", b"HTTP/1.1 400 "),
    (f"Transfer-Encoding: chunked\r\n\r\n{CHUNK}-1\r\n\r\n", b"HTTP/1.1 400 "),
    (f"Transfer-Encoding: chunked\r\n\r\n{CHUNK}0\r\nbad trailer\r\n\r\n", b"HTTP/1.1 400 "),
]


@pytest.mark.parametrize(("rest", "said"), BROKEN)
@pytest.mark.parametrize("head", [HEAD + ANNA, CONTROL], ids=["api", "control"])
def test_request_that_does_not_arrive_whole_changes_nothing(
    url: str, head: str, rest: str, said: bytes
) -> None:
    before = entries(url)

    at_once, in_pieces = exchanged(url, head + rest), exchanged(url, head, rest)

    for answer in (at_once, in_pieces):
        assert answer.startswith(said) if said else answer == b""
    assert language(url) != "xx"
    assert entries(url) == before


def test_whole_request_is_carried_out(url: str) -> None:
    head = HEAD.replace("/v2", "/@whole/v2") + ANNA

    answer = exchanged(
        url, f"{head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{CHUNK}0\r\nX-A: 1\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"language":"xx"' in answer
