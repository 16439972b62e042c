"""The portal user of a token, and what becomes of the token."""

from mockportal.engine.signing import sign
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of


def token_of(client: Client, name: str, **claims: str) -> Client:
    user: Record = {"sub": id_of(client.world, f"portal_user/{name}"), "token_type": "portal", "exp": 2**31}
    return client.as_(sign(user | claims))


def test_deleted_user_leaves_other_tokens_without_a_session_alone(nobody: Client) -> None:
    token_of(nobody, "mehmet").call("deletePortalUser")

    token_of(nobody, "anna").call("validateToken", status=204)


def test_deleted_user_cannot_refresh_a_session(anna: Client) -> None:
    anna.call("deletePortalUser")

    revoked = anna.world.draft().collection("revocation")
    assert "static:dev-anna" in revoked


def test_user_cannot_set_what_the_system_keeps_of_them(anna: Client) -> None:
    body = {"_deleted_at": "2026-06-15T07:00:00.000Z", "_files": {"$relation": []}, "access_status": False}

    user = anna.call("updatePortalUser", body=body)["data"]

    assert not user.keys() & {"_deleted_at", "_files"}
    assert user["access_status"] is True
    anna.call("validateToken", status=204)
