import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of, record_of

OIDC: Record = {"oidc_issuer": "https://id.test", "client_id": "portal", "scope": "openid"}
PROVIDER: Record = {"display_name": "Neue ID", "provider_type": "OIDC", "oidc_config": OIDC}


def p1(world: World) -> str:
    return id_of(world, "portal/p1")


def test_put_merges_what_is_sent(admin: Client, world: World) -> None:
    config = admin.call("putPortalConfig", portal_id=p1(world), body={"name": "Neuer Name"})

    assert config["name"] == "Neuer Name"
    assert config["domain"] == "mein.sw-musterau.test"
    assert len(config["identity_providers"]) == 2
    assert len(config["pages"]) == 25


def test_what_is_read_can_be_put_back(admin: Client, world: World) -> None:
    before = admin.call("getPortalConfigV3", portal_id=p1(world))
    secrets = admin.call("getOrgPortalConfigV3", portal_id=p1(world))["identity_providers"]

    after = admin.call("putPortalConfig", portal_id=p1(world), body=before)

    stamps = {page["last_modified_at"] for page in after["pages"]}
    assert stamps == {"2026-06-15T07:00:00.000Z"}
    assert _without_stamps(after) == _without_stamps(before)
    kept = admin.call("getOrgPortalConfigV3", portal_id=p1(world))["identity_providers"]
    assert [one["oidc_config"]["client_secret"] for one in kept] == [
        one["oidc_config"]["client_secret"] for one in secrets
    ]


def test_put_is_visible_in_the_v2_form_and_to_the_public(admin: Client, nobody: Client, world: World) -> None:
    admin.call("putPortalConfig", portal_id=p1(world), body={"name": "Neu", "domain": "neu.test"})

    assert admin.call("getPortalConfig", origin="END_CUSTOMER_PORTAL")["name"] == "Neu"
    assert nobody.call("getPortalConfigByDomain", domain="NEU.test")["name"] == "Neu"
    nobody.call("getPortalConfigByDomain", domain="mein.sw-musterau.test", status=404)


def test_new_domain_has_still_to_be_set_up(admin: Client, world: World) -> None:
    admin.call("putPortalConfig", portal_id=p1(world), body={"domain": "neu.test"})

    assert "certificate_details" not in admin.call("getOrgPortalConfigV3", portal_id=p1(world))
    assert "domain_status" not in record_of(world, "portal/p1")


@pytest.mark.parametrize("key", ["domain", "epilot_domain"])
@pytest.mark.parametrize(
    "taken", ["Partner.sw-musterau.TEST", "partner-musterau-500001.ecp.test", "localhost:5174"]
)
def test_domain_of_another_portal_is_refused(admin: Client, world: World, key: str, taken: str) -> None:
    answer = admin.call("putPortalConfig", portal_id=p1(world), body={key: taken}, status=400)

    assert answer["message"] == f"the domain {taken.lower()!r} is in use"


def test_portal_may_be_put_with_its_own_domain(admin: Client, world: World) -> None:
    config = admin.call("putPortalConfig", portal_id=p1(world), body={"domain": "MEIN.sw-musterau.test"})

    assert config["domain"] == "MEIN.sw-musterau.test"


def test_keys_of_the_server_are_ignored(admin: Client, world: World) -> None:
    sent = {
        "portal_id": "mine",
        "organization_id": "999999",
        "portal_sk_v3": "mine",
        "is_v3_item": False,
        "accessToken": "mine",
        "domain_aliases": 5,
        "cognito_details": {
            "cognito_user_pool_id": "mine",
            "cognito_user_pool_client_id": "mine",
            "cognito_user_pool_arn": "mine",
            "timeouts": {"id_token": 60},
        },
    }

    config = admin.call("putPortalConfig", portal_id=p1(world), body=sent)

    assert "mine" not in str(config)
    assert config["organization_id"] == "500001"
    assert config["is_v3_item"] is True
    assert config["cognito_details"]["cognito_user_pool_id"] == "eu-central-1_MockEcp01"
    assert config["cognito_details"]["timeouts"] == {"id_token": 60}
    assert config["cognito_details"]["password_policy"]["minimum_length"] == 8
    assert record_of(world, "portal/p1")["domain_aliases"] == ["localhost:5173"]


def test_empty_list_removes_all_identity_providers(admin: Client, world: World) -> None:
    config = admin.call("putPortalConfig", portal_id=p1(world), body={"identity_providers": []})

    assert config["identity_providers"] == []


