"""Pages are written, read everywhere they are shown, and deleted."""

from typing import Any

from hypothesis import strategies as st

from mockportal.json_tree import by_id, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, pick, step
from mockportal.judge.journeys.walk.values import FREE, TEXTS, WHICH
from mockportal.judge.journeys.walk.walk import agree
from mockportal.judge.model import body_of
from mockportal.values import Record

_SERVERS = ("last_modified_at", "past_routes")


class Pages(Machine):
    """The model holds each page of the portal as it was last answered."""

    def begin(self) -> None:
        self.admin: dict[str, Any] = {"token": self.context.token("EpilotAuth")}
        exchange = self.walk.ask("getPortalPages", **self.admin)
        self.found = by_id(rows(body_of(exchange)))
        self.pages: dict[str, Record] = dict(self.found) if self.walk.isolated else {}
        self.made: list[str] = []
        self.gone: set[str] = set()
        self.slugs = 0
        self.latest = ""

    @step("createPortalPage", "getPortalPage", content=FREE, title=TEXTS, public=st.booleans(), below=WHICH)
    def create(self, content: Record, title: str, public: bool, below: int) -> None:
        parent = self.made[below % len(self.made)] if self.made and below % 2 else None
        body = self._body(content, title, public) | {"parentId": parent}
        page = self.walk.must("createPortalPage", body=body)
        self.walk.same(
            body, page, "createPortalPage", "answered otherwise than written", self.walk.writes[-1]
        )
        id = str(page.get("id"))
        fresh = id not in self.pages and id not in self.gone
        self.walk.expect(fresh, "createPortalPage", "id used before", f"the id {id} was used before")
        self.made.append(id)
        self.walk.undo.append(lambda: self.walk.ask("deletePortalPage", params={"id": id}))
        self._written("createPortalPage", id, page)

    @step("updatePortalPage", "getPortalPage", content=FREE, title=TEXTS, public=st.booleans(), which=WHICH)
    def replace(self, content: Record, title: str, public: bool, which: int) -> None:
        id = pick(list(self.pages), which)
        old = self.pages[id]
        body = self._body(content, title, public)
        if which % 2:
            body["slug"] = old.get("slug", body["slug"])
        page = self.walk.must("updatePortalPage", params={"id": id}, body=body)
        write = self.walk.writes[-1]
        self.walk.same({**body, "id": id}, page, "updatePortalPage", "answered otherwise than written", write)
        left = sorted(set(page) & set(old) - set(body) - {"id", "portal_id", "blocks", *_SERVERS})
        message = f"{', '.join(left)} was not sent, and is still there"
        self.walk.expect(not left, "updatePortalPage", "merged, not replaced", message, write)
        if body["slug"] != old.get("slug"):
            routes = page.get("past_routes") or []
            message = f"the former slug is not among past_routes {routes}"
            self.walk.chosen(old.get("slug") in routes, "updatePortalPage", "no past route", message, write)
        self._written("updatePortalPage", id, page)

    @step("updatePortalPage", "createPortalPage", which=WHICH, title=TEXTS)
    def replace_twice(self, which: int, title: str) -> None:
        id = pick(self.made, which)
        body = self._body({"once": title}, title, False) | {"design": {"title": title}}
        self.walk.must("updatePortalPage", params={"id": id}, body=body)
        del body["design"]
        first, second = (self.walk.must("updatePortalPage", params={"id": id}, body=body) for _ in range(2))
        write = self.walk.writes[-1]
        first = {name: value for name, value in first.items() if name != "last_modified_at"}
        self.walk.same(first, second, "updatePortalPage", "not the same when repeated", write)
        message = "design was not sent, and is still there"
        kept = second.get("design") is not None
        self.walk.expect(not kept, "updatePortalPage", "merged, not replaced", message, write)
        self._written("updatePortalPage", id, second)

    @step("createPortalPage", "updatePortalPage", which=WHICH, other=WHICH)
    def take_a_slug(self, which: int, other: int) -> None:
        """A slug in use is refused, as often as it is tried, and whether or not anything was read in between."""
        if not self.context.populated:
            return
        slug, id = self.pages[pick(list(self.pages), which)].get("slug"), pick(self.made, other)
        body = {"slug": slug, "order": 1}
        for _ in range(2):
            self.walk.refused("createPortalPage", "slug in use", "a slug that another page has", body=body)
            self._agree()
        if self.pages[id].get("slug") != slug:
            how: Any = {"params": {"id": id}, "body": body}
            self.walk.refused("updatePortalPage", "slug in use", "a slug that another page has", **how)
            self._agree()

    @step("createPortalPage", "updatePortalPage", which=WHICH)
    def send_nonsense(self, which: int) -> None:
        how: Any = {"params": {"id": pick(self.made, which)}, "body": {"slug": 1}}
        self.walk.refused("updatePortalPage", "invalid", "a page without an order", **how)
        self.walk.refused("createPortalPage", "invalid", "a page without an order", body={"slug": "x"})
        self._agree()

    @step("interpolatePortalPages", which=WHICH)
    def preview(self, which: int) -> None:
        page = {**self.pages[pick(self.made, which)], "content": {"title": "never stored"}}
        self.walk.must("interpolatePortalPages", body={"pages": [page]}, **self.admin)
        self._agree()

    @step("deletePortalPage", "getPortalPage", which=WHICH)
    def delete(self, which: int) -> None:
        id = pick(self.made, which)
        self.walk.must("deletePortalPage", params={"id": id})
        self.made.remove(id)
        del self.pages[id]
        self.gone.add(id)
        for name in ("getPortalPage", "getPortalPageBlocks"):
            if self.walk.can(name):
                self.walk.gone(name, "deletePortalPage", params={"id": id}, **self.admin)
        for name in ("deletePortalPage", "updatePortalPage"):
            self.walk.gone(name, "deletePortalPage", params={"id": id})
        for child in self.pages.values():
            if child.get("parentId") == id:
                child["parentId"] = None
        self._agree()

    def _body(self, content: Record, title: str, public: bool) -> Record:
        self.slugs += 1
        return {
            "slug": f"{self.walk.world}-{self.slugs}",
            "order": 100 + self.slugs % 7,
            "is_public": public,
            "show_in_navigation": not public,
            "content": {**content, "heading": title},
            **({"design": content, "schema": ["contract", title]} if self.slugs % 3 else {}),
        }

    def _written(self, operation: str, id: str, page: Record) -> None:
        moved = str(page.get("last_modified_at", ""))
        message = f"last_modified_at is {moved}, before an earlier change at {self.latest}"
        write = self.walk.writes[-1]
        self.walk.chosen(moved >= self.latest, operation, "last_modified_at stands still", message, write)
        self.latest = moved
        self.pages[id] = dict(page)
        exchange = self.walk.ask("getPortalPage", params={"id": id}, **self.admin)
        self.walk.same(page, body_of(exchange), operation, "read otherwise than written", exchange)
        self._agree()

    def _agree(self) -> None:
        """Every place where pages are shown shows the same; the whole configuration is asked for now and then."""
        places: tuple[tuple[str, tuple[str, ...]], ...] = (
            ("getPortalPages", ()),
            ("getPortalConfigV3", ("pages",)),
        )
        for name, path in places[: 1 + len(self.walk.writes) % 2]:
            if self.walk.can(name) and self._is_ours(name):
                exchange = self.walk.ask(name, **self.admin)
                shown = rows(body_of(exchange), *path)
                agree(self.walk, name, exchange, shown, self.pages, self.gone, whole=self.walk.isolated)
        self._agree_in_public()

    def _is_ours(self, name: str) -> bool:
        """True if an operation is about the portal of these pages."""
        if name == "getPortalPages":
            return True
        portal = self.context.case(name).params.get("portal_id")
        return all(page.get("portal_id") == portal for page in self.pages.values())

    def _agree_in_public(self) -> None:
        if not self.walk.can("getPublicPages") or not self.context.populated:
            return
        exchange = self.walk.ask("getPublicPages")
        public = {id for id in self.made if self.pages[id].get("is_public")}
        wanted = {id: {"slug": self.pages[id].get("slug")} for id in public}
        hidden = {*self.gone, *(set(self.made) - public)}
        agree(self.walk, "getPublicPages", exchange, rows(body_of(exchange)), wanted, hidden)


PAGES = journey(Pages, "getPortalPages", "createPortalPage", "getPortalPage", "deletePortalPage")
