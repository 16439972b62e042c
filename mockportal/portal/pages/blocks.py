"""The blocks of a page, one by one: a tree by `parentId` that ends at the page."""

from operator import itemgetter

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.pages.pages import editable_page, visible_page
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("getPortalPageBlocks")
def list_blocks(call: Call, state: Draft) -> Json:
    return sorted(visible_page(call, state).get("blocks", {}).values(), key=itemgetter("order"))


@operation("getPortalPageBlock")
def show_block(call: Call, state: Draft) -> Json:
    return _block_of(call, visible_page(call, state))


@operation("createPortalPageBlock")
def create_block(call: Call, state: Draft) -> Json:
    """One that names no parent lies on the page."""
    page = editable_page(call, state)
    return _stored(state, page, {"parentId": page["id"], **call.fields, "id": state.new_id("block")})


@operation("updatePortalPageBlock")
def replace_block(call: Call, state: Draft) -> Json:
    page = editable_page(call, state)
    return _stored(state, page, {**call.fields, "id": _block_of(call, page)["id"]})


@operation("deletePortalPageBlock")
def delete_block(call: Call, state: Draft) -> Json:
    """The blocks inside a block are deleted with it."""
    page = editable_page(call, state)
    gone = _subtree(page, _block_of(call, page)["id"])
    _store_blocks(state, page, {id: block for id, block in page["blocks"].items() if id not in gone})
    return None


def _block_of(call: Call, page: Record) -> Record:
    id = call.params["block_id"]
    if id not in page.get("blocks", {}):
        raise NotFound(f"there is no block {id} on this page")
    return {**page["blocks"][id], "id": id}


def _stored(state: Draft, page: Record, block: Record) -> Record:
    """The block, stored. Its parent is the page or another block of it, not below itself."""
    blocks: Record = page.get("blocks", {})
    parent = block.get("parentId", page["id"])
    if parent != page["id"] and (parent not in blocks or parent in _subtree(page, block["id"])):
        raise BadRequest(f"a block cannot lie in {parent!r}")
    _store_blocks(state, page, {**blocks, block["id"]: block})
    return block


def _store_blocks(state: Draft, page: Record, blocks: Record) -> None:
    state.collection("page").put({**page, "blocks": blocks, "last_modified_at": state.timestamp()})


def _subtree(page: Record, id: str) -> set[str]:
    """A block and everything below it."""
    found = {id}
    grown = True
    while grown:
        below = {key for key, block in page.get("blocks", {}).items() if block.get("parentId") in found}
        grown = not below <= found
        found |= below
    return found
