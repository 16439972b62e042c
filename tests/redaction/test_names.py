"""One rule of names: what it hides, what stays readable, and what it makes of the names of the document."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockportal.redaction import is_secret, is_secret_parameter
from mockportal.redaction.names import (
    ANYWHERE,
    HARMLESS,
    HARMLESS_AFTER,
    HARMLESS_FIRST,
    LAST,
    PARAMETERS,
    may_name_secrets,
)
from mockportal.spec.spec import Spec
from mockportal.values import Json

DOCS = Path(__file__).parents[2] / "docs" / "control-api.md"
SECRET = """
    password Password PASSWORD pass_word new-password newPassword password2 passwords user[password] kennwort passwort
    passphrase passcode secret client_secret clientSecret ClientSecret secret_access_key secret_id token tokens Token
    X-Auth-Token xauthtoken sessionToken session_token csrfToken X-CSRF-Token _csrf resetToken access_token accessToken
    ACCESS_TOKEN acc%65ss_tok%65n acc%2565ss_token pass\\u0077ord confirmation_link_token X-Amz-Security-Token
    X-Epilot-Token X-Amz-Signature X-Amz-Credential AWSAccessKeyId api_key apiKey Api-Key api.key X-API-KEY apikey
    private_key privateKey access_key Ocp-Apim-Subscription-Key x-functions-key signing_key Authorization
    Proxy-Authorization Cookie Set-Cookie session_id JSESSIONID PHPSESSID sid otp OTP smsOtp otp_code one_time_code
    verification_code authorization_code pin userPin PIN tan cvv jwt sig pwd userPwd credentials login_as_token
    test_auth_password code_verifier client_assertion SAMLResponse id_token_hint token_endpoint_secret hashedpassword
    password_hash
"""
READABLE = """
    password_policy passwordPolicy passwordless_login password_changed_at has_client_secret hasClientSecret is_token
    forgotPassword require_password token_type tokenType token_endpoint token_url token_expires_in token_use
    tokenization secretary expires_in code zip_code postal_code country_code error_code status_code area_code currency_code
    key keys public_key after_key sort_key keyboard monkey id author authority authorized_by design signed_at assignment
    shipping opinion pinned standard instant tangible hotplate option residence inside passenger passport compass bypass
    sidebar signal state session sessions auth client_id redirect_uri cookie_policy cookie_consent account_number user_id
    subject name email meter_id journeyLoginOTP verifyCodeToSetPassword journeySignInOneTimePassword compromised_credentials_detection
"""
# The names of the document that the rule hides, and why that is right.
HIDDEN_IN_DOCUMENT = {
    "accessToken": "a token of the frontend, set by the server",
    "access_token": "given out by ssoCallback; the number under `timeouts` stays readable",
    "client_secret": "of an identity provider",
    "code_verifier": "proves who may redeem an authorization code",
    "confirmation_link_token": "confirms an address",
    "id_token": "given out by ssoCallback",
    "login_as_token": "logs an administrator in as a user",
    "password": "of a user",
    "refresh_token": "opens new sessions",
    "test_auth_password": "of the test account of a provider",
    "token": "given out by ssoLogin; in an activity the claims of the caller's token",
}


@pytest.mark.parametrize("name", SECRET.split())
def test_name_of_a_secret_is_known_in_every_spelling(name: str) -> None:
    assert is_secret(name)
    assert is_secret_parameter(name)


@pytest.mark.parametrize("name", READABLE.split())
def test_harmless_name_stays_readable(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    "name", ["code", "Code", "c%6Fde", "auth", "X-Auth", "session", "X-Session", "assertion"]
)
def test_some_names_are_secret_in_headers_queries_and_forms_alone(name: str) -> None:
    assert is_secret_parameter(name)
    assert not is_secret(name)


def test_names_of_the_document_are_hidden_as_reviewed(spec: Spec) -> None:
    names = {*_names(spec.document)}

    assert {name for name in names if is_secret(name)} == set(HIDDEN_IN_DOCUMENT)


def test_no_parameter_of_the_document_but_the_token_of_a_link_is_hidden(spec: Spec) -> None:
    names = {one.name for operation in spec.operations.values() for one in operation.parameters}

    assert {name for name in names if is_secret_parameter(name)} == {"confirmation_link_token"}


def test_docs_list_every_word_of_the_rule() -> None:
    section = DOCS.read_text("utf-8").partition("#### Secrets")[2].partition("\n### ")[0]
    documented = set(re.findall(r"`([^`]+)`", section))

    assert {*ANYWHERE, *LAST, *PARAMETERS, *HARMLESS, *HARMLESS_AFTER, *HARMLESS_FIRST} - documented == set()


def test_body_without_telling_words_needs_no_closer_look() -> None:
    assert not may_name_secrets(b'{"name": "Anna", "city": "Musterau"}')
    assert may_name_secrets(b'{"pin": 1}')
    assert may_name_secrets(b'{"apiKey": 1}')


def test_endless_name_is_judged_in_time_that_grows_with_its_length() -> None:
    assert not is_secret("a_" * 500_000)
    assert is_secret("a_" * 500_000 + "token")


def _names(value: Json) -> Iterator[str]:
    """The names of properties and parameters in a document."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "properties" and isinstance(item, dict):
            yield from (name for name in item if isinstance(name, str))
        yield from _names(item)
    if isinstance(value.get("name"), str) and "in" in value:
        yield value["name"]
