from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import record_of

DOMAIN = "mein.sw-musterau.test"
LEA = {"client_id": "musterau-portal", "user_id": "musterau-id-100107"}


def test_user_who_left_logs_in_with_a_password(nobody: Client, world: World) -> None:
    nobody.call("deRegisterMLoginUser", status=204, **LEA)

    entry = nobody.call("getUserEntryPoint", domain=DOMAIN, email="lea.winter@example.org")
    assert entry["entry_point"] == "PASSWORD"
    assert "external_id" not in record_of(world, "portal_user/lea")


def test_leaving_twice_is_no_error(nobody: Client) -> None:
    nobody.call("deRegisterMLoginUser", status=204, **LEA)

    nobody.call("deRegisterMLoginUser", status=204, **LEA)


def test_unknown_client_is_refused(nobody: Client) -> None:
    unknown = {**LEA, "client_id": "another"}

    nobody.call("deRegisterMLoginUser", status=401, **unknown)
    nobody.call("notifyMLoginInterestChange", body={}, status=401, **unknown)


def test_last_word_on_an_interest_counts(nobody: Client, world: World) -> None:
    for action in ("added", "removed"):
        body = {"interest_tag": "e-mobility", "action": action}
        nobody.call("notifyMLoginInterestChange", body=body, status=200, **LEA)

    interests = list(world.draft().collection("interest"))
    assert [(one["interest_tag"], one["action"]) for one in interests] == [("e-mobility", "removed")]
