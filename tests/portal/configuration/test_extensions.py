import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

DOMAIN = "mein.sw-musterau.test"


def hooks(offered: Record, capability: str) -> list[tuple[str, str]]:
    return [(item["extension"]["id"], item["hook"]["id"]) for item in offered[capability]]


def test_everybody_sees_what_enabled_extensions_offer(nobody: Client) -> None:
    offered = nobody.call("getPublicPortalExtensionDetailsV3", domain=DOMAIN)

    assert set(offered) == {
        "consumptionDataRetrieval",
        "costDataRetrieval",
        "dataExport",
        "meterReadingPlausibilityCheck",
        "priceDataRetrieval",
    }
    assert hooks(offered, "consumptionDataRetrieval") == [
        ("energy-data", "consumption"),
        ("multi", "consumption-metered"),
        ("multi", "consumption-estimated"),
    ]
    assert hooks(offered, "dataExport") == [("energy-data", "export")]


def test_offer_has_names_and_nothing_secret(nobody: Client) -> None:
    offered = nobody.call("getPublicPortalExtensionDetailsV3", domain=DOMAIN)

    assert offered["dataExport"] == [
        {
            "app": {"app_id": "musterau-energiedaten", "name": {"en": "Musterau Energiedaten"}},
            "extension": {"id": "energy-data", "name": {"en": "Energy data", "de": "Energiedaten"}},
            "hook": {
                "id": "export",
                "name": {"en": "Export as CSV", "de": "Export als CSV"},
                "block_types": ["consumption_visualization", "dynamic_tariff"],
            },
        }
    ]
    assert offered["meterReadingPlausibilityCheck"] == {
        "extension": {"id": "energy-data", "name": {"en": "Energy data", "de": "Energiedaten"}},
        "hook": {"plausibility_mode": "range"},
    }


def test_selected_contract_lookup_is_explained(nobody: Client, world: World) -> None:
    selection = {"app_id": "x", "extension_id": "energy-data", "hook_id": "contract-lookup"}
    hooks = {"contractIdentification": selection, "meterReadingPlausibilityCheck": None}
    change(world, "portal/p1", {"extension_hooks": hooks})

    offered = nobody.call("getPublicPortalExtensionDetailsV3", domain=DOMAIN)

    assert offered["contractIdentification"]["hook"]["explanation"]["en"].startswith("Contract number")
    assert "meterReadingPlausibilityCheck" not in offered


@pytest.mark.parametrize(
    "selection",
    [
        {"app_id": "x", "extension_id": "energy-data", "hook_id": "plausi-range"},
        {"app_id": "x", "extension_id": "legacy-billing", "hook_id": "legacy-export"},
        {"app_id": "x", "extension_id": "unknown", "hook_id": "contract-lookup"},
    ],
)
def test_selection_of_another_kind_of_hook_offers_nothing(
    nobody: Client, world: World, selection: Record
) -> None:
    change(world, "portal/p1", {"extension_hooks": {"contractIdentification": selection}})

    offered = nobody.call("getPublicPortalExtensionDetailsV3", domain=DOMAIN)

    assert "contractIdentification" not in offered


def test_twins_say_the_same(nobody: Client, world: World) -> None:
    first = nobody.call("getPublicPortalExtensionDetails", org_id="500001", origin="END_CUSTOMER_PORTAL")

    portal = id_of(world, "portal/p1")
    second = nobody.call("getPublicPortalExtensionDetailsV3", org_id="500001", portal_id=portal)

    assert first == second


def test_portal_without_extensions_offers_nothing(nobody: Client) -> None:
    assert nobody.call("getPublicPortalExtensionDetailsV3", domain="partner.sw-musterau.test") == {}


@pytest.mark.parametrize(
    ("where", "status"),
    [({}, 400), ({"domain": "unknown.test"}, 404), ({"domain": "alt.sw-musterau.test"}, 403)],
)
def test_offer_of_no_open_portal_is_refused(nobody: Client, where: Record, status: int) -> None:
    nobody.call("getPublicPortalExtensionDetailsV3", status=status, **where)


def test_administrator_sees_everything_installed_with_its_calls(admin: Client, world: World) -> None:
    extensions = admin.call("getPortalExtensions", origin="END_CUSTOMER_PORTAL")

    assert [extension["id"] for extension in extensions] == ["energy-data", "multi", "legacy-billing"]
    assert extensions[0]["hooks"][0]["call"]["method"] == "GET"
    assert "status" not in extensions[0]
    assert admin.call("getPortalExtensionsV3", portal_id=id_of(world, "portal/p1")) == extensions


def test_portal_that_says_nothing_has_all_extensions(admin: Client, world: World) -> None:
    change(world, "portal/p2", {"extensions": None})

    extensions = admin.call("getPortalExtensions", origin="INSTALLER_PORTAL")
    offered = admin.call("getPublicPortalExtensionDetailsV3", domain="partner.sw-musterau.test")

    assert len(extensions) == 3
    assert hooks(offered, "dataExport") == [("energy-data", "export")]


def test_extensions_of_an_unknown_origin_are_not_found(admin: Client) -> None:
    admin.call("getPortalExtensions", origin="UNKNOWN_PORTAL", status=404)
