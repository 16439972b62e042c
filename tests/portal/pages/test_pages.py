import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of, record_of

DOMAIN = "mein.sw-musterau.test"
PAGE: Record = {"slug": "sommerfest", "order": 12.5}


def slugs(client: Client, operation: str = "getPortalPages", **params: Json) -> list[str]:
    return [page["slug"] for page in client.call(operation, domain=DOMAIN, **params)]


def test_pages_are_sorted_by_order(admin: Client) -> None:
    admin.call("createPortalPage", domain=DOMAIN, body=PAGE)

    assert slugs(admin)[10:14] == ["dashboard", "requests", "sommerfest", "opportunities"]


def test_public_pages_need_no_token(nobody: Client) -> None:
    assert slugs(nobody, "getPublicPages") == [
        "login",
        "register",
        "activation",
        "success",
        "pending-account",
        "forgot-password",
        "change",
        "new-email",
        "confirm-email",
        "maintenance",
    ]


def test_fields_name_the_attributes_to_answer(anna: Client) -> None:
    pages = anna.call("getPortalPages", domain=DOMAIN, fields="id, content")

    assert {frozenset(page) for page in pages} == {frozenset(("id", "slug", "order", "content"))}


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("slug=meters", ["meters"]),
        ("schema=meter", ["meters", "verbrauch"]),
        ("is_entry_route=true,is_public=false", ["dashboard"]),
        ("is_entry_route, is_public", ["login"]),
        ("order=16", ["meters"]),
        ("design.icon=home", ["dashboard"]),
        ("detail_schema=contract", ["contract"]),
        ("slug=meters,slug=orders", []),
        ("slug=nowhere", []),
        ("schema=,is_public=false,order=11", ["dashboard"]),
        ("slug.deeper=x", []),
    ],
)
def test_filter_takes_pages_that_meet_all_conditions(admin: Client, filter: str, found: list[str]) -> None:
    assert slugs(admin, filter=filter) == found


def test_empty_filter_takes_all(admin: Client) -> None:
    assert len(slugs(admin, filter=" , ")) == 25


def test_unknown_domain_is_not_found(nobody: Client, anna: Client, admin: Client) -> None:
    nobody.call("getPublicPages", domain="nowhere.test", status=404)
    anna.call("getPortalPages", domain="nowhere.test", status=404)
    admin.call("createPortalPage", domain="nowhere.test", body=PAGE, status=404)


def test_user_cannot_list_the_pages_of_another_portal(anna: Client) -> None:
    anna.call("getPortalPages", domain="partner.sw-musterau.test", status=403)


def test_created_page_has_what_the_server_sets(admin: Client, world: World) -> None:
    sent = {
        **PAGE,
        "id": "mine",
        "portal_id": 5,
        "past_routes": "mine",
        "last_modified_at": None,
        "is_deleted": True,
        "more": [1],
    }

    page = admin.call("createPortalPage", domain=DOMAIN, body=sent)

    assert page == {
        "slug": "sommerfest",
        "order": 12.5,
        "more": [1],
        "id": page["id"],
        "portal_id": id_of(world, "portal/p1"),
        "blocks": {},
        "past_routes": [],
        "last_modified_at": "2026-06-15T07:00:00.000Z",
    }
    assert admin.call("getPortalPage", id=page["id"]) == page
    config = admin.call("getPortalConfig", origin="END_CUSTOMER_PORTAL")
    assert config["pages"][page["id"]] == page


def test_blocks_of_a_page_get_ids(admin: Client) -> None:
    own = "0f487feb-0db9-5708-978e-ad1bb7e87fc9"
    key = "8f845764-9124-579f-a131-bf2f9ac4fe5d"
    sent = {
        "top": {"type": "tabs", "order": 1},
        "other": {"type": "tab", "order": 2, "parentId": "top", "id": own},
        key: {"type": "text", "order": 3, "parentId": "other"},
    }

    blocks = admin.call("createPortalPage", domain=DOMAIN, body={**PAGE, "blocks": sent})["blocks"]

    tabs, tab, text = blocks.values()
    assert all(block["id"] == id for id, block in blocks.items())
    assert (tab["id"], tab["parentId"]) == (own, tabs["id"])
    assert (text["id"], text["parentId"]) == (key, own)


def test_two_blocks_with_one_id_are_refused(admin: Client) -> None:
    block = {"type": "text", "order": 1, "id": "0f487feb-0db9-5708-978e-ad1bb7e87fc9"}
    body = {**PAGE, "blocks": {"a": block, "b": block}}

    admin.call("createPortalPage", domain=DOMAIN, body=body, status=400)


def test_slug_in_use_is_refused(admin: Client) -> None:
    answer = admin.call("createPortalPage", domain=DOMAIN, body={"slug": "meters", "order": 1}, status=400)

    assert answer["message"] == "the slug 'meters' is in use"


def test_slug_of_another_portal_is_free(admin: Client) -> None:
    admin.call("createPortalPage", domain=DOMAIN, body={"slug": "opportunity", "order": 1})


def test_page_is_replaced_as_a_whole(admin: Client, world: World) -> None:
    id = id_of(world, "page/p1-verbrauch")

    page = admin.call("updatePortalPage", id=id, body={"slug": "verbrauch", "order": 3})

    assert page.keys() == {"slug", "order", "id", "portal_id", "blocks", "past_routes", "last_modified_at"}
    assert page["blocks"] == {}


def test_slug_given_up_is_remembered(admin: Client, world: World) -> None:
    id = id_of(world, "page/p1-meters")

    for slug in ("zaehler", "messstellen", "zaehler"):
        page = admin.call("updatePortalPage", id=id, body={"slug": slug, "order": 16})

    assert page["past_routes"] == ["meters", "messstellen"]


def test_reclaimed_slug_is_forgotten_by_its_old_owner(admin: Client, world: World) -> None:
    admin.call("updatePortalPage", id=id_of(world, "page/p1-meters"), body={"slug": "zaehler", "order": 16})

    admin.call("createPortalPage", domain=DOMAIN, body={"slug": "meters", "order": 1})

    assert record_of(world, "page/p1-meters")["past_routes"] == []


def test_change_to_a_slug_in_use_is_refused(admin: Client, world: World) -> None:
    id = id_of(world, "page/p1-meters")

    admin.call("updatePortalPage", id=id, body={"slug": "orders", "order": 1}, status=400)

    assert record_of(world, "page/p1-meters")["slug"] == "meters"


def test_pages_below_a_deleted_one_move_to_the_top(admin: Client, world: World) -> None:
    id = id_of(world, "page/p1-requests")

    admin.call("deletePortalPage", id=id, status=204)

    admin.call("deletePortalPage", id=id, status=404)
    admin.call("getPortalPage", id=id, status=404)
    admin.call("getPortalPageBlocks", id=id, status=404)
    assert record_of(world, "page/p1-orders")["parentId"] is None


def test_page_of_another_portal_is_not_found_by_a_user(anna: Client, admin: Client, world: World) -> None:
    id = id_of(world, "page/p2-opportunity")

    anna.call("getPortalPage", id=id, status=404)
    assert admin.call("getPortalPage", id=id)["slug"] == "opportunity"


def test_page_of_another_organization_is_not_found(admin: Client, world: World) -> None:
    change(world, "portal/p2", {"organization_id": "999999"})

    admin.call("getPortalPage", id=id_of(world, "page/p2-login"), status=404)


def test_user_may_not_write_pages(anna: Client) -> None:
    anna.call("createPortalPage", domain=DOMAIN, body=PAGE, status=401)
