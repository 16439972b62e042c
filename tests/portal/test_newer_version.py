"""The older operations as the newest version of the document has them, and small new ones."""

from typing import Any

import pytest

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import activity_types, change, id_of, record_of

DOMAIN = "mein.sw-musterau.test"
HISTORY = {"extensionId": "energy-history", "from": "2024-01-01T00:00:00Z", "to": "2026-06-15T00:00:00Z"}


@pytest.fixture
def anna(newer: Client) -> Client:
    return newer.as_("dev-anna")


@pytest.fixture
def admin(newer: Client) -> Client:
    return newer.as_("dev-admin")


def consumption(anna: Client, interval: str, **more: Any) -> list[Record]:
    meter = id_of(anna.world, "meter/1tst0010000001")
    asked = {**HISTORY, "meter_id": meter, "interval": interval, **more}
    found: list[Record] = anna.call("getConsumption", **asked)["consumptions"]
    return found


def test_years_sum_as_months_do(anna: Client) -> None:
    years, months = consumption(anna, "P1Y"), consumption(anna, "P1M")

    assert [one["timestamp"][:10] for one in years] == ["2024-12-31", "2025-12-31"]
    wanted = sum(one["value"] for one in months if one["timestamp"] >= years[0]["timestamp"])
    assert sum(one["value"] for one in years) == pytest.approx(wanted)


def test_custom_has_a_value_from_reading_to_reading(anna: Client) -> None:
    found = consumption(anna, "custom")

    assert found
    for one in found:
        assert one["timestamp"] == one["period"]["from"] < one["period"]["to"]
        assert one["label"].keys() == {"de", "en"}
    assert found[-1]["label"]["en"].endswith(", 2026")


def test_custom_is_refused_where_the_metadata_does_not_list_it(anna: Client) -> None:
    meter = id_of(anna.world, "meter/1tst0010000001")
    asked: Record = {**HISTORY, "extensionId": "energy-data", "hookId": "consumption", "meter_id": meter}
    metadata: Record = {"app_id": "musterau-energiedaten", "extensionId": "energy-data", "meter_id": meter}

    anna.call("getConsumption", **asked, interval="custom", status=400)

    listed = anna.call("getVisualizationMetadata", **metadata)["intervals"]
    newer = anna.call("getVisualizationMetadata", **{**metadata, "extensionId": "energy-history"})[
        "intervals"
    ]
    assert (listed, newer) == (["PT15M", "PT1H", "P1D", "P1M"], ["P1M", "P1Y", "custom"])


def test_password_is_changed_by_the_extension(anna: Client) -> None:
    message = anna.call("changePortalUserPassword", body={"new_password": "Ganz-Neu-2026"})

    assert message == {"message": "The password is being changed"}
    assert record_of(anna.world, "portal_user/anna")["_id"]
    stored = anna.world.draft().collection("credential").get(id_of(anna.world, "portal_user/anna"))
    assert stored["password"] == "Ganz-Neu-2026"
    assert activity_types(anna.world, "portal_user/anna")[-1] == "EntityUpdatedFromPortal"


def test_new_password_is_needed_where_the_extension_says_so(anna: Client) -> None:
    anna.call("changePortalUserPassword", status=400)
    anna.call("changePortalUserPassword", body={"new_password": "short"}, status=400)

    hooks = record_of(anna.world, "extension/account-service")["hooks"]
    change(
        anna.world,
        "extension/account-service",
        {"hooks": [{**one, "require_new_password": False} for one in hooks]},
    )

    anna.call("changePortalUserPassword")


def test_portal_without_such_an_extension_is_not_found(newer: Client) -> None:
    newer.as_("dev-marek").call(
        "changePortalUserPassword", body={"new_password": "Ganz-Neu-2026"}, status=404
    )


def test_address_is_changed_without_a_password_where_an_extension_does_it(newer: Client) -> None:
    newer.as_("dev-anna").call("updatePortalUserEmail", body={"email": "neu@example.org"})

    newer.as_("dev-marek").call("updatePortalUserEmail", body={"email": "neu2@example.org"}, status=400)
    wrong = {"email": "neu3@example.org", "password": "wrong"}
    newer.as_("dev-anna").call("updatePortalUserEmail", body=wrong, status=400)


