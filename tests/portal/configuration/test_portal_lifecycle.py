import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import id_of

BODY: Record = {"name": "Wohnen in Musterau", "domain": "wohnen.sw-musterau.test"}


def both(world: World, **more: Json) -> Record:
    return {
        "source_portal_id": id_of(world, "portal/p1"),
        "target_portal_id": id_of(world, "portal/p2"),
        **more,
    }


def test_new_portal_has_keys_pool_domain_and_default_pages(admin: Client, nobody: Client) -> None:
    portal = admin.call("createPortalConfig", body=BODY)

    id = portal["portal_id"]
    assert portal["portal_sk_v3"] == f"PORTAL_CONFIG#{id}"
    assert portal["organization_id"] == "500001"
    assert portal["origin"] == "END_CUSTOMER_PORTAL"
    assert portal["epilot_domain"].endswith("-500001.ecp.test")
    assert portal["cognito_details"]["cognito_user_pool_id"].startswith("eu-central-1_")
    assert [page["slug"] for page in portal["pages"]][:3] == ["login", "register", "activation"]
    assert {page["portal_id"] for page in portal["pages"]} == {id}
    public = nobody.call("getPublicPages", domain="wohnen.sw-musterau.test")
    assert len(public) == 10
    assert admin.call("getPortalConfigV3", portal_id=id) == portal


def test_default_pages_are_copied_with_ids_of_their_own(admin: Client) -> None:
    defaults = admin.call("getDefaultPages")

    pages = admin.call("createPortalConfig", body=BODY)["pages"]

    ids = {page["slug"]: page["id"] for page in pages}
    assert ids.keys() == {page["slug"] for page in defaults}
    assert not set(ids.values()) & {page["id"] for page in defaults}
    parents = {page["slug"]: page["parentId"] for page in pages}
    assert parents["activation"] == ids["register"]
    login = next(page for page in pages if page["slug"] == "login")
    assert {block["parentId"] for block in login["blocks"].values()} == {ids["login"]}


def test_sent_pages_get_new_ids_and_keep_their_tree(admin: Client, world: World) -> None:
    taken = id_of(world, "page/p1-login")
    pages = [
        {"id": taken, "slug": "a", "order": 1, "blocks": {"top": {"type": "title", "order": 1}}},
        {"slug": "b", "order": 2, "parentId": taken},
        {"slug": "c", "order": 3, "is_deleted": True},
    ]

    made = admin.call("createPortalConfig", body={**BODY, "pages": pages})["pages"]

    assert [page["slug"] for page in made] == ["a", "b"]
    assert made[0]["id"] != taken
    assert made[1]["parentId"] == made[0]["id"]
    [block] = made[0]["blocks"].values()
    assert block["type"] == "title"
    assert admin.call("getPortalPage", id=taken)["slug"] == "login"


@pytest.mark.parametrize(
    "domain", ["MEIN.sw-musterau.test", "mein-musterau-500001.ecp.test", "localhost:5173"]
)
def test_domain_in_use_is_a_conflict(admin: Client, domain: str) -> None:
    admin.call("createPortalConfig", body={**BODY, "domain": domain}, status=409)

    assert len(admin.call("listAllPortalConfigs")["data"]) == 3


def test_creating_twice_is_a_conflict(admin: Client) -> None:
    admin.call("createPortalConfig", body=BODY)

    admin.call("createPortalConfig", body=BODY, status=409)


def test_new_portal_with_two_pages_of_one_slug_is_refused(admin: Client) -> None:
    pages = [{"slug": "a", "order": 1}, {"slug": "a", "order": 2}]

    admin.call("createPortalConfig", body={**BODY, "pages": pages}, status=400)


def test_clone_has_the_settings_but_keys_domain_and_pool_of_its_own(admin: Client, world: World) -> None:
    source = admin.call("getPortalConfigV3", portal_id=id_of(world, "portal/p1"))

    clone = admin.call("clonePortalConfig", body={"source_portal_id": source["portal_id"]})

    assert clone["name"] == "Copy of Mein Musterau"
    assert clone["registration_identifiers"] == source["registration_identifiers"]
    assert clone["email_templates"] == source["email_templates"]
    assert clone["identity_providers"] == source["identity_providers"]
    assert clone["cognito_details"]["password_policy"] == source["cognito_details"]["password_policy"]
    for name in ("portal_id", "portal_sk_v3", "domain", "epilot_domain"):
        assert clone[name] != source[name]
    for name in ("cognito_user_pool_id", "cognito_user_pool_client_id", "cognito_user_pool_arn"):
        assert clone["cognito_details"][name] != source["cognito_details"][name]


def test_clone_has_copies_of_pages_blocks_and_widgets(admin: Client, world: World) -> None:
    source = admin.call("getPortalConfigV3", portal_id=id_of(world, "portal/p1"))

    clone = admin.call("clonePortalConfig", body={"source_portal_id": source["portal_id"], "name": "Test"})

    assert clone["name"] == "Test"
    assert [page["slug"] for page in clone["pages"]] == [page["slug"] for page in source["pages"]]
    assert not {page["id"] for page in clone["pages"]} & {page["id"] for page in source["pages"]}
    dashboards = [_page(portal, "dashboard") for portal in (source, clone)]
    types = [[block["type"] for block in page["blocks"].values()] for page in dashboards]
    assert types[0] == types[1]
    assert not dashboards[0]["blocks"].keys() & dashboards[1]["blocks"].keys()
    widgets = [admin.call("getPortalWidgetsV3", portal_id=portal["portal_id"]) for portal in (source, clone)]
    assert widgets[0]["widgets"] == widgets[1]["widgets"]


