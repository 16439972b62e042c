"""Who may call what: the class of token, and the user behind it."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from mockportal.engine import signing
from mockportal.engine.world import World
from mockportal.portal.tokens import minted_claims
from mockportal.spec.spec import Spec
from mockportal.state.clock import clock_at, duration, instant
from mockportal.testing import Client
from mockportal.values import Record

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


def signed(claims: Record) -> str:
    """A token with any claims, also such that no library would sign."""
    return signed_parts({}, _base64(json.dumps(claims).encode()))


def signed_parts(header: Record, claims: str) -> str:
    """A token with these claims (encoded) and a header that differs from the usual one; the signature is good."""
    whole = {"typ": "JWT", "alg": "RS256", "kid": signing.KEY_ID, **header}
    start = f"{_base64(json.dumps(whole).encode())}.{claims}"
    pem = Path(signing.__file__).with_name("test_key.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return f"{start}.{_base64(key.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


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


def test_minted_token_counts_from_its_first_second_on(nobody: Client, world: World) -> None:
    now = int(world.clock.now().timestamp())
    claims = minted_claims({"kind": "portal", "user": "portal_user/anna"}, world.scenario, world.draft())

    late, early, wrong = (
        nobody.as_(signing.sign({**claims, "exp": now + 60, "nbf": begin})).exchange("validateToken").reply
        for begin in (now, now + 1, "now")
    )

    assert [late.status, early.status, wrong.status] == [204, 401, 401]


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


@pytest.mark.parametrize(
    ("token", "nearest"),
    [("dev-anan", "'dev-anna'"), ("dev-admni", "'dev-admin'"), ("Dev-anna", "'dev-anna'"), ("nonsense", "")],
)
def test_unknown_token_is_told_the_nearest_one(nobody: Client, token: str, nearest: str) -> None:
    message = nobody.as_(token).exchange(PORTAL).reply.body["message"]

    assert message.endswith(f"; did you mean {nearest}?" if nearest else "no longer valid")


def test_nearest_token_is_never_a_minted_one(nobody: Client, world: World) -> None:
    token = mint(world)
    assert nobody.as_(token).exchange("validateToken").reply.status == 204

    body = nobody.as_(f"{token[:-6]}AAAAAA").exchange(PORTAL).reply.body

    assert body == {"message": "the token is not known, or no longer valid"}


def test_revoked_token_is_not_offered_again(nobody: Client, world: World) -> None:
    draft = world.draft()
    draft.collection("revocation").put({"family": "static:dev-anna", "at": draft.timestamp()})
    world.state = draft.state

    body = nobody.as_("dev-anna").exchange(PORTAL).reply.body

    assert body == {"message": "the token is not known, or no longer valid"}


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": "x"}, {"exp": None}, {"exp": True}, {"exp": []}, {"exp": {}}, {"exp": "9999999999"}, {"exp": float("nan")},
        {"exp": float("inf")}, {"exp": -1}, {"origin_jti": {}}, {"origin_jti": []}, {"origin_jti": 5}, {"token_type": {}},
        {"token_type": []}, {"token_type": None}, {"custom:org_id": {}}, {"custom:org_id": 5}, {"sub": {}}, {"sub": None},
        {"rights": []}, {"rights": 5}, {"nbf": "x"}, {"iat": "x"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("operation", [PORTAL, ADMIN, EITHER])
def test_signed_token_with_claims_of_odd_types_is_unknown(
    nobody: Client, world: World, changes: Record, operation: str
) -> None:
    claims = signing.verified_claims(mint(world, "portal"))
    assert claims is not None

    reply = nobody.as_(signed({**claims, **changes})).exchange(operation).reply

    assert reply.status == 401 or (changes.keys() <= {"nbf", "iat"} and reply.status == 200)


@pytest.mark.parametrize("missing", ["exp", "sub", "token_type"])
def test_signed_token_that_lacks_a_claim_is_answered(nobody: Client, world: World, missing: str) -> None:
    claims = signing.verified_claims(mint(world))
    assert claims is not None

    reply = (
        nobody.as_(signed({name: claims[name] for name in claims if name != missing})).exchange(PORTAL).reply
    )

    assert reply.status in (200, 401)
    assert missing != "exp" or reply.status == 401


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"]},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"zip": "DEF"},
        {"alg": []},
        {"kid": 5},
    ],
)
def test_token_with_an_odd_header_is_unknown(nobody: Client, world: World, header: Record) -> None:
    _, claims, _ = mint(world).split(".")

    assert nobody.as_(signed_parts(header, claims)).exchange(PORTAL).reply.status == 401


def test_public_keys_verify_what_the_mock_signs() -> None:
    assert signing.public_keys()["keys"][0]["kid"] == signing.KEY_ID
    assert "d" not in signing.public_keys()["keys"][0]
    assert signing.verified_claims(signing.sign({"sub": "x"})) == {"sub": "x"}
