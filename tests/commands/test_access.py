"""A deployment behind a gateway: a private authority, a client certificate, a header, and tokens that live a second."""

import json
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock
from mockportal.web.app import create_app
from tests.support.servers import Answer, ask, certificate, recording

GATEWAY = "planted-gateway-key-77aa"
FEW = ["--phases", "checks", "--rate", "0", "--operation", "getContract", "getAllContracts"]


@pytest.fixture
def issued() -> list[str]:
    return []


@pytest.fixture
def targets(mock: Mock, issued: list[str], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the deployment, and its targets file."""
    behind = in_process(create_app(mock))

    def answer(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if target == "/token":
            issued.append(f"planted-token-{len(issued)}-4f1e77aa")
            return 200, {}, json.dumps({"access_token": issued[-1], "expires_in": 1}).encode()
        if headers.get("x-gateway") != GATEWAY:
            return 403, {"Content-Type": "application/json"}, b'{"message": "no gateway"}'
        valid = issued and headers.get("authorization", "") == f"Bearer {issued[-1]}"
        sent = {name: value for name, value in headers.items() if name != "x-mockportal-world"}
        sent |= {"authorization": "Bearer dev-anna" if valid else headers.get("authorization", "")}
        received = ask(behind, method, target, {name: text for name, text in sent.items() if text}, body)
        return received.status, dict(received.headers), received.body

    made = certificate(tmp_path, ("127.0.0.1",))
    context = made.context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(made.authority)
    with recording(answer, context) as recorder:
        url = f"https://127.0.0.1:{recorder.port}"
        contract = mock.scenario(None).aliases["contract"]["v-900001"]
        (tmp_path / "targets.yaml").write_text(
            "access: {authority: authority.pem, certificate: chain.pem, headers: {x-gateway: $GATEWAY_KEY}}\n"
            f"logins: {{PortalAuth: {{oauth: '{url}/token', client_id: judge, client_secret: $SECRET}}}}\n"
            f"operations: {{getContract: {{params: {{id: {contract}}}}}}}\n"
        )
        yield url, tmp_path / "targets.yaml"


def test_tokens_are_renewed_in_the_middle_of_a_run_and_stand_in_no_report(
    targets: tuple[str, Path], issued: list[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    url, path = targets
    monkeypatch.setenv("GATEWAY_KEY", GATEWAY)
    monkeypatch.setenv("SECRET", "planted-secret-9c0d")
    report = tmp_path / "report"
    pace = [*FEW, "--rate", "40"]

    code = main(["contract", "--target", url, "--targets", str(path), *pace, "--report", str(report)])

    shown = capsys.readouterr().out
    record = json.loads((report / "report.json").read_text())
    written = "".join(one.read_text() for one in report.iterdir())
    assert (code, record["findings"], record["counts"]["passed"]) == (0, [], 2), shown
    assert len(issued) >= 2
    assert not [secret for secret in (GATEWAY, "planted-secret-9c0d", *issued) if secret in written + shown]


def test_variable_that_is_not_set_is_one_line(
    targets: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, path = targets
    monkeypatch.delenv("GATEWAY_KEY", raising=False)

    assert main(["contract", "--target", url, "--targets", str(path), *FEW]) == 2
    assert capsys.readouterr().err == (
        "mockportal: access/headers/x-gateway: $GATEWAY_KEY is not set in the environment\n"
    )
