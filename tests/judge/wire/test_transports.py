"""The way to a target: whole answers of one pinned host, or one line that says why there is none."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from mockportal.errors import UsageError
from mockportal.judge.model import Received
from mockportal.judge.wire.hosts import Resolve
from mockportal.judge.wire.transports import NoAnswer, is_loopback, over_http
from tests.support.servers import (
    Answer,
    Talk,
    ask,
    certificate,
    dripping,
    http,
    recording,
    saying,
    silent,
    talking,
)

JSON = http("200 OK", "application/json", b'{"a": 1}')


def asked(url: str, timeout: float = 0.3, resolve: Resolve | None = None, target: str = "/x") -> Received:
    send = over_http(url, timeout, resolve) if resolve else over_http(url, timeout)
    return ask(send, "GET", target, {"accept": "*/*"}, b"")


def echo(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps([method, path, {**headers}]).encode()


def test_request_arrives_as_it_was_spelled_below_the_path_of_the_address() -> None:
    with recording(echo) as server:
        send = over_http(f"http://127.0.0.1:{server.port}/api/", 2)

        answer = ask(send, "PATCH", "/v2/a%2Fb?q=%5B1%5D&q", {"X-One": "1"}, b"{}")

    method, path, headers = json.loads(answer.body)
    assert (method, path, headers["x-one"], headers["content-length"]) == (
        "PATCH",
        "/api/v2/a%2Fb?q=%5B1%5D&q",
        "1",
        "2",
    )


def test_headers_of_the_connection_cannot_be_given() -> None:
    given = {
        "Host": "evil.test",
        "Transfer-Encoding": "chunked",
        "Content-Length": "5",
        "connection": "x-one",
    }
    with recording(echo) as server:
        send = over_http(f"http://127.0.0.1:{server.port}", 2)

        answer = ask(send, "GET", "/", given, b"")

    headers = json.loads(answer.body)[2]
    assert headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept-encoding": "identity",
        "user-agent": "mockportal-contract",
    }


def test_several_values_of_a_header_stay_apart_and_in_order() -> None:
    data = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"
    with talking(saying(data)) as port:
        answer = asked(f"http://127.0.0.1:{port}")

    assert [value for name, value in answer.headers if name == "set-cookie"] == ["a=1", "b=2"]


def test_redirect_is_an_answer_and_not_followed() -> None:
    with recording(lambda *request: (302, {"Location": "/elsewhere"}, b"")) as server:
        answer = asked(f"http://127.0.0.1:{server.port}")

    assert (answer.status, answer.header("location"), len(server.requests)) == (302, "/elsewhere", 1)


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with recording(echo) as server:
        answer = asked(f"http://127.0.0.1:{server.port}")

    assert (answer.status, len(server.requests)) == (200, 1)


def test_name_is_looked_up_once_so_that_it_cannot_be_moved() -> None:
    looked_up = []

    def moving(name: str, port: int) -> list[str]:
        looked_up.append(name)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["192.0.2.1"]

    with recording(echo) as server:
        send = over_http(f"http://portal.example.test:{server.port}", 2, moving)
        for _ in range(3):
            ask(send, "GET", "/x", {}, b"")

    assert looked_up == ["portal.example.test"]
    assert [headers["host"] for _, _, headers in server.requests] == [
        f"portal.example.test:{server.port}"
    ] * 3


def test_request_is_sent_again_only_if_the_open_connection_was_closed() -> None:
    def once(connection: object, over: object) -> None:
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")(connection, over)  # type: ignore[arg-type]

    with talking(once) as port:
        send = over_http(f"http://127.0.0.1:{port}", 2)

        statuses = [ask(send, "GET", "/x", {}, b"").status for _ in range(3)]

    assert statuses == [200, 200, 200]


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        (silent, "gives no whole answer within 0.3 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "gives no whole answer within 0.3 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"), "gives no whole answer within 0.3 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), "gives no whole answer within 0.3 seconds"),
        (dripping(b"", b"H"), "gives no whole answer within 0.3 seconds"),
        (saying(b""), "closes the connection without an answer"),
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n"), "does not speak HTTP"),
        (saying(b"\x15\x03\x01\x00\x02\x02"), "does not speak HTTP"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "the answer breaks off after 3 bytes"),
        (saying(http("200 OK", "application/json", b"not gzip at all", "Content-Encoding: gzip")), "its content is not encoded as its header says"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_none(talk: Talk, problem: str) -> None:
    with talking(talk) as port, pytest.raises(NoAnswer) as none:
        asked(f"http://127.0.0.1:{port}")

    assert str(none.value) == problem


def test_answer_without_end_is_cut_short() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with (
        talking(saying(head + chunk * 40)) as port,
        pytest.raises(NoAnswer, match="longer than 33554432 bytes"),
    ):
        asked(f"http://127.0.0.1:{port}", timeout=30)


def test_certificate_of_a_known_authority_for_this_name_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate(tmp_path, ("portal.example.test",))
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with talking(saying(JSON), made.context()) as port:
        answer = asked(f"https://portal.example.test:{port}", resolve=lambda name, port: ["127.0.0.1"])

    assert answer.body == b'{"a": 1}'


@pytest.mark.parametrize(
    ("names", "expired", "known", "problem"),
    [
        (("portal.example.test",), False, False, "its certificate cannot be trusted: unable to get local issuer certificate"),
        (("portal.example.test",), True, True, "its certificate cannot be trusted: certificate has expired"),
        (("other.example.test",), False, True, "its certificate cannot be trusted: Hostname mismatch, certificate is not valid for 'portal.example.test'"),
        (("127.0.0.1",), False, True, "its certificate cannot be trusted: Hostname mismatch, certificate is not valid for 'portal.example.test'"),
    ],
)  # fmt: skip
def test_bad_certificate_is_said_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...],
    expired: bool,
    known: bool,
    problem: str,
) -> None:
    made = certificate(tmp_path, names, expired)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with talking(saying(JSON), made.context()) as port, pytest.raises(NoAnswer) as none:
        asked(f"https://portal.example.test:{port}", resolve=lambda name, port: ["127.0.0.1"])

    assert str(none.value) == problem


def test_plain_server_is_no_tls_server() -> None:
    with talking(saying(JSON)) as port, pytest.raises(NoAnswer, match="speaks no TLS that could be used"):
        asked(f"https://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://127.0.0.1", "--target: 'ftp://127.0.0.1' is not an http:// or https:// address"),
        ("127.0.0.1:80", "--target: '127.0.0.1:80' is not an http:// or https:// address"),
        ("http://:80", "--target: 'http://:80' is not an http:// or https:// address"),
        (
            "http://127.0.0.1:99999",
            "--target: 'http://127.0.0.1:99999' is not an address: Port out of range 0-65535",
        ),
        ("http://anna:pw@127.0.0.1", "--target: takes no user, query or fragment; tokens go into --token"),
        ("http://:pw@127.0.0.1", "--target: takes no user, query or fragment; tokens go into --token"),
        ("http://127.0.0.1/?a=1", "--target: takes no user, query or fragment; tokens go into --token"),
        ("http://127.0.0.1:9", "--target: http://127.0.0.1:9 cannot be reached: connection refused"),
    ],
)
def test_address_that_cannot_be_used_is_refused_in_one_line(url: str, problem: str) -> None:
    with pytest.raises(UsageError) as refused:
        over_http(url, 1)

    assert str(refused.value) == problem


def test_local_name_that_leads_elsewhere_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"evil\.localhost leads to 192\.0\.2\.1, which is not on this machine"
    ):
        over_http("http://evil.localhost", 1, lambda name, port: ["127.0.0.1", "192.0.2.1"][::-1])


@pytest.mark.parametrize(
    ("url", "found", "expected"),
    [
        ("http://127.0.0.1:8080", ["127.0.0.1"], True),
        ("http://127.8.0.1", ["127.8.0.1"], True),
        ("http://[::1]:8080/api", ["::1"], True),
        ("http://LOCALHOST", ["127.0.0.1", "::1"], True),
        ("http://demo.localhost", ["127.0.0.1"], True),
        ("http://localhost", ["127.0.0.1", "192.0.2.1"], False),
        ("http://localhost.example.test", ["127.0.0.1"], False),
        ("http://portal.example.test", ["127.0.0.1"], False),
        ("http://0.0.0.0", ["0.0.0.0"], False),
        ("http://192.0.2.1", ["192.0.2.1"], False),
    ],
)
def test_only_loopback_addresses_and_localhost_are_this_machine(
    url: str, found: list[str], expected: bool
) -> None:
    assert is_loopback(url, lambda name, port: found) is expected