def test_clone_does_not_become_the_portal_of_its_origin(admin: Client, nobody: Client, world: World) -> None:
    admin.call("clonePortalConfig", body={"source_portal_id": id_of(world, "portal/p1")})

    public = nobody.call("getPublicPortalConfig", org_id="500001", origin="END_CUSTOMER_PORTAL")
    assert public["portal_id"] == id_of(world, "portal/p1")


def test_clone_of_an_unknown_portal_is_not_found(admin: Client) -> None:
    admin.call("clonePortalConfig", body={"source_portal_id": "nowhere"}, status=404)


def test_swapped_domain_leads_to_the_other_portal(admin: Client, nobody: Client, world: World) -> None:
    answer = admin.call("swapPortalConfig", body=both(world, items_to_swap=["domain"]))

    assert answer == {"message": "Swapped domain of the two portals"}
    for domain in ("mein.sw-musterau.test", "mein-musterau-500001.ecp.test", "localhost:5173"):
        config = nobody.call("getPortalConfigByDomain", domain=domain)
        assert config["name"] == "Fachpartnerportal Musterau"


def test_users_who_were_swapped_have_to_log_in_again(admin: Client, anna: Client, world: World) -> None:
    anna.call("getPortalUser")

    answer = admin.call("swapPortalConfig", body=both(world))

    assert answer == {"message": "Swapped domain and users of the two portals"}
    refusal = anna.call("getPortalUser", status=401)
    assert (
        refusal["message"]
        == "this token is for another portal than the one its user belongs to; log in there"
    )
    nobody = anna.as_("")
    for name, exists in (("p1", False), ("p2", True)):
        answer = nobody.call(
            "userExistsV3",
            org_id="500001",
            email="anna.berger@example.org",
            portal_id=id_of(world, f"portal/{name}"),
        )
        assert answer["exists"] is exists


def test_swapping_all_twice_is_as_before(admin: Client, anna: Client, world: World) -> None:
    before = admin.call("getAllPortalConfigs")
    body = both(world, items_to_swap=["all"])

    admin.call("swapPortalConfig", body=body)
    between = admin.call("getAllPortalConfigs")
    admin.call("swapPortalConfig", body=body)

    assert between["data"][0]["email_templates"] == before["data"][1]["email_templates"]
    assert between["data"][0]["domain"] == "partner.sw-musterau.test"
    assert admin.call("getAllPortalConfigs") == before
    anna.call("getPortalUser")


def test_nothing_named_is_nothing_swapped(admin: Client, anna: Client, world: World) -> None:
    answer = admin.call("swapPortalConfig", body=both(world, items_to_swap=[]))

    assert answer == {"message": "Swapped nothing of the two portals"}
    anna.call("getPortalUser")


def test_portal_cannot_be_swapped_with_itself(admin: Client, world: World) -> None:
    admin.call("swapPortalConfig", body=both(world, target_portal_id=id_of(world, "portal/p1")), status=400)


def test_swap_with_an_unknown_portal_is_not_found(admin: Client, world: World) -> None:
    admin.call("swapPortalConfig", body=both(world, target_portal_id="nowhere"), status=404)


def test_swap_with_a_portal_of_another_organization_is_not_found(admin: Client, world: World) -> None:
    draft = world.draft()
    draft.collection("portal").patch(id_of(world, "portal/p2"), {"organization_id": "999999"})
    world.state = draft.state

    admin.call("swapPortalConfig", body=both(world), status=404)


def test_deleted_portal_takes_everything_along(admin: Client, anna: Client, world: World) -> None:
    p1 = id_of(world, "portal/p1")

    admin.call("deletePortalConfig", portal_id=p1, status=204)

    anna.call("getPortalUser", status=401)
    anna.as_("").call("getPortalConfigByDomain", domain="mein.sw-musterau.test", status=404)
    admin.call("getPortalConfigV3", portal_id=p1, status=404)
    admin.call("getPortalPage", id=id_of(world, "page/p1-login"), status=404)
    admin.call("getEmailTemplatesByPortalId", portal_id=p1, status=404)
    state = world.draft()
    for kind in ("page", "portal_user"):
        assert state.collection(kind).where(portal_id=p1) == []
    for kind in ("credential", "download", "notification"):
        assert not any(
            one["portal_user_id"] == id_of(world, "portal_user/anna") for one in state.collection(kind)
        )
    assert state.collection("contact").get(id_of(world, "contact/anna"))["first_name"] == "Anna"


def test_domain_of_a_deleted_portal_is_free_again(admin: Client, world: World) -> None:
    admin.call("deletePortalConfig", portal_id=id_of(world, "portal/p1"), status=204)

    portal = admin.call("createPortalConfig", body={"domain": "mein.sw-musterau.test"})

    assert portal["domain"] == "mein.sw-musterau.test"


def test_portal_is_deleted_once(admin: Client) -> None:
    admin.call("deletePortal", origin="INSTALLER_PORTAL", status=204)

    admin.call("deletePortal", origin="INSTALLER_PORTAL", status=404)


def test_new_portal_can_be_deleted(admin: Client) -> None:
    portal = admin.call("createPortalConfig", body={})

    admin.call("deletePortalConfig", portal_id=portal["portal_id"], status=204)

    assert len(admin.call("listAllPortalConfigs")["data"]) == 3


def _page(portal: Record, slug: str) -> Record:
    page: Record = next(page for page in portal["pages"] if page["slug"] == slug)
    return page
