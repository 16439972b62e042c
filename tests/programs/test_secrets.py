"""No program holds a secret: it reads it from its environment, and then gets the same answer."""

from pathlib import Path

import pytest

from mockportal.values import decode
from tests.programs.exchanges import ANNA, JSON, Case
from tests.programs.test_programs import RUNS, Mocked, mocked
from tests.support.programs import run_playwright, run_pytest

__all__ = ["mocked"]
PRIVATE = "Planted-Geheimnis-1"
POOL = "/__services/cognito/eu-central-1_MockEcp01"
AMAZON = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
}
SIGN_IN = (
    b'{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "mockecp0client000000000001",'
    b' "AuthParameters": {"USERNAME": "anna.berger@example.org", "PASSWORD": "%s"}}'
)
BYTES = (
    b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n%s\r\n--b\r\n\r\n\xff\x00\r\n--b--\r\n'
)
CODE = (
    b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n%s\r\n'
    b'--b\r\nContent-Disposition: form-data; name="state"\r\n\r\n\xc3\xa4\r\n--b--\r\n'
)
PLANTED: dict[str, tuple[Case, list[str]]] = {
    "token": (Case("GET", "/v2/portal/user", {"authorization": f"Bearer {PRIVATE}"}), ["MOCKPORTAL_TOKEN"]),
    "headers": (
        Case("GET", "/v2/portal/user", {**ANNA, "x-api-key": PRIVATE, "cookie": f"session={PRIVATE}"}),
        ["MOCKPORTAL_SECRET_1", "MOCKPORTAL_SECRET_2"],
    ),
    "query": (
        Case("GET", f"/v2/portal/contract?a=1&access_token={PRIVATE}&b=2"),
        ["MOCKPORTAL_SECRET_1"],
    ),
    "json": (
        Case(
            "PATCH", "/v2/portal/contact", JSON, b'{"first_name": "Eva", "password": "%s"}' % PRIVATE.encode()
        ),
        ["MOCKPORTAL_SECRET_1"],
    ),
    "form": (
        Case(
            "POST",
            f"{POOL}/oauth2/token",
            {"content-type": "application/x-www-form-urlencoded"},
            f"grant_type=x&client_secret={PRIVATE}&z=1".encode(),
        ),
        ["MOCKPORTAL_SECRET_1"],
    ),
    "bytes": (
        Case(
            "PATCH",
            "/v2/portal/contact",
            {**ANNA, "content-type": "multipart/form-data; boundary=b"},
            BYTES % PRIVATE.encode(),
        ),
        ["MOCKPORTAL_SECRET_1"],
    ),
    "redirect": (
        Case(
            "POST",
            "/v2/portal/public/sso/redirect?web_uri=https%3A%2F%2Fmein.sw-musterau.test%2Flogin",
            {"content-type": "multipart/form-data; boundary=b"},
            CODE % PRIVATE.encode(),
        ),
        ["MOCKPORTAL_SECRET_1"],
    ),
    "refused": (Case("POST", f"{POOL}/", AMAZON, SIGN_IN % PRIVATE.encode()), ["MOCKPORTAL_SECRET_1"]),
}


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("name", PLANTED)
def test_secret_is_read_from_the_environment(mocked: Mocked, name: str, kind: str, tmp_path: Path) -> None:
    case, variables = PLANTED[name]
    sent = mocked.sent(f"secret-{name}", case)
    answer = mocked.control("GET", f"/worlds/{sent.world}/journal/{sent.n}/code?as={kind}")

    seen = RUNS[kind](mocked.code(sent, kind), tmp_path, dict.fromkeys(variables, PRIVATE))

    assert PRIVATE not in answer.text
    assert answer.json()["variables"] == variables
    assert seen == sent.answer


@pytest.mark.parametrize("kind", RUNS)
def test_upload_is_sent_again_with_every_byte(mocked: Mocked, kind: str, tmp_path: Path) -> None:
    asked = b'{"filename": "meter.jpg", "mime_type": "image/jpeg"}'
    address = decode(
        mocked.sent("upload", Case("POST", "/__services/files/upload-url", JSON, asked)).answer.body
    )
    target = str(address["upload_url"]).partition("/@upload")[2]
    sent = mocked.sent("upload", Case("PUT", target, {"content-type": "image/jpeg"}, bytes(range(256)) * 200))

    code = mocked.code(sent, kind)
    seen = RUNS[kind](code, tmp_path, {"MOCKPORTAL_SECRET_1": target.rpartition("=")[2]})

    assert (seen, seen.status) == (sent.answer, 200)
    assert target.rpartition("=")[2] not in code


def test_tests_read_secrets_too(mocked: Mocked, node_folder: Path, tmp_path: Path) -> None:
    sent = {name: mocked.sent(f"tests-{name}", case) for name, (case, _) in PLANTED.items()}
    sent["signed-in"] = mocked.sent("signed-in", Case("POST", f"{POOL}/", AMAZON, SIGN_IN % b"Musterau!2026"))
    python = {name: mocked.code(one, "pytest") for name, one in sent.items() if name != "signed-in"}
    typescript = {name: mocked.code(one, "playwright") for name, one in sent.items() if name != "signed-in"}
    names = ("MOCKPORTAL_TOKEN", "MOCKPORTAL_SECRET_1", "MOCKPORTAL_SECRET_2")
    given = dict.fromkeys(names, PRIVATE)
    (tmp_path / "python").mkdir()
    (tmp_path / "signed").mkdir()

    assert set(run_pytest(python, tmp_path / "python", given).values()) == {"passed"}
    assert set(run_playwright(typescript, node_folder, tmp_path, given).values()) == {"passed"}
    signed_in = mocked.code(sent["signed-in"], "pytest")
    given = {"MOCKPORTAL_SECRET_1": "Musterau!2026"}
    assert run_pytest({"signed-in": signed_in}, tmp_path / "signed", given) == {"signed-in": "passed"}
    assert '"IdToken": ANY' in signed_in
    assert "eyJ" not in signed_in


@pytest.mark.parametrize("kind", ["curl", "httpx", "fetch", "playwright", "pytest"])
def test_development_token_stands_in_for_a_minted_one(mocked: Mocked, kind: str) -> None:
    minted = mocked.control("POST", "/worlds/minted/tokens", {"user": "anna"}).json()["token"]
    sent = mocked.sent("minted", Case("GET", "/v2/portal/user", {"authorization": f"Bearer {minted}"}))

    answer = mocked.control("GET", f"/worlds/minted/journal/{sent.n}/code?as={kind}").json()

    assert "Bearer dev-anna" in answer["code"]
    assert minted not in answer["code"]
    assert answer["variables"] == []


@pytest.mark.parametrize("value", [f"{PRIVATE} dev-anna", f"Bearer {PRIVATE} dev-anna", f"Basic x {PRIVATE}"])
@pytest.mark.parametrize("header", ["authorization", "cookie", "x-auth-token"])
def test_secret_beside_a_development_token_is_hidden(mocked: Mocked, header: str, value: str) -> None:
    sent = mocked.sent("beside", Case("GET", "/v2/portal/user", {header: value}))

    answer = mocked.control("GET", f"/worlds/beside/journal/{sent.n}/code?as=curl")

    assert PRIVATE not in answer.text
    assert len(answer.json()["variables"]) == 1
