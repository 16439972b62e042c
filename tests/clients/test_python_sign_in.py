"""`boto3` and `pycognito` sign in at a running mock."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito import AWSSRP  # type: ignore[import-untyped]

from tests.support.pool_client import ANNA, CUSTOMERS, CUSTOMERS_CLIENT, PASSWORD
from tests.test_cli import served

NEW = "Neuland#2026"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as (url, _):
        yield url


@pytest.fixture
def cognito(url: str) -> Any:
    return boto3.client(
        "cognito-idp",
        region_name="eu-central-1",
        endpoint_url=f"{url}/__services/cognito/{CUSTOMERS}",
        config=Config(signature_version=UNSIGNED, retries={"max_attempts": 1}),
    )


def error_of(work: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as caught:
        work()
    return str(caught.value.response["Error"]["Code"])


def test_pycognito_signs_in_by_srp(cognito: Any, url: str) -> None:
    def signed_in(username: str, password: str) -> Any:
        srp = AWSSRP(
            username=username,
            password=password,
            pool_id=CUSTOMERS,
            client_id=CUSTOMERS_CLIENT,
            client=cognito,
        )
        return srp.authenticate_user()["AuthenticationResult"]

    tokens = signed_in(ANNA, PASSWORD)

    headers = {"authorization": f"Bearer {tokens['IdToken']}"}
    assert (
        httpx.get(f"{url}/v2/portal/contact", headers=headers).json()["entity"]["customer_number"]
        == "KD-100101"
    )
    assert error_of(lambda: signed_in(ANNA, "wrong")) == "NotAuthorizedException"
    assert error_of(lambda: signed_in("nobody@example.org", PASSWORD)) == "NotAuthorizedException"
    assert error_of(lambda: signed_in("nadia.haddad@example.org", PASSWORD)) == "UserNotConfirmedException"


def test_boto3_goes_through_the_life_of_an_account(cognito: Any, url: str) -> None:
    def entered(password: str) -> Any:
        parameters = {"USERNAME": ANNA, "PASSWORD": password}
        answer = cognito.initiate_auth(
            ClientId=CUSTOMERS_CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )
        return answer["AuthenticationResult"]

    tokens = entered(PASSWORD)
    refreshed = cognito.get_tokens_from_refresh_token(
        ClientId=CUSTOMERS_CLIENT, RefreshToken=tokens["RefreshToken"]
    )["AuthenticationResult"]
    access = refreshed["AccessToken"]
    nickname = [{"Name": "nickname", "Value": "Anni"}]
    cognito.update_user_attributes(AccessToken=access, UserAttributes=nickname)
    attributes = {one["Name"]: one["Value"] for one in cognito.get_user(AccessToken=access)["UserAttributes"]}
    cognito.change_password(AccessToken=access, PreviousPassword=PASSWORD, ProposedPassword=NEW)
    cognito.forgot_password(ClientId=CUSTOMERS_CLIENT, Username=ANNA)
    mails = httpx.get(f"{url}/__mockportal/worlds/main/outbox").json()["mails"]
    code = [mail["code"] for mail in mails if "code" in mail][-1]
    cognito.confirm_forgot_password(
        ClientId=CUSTOMERS_CLIENT, Username=ANNA, ConfirmationCode=code, Password="Drittland#2026"
    )
    kept = entered("Drittland#2026")
    cognito.global_sign_out(AccessToken=kept["AccessToken"])

    assert (attributes["email"], attributes["nickname"]) == (ANNA, "Anni")
    assert error_of(lambda: entered(PASSWORD)) == "NotAuthorizedException"
    assert error_of(lambda: entered(NEW)) == "NotAuthorizedException"
    headers = {"authorization": f"Bearer {kept['IdToken']}"}
    assert httpx.get(f"{url}/v2/portal/user", headers=headers).status_code == 401
    assert error_of(lambda: cognito.get_user(AccessToken=access)) == "NotAuthorizedException"


def test_journal_shows_nothing_that_signs_in(cognito: Any, url: str) -> None:
    tokens = AWSSRP(
        username=ANNA, password=PASSWORD, pool_id=CUSTOMERS, client_id=CUSTOMERS_CLIENT, client=cognito
    ).authenticate_user()["AuthenticationResult"]
    parameters = {"USERNAME": ANNA, "PASSWORD": PASSWORD}
    cognito.initiate_auth(ClientId=CUSTOMERS_CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    cognito.revoke_token(ClientId=CUSTOMERS_CLIENT, Token=tokens["RefreshToken"])

    shown = [httpx.get(f"{url}/__mockportal/worlds/main/journal/{n}").text for n in (1, 2, 3, 4)]

    assert all('"services.cognito"' in entry for entry in shown)
    secrets = [PASSWORD, *(tokens[name] for name in ("IdToken", "AccessToken", "RefreshToken"))]
    assert [secret for secret in secrets for entry in shown if secret in entry] == []
    begun = httpx.get(f"{url}/__mockportal/worlds/main/journal/1").json()
    shown_numbers = {
        **begun["request"]["body"]["AuthParameters"],
        **begun["response"]["body"]["ChallengeParameters"],
    }
    hidden = {name for name, value in shown_numbers.items() if value == "[redacted]"}
    assert hidden == {"SRP_A", "SRP_B", "SALT", "SECRET_BLOCK"}
