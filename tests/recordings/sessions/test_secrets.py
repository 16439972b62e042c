"""A planted secret is nowhere in an export, wherever a client has put it."""

from urllib.parse import quote

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.recordings.sessions.export import export
from mockportal.values import encode
from tests.support.recorded import replayed, send

SECRET = "Sommer-2026-xK"
USER = "/v3/portal/public/user?domain=mein.sw-musterau.test"
JSON = {"content_type": "application/json"}
FORM = {"content_type": "multipart/form-data; boundary=xx"}


@pytest.mark.parametrize(
    "request_of",
    [
        ("POST", USER, {**JSON, "body": '{"email": "a@example.org", "password": "PLANTED"}'}),
        ("POST", USER, {**JSON, "body": '{"a": [{"deep": {"client_secret": "PLANTED"}}], "b": "PLANTED"}'}),
        ("POST", USER, {**JSON, "body": '{"password": "PLANTED", broken'}),
        ("POST", USER, {**FORM, "body": '--xx\r\nContent-Disposition: form-data; name="password"\r\n\r\nPLANTED\r\n--xx--\r\n'}),
        ("GET", f"/v2/portal/user?api_key={SECRET}", {}),
        ("GET", f"/v2/portal/contract?from=none&access_token={SECRET}", {}),
        ("GET", f"/v2/portal/contract?q={quote(f'password={SECRET}')}", {}),
        ("GET", "/v2/portal/user", {"authorization": f"Bearer {SECRET}"}),
        ("GET", "/v2/portal/user", {"x_api_key": SECRET, "cookie": f"session={SECRET}"}),
    ],
)  # fmt: skip
def test_planted_secret_is_nowhere_in_an_export(
    mock: Mock, world: World, request_of: tuple[str, str, dict[str, str]]
) -> None:
    method, target, more = request_of
    planted = {name: value.replace("PLANTED", SECRET) for name, value in more.items()}
    send(mock, world, method, target, **{"authorization": "Bearer dev-anna", **planted})

    text = export(mock, world)

    assert SECRET not in text
    assert quote(SECRET) not in text
    replayed(text, mock)


def test_password_is_replaced_by_a_made_up_one_where_that_makes_no_difference(
    mock: Mock, world: World
) -> None:
    user = {"orgId": "500001", "email": "neu@example.org", "password": SECRET}
    identifiers = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}
    named = {"first_name": "Anna", "last_name": "Berger"}
    more = {"registration_identifiers": identifiers, "additional_contact_attributes": named}
    body = encode({**user, **more}).decode()
    assert send(mock, world, "POST", USER, **JSON, body=body) == 201

    text = export(mock, world)

    assert SECRET not in text
    assert "Made-up-1!" in text
    assert "# 1: the secrets of this request are replaced by made-up ones" in text
    replayed(text, mock)