def test_public_extensions_list_the_account_hooks(newer: Client) -> None:
    shown = newer.call("getPublicPortalExtensionDetailsV3", domain=DOMAIN)

    assert shown["changePassword"]["hook"]["require_new_password"] is True
    assert shown["changeEmail"]["hook"]["change_mode"] == "asynchronous"
    assert shown["deleteAccount"]["hook"] == {
        "id": "delete-account",
        "explanation": {"en": "Your contracts stay.", "de": "Ihre Verträge bleiben bestehen."},
    }
    assert "call" not in str(shown)


def test_login_only_creates_nobody(newer: Client) -> None:
    change(newer.world, "portal_user/lea", {"_deleted_at": "2026-01-01T00:00:00Z"})
    before = len(list(newer.world.draft().collection("portal_user")))

    newer.as_("dev-oidc-lea").call("ssoLoginV3", domain=DOMAIN, body={"login_only": True}, status=400)

    assert len(list(newer.world.draft().collection("portal_user"))) == before


def test_only_templates_are_swapped(admin: Client) -> None:
    p1, p2 = id_of(admin.world, "portal/p1"), id_of(admin.world, "portal/p2")
    before = admin.call("getEmailTemplatesByPortalId", portal_id=p1)
    body = {"source_portal_id": p1, "target_portal_id": p2}

    admin.call("swapPortalConfig", body={**body, "items_to_swap": ["domain"]}, status=400)
    admin.call("swapPortalConfig", body=body)

    assert admin.call("getEmailTemplatesByPortalId", portal_id=p2) == before
    assert admin.call("getPortalConfigV3", portal_id=p1)["domain"] == DOMAIN


def test_pages_are_matched_by_slug_if_asked(admin: Client) -> None:
    p1 = id_of(admin.world, "portal/p1")
    pages = {one["slug"]: one for one in admin.call("getPortalConfigV3", portal_id=p1)["pages"]}
    sent = {"id": "2b7d3a10-7a57-4b58-9a77-5b8c1f0e9d21", "slug": "login", "order": 99}

    admin.call("putPortalConfig", portal_id=p1, page_upsert_mode="slug", body={"pages": [sent]})

    after = {one["slug"]: one for one in admin.call("getPortalConfigV3", portal_id=p1)["pages"]}
    assert (after["login"]["id"], after["login"]["order"]) == (pages["login"]["id"], 99)
    admin.call("putPortalConfig", portal_id=p1, body={"pages": [sent]}, status=400)


def test_contact_that_is_not_found_has_a_reason(newer: Client) -> None:
    identifiers = {"contact": {"last_name": "Niemand"}, "contract": {"contract_number": "V-900001"}}
    body = {"org_id": "500001", "registration_identifiers": identifiers, "trigger_identifiers_check": False}

    assert newer.call("checkContactExistsV3", body=body, domain=DOMAIN) == {
        "exists": False,
        "reason": "NOT_FOUND",
    }


def test_first_version_gives_no_reason(nobody: Client) -> None:
    identifiers = {"contact": {"last_name": "Niemand"}, "contract": {"contract_number": "V-900001"}}
    body = {"org_id": "500001", "registration_identifiers": identifiers}

    assert nobody.call("checkContactExistsV3", body=body, domain=DOMAIN) == {"exists": False}


def test_provider_is_shown_for_the_web_without_secrets(newer: Client) -> None:
    asked: Record = {"org_id": "500001", "portal_id": id_of(newer.world, "portal/p1")}

    shown = newer.call("getPublicSSOProviderV3", provider_slug="musterau-id", **asked)

    assert shown.keys() == {"slug", "display_name", "oidc_config"}
    assert shown["oidc_config"]["has_client_secret"] is True
    assert "client_secret" not in shown["oidc_config"]
    assert "{{" not in str(shown)
    newer.call("getPublicSSOProviderV3", provider_slug="unknown", **asked, status=404)


def test_mobile_app_is_completed_from_the_portal(admin: Client) -> None:
    p1 = id_of(admin.world, "portal/p1")

    changed = admin.call(
        "putMobileConfig", portal_id=p1, body={"ios": {"team_id": "T1"}, "branding": {"app_icon": "x.png"}}
    )

    assert changed["ios"] == {
        "bundle_id": "test.sw-musterau.mein",
        "credentials_status": "configured",
        "team_id": "T1",
    }
    assert (changed["app_host"], changed["display_name"]) == (DOMAIN, "Mein Musterau")
    assert changed["branding"].keys() == {"app_icon", "splash"}
    raw = admin.call("getMobileConfig", portal_id=p1, raw=True)
    assert raw["branding"] == {"app_icon": "x.png"}
    assert admin.call("getPortalConfigV3", portal_id=p1)["mobile_config"] == raw
    admin.call("getMobileConfig", portal_id="00000000-0000-4000-8000-000000000000", status=404)
    admin.call("putMobileConfig", portal_id=p1, body={"enabled": "yes"}, status=400)


