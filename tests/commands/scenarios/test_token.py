"""`mockportal token`: offline, and by a running mock."""

from pathlib import Path

import httpx
import pytest

from mockportal.cli import main
from tests.support.pool_client import claims_of
from tests.test_cli import served


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["token", *arguments]) == 0
    return capsys.readouterr().out.strip()


def status(url: str, token: str, path: str = "/v2/portal/user") -> int:
    return httpx.get(f"{url}{path}", headers={"authorization": f"Bearer {token}"}).status_code


def test_token_goes_by_the_clock_of_the_mock_that_mints_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tmp_path, "--clock", "now") as (url, _):
        token = printed(capsys, "anna", "--expires-in", "60", "--url", url)
        offline = printed(capsys, "anna", "--expires-in", "60")
        admin = printed(capsys, "inga", "--kind", "admin", "--url", f"{url}/@blue")

        seen = status(url, token), status(url, offline), status(url, admin, "/v2/portal/configs")

    assert seen == (200, 401, 200)
    claims = claims_of(token)
    assert claims["exp"] - claims["iat"] == 60
    assert claims["iss"] == f"{url}/__services/cognito/eu-central-1_MockEcp01"
    assert claims_of(admin)["iss"] == f"{url}/@blue/__services/cognito/eu-central-1_MockAdm01"


def test_token_is_minted_offline_by_the_clock_of_the_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    claims = claims_of(printed(capsys, "anna"))

    assert (claims["iat"], claims["exp"] - claims["iat"]) == (1781506800, 3600)
    assert claims["iss"].startswith("http://127.0.0.1:8080/__services/cognito/")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("anan",), "did you mean 'anna'?"),
        (("anna", "--url", "localhost"), "is not an address"),
        (("anna", "--url", "http://127.0.0.1:8080/v2"), "names no world"),
        (("anna", "--url", "http://127.0.0.1:99999"), "--url"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], problem: str
) -> None:
    assert main(["token", *arguments]) == 2

    errors = capsys.readouterr().err
    assert problem in errors
    assert errors.count("\n") == 1


def test_refusal_of_the_mock_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with served(tmp_path) as (url, _):
        assert main(["token", "anan", "--url", url]) == 2

    assert "404" in capsys.readouterr().err
