import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.changes import change, id_of

DOMAIN = "mein.sw-musterau.test"
ADMINS_ONLY = {"default_user_to_notify", "entity_actions", "extension_hooks", "extensions", "email_templates"}


@pytest.mark.parametrize("domain", [DOMAIN, "MEIN-musterau-500001.ecp.test", "localhost:5173"])
def test_public_config_is_found_by_each_of_its_domains(nobody: Client, domain: str) -> None:
    config = nobody.call("getPortalConfigByDomain", domain=domain)

    assert config["name"] == "Mein Musterau"
    assert config["id"] == config["organization_id"] == "500001"


def test_public_config_is_the_same_however_it_is_addressed(nobody: Client, world: World) -> None:
    by_domain = nobody.call("getPortalConfigByDomain", domain=DOMAIN)

    by_origin = nobody.call("getPublicPortalConfig", org_id="500001", origin="END_CUSTOMER_PORTAL")
    by_id = nobody.call("getPublicPortalConfigV3", org_id="500001", portal_id=id_of(world, "portal/p1"))

    assert by_origin == by_domain
    assert by_id == by_domain


def test_public_config_has_neither_secrets_nor_what_is_for_users(nobody: Client) -> None:
    config = nobody.call("getPortalConfigByDomain", domain=DOMAIN)

    assert config.keys().isdisjoint({*ADMINS_ONLY, "grants", "certificate_details", "domain_aliases"})
    provider = config["identity_providers"][0]
    assert provider.keys() == {"slug", "display_name", "oidc_config"}
    assert provider["oidc_config"]["has_client_secret"] is True
    assert "client_secret" not in provider["oidc_config"]
    assert all(page["is_public"] for page in config["pages"].values())


def test_password_of_a_test_account_is_a_secret_too(nobody: Client, world: World) -> None:
    oidc = {
        "oidc_issuer": "https://id.test",
        "client_id": "portal",
        "scope": "openid",
        "metadata": {"test_auth_username": "lea", "test_auth_password": "secret"},
    }
    provider = {
        "slug": "id",
        "display_name": "Id",
        "provider_type": "OIDC",
        "oidc_config": oidc,
        "mobile_oidc_config": {"client_id": "app", "client_secret": "secret"},
    }
    change(world, "portal/p1", {"identity_providers": [provider, {"slug": "x", "display_name": "X"}]})

    config = nobody.call("getPortalConfigByDomain", domain=DOMAIN)

    assert "secret" not in str(config["identity_providers"]).replace("has_client_secret", "")
    assert config["identity_providers"][0]["oidc_config"]["has_client_secret"] is False


def test_disabled_portal_is_shown_to_the_public_as_disabled(nobody: Client) -> None:
    config = nobody.call("getPortalConfigByDomain", domain="alt.sw-musterau.test")

    assert config["enabled"] is False


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("getPortalConfigByDomain", {"domain": "nowhere.test"}),
        ("getPublicPortalConfig", {"org_id": "500001", "origin": "NOWHERE"}),
        ("getPublicPortalConfig", {"org_id": "999999", "origin": "END_CUSTOMER_PORTAL"}),
        ("getPublicPortalConfigV3", {"org_id": "500001", "portal_id": "nowhere"}),
    ],
)
def test_unknown_portal_is_not_found(nobody: Client, operation: str, params: dict[str, Json]) -> None:
    nobody.call(operation, status=404, **params)


def test_portal_of_another_organization_is_not_found(nobody: Client, world: World) -> None:
    nobody.call("getPublicPortalConfigV3", org_id="999999", portal_id=id_of(world, "portal/p1"), status=404)


def test_user_gets_the_config_of_their_portal_with_grants(anna: Client) -> None:
    config = anna.call("getPortalConfig", origin="END_CUSTOMER_PORTAL")

    assert {"action": "entity:view", "resource": "*", "effect": "allow"} in config["grants"]
    assert config.keys().isdisjoint(ADMINS_ONLY)


def test_user_cannot_read_another_portal(anna: Client, world: World) -> None:
    anna.call("getPortalConfigV3", portal_id=id_of(world, "portal/p2"), status=403)


def test_user_reads_the_v3_form_without_what_is_for_administrators(anna: Client, world: World) -> None:
    config = anna.call("getPortalConfigV3", portal_id=id_of(world, "portal/p1"))

    assert config.keys().isdisjoint(ADMINS_ONLY)
    assert config["identity_providers"][0].keys() == {"slug", "display_name", "oidc_config", "provider_type"}


def test_administrator_must_name_one_of_several_portals(admin: Client) -> None:
    answer = admin.call("getPortalConfig", status=400)

    assert answer["message"] == "name a portal: origin"


def test_administrator_reads_the_v3_form_without_secrets(admin: Client, world: World) -> None:
    config = admin.call("getPortalConfigV3", portal_id=id_of(world, "portal/p1"))

    assert [page["slug"] for page in config["pages"][:2]] == ["login", "register"]
    assert config["entity_actions"][0]["slug"] == "contract"
    assert config["email_templates"]["forgotPassword"] == "5c84d30e-a18b-5a28-9a2a-d3a0989fe57f"
    provider = config["identity_providers"][0]
    assert provider["entity_matching"]["portal_user"] == {"external_id": "sub"}
    assert provider["oidc_config"]["has_client_secret"] is True
    assert "client_secret" not in provider["oidc_config"]


def test_organization_reads_secrets_and_the_certificate(admin: Client, world: World) -> None:
    config = admin.call("getOrgPortalConfig", origin="END_CUSTOMER_PORTAL")

    assert config["identity_providers"][0]["oidc_config"]["client_secret"] == "{{ env.IDP_CLIENT_SECRET }}"
    assert config["certificate_details"] == {"status": "ISSUED"}
    assert admin.call("getOrgPortalConfigV3", portal_id=id_of(world, "portal/p1")) == config


def test_only_the_outcome_of_a_certificate_is_shown(admin: Client, world: World) -> None:
    details = {"status": "FAILED", "failed_reason": "CAA_ERROR", "requested_at": "2026-06-15T07:00:00.000Z"}
    change(world, "portal/p1", {"certificate_details": details})

    config = admin.call("getOrgPortalConfig", origin="END_CUSTOMER_PORTAL")

    assert config["certificate_details"] == {"status": "FAILED", "failed_reason": "CAA_ERROR"}


def test_both_lists_hold_all_portals_of_the_organization_oldest_first(admin: Client, world: World) -> None:
    v2 = admin.call("getAllPortalConfigs")["data"]
    v3 = admin.call("listAllPortalConfigs")["data"]

    assert [portal["portal_id"] for portal in v2] == [
        id_of(world, f"portal/{name}") for name in ("p1", "p2", "p3")
    ]
    assert [portal["portal_id"] for portal in v3] == [portal["portal_id"] for portal in v2]
    assert list(v2[0]["pages"].values()) == v3[0]["pages"]