def test_template_is_replaced_everywhere(admin: Client) -> None:
    old, new = "a90f9696-1675-5714-959c-529b0ac5447d", "6e2f8b4d-3c5a-4d7e-9fa0-1b2c3d4e5f60"
    p1 = id_of(admin.world, "portal/p1")

    migrated = admin.call(
        "migrateEmailTemplateReferences",
        body={"source_template_id": old, "destination_template_id": new},
    )

    assert migrated == {"migrated_portal_count": 1, "migrated_portal_ids": [p1], "failed_portal_ids": []}
    assert admin.call("listEmailTemplateReferences", body={"template_id": old}) == {"portals": []}
    found = admin.call("listEmailTemplateReferences", body={"template_id": new})
    assert found == {"portals": [{"id": p1, "name": "Mein Musterau"}]}
    wrong = {"source_template_id": new, "destination_template_id": "no id"}
    admin.call("migrateEmailTemplateReferences", body=wrong, status=400)


def test_templates_of_the_portal_are_named_and_not_sent(anna: Client) -> None:
    ref = {"global_search_config_id": "contracts"}
    id = id_of(anna.world, "contract/v-900001")
    get = {"slug": "contract", "entity_id": id, "templates": {"other": "x"}, "templates_ref": ref}

    shown = anna.call("getPortalUserEntity", body=get)["result"]

    assert shown["templates_output"]["number"] == "V-900001"
    assert "other" not in shown["templates_output"]
    searched = anna.call("searchPortalUserEntities", body={"slug": "contract", "templates_ref": ref})
    assert {one["templates_output"]["number"] for one in searched["results"]} == {"V-900001", "V-900002"}


def test_templates_of_every_block_are_nested_by_block(anna: Client) -> None:
    page, block = "page/p1-login", "11111111-2222-4333-8444-555555555555"
    content = {
        "title": {"de": "Vertrag {{contract.contract_number}}"},
        "plain": "x",
        "items": [{"id": "one", "templates": {"n": "{{contract.contract_number}}"}}],
    }
    blocks = {block: {"id": block, "type": "text", "order": 1, "props": {"content": content}}}
    change(anna.world, page, {"blocks": None})
    change(anna.world, page, {"blocks": blocks})
    ref = {"page_id": id_of(anna.world, page)}
    id = id_of(anna.world, "contract/v-900001")

    def output(**more: str) -> Record:
        get = {"slug": "contract", "entity_id": id, "templates_ref": {**ref, **more}}
        found: Record = anna.call("getPortalUserEntity", body=get)["result"]["templates_output"]
        return found

    texts = {"title.de": "Vertrag V-900001", "items.0.templates.n": "V-900001"}
    assert output() == {block: texts}
    assert output(block_id=block) == texts
    assert output(block_id=block, config_id="one") == {"n": "V-900001"}


@pytest.mark.parametrize("ref", [{"page_id": "unknown"}, {"global_search_config_id": "unknown"}])
def test_unknown_templates_are_not_found(anna: Client, ref: Record) -> None:
    id = id_of(anna.world, "contract/v-900001")

    anna.call(
        "getPortalUserEntity", body={"slug": "contract", "entity_id": id, "templates_ref": ref}, status=404
    )
    both = {"page_id": "x", "global_search_config_id": "contracts"}
    anna.call("getPortalUserEntity", body={"slug": "contract", "templates_ref": both}, status=400)


def test_meters_of_a_contract_have_their_templates(anna: Client) -> None:
    id = id_of(anna.world, "contract/v-900001")
    templates = {"label": "{{meter.meter_number}} / {{contract.contract_number}}"}

    shown = anna.call("getContractWithTemplates", id=id, body={"templates": templates})

    plain = anna.call("getContract", id=id)
    assert [one["templates_output"] for one in shown["meters"]] == [{"label": "1TST0010000001 / V-900001"}]
    assert {name: value for name, value in shown.items() if name != "meters"} == {
        name: value for name, value in plain.items() if name != "meters"
    }
    assert anna.call("getContractWithTemplates", id=id) == plain
