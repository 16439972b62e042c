import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of, record_of

ACTIONS = "2e2f89cc-40fe-5a69-83fe-34c76ea1520e"  # with three quick actions in it
ACTION = "4b81b996-2f5c-5c73-acf1-272b4bd2d1d2"
BANNER = "a82a3f34-3197-5532-827c-a683c6909595"  # for those who are late with a payment
NOWHERE = "0f487feb-0db9-5708-978e-ad1bb7e87fc9"


@pytest.fixture
def dashboard(world: World) -> str:
    return id_of(world, "page/p1-dashboard")


def test_created_block_can_be_read_and_listed(admin: Client, dashboard: str) -> None:
    sent: Record = {"type": "text", "order": 2.5, "id": "mine", "section": "main"}

    block = admin.call("createPortalPageBlock", id=dashboard, body=sent)

    assert block == {**sent, "id": block["id"], "parentId": dashboard}
    assert admin.call("getPortalPageBlock", id=dashboard, block_id=block["id"]) == block
    listed = admin.call("getPortalPageBlocks", id=dashboard)
    assert [one["type"] for one in listed][:3] == ["title", "system_banner", "text"]
    assert admin.call("getPortalPage", id=dashboard)["last_modified_at"] == "2026-06-15T07:00:00.000Z"


@pytest.mark.parametrize("parent", [ACTIONS, "the page"])
def test_block_may_lie_in_a_block_or_the_page(admin: Client, dashboard: str, parent: str) -> None:
    sent = {"type": "quick_action", "order": 1, "parentId": dashboard if parent == "the page" else parent}

    assert admin.call("createPortalPageBlock", id=dashboard, body=sent)["parentId"] == sent["parentId"]


def test_unknown_parent_is_refused(admin: Client, dashboard: str) -> None:
    sent = {"type": "text", "order": 1, "parentId": NOWHERE}

    admin.call("createPortalPageBlock", id=dashboard, body=sent, status=400)


def test_block_cannot_lie_below_itself(admin: Client, dashboard: str) -> None:
    sent = {"type": "quick_actions", "order": 1, "parentId": ACTION}

    admin.call("updatePortalPageBlock", id=dashboard, block_id=ACTIONS, body=sent, status=400)


def test_block_is_replaced_as_a_whole(admin: Client, dashboard: str) -> None:
    admin.call("updatePortalPageBlock", id=dashboard, block_id=ACTION, body={"type": "text", "order": 1})

    block = admin.call("getPortalPageBlock", id=dashboard, block_id=ACTION)
    assert block == {"type": "text", "order": 1, "id": ACTION}


def test_what_lies_in_a_deleted_block_goes_with_it(admin: Client, dashboard: str, world: World) -> None:
    before = len(record_of(world, "page/p1-dashboard")["blocks"])

    admin.call("deletePortalPageBlock", id=dashboard, block_id=ACTIONS, status=204)

    admin.call("getPortalPageBlock", id=dashboard, block_id=ACTION, status=404)
    admin.call("deletePortalPageBlock", id=dashboard, block_id=ACTIONS, status=404)
    assert len(record_of(world, "page/p1-dashboard")["blocks"]) == before - 4


def test_block_of_another_page_is_not_found(admin: Client, world: World) -> None:
    other = id_of(world, "page/p1-login")

    admin.call("getPortalPageBlock", id=other, block_id=ACTION, status=404)
    admin.call("updatePortalPageBlock", id=other, block_id=ACTION, body={"type": "x", "order": 1}, status=404)


def test_user_does_not_get_a_block_for_others(anna: Client, nobody: Client, dashboard: str) -> None:
    mehmet = nobody.as_("dev-mehmet")

    anna.call("getPortalPageBlock", id=dashboard, block_id=BANNER, status=404)
    assert mehmet.call("getPortalPageBlock", id=dashboard, block_id=BANNER)["type"] == "system_banner"
    assert BANNER not in [block["id"] for block in anna.call("getPortalPageBlocks", id=dashboard)]


def test_templates_of_blocks_are_resolved_for_a_user(anna: Client, dashboard: str) -> None:
    title = anna.call("getPortalPageBlocks", id=dashboard)[0]

    assert title["props"]["content"]["title"]["de"] == "Guten Tag, Anna Berger"


def test_block_of_a_new_page_that_names_no_parent_lies_on_the_page(admin: Client) -> None:
    page: Record = {"slug": "neu", "order": 99, "blocks": {"a": {"type": "text", "order": 1}}}

    made = admin.call("createPortalPage", domain="mein.sw-musterau.test", body=page)

    assert [block["parentId"] for block in made["blocks"].values()] == [made["id"]]


def test_block_of_a_copied_page_lies_on_the_copy(admin: Client, world: World) -> None:
    blocks = record_of(world, "page/p1-dashboard")["blocks"]
    loose = {id: {k: v for k, v in block.items() if k != "parentId"} for id, block in blocks.items()}
    draft = world.draft()
    draft.collection("page").put({**record_of(world, "page/p1-dashboard"), "blocks": loose})
    world.state = draft.state

    copy = admin.call("clonePortalConfig", body={"source_portal_id": id_of(world, "portal/p1")})

    [page] = [page for page in copy["pages"] if page["slug"] == "dashboard"]
    assert {block["parentId"] for block in page["blocks"].values()} == {page["id"]}
