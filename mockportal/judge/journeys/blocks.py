"""Blocks of a page are added, moved, replaced and deleted; the page shows them all along."""

from typing import Any

from mockportal.json_tree import by_id, difference, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, pick, step
from mockportal.judge.journeys.walk.values import FREE, TEXTS, WHICH
from mockportal.judge.journeys.walk.walk import Skipped, agree
from mockportal.judge.model import body_of
from mockportal.values import Record

_LIST, _SHOW = "getPortalPageBlocks", "getPortalPageBlock"
_CREATE, _UPDATE, _DELETE = "createPortalPageBlock", "updatePortalPageBlock", "deletePortalPageBlock"


class Blocks(Machine):
    """The model holds each block of one page as it was last answered; what another page has must not change."""

    def begin(self) -> None:
        self.admin: dict[str, Any] = {"token": self.context.token("EpilotAuth")}
        page = {"slug": f"{self.walk.world}-blocks", "order": 90}
        self.page = str(self.walk.must("createPortalPage", body=page).get("id"))
        self.walk.undo.append(lambda: self.walk.ask("deletePortalPage", params={"id": self.page}))
        self.here: dict[str, Any] = {"params": {"id": self.page}}
        self.blocks: dict[str, Record] = {}
        self.gone: set[str] = set()
        self.number = 0
        self.other = self._of_the_other_page()

    @step(_CREATE, _LIST, props=FREE, text=TEXTS, below=WHICH)
    def create(self, props: Record, text: str, below: int) -> None:
        self._written(_CREATE, *self._made(self._body(props, text, below)))

    @step(_UPDATE, _LIST, props=FREE, text=TEXTS, which=WHICH)
    def replace(self, props: Record, text: str, which: int) -> None:
        id = pick(list(self.blocks), which)
        body = self._body(props, text, 0)
        block = self.walk.must(_UPDATE, body=body, params={"id": self.page, "block_id": id})
        self.walk.same({"id": id}, block, _UPDATE, "answered with another id", self.walk.writes[-1])
        unsent = set(self.blocks[id]) - set(body) - {"id"}
        self._left_out(unsent, block)
        shown = self._written(_UPDATE, id, body, block)
        self._left_out(unsent - set(block), shown)

    @step(_UPDATE, _LIST, which=WHICH, text=TEXTS)
    def replace_twice(self, which: int, text: str) -> None:
        id = pick(list(self.blocks), which)
        body = self._body({"a": [text]}, text, 0)
        for _ in range(2):
            block = self.walk.must(_UPDATE, body=body, params={"id": self.page, "block_id": id})
            self._written(_UPDATE, id, body, block)

    @step(_CREATE, _UPDATE, which=WHICH)
    def send_nonsense(self, which: int) -> None:
        id = pick(list(self.blocks), which)
        self.walk.refused(_CREATE, "invalid", "a block without a type", body={"order": 1}, **self.here)
        how: Any = {"params": {"id": self.page, "block_id": id}, "body": {"order": "1", "type": "text"}}
        self.walk.refused(_UPDATE, "invalid", "a block with an order that is no number", **how)
        self._agree()

    @step(_CREATE, _UPDATE, which=WHICH)
    def put_below_itself(self, which: int) -> None:
        if not self.context.populated:
            return
        id = pick(list(self.blocks), which)
        nowhere = {"type": "text", "order": 1, "parentId": "00000000-0000-4000-8000-000000000000"}
        self.walk.refused(_CREATE, "parent", "a parent that is not there", body=nowhere, **self.here)
        how: Any = {
            "params": {"id": self.page, "block_id": id},
            "body": {"type": "text", "order": 1, "parentId": id},
        }
        self.walk.refused(_UPDATE, "parent", "a block that lies in itself", **how)
        self._agree()

    @step(_DELETE, _LIST, which=WHICH)
    def delete(self, which: int) -> None:
        """Deletes a block, and all that lies in it."""
        id = pick(list(self.blocks), which)
        branch = self._below(id)
        if branch == set(self.blocks):
            self._written(_CREATE, *self._made({"type": "text", "order": 3}))
        if len(branch) > 1 and not self.context.populated:
            raise Skipped
        self.walk.must(_DELETE, params={"id": self.page, "block_id": id})
        for each in branch:
            del self.blocks[each]
        self.gone |= branch
        for name in (_SHOW, _DELETE):
            if self.walk.can(name):
                params = {"id": self.page, "block_id": id}
                self.walk.gone(name, _DELETE, params=params, token=self._token(name))
        self._agree()

    def _made(self, body: Record) -> tuple[str, Record, Record]:
        block = self.walk.must(_CREATE, body=body, **self.here)
        id = str(block.get("id"))
        fresh = id not in self.blocks and id not in self.gone
        self.walk.expect(fresh, _CREATE, "id used before", f"the id {id} was used before")
        return id, body, block

    def _left_out(self, unsent: set[str], block: Record) -> None:
        left = sorted(unsent & set(block))
        message = f"{', '.join(left)} was not sent, and is still there"
        self.walk.expect(not left, _UPDATE, "merged, not replaced", message)

    def _body(self, props: Record, text: str, below: int) -> Record:
        self.number += 1
        ids = list(self.blocks)
        parent = {"parentId": ids[below % len(ids)]} if ids and below % 2 else {}
        more = {"hint": text} if self.number % 2 else {}
        body = {"type": "text", "order": self.number * 7 % 11, "props": {"content": props}}
        return {**body, **parent, **more}

    def _written(self, operation: str, id: str, body: Record, block: Record) -> Record:
        """The block as it is read. If only that is wrong, and the list shows what was written, reading is to blame."""
        write = self.walk.writes[-1]
        self.walk.same(body, block, operation, "answered otherwise than written", write)
        self.blocks[id] = block
        shown: Record = {}
        if self.walk.can(_SHOW):
            exchange = self.walk.ask(_SHOW, params={"id": self.page, "block_id": id}, **self.admin)
            shown = body_of(exchange)
            blamed = _SHOW if difference(block, shown) and self._is_listed(id, block) else operation
            self.walk.same(block, shown, blamed, "read otherwise than written", exchange)
        self._agree()
        return shown

    def _is_listed(self, id: str, block: Record) -> bool:
        listed = by_id(rows(body_of(self.walk.ask(_LIST, **self.here, **self.admin))))
        return not difference(block, listed.get(id))

    def _agree(self) -> None:
        exchange = self.walk.ask(_LIST, **self.here, **self.admin)
        listed = rows(body_of(exchange))
        agree(self.walk, _LIST, exchange, listed, self.blocks, self.gone, whole=True)
        orders: list[Any] = [block.get("order") for block in listed]
        message = f"the blocks come in the order {orders}"
        self.walk.chosen(orders == sorted(orders), _LIST, "out of order", message, exchange)
        if self.walk.can("getPortalPage"):
            exchange = self.walk.ask("getPortalPage", **self.here, **self.admin)
            inside = rows(body_of(exchange), "blocks")
            agree(self.walk, "getPortalPage", exchange, inside, self.blocks, self.gone, whole=True)
        message = "blocks of another page changed"
        unchanged = self._of_the_other_page() == self.other
        self.walk.expect(unchanged, _UPDATE, "another page changed", message, self.walk.writes[-1])

    def _of_the_other_page(self) -> dict[str, Record]:
        if not self.walk.isolated:
            return {}
        return by_id(rows(body_of(self.walk.ask(_LIST, **self.admin))))

    def _below(self, id: str) -> set[str]:
        found = {id}
        while below := {key for key, one in self.blocks.items() if one.get("parentId") in found} - found:
            found |= below
        return found

    def _token(self, name: str) -> Any:
        return self.admin["token"] if name == _SHOW else None


BLOCKS = journey(Blocks, "createPortalPage", "deletePortalPage", _LIST, _CREATE)