def test_list_replaces_identity_providers_and_their_secrets(admin: Client, world: World) -> None:
    sent = {**PROVIDER, "slug": "musterau-id", "oidc_config": {**OIDC, "client_secret": "new"}}

    admin.call("putPortalConfig", portal_id=p1(world), body={"identity_providers": [sent]})

    [stored] = admin.call("getOrgPortalConfigV3", portal_id=p1(world))["identity_providers"]
    assert stored == sent


def test_provider_without_slug_gets_one_from_its_name(admin: Client) -> None:
    sent = [PROVIDER, PROVIDER, {**PROVIDER, "display_name": "Ö"}]

    config = admin.call("upsertPortal", origin="INSTALLER_PORTAL", body={"identity_providers": sent})

    assert [one["slug"] for one in config["identity_providers"]] == ["neue-id", "neue-id-2", "provider"]


def test_two_providers_with_one_slug_are_refused(admin: Client) -> None:
    sent = [{**PROVIDER, "slug": "a"}, {**PROVIDER, "slug": "a"}]

    admin.call("upsertPortal", origin="INSTALLER_PORTAL", body={"identity_providers": sent}, status=400)


def test_null_deselects_a_hook_and_leaves_the_others(admin: Client, world: World) -> None:
    hook = {"app_id": "musterau-energiedaten", "extension_id": "energy-data", "hook_id": "contract-lookup"}

    for hooks in ({"contractIdentification": hook}, {"meterReadingPlausibilityCheck": None}):
        config = admin.call("putPortalConfig", portal_id=p1(world), body={"extension_hooks": hooks})

    assert config["extension_hooks"] == {"contractIdentification": hook}


def test_passwordless_login_and_mfa_exclude_each_other(admin: Client, world: World) -> None:
    body = {"auth_settings": {"passwordless_login": {"enabled": True}}, "advanced_mfa": {"enabled": True}}

    admin.call("putPortalConfig", portal_id=p1(world), body=body, status=400)


def test_templates_in_a_config_are_those_of_the_portal(admin: Client, world: World) -> None:
    new = "0f487feb-0db9-5708-978e-ad1bb7e87fc9"

    admin.call(
        "putPortalConfig",
        portal_id=p1(world),
        body={"email_templates": {"invitation": new, "onNewQuote": None}},
    )

    templates = admin.call("getEmailTemplates", origin="END_CUSTOMER_PORTAL")
    assert templates["invitation"] == new
    assert "onNewQuote" not in templates
    assert "forgotPassword" in templates


def test_users_follow_the_origin_of_their_portal(admin: Client, anna: Client, world: World) -> None:
    admin.call("putPortalConfig", portal_id=p1(world), body={"origin": "TENANTS"})

    assert anna.call("getPortalUser")["data"]["origin"] == "TENANTS"


def test_put_of_an_unknown_portal_is_not_found(admin: Client, world: World) -> None:
    admin.call("putPortalConfig", portal_id=id_of(world, "contact/anna"), body={}, status=404)


def test_readonly_administrator_may_not_put(nobody: Client, world: World) -> None:
    reader = nobody.as_("dev-admin-readonly")

    reader.call("putPortalConfig", portal_id=p1(world), body={}, status=403)


def test_pages_in_a_config_are_merged_by_id(admin: Client, world: World) -> None:
    meters, orders = id_of(world, "page/p1-meters"), id_of(world, "page/p1-orders")
    new = "0f487feb-0db9-5708-978e-ad1bb7e87fc9"
    sent = [
        {"id": meters, "slug": "zaehler", "order": 16},
        {"id": orders, "slug": "orders", "order": 14, "is_deleted": True},
        {"id": new, "slug": "neu", "order": 99},
        {"slug": "contracts", "order": 98},
        {"slug": "ganz-neu", "order": 100},
        {"slug": "never-there", "order": 1, "is_deleted": True},
    ]

    for _ in range(2):
        config = admin.call("putPortalConfig", portal_id=p1(world), body={"pages": sent})

    pages = {page["slug"]: page for page in config["pages"]}
    assert len(config["pages"]) == 26
    assert pages["zaehler"]["id"] == meters
    assert pages["zaehler"]["past_routes"] == ["meters"]
    assert pages["zaehler"]["blocks"]
    assert "orders" not in pages
    assert pages["neu"]["id"] == new
    assert pages["contracts"]["id"] == id_of(world, "page/p1-contracts")
    assert pages["contracts"]["order"] == 98


