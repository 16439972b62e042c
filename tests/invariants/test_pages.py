"""A page and a block are read, listed and changed until they are deleted, and are not found afterwards."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mockportal.values import Record
from tests.support.machines import Machine, chosen, walk

DOMAIN = "mein.sw-musterau.test"
PICK = st.integers(0, 99)
SLUG = st.sampled_from(["sommer", "herbst", "winter", "dashboard"])  # the scenario has the last one
TITLE = st.sampled_from(["title", "text", "teaser"])


class Pages(Machine):
    """`pages` is `{page id: {"slug": …, "routes": old slugs, "blocks": {block id: (type, parent)}}}`."""

    pages: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        listed = self.admin.call("getPortalPages", domain=DOMAIN)
        self.others = {page["slug"] for page in listed}
        self.other_ids = {page["id"] for page in listed}
        self.pages = {}

    @rule(slug=SLUG)
    def create(self, slug: str) -> None:
        body = {"slug": slug, "order": 50}
        if self._is_taken(slug):
            self.admin.call("createPortalPage", domain=DOMAIN, body=body, status=400)
            return
        page = self.admin.call("createPortalPage", domain=DOMAIN, body=body)
        self._takes(page["id"], slug)
        self.pages[page["id"]] = {"slug": slug, "routes": [], "blocks": {}}

    @precondition(lambda self: self.pages)
    @rule(pick=PICK, slug=SLUG)
    def rename(self, pick: int, slug: str) -> None:
        id = chosen(self.pages, pick)
        page = self.pages[id]
        body = {**self.admin.call("getPortalPage", id=id), "slug": slug}
        if slug != page["slug"] and self._is_taken(slug):
            self.admin.call("updatePortalPage", id=id, body=body, status=400)
            return
        self.admin.call("updatePortalPage", id=id, body=body)
        self._takes(id, slug)
        if slug != page["slug"]:
            page["routes"] = [route for route in [*page["routes"], page["slug"]] if route != slug]
        page["slug"] = slug

    @precondition(lambda self: self.pages)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        id = chosen(self.pages, pick)
        blocks = self.pages.pop(id)["blocks"]
        self.admin.call("deletePortalPage", id=id, status=204)
        for operation in ("getPortalPage", "getPortalPageBlocks", "deletePortalPage"):
            self.admin.call(operation, id=id, status=404)
        for block in blocks:
            self.admin.call("getPortalPageBlock", id=id, block_id=block, status=404)

    @precondition(lambda self: self.pages)
    @rule(pick=PICK, under=PICK, type=TITLE)
    def create_block(self, pick: int, under: int, type: str) -> None:
        id = chosen(self.pages, pick)
        blocks = self.pages[id]["blocks"]
        parent = chosen([id, *blocks], under)
        body = {"type": type, "order": 1, "parentId": parent}
        block = self.admin.call("createPortalPageBlock", id=id, body=body)
        blocks[block["id"]] = (type, parent)

    @precondition(lambda self: any(page["blocks"] for page in self.pages.values()))
    @rule(pick=PICK, type=TITLE)
    def change_block(self, pick: int, type: str) -> None:
        id, block = chosen(self._blocks(), pick)
        _, parent = self.pages[id]["blocks"][block]
        body = {"type": type, "order": 2, "parentId": parent}
        self.admin.call("updatePortalPageBlock", id=id, block_id=block, body=body)
        self.pages[id]["blocks"][block] = (type, parent)

    @precondition(lambda self: any(page["blocks"] for page in self.pages.values()))
    @rule(pick=PICK)
    def delete_block(self, pick: int) -> None:
        id, block = chosen(self._blocks(), pick)
        blocks = self.pages[id]["blocks"]
        gone = {block}
        for other in [*blocks] * len(blocks):
            gone |= {other} if blocks[other][1] in gone else set()
        self.admin.call("deletePortalPageBlock", id=id, block_id=block, status=204)
        for one in gone:
            del blocks[one]
            self.admin.call("getPortalPageBlock", id=id, block_id=one, status=404)
        self.admin.call("deletePortalPageBlock", id=id, block_id=block, status=404)

    @invariant()
    def what_is_read_is_what_was_written(self) -> None:
        listed = {page["id"]: page for page in self.admin.call("getPortalPages", domain=DOMAIN)}
        config = self.admin.call("getPortalConfigV3", portal_id=self.id_of("portal/p1"))
        assert {page["id"]: page for page in config["pages"]} == listed
        assert listed.keys() - self.other_ids == self.pages.keys()
        for id, expected in self.pages.items():
            page = self.admin.call("getPortalPage", id=id)
            assert page == listed[id]
            assert (page["slug"], page["past_routes"]) == (expected["slug"], expected["routes"])
            assert page["blocks"].keys() == expected["blocks"].keys()
            for block in self.admin.call("getPortalPageBlocks", id=id):
                assert (block["type"], block["parentId"]) == expected["blocks"][block["id"]]
                assert self.admin.call("getPortalPageBlock", id=id, block_id=block["id"]) == block

    def _is_taken(self, slug: str) -> bool:
        return slug in self.others or any(page["slug"] == slug for page in self.pages.values())

    def _takes(self, id: str, slug: str) -> None:
        """No other page answers to the slug as a former route any more."""
        for other, page in self.pages.items():
            if other != id:
                page["routes"] = [route for route in page["routes"] if route != slug]

    def _blocks(self) -> list[tuple[str, Any]]:
        return [(id, block) for id, page in self.pages.items() for block in page["blocks"]]


def test_page_and_its_blocks_are_there_until_they_are_deleted() -> None:
    walk(Pages)
