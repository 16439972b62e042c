from datetime import timedelta
from typing import Any

import pytest

from mockportal.engine import signing
from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of, record_of

DOMAIN = "mein.sw-musterau.test"
ISSUER = "http://127.0.0.1:8080/__services/oidc/musterau-id"
NEW: Record = {"sub": "id-1", "email": "Nina.Neu@example.org", "given_name": "Nina", "family_name": "Neu"}


def holder(client: Client, claims: Record, **system: Any) -> Client:
    """A client with an ID token of the provider."""
    expires = int((client.world.clock.now() + timedelta(hours=1)).timestamp())
    basis = {"iss": ISSUER, "aud": "musterau-portal", "token_type": "oidc", "exp": expires}
    return client.as_(signing.sign({**basis, **claims, **system}))


def change_provider(world: World, changes: Record) -> None:
    provider, *others = record_of(world, "portal/p1")["identity_providers"]
    change(world, "portal/p1", {"identity_providers": [{**provider, **changes}, *others]})


def token_record(world: World, token: str) -> Record:
    return world.draft().collection("confirmation").get(token)


def users(world: World) -> list[Record]:
    return list(world.draft().collection("portal_user"))


def contact_of(world: World, user: Record) -> Record:
    return world.draft().collection("contact").get(user["mapped_contact"]["$relation"][0]["entity_id"])


def test_administrator_gets_a_token_for_five_minutes(admin: Client, world: World) -> None:
    body = {"email": "Anna.Berger@example.org", "origin": "END_CUSTOMER_PORTAL"}

    token = token_record(world, admin.call("loginToPortalAsUser", body=body)["login_as_token"])

    assert token["portal_user_id"] == id_of(world, "portal_user/anna")
    assert (token["purpose"], token["impersonator"]) == ("login_as", "dev-admin")
    assert token["expires_at"] == "2026-06-15T07:05:00.000Z"


def test_every_login_as_has_a_token_of_its_own(admin: Client) -> None:
    body = {"email": "anna.berger@example.org", "domain": DOMAIN}

    first = admin.call("loginToPortalAsUser", body=body)

    assert admin.call("loginToPortalAsUser", body=body) != first


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "anna.berger@example.org"}, 400),
        ({"origin": "END_CUSTOMER_PORTAL"}, 400),
        ({"email": "anna.berger@example.org", "domain": "unknown.test"}, 404),
        ({"email": "anna.berger@example.org", "origin": "INSTALLER_PORTAL"}, 404),
        ({"email": "otto.ex@example.org", "domain": DOMAIN}, 404),
    ],
)
def test_login_as_is_refused(admin: Client, body: Record, status: int) -> None:
    admin.call("loginToPortalAsUser", body=body, status=status)


def test_only_an_administrator_who_may_write_logs_in_as_somebody(nobody: Client) -> None:
    body = {"email": "anna.berger@example.org", "domain": DOMAIN}

    nobody.as_("dev-admin-readonly").call("loginToPortalAsUser", body=body, status=403)
    nobody.as_("dev-anna").call("loginToPortalAsUser", body=body, status=401)


@pytest.mark.parametrize(
    ("operation", "where"),
    [
        ("ssoLogin", {"org_id": "500001", "origin": "END_CUSTOMER_PORTAL"}),
        ("ssoLoginV3", {"domain": DOMAIN}),
    ],
)
@pytest.mark.parametrize("body", [{"provider_slug": "musterau-id"}, {}])
def test_known_user_logs_in(
    nobody: Client, world: World, operation: str, where: Record, body: Record
) -> None:
    lea = nobody.as_("dev-oidc-lea")

    answer = lea.call(operation, body=body, **where)

    token = token_record(world, answer["token"])
    assert answer["email"] == "lea.winter@example.org"
    assert (token["purpose"], token["portal_user_id"]) == ("sso", id_of(world, "portal_user/lea"))
    assert token["expires_at"] == "2026-06-15T07:05:00.000Z"


def test_new_person_becomes_a_user_with_a_contact(nobody: Client, world: World) -> None:
    answer = holder(nobody, NEW).call("ssoLoginV3", domain=DOMAIN, body={})

    user = users(world)[-1]
    contact = contact_of(world, user)
    assert answer["email"] == user["email"] == "nina.neu@example.org"
    assert (user["registration_status"], user["mapping_status"]) == ("Registered", "Mapped")
    assert user["external_id"] == "id-1"
    assert (contact["_title"], contact["first_name"]) == ("Nina Neu", "Nina")
    assert contact["email"] == [{"email": "Nina.Neu@example.org", "_tags": ["Primary"]}]


def test_second_login_makes_nobody_new(nobody: Client, world: World) -> None:
    holder(nobody, NEW).call("ssoLoginV3", domain=DOMAIN, body={})
    before = world.state.counts()

    holder(nobody, {**NEW, "email": "other@example.org"}).call("ssoLoginV3", domain=DOMAIN, body={})

    after = world.state.counts()
    assert {**after, "confirmation": 0} == {**before, "confirmation": 0}


def test_contact_is_refreshed_at_every_login(nobody: Client, world: World) -> None:
    claims = {**NEW, "sub": "musterau-id-100107", "phone_number": "+49 30 23125 199"}

    holder(nobody, claims).call("ssoLoginV3", domain=DOMAIN, body={})

    contact = record_of(world, "contact/lea")
    assert (contact["_title"], contact["last_name"]) == ("Nina Neu", "Neu")
    assert contact["phone"] == [{"phone": "+49 30 23125 199", "_tags": ["Primary"]}]
    assert [item["email"] for item in contact["email"]] == ["lea.winter@example.org", "Nina.Neu@example.org"]


