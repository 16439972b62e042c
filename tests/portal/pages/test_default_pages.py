from mockportal.portal.pages.default_pages import default_pages
from mockportal.testing import Client


def test_default_pages_come_in_their_order(admin: Client) -> None:
    pages = admin.call("getDefaultPages")

    assert [page["order"] for page in pages] == list(range(1, 23))
    assert [page["slug"] for page in pages if page["is_public"]][-1] == "maintenance"
    assert [page["slug"] for page in pages if page["is_entry_route"]] == ["login", "dashboard"]
    assert [page["slug"] for page in pages if page["is_detail"]] == ["contract"]


def test_default_pages_cannot_be_changed(admin: Client) -> None:
    page = admin.call("getDefaultPages")[0]

    admin.call("updatePortalPage", id=page["id"], body={"slug": "x", "order": 1}, status=404)


def test_default_pages_and_blocks_have_the_same_ids_everywhere() -> None:
    pages = default_pages()

    assert pages == default_pages()
    assert pages[0]["id"] == "020e74d7-3f04-51df-86ca-e31bf8804387"
    blocks = [id for page in pages for id in page["blocks"]]
    assert len(set(blocks)) == len(blocks) == 67


def test_every_block_lies_in_a_page_and_every_page_below_one_that_exists() -> None:
    pages = default_pages()
    ids = {page["id"] for page in pages}

    assert {block["parentId"] for page in pages for block in page["blocks"].values()} == ids
    assert {page["parentId"] for page in pages} - ids == {None}
