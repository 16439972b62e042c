"""Who may call what: the class of token, and the user behind it."""

import pytest

from mockportal.engine import signing
from mockportal.engine.world import World
from mockportal.portal.tokens import minted_claims
from mockportal.spec.spec import Spec
from mockportal.state.clock import clock_at, duration, instant
from mockportal.testing import Client

PORTAL, ADMIN, EITHER = "getPortalUser", "getAllPortalConfigs", "getPortalConfig"


@pytest.mark.parametrize(
    ("token", "operation", "status"),
    [
        ("", PORTAL, 401),
        ("nonsense", PORTAL, 401),
        ("dev-anna", PORTAL, 200),
        ("dev-admin", PORTAL, 401),
        ("dev-anna", ADMIN, 401),
        ("dev-admin", ADMIN, 200),
        ("dev-oidc-lea", PORTAL, 401),
        ("dev-gone", PORTAL, 401),
        ("dev-jan", PORTAL, 403),
        ("dev-kevin", PORTAL, 200),
        ("dev-kevin", "getContact", 403),
        ("dev-admin-readonly", ADMIN, 200),
    ],
)
def test_token_decides_who_may_call(nobody: Client, token: str, operation: str, status: int) -> None:
    assert nobody.as_(token).exchange(operation).reply.status == status


def test_pending_user_learns_why(nobody: Client) -> None:
    body = nobody.as_("dev-kevin").call("getContact", status=403)

    assert body["reason"] == "PORTAL_USER_PENDING_ACTIVATION"


def test_readonly_administrator_may_not_write(nobody: Client) -> None:
    client = nobody.as_("dev-admin-readonly")

    assert client.exchange("deletePortal", origin="INSTALLER_PORTAL").reply.status == 403
    assert client.exchange("configureDistribution", origin="INSTALLER_PORTAL").reply.status == 403


def test_every_secured_operation_refuses_a_wrong_class_before_it_looks_at_the_request(
    spec: Spec, nobody: Client
) -> None:
    for operation in spec.operations.values():
        if operation.security:
            params = {
                parameter.name: "x" for parameter in operation.parameters if parameter.location == "path"
            }
            for token in (
                "",
                "nonsense",
                "dev-oidc-lea" if operation.id not in ("ssoLogin", "ssoLoginV3") else "dev-anna",
            ):
                reply = nobody.as_(token).exchange(operation.id, **params).reply
                assert (reply.status, reply.answered_by) == (401, "guard"), (operation.id, token)


def test_public_operation_ignores_the_token(nobody: Client) -> None:
    params = {"email": "anna.berger@example.org", "org_id": "500001"}

    assert nobody.as_("nonsense").exchange("userExists", **params).reply.status == 200


def mint(world: World, kind: str = "portal", seconds: int = 60) -> str:
    asked = {"kind": kind, "user": "portal_user/anna"}
    claims = minted_claims(asked, world.scenario, world.draft())
    now = world.clock.now()
    return signing.sign(signing.issued(claims, "http://localhost", now, seconds, f"family-{kind}"))


def test_minted_token_expires_on_the_clock_of_the_world(nobody: Client, world: World) -> None:
    client = nobody.as_(mint(world))
    assert client.exchange("validateToken").reply.status == 204

    world.clock = world.clock.advanced(duration("60s"))

    assert client.exchange("validateToken").reply.status == 401


def test_minted_administrator_is_no_portal_user(nobody: Client, world: World) -> None:
    client = nobody.as_(mint(world, "admin"))

    assert client.exchange(ADMIN).reply.status == 200
    assert client.exchange(PORTAL).reply.status == 401


def test_tampered_token_is_unknown(nobody: Client, world: World) -> None:
    head, claims, signature = mint(world).split(".")

    assert nobody.as_(f"{head}.{claims}x.{signature}").exchange(PORTAL).reply.status == 401
    assert nobody.as_(f"{head}.{claims}.").exchange(PORTAL).reply.status == 401


def test_disabled_portal_and_expired_user_are_refused(nobody: Client, world: World) -> None:
    draft = world.draft()
    users = draft.collection("portal_user")
    users.patch(world.scenario.id_of("portal_user", "anna"), {"expires_at": "2026-06-15T07:00:00Z"})
    draft.collection("portal").patch(world.scenario.id_of("portal", "p2"), {"enabled": False})
    world.state = draft.state

    assert nobody.as_("dev-anna").exchange(PORTAL).reply.status == 403
    assert nobody.as_("dev-marek").exchange(PORTAL).reply.status == 403
    world.clock = clock_at(instant("2026-06-15T06:59:59Z"))
    assert nobody.as_("dev-anna").exchange(PORTAL).reply.status == 200


def test_public_keys_verify_what_the_mock_signs() -> None:
    assert signing.public_keys()["keys"][0]["kid"] == signing.KEY_ID
    assert "d" not in signing.public_keys()["keys"][0]
    assert signing.verified_claims(signing.sign({"sub": "x"})) == {"sub": "x"}
