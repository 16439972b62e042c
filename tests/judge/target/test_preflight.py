"""A target that cannot be judged is refused within seconds, in one clear line."""

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.errors import UsageError
from mockportal.judge.model import Received
from mockportal.judge.target.preflight import check_answers
from mockportal.judge.target.profiles import PROFILES
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Gate, SendingLimits
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import in_process, over_http
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.runs import target_of
from tests.support.servers import Talk, certificate, dripping, http, saying, silent, talking

PATIENCE = 0.3
LOGIN = http("302 Found", "text/html", b"", "Location: https://sso.example.test/login?session=secret")


@pytest.fixture(scope="module")
def target(mock: Mock) -> Target:
    return replace(target_of(mock), isolation="")


def look_at(spec: Spec, target: Target, url: str, limits: SendingLimits | None = None) -> None:
    limits = limits or replace(PROFILES["remote-readonly"].limits(spec), rate=0)
    with Sender(Gate(spec, over_http(url, PATIENCE), limits)) as sender:
        check_answers(sender, spec, target, url)


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        (silent, "gives no whole answer within 0.3 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", b"X-A: b\r\n"), "gives no whole answer within 0.3 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{", b" "), "gives no whole answer within 0.3 seconds"),
        (saying(b""), "closes the connection without an answer"),
        (saying(b"220 mail.example.test ESMTP ready\r\n"), "does not speak HTTP"),
        (saying(b"\x00\xff" * 500), "does not speak HTTP"),
        (saying(http("200 OK", "text/html; charset=utf-8", b"<html>Welcome</html>")), "answers with a web page (200 text/html): is this the address of the API?"),
        (saying(http("404 Not Found", "text/html", b"<h1>nginx</h1>")), "answers with a web page (404 text/html): is this the address of the API?"),
        (saying(http("200 OK", "text/plain", b"it works")), "answers 200 with text/plain that is not JSON: is this the address of the API?"),
        (saying(http("500 Oops", "application/json", b"{}")), "answers 500 to everything"),
        (saying(http("502 Bad Gateway", "text/html", b"<h1>bad</h1>")), "answers 502 to everything"),
        (saying(http("503 Down", "application/json", b"{}", "Retry-After: 3600")), "the target asks to wait 3600 seconds (Retry-After)"),
        (saying(LOGIN), "redirects to https://sso.example.test/login (302): is this the address of the API?"),
    ],
)  # fmt: skip
def test_target_that_is_no_api_is_told_by_what_it_does(
    spec: Spec, target: Target, talk: Talk, problem: str
) -> None:
    with talking(talk) as port, pytest.raises(UsageError) as error:
        look_at(spec, target, f"http://127.0.0.1:{port}")

    assert str(error.value) == f"http://127.0.0.1:{port}: {problem}"


def test_dead_port_is_refused(spec: Spec, target: Target) -> None:
    with talking(silent) as port:
        pass

    with pytest.raises(UsageError) as error:
        look_at(spec, target, f"http://127.0.0.1:{port}")

    assert str(error.value) == f"--target: http://127.0.0.1:{port} cannot be reached: connection refused"


def test_name_that_leads_nowhere_is_refused() -> None:
    def knows_none(name: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(UsageError) as error:
        over_http("http://nowhere.invalid", 1, knows_none)

    assert str(error.value) == "--target: nowhere.invalid cannot be resolved: Name or service not known"


def test_name_that_is_never_resolved_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockportal.judge.wire.hosts._LOOK_UP_SECONDS", 0.05)
    over = threading.Event()

    def hanging(name: str, port: int) -> list[str]:
        over.wait()
        return []

    with pytest.raises(UsageError) as error:
        over_http("http://slow.example.test", 1, hanging)
    over.set()

    assert (
        str(error.value) == "--target: slow.example.test cannot be resolved: no address within 0.05 seconds"
    )


@pytest.mark.parametrize(
    ("names", "known", "problem"),
    [
        ((), False, "its certificate cannot be trusted: self-signed certificate"),
        (("127.0.0.1",), False, "its certificate cannot be trusted: unable to get local issuer certificate"),
        (("other.example.test",), True, "its certificate cannot be trusted: IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)  # fmt: skip
def test_broken_certificate_is_said(
    spec: Spec, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...], known: bool, problem: str,
) -> None:  # fmt: skip
    made = certificate(tmp_path, names)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    talk = saying(http("200 OK", "application/json", b"{}"))
    with talking(talk, made.context()) as port, pytest.raises(UsageError) as error:
        look_at(spec, target, f"https://127.0.0.1:{port}")

    assert str(error.value) == f"https://127.0.0.1:{port}: {problem}"


def test_handshake_that_never_ends_is_refused(
    spec: Spec, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockportal.judge.wire.connection._CONNECT_SECONDS", 0.2)
    with talking(silent) as port, pytest.raises(UsageError) as error:
        look_at(spec, target, f"https://127.0.0.1:{port}")

    assert str(error.value) == f"https://127.0.0.1:{port}: takes no connection within 0.2 seconds"


def test_one_broken_operation_is_no_broken_target(spec: Spec, mock: Mock) -> None:
    seen: list[str] = []
    behind = in_process(create_app(mock))

    async def first_fails(method, path, headers, body) -> Received:  # type: ignore[no-untyped-def]
        seen.append(path)
        if len(seen) == 1:
            return Received(500, (("content-type", "application/json"),), b"{}")
        return await behind(method, path, headers, body)

    with Sender(Gate(spec, first_fails)) as sender:
        check_answers(sender, spec, target_of(mock), "here")

    assert len(seen) == 2


def test_preflight_sends_nothing_that_writes(spec: Spec, target: Target) -> None:
    only_writes = SendingLimits(frozenset(("createPortalPage",)))
    talk = saying(http("200 OK", "application/json", b"{}"))
    with talking(talk) as port, pytest.raises(UsageError) as error:
        look_at(spec, target, f"http://127.0.0.1:{port}", only_writes)

    assert str(error.value) == f"http://127.0.0.1:{port}: no operation may be called that only reads"