def test_two_pages_may_trade_their_slugs(admin: Client, world: World) -> None:
    meters, orders = id_of(world, "page/p1-meters"), id_of(world, "page/p1-orders")
    sent = [{"id": meters, "slug": "orders", "order": 1}, {"id": orders, "slug": "meters", "order": 2}]

    admin.call("putPortalConfig", portal_id=p1(world), body={"pages": sent})

    assert record_of(world, "page/p1-meters")["past_routes"] == []
    assert record_of(world, "page/p1-orders")["past_routes"] == []


def test_page_of_another_portal_is_refused(admin: Client, world: World) -> None:
    page = {"id": id_of(world, "page/p2-login"), "slug": "stolen", "order": 1}

    admin.call("putPortalConfig", portal_id=p1(world), body={"pages": [page]}, status=400)


def test_upsert_changes_the_default_portal_of_the_origin(admin: Client, world: World) -> None:
    exchange = admin.exchange("upsertPortal", origin="END_CUSTOMER_PORTAL", body={"name": "Neu"})

    assert exchange.reply.status == 200
    assert exchange.reply.body["portal_id"] == p1(world)
    assert admin.call("getPortalConfigV3", portal_id=p1(world))["name"] == "Neu"


def test_upsert_changes_the_portal_that_it_names(admin: Client, world: World) -> None:
    p3 = id_of(world, "portal/p3")

    config = admin.call("upsertPortal", origin="END_CUSTOMER_PORTAL", portal_id=p3, body={"name": "Neu"})

    assert config["portal_id"] == p3


def test_upsert_of_a_new_origin_creates_a_portal_with_the_default_pages(admin: Client) -> None:
    created = admin.exchange("upsertPortal", origin="TENANTS", body={"name": "Mieter", "origin": "ignored"})
    again = admin.exchange("upsertPortal", origin="TENANTS", body={"name": "Mieter"})

    assert (created.reply.status, again.reply.status) == (201, 200)
    assert created.reply.body["origin"] == "TENANTS"
    assert len(created.reply.body["pages"]) == 22
    assert again.reply.body == created.reply.body


def test_upsert_takes_pages_as_a_map(admin: Client, world: World) -> None:
    meters = id_of(world, "page/p1-meters")
    pages = {meters: {"slug": "zaehler", "order": 1}, "no id": {"slug": "neu", "order": 2}}

    config = admin.call("upsertPortal", origin="END_CUSTOMER_PORTAL", body={"pages": pages})

    assert config["pages"][meters]["slug"] == "zaehler"
    assert [page["slug"] for page in config["pages"].values()].count("neu") == 1


@pytest.mark.parametrize("portal_id", ["nowhere", "p2"])
def test_upsert_of_an_unknown_portal_is_refused(admin: Client, world: World, portal_id: str) -> None:
    id = id_of(world, "portal/p2") if portal_id == "p2" else portal_id

    admin.call("upsertPortal", origin="END_CUSTOMER_PORTAL", portal_id=id, body={}, status=400)


def test_upsert_with_a_domain_in_use_is_refused(admin: Client) -> None:
    body = {"domain": "partner.sw-musterau.test"}

    admin.call("upsertPortal", origin="END_CUSTOMER_PORTAL", body=body, status=400)


def test_upsert_with_what_no_answer_could_show_is_refused(admin: Client) -> None:
    answer = admin.call("upsertPortal", origin="END_CUSTOMER_PORTAL", body={"grants": "all"}, status=400)

    assert answer["errors"][0]["path"] == "/grants"


def _without_stamps(config: Record) -> Record:
    pages = [
        {k: v for k, v in page.items() if k not in ("last_modified_at", "past_routes")}
        for page in config["pages"]
    ]
    return {**config, "pages": pages}


@pytest.mark.parametrize(
    "wrong",
    [
        {"action_label": 5},
        {"action_label": {"de": 5}},
        {"rules": "x"},
        {"rules": [5]},
        {"rules": [{"entity": 5}]},
    ],
)
def test_action_that_users_could_not_read_is_refused(
    admin: Client, anna: Client, world: World, wrong: Record
) -> None:
    body = {"entity_actions": [{"slug": "contract", **wrong}]}

    admin.call("putPortalConfig", portal_id=id_of(world, "portal/p1"), body=body, status=400)

    anna.call("getAllContracts")