def test_contact_with_the_address_is_the_users(nobody: Client, world: World) -> None:
    change(world, "portal_user/lea", {"_deleted_at": "2026-06-01T00:00:00.000Z"})

    nobody.as_("dev-oidc-lea").call("ssoLoginV3", domain=DOMAIN, body={})

    assert contact_of(world, users(world)[-1])["_id"] == id_of(world, "contact/lea")


def test_user_with_the_address_is_linked_to_the_provider(nobody: Client, world: World) -> None:
    claims = {"sub": "id-nadia", "email": "nadia.haddad@example.org"}

    holder(nobody, claims).call("ssoLoginV3", domain=DOMAIN, body={})

    user = record_of(world, "portal_user/nadia")
    assert (user["external_id"], user["registration_status"]) == ("id-nadia", "Registered")


def test_unverified_address_matches_nobody(nobody: Client) -> None:
    claims = {"sub": "id-2", "email": "anna.berger@example.org", "email_verified": False}

    holder(nobody, claims).call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


def test_several_contacts_leave_the_mapping_to_an_administrator(nobody: Client, world: World) -> None:
    change(world, "portal_user/kevin", {"_deleted_at": "2026-06-15T07:00:00.000Z"})
    claims = {"sub": "id-kevin", "email": "kevin.brandt@example.org"}

    holder(nobody, claims).call("ssoLoginV3", domain=DOMAIN, body={})

    assert users(world)[-1]["mapping_status"] == "Pending"
    assert list(world.draft().collection("mail"))[-1]["to"] == "inga.petersen@sw-musterau.test"


def test_invitation_names_the_contact(nobody: Client, world: World) -> None:
    contact = id_of(world, "contact/otto")

    holder(nobody, NEW).call("ssoLoginV3", domain=DOMAIN, contact_id=contact, body={})

    assert contact_of(world, users(world)[-1])["_id"] == contact


def test_invitation_maps_a_pending_user(nobody: Client, world: World) -> None:
    claims = {"sub": "id-kevin", "email": "kevin.brandt@example.org"}
    contact = id_of(world, "contact/kevin-2")

    holder(nobody, claims).call("ssoLoginV3", domain=DOMAIN, contact_id=contact, body={})

    user = record_of(world, "portal_user/kevin")
    assert user["mapping_status"] == "Mapped"
    assert contact_of(world, user)["_id"] == contact


def test_unknown_contact_of_an_invitation_is_not_found(nobody: Client, world: World) -> None:
    contact = id_of(world, "contract/v-900001")

    holder(nobody, NEW).call("ssoLoginV3", domain=DOMAIN, contact_id=contact, body={}, status=404)


def test_provider_may_not_make_users(nobody: Client, world: World) -> None:
    change_provider(world, {"entity_matching": {"auto_create_cognito_user": False}})

    holder(nobody, NEW).call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


def test_person_without_an_address_becomes_no_user(nobody: Client) -> None:
    holder(nobody, {"sub": "id-3"}).call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


def test_reserved_address_becomes_no_second_user(nobody: Client) -> None:
    body = {"email": "nina.neu@example.org", "password": "Musterau!2026"}
    nobody.as_("dev-anna").call("updatePortalUserEmail", body=body)

    holder(nobody, NEW).call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


def test_disabled_user_does_not_log_in(nobody: Client, world: World) -> None:
    change(world, "portal_user/lea", {"access_status": False})

    nobody.as_("dev-oidc-lea").call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


def test_disabled_portal_lets_nobody_in(nobody: Client, world: World) -> None:
    change(world, "portal/p1", {"enabled": False})

    nobody.as_("dev-oidc-lea").call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


def test_provider_can_disable_a_user(nobody: Client, world: World) -> None:
    mappings = {"contact": {"email": "email"}, "portal_user": {"access_status": "app.access"}}
    change_provider(world, {"attribute_mappings": mappings})
    claims = {"sub": "musterau-id-100107", "email": "lea.winter@example.org", "app": {"access": False}}

    holder(nobody, claims).call("ssoLoginV3", domain=DOMAIN, body={}, status=403)


@pytest.mark.parametrize(
    ("system", "slug", "status"),
    [
        ({"iss": "https://evil.test"}, "musterau-id", 401),
        ({"aud": "another"}, "musterau-id", 401),
        ({"aud": ["another"]}, "musterau-id", 401),
        ({}, "apple-like", 401),
        ({"exp": 0}, "musterau-id", 401),
        ({}, "unknown", 404),
        ({"iss": "https://evil.test"}, "", 404),
    ],
)
def test_token_has_to_be_the_providers(nobody: Client, system: Record, slug: str, status: int) -> None:
    body = {"provider_slug": slug} if slug else {}

    holder(nobody, NEW, **system).call("ssoLoginV3", domain=DOMAIN, body=body, status=status)


def test_audience_may_be_a_list(nobody: Client) -> None:
    holder(nobody, NEW, aud=["another", "musterau-portal"]).call("ssoLoginV3", domain=DOMAIN, body={})


@pytest.mark.parametrize("token", ["", "dev-anna", "dev-admin"])
def test_other_tokens_are_no_id_tokens(nobody: Client, token: str) -> None:
    nobody.as_(token).call("ssoLoginV3", domain=DOMAIN, body={}, status=401)


def test_sso_login_needs_a_portal(nobody: Client) -> None:
    nobody.as_("dev-oidc-lea").call("ssoLoginV3", body={}, status=400)
