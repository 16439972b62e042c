"""What an entry of the journal says of its caller."""

import pytest

from mockportal.engine import signing
from mockportal.engine.journal import brief
from mockportal.testing import Client


@pytest.mark.parametrize(
    ("token", "operation", "caller"),
    [
        ("dev-anna", "getPortalUser", "anna"),
        ("dev-admin", "getAllPortalConfigs", "dev-admin"),
        ("", "getPortalUser", None),
        ("dev-unknown", "getPortalUser", None),
        ("dev-anna", "userExists", None),
    ],
)
def test_entry_says_who_called(nobody: Client, token: str, operation: str, caller: str | None) -> None:
    entry = brief(nobody.as_(token).exchange(operation))

    assert entry["as"] == caller


def test_entry_says_who_called_with_a_minted_token_also_from_memory(nobody: Client) -> None:
    world, api = nobody.world, nobody.mock.api
    claims = api.claims_of({"user": "portal_user/anna"}, world.scenario, world.draft())
    token = signing.sign(signing.issued(claims, "http://localhost", world.clock.now(), 600, "family"))

    entries = [brief(nobody.as_(token).exchange("getPortalUser")) for _ in range(2)]

    assert [(entry["as"], entry["status"]) for entry in entries] == [("anna", 200), ("anna", 200)]


def test_entry_says_who_was_not_let_in(admin: Client) -> None:
    user = admin.world.scenario.id_of("portal_user", "anna")
    record = admin.world.draft().collection("portal_user").get(user)
    draft = admin.world.draft()
    draft.collection("portal_user").put({**record, "access_status": False})
    admin.world.state = draft.state

    entry = brief(admin.as_("dev-anna").exchange("getPortalUser"))

    assert (entry["status"] >= 400, entry["as"]) == (True, "anna")
