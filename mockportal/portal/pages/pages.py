"""Pages of a portal: reading them as somebody sees them, and writing them with the routes that they once had."""

import re
from collections.abc import Iterable
from operator import itemgetter

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.identity.identification import open_portal
from mockportal.portal.pages.default_pages import default_pages
from mockportal.portal.pages.page_visibility import (
    page_as_read,
    reader_of,
    shown_pages,
    with_targeting_status,
)
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_ALWAYS = ("slug", "order")  # no page is valid without them
SERVER_OWNED = frozenset(("id", "is_deleted", "last_modified_at", "past_routes", "portal_id"))
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@operation("getPortalPages")
def list_pages(call: Call, state: Draft) -> Json:
    """An administrator sees everything, raw."""
    pages = pages_of(state, str(portal_of(call, state)["portal_id"]))
    if call.caller.kind != "portal":
        return _chosen(call, pages)
    reader = reader_of(call.caller, state, _context_references(call))
    return _chosen(call, [page_as_read(reader, page) for page in shown_pages(reader, pages)])


@operation("getPublicPages")
def list_public_pages(call: Call, state: Draft) -> Json:
    """Without a user, pages for certain targets are not shown, and template values about the user are empty."""
    pages = pages_of(state, str(open_portal(call, state)["portal_id"]))
    reader = reader_of(call.caller, state)
    public = [page for page in shown_pages(reader, pages) if page.get("is_public")]
    return _chosen(call, [page_as_read(reader, page) for page in public])


@operation("getPortalPage")
def show_page(call: Call, state: Draft) -> Json:
    return visible_page(call, state)


@operation("getDefaultPages")
def list_default_pages(call: Call, state: Draft) -> Json:
    return default_pages()


@operation("createPortalPage")
def create_page(call: Call, state: Draft) -> Json:
    portal_id = str(portal_of(call, state)["portal_id"])
    page = write_page(state, portal_id, state.new_id("page"), call.fields)
    check_slugs(state, portal_id)
    return page


@operation("updatePortalPage")
def replace_page(call: Call, state: Draft) -> Json:
    page = editable_page(call, state)
    changed = write_page(state, page["portal_id"], page["id"], call.fields)
    check_slugs(state, page["portal_id"])
    return changed


@operation("deletePortalPage")
def delete_page(call: Call, state: Draft) -> Json:
    remove_page(state, editable_page(call, state))
    return None


@operation("interpolatePortalPages")
def preview_pages(call: Call, state: Draft) -> Json:
    """Nothing is stored and nothing removed; whether it would be shown is said only if asked."""
    reader = reader_of(call.caller, state, call.fields.get("context_entities", ()))
    pages = [dict(reader.reads(page)) for page in call.fields["pages"]]
    if not call.fields.get("evaluate_targeting"):
        return pages
    return [with_targeting_status(reader, page) for page in pages]


def pages_of(state: Draft, portal_id: str) -> list[Record]:
    """The pages of a portal by `order`, as stored."""
    return sorted(state.collection("page").where(portal_id=portal_id), key=itemgetter("order"))


def editable_page(call: Call, state: Draft) -> Record:
    """The page of the call, if it is one of the caller's organization. Raises `NotFound`."""
    page = state.collection("page").get(call.params["id"])
    portal = state.collection("portal").get(page["portal_id"])
    if portal.get("organization_id", call.caller.org) != call.caller.org:
        raise NotFound(f"there is no page {page['id']}")
    return page


def visible_page(call: Call, state: Draft) -> Record:
    """The page of the call as the caller sees it: raw, or filtered and resolved. Raises `NotFound`."""
    page = editable_page(call, state)
    if call.caller.kind != "portal":
        return page
    if page["portal_id"] != call.caller.realm["portal_id"]:
        raise NotFound(f"there is no page {page['id']}")
    reader = reader_of(call.caller, state)
    if page not in shown_pages(reader, pages_of(state, page["portal_id"])):
        raise NotFound(f"there is no page {page['id']}")
    return page_as_read(reader, page)


def write_page(state: Draft, portal_id: str, id: str, fields: Record) -> Record:
    """Stores a page. One that gives up its slug keeps answering to it until another page takes it.

    Other pages may still have the slug, see `check_slugs`.
    """
    pages = state.collection("page")
    old = pages.find(id) or {}
    slug = fields["slug"]
    others = [page for page in pages.where(portal_id=portal_id) if page["id"] != id]
    for other in others:
        if slug in other.get("past_routes", ()):
            pages.put({**other, "past_routes": [route for route in other["past_routes"] if route != slug]})
    taken = {slug, *(other["slug"] for other in others)}
    routes = [*old.get("past_routes", ()), *([old["slug"]] if old else [])]
    return pages.put(
        {
            **{name: value for name, value in fields.items() if name not in SERVER_OWNED},
            "id": id,
            "portal_id": portal_id,
            "blocks": _on_page(id, with_ids(state, fields.get("blocks", {}))),
            "past_routes": [route for route in dict.fromkeys(routes) if route not in taken],
            "last_modified_at": state.timestamp(),
        }
    )


def check_slugs(state: Draft, portal_id: str) -> None:
    """Raises `BadRequest` where two pages of a portal have one slug."""
    used: set[str] = set()
    for page in state.collection("page").where(portal_id=portal_id):
        if page["slug"] in used:
            raise BadRequest(f"the slug {page['slug']!r} is in use")
        used.add(page["slug"])


def remove_page(state: Draft, page: Record) -> None:
    """Forgets a page; the pages below it move to the top."""
    pages = state.collection("page")
    pages.remove(page["id"])
    for child in pages.where(portal_id=page["portal_id"], parentId=page["id"]):
        pages.put({**child, "parentId": None})


def upsert_pages(state: Draft, portal_id: str, pages: Iterable[Record]) -> None:
    """Merges pages into a portal: matched by id, without one by slug; `is_deleted` removes; the others stay."""
    stored = state.collection("page")
    for page in pages:
        old = _counterpart(state, portal_id, page)
        if page.get("is_deleted"):
            if old is not None:
                remove_page(state, old)
        elif old is not None:
            write_page(state, portal_id, old["id"], {**(stored.find(old["id"]) or old), **page})
        else:
            write_page(state, portal_id, str(page.get("id") or state.new_id("page")), page)
    check_slugs(state, portal_id)


def add_copies(state: Draft, portal_id: str, pages: Iterable[Record]) -> None:
    """Copies pages into a portal. Pages and blocks get ids of their own, and `parentId`s follow."""
    wanted = [page for page in pages if not page.get("is_deleted")]
    ids = {str(page["id"]): state.new_id("page") for page in wanted if "id" in page}
    for page in wanted:
        id = ids.get(str(page.get("id"))) or state.new_id("page")
        blocks = with_ids(state, page.get("blocks", {}))
        block_ids = {old: state.new_id("block") for old in blocks}
        copies = {
            block_ids[old]: _below({**block, "id": block_ids[old]}, {**ids, **block_ids})
            for old, block in blocks.items()
        }
        write_page(state, portal_id, id, _below({**page, "blocks": copies}, ids))
    check_slugs(state, portal_id)


def with_ids(state: Draft, blocks: Record) -> Record:
    """Blocks under their ids: a block's own, else its key if that is a uuid, else a new one."""
    ids = {
        key: str(block.get("id") or (key if UUID.fullmatch(key) else state.new_id("block")))
        for key, block in blocks.items()
    }
    if len(set(ids.values())) != len(ids):
        raise BadRequest("two blocks of a page have the same id")
    return {ids[key]: _below({**block, "id": ids[key]}, ids) for key, block in blocks.items()}


def _on_page(id: str, blocks: Record) -> Record:
    """Blocks that name no parent lie on the page itself."""
    return {key: block if "parentId" in block else {**block, "parentId": id} for key, block in blocks.items()}


def _below(node: Record, ids: Record) -> Record:
    """A page or block whose parent has got another id."""
    parent = node.get("parentId")
    return {**node, "parentId": ids[parent]} if parent in ids else node


def _counterpart(state: Draft, portal_id: str, page: Record) -> Record | None:
    stored = state.collection("page")
    if "id" not in page:
        return next(iter(stored.where(portal_id=portal_id, slug=page["slug"])), None)
    old = stored.find(page["id"])
    if old is not None and old["portal_id"] != portal_id:
        raise BadRequest(f"the page {page['id']} belongs to another portal")
    return old


def _context_references(call: Call) -> list[Record]:
    references = list(call.params.get("context_entities", ()))
    if "contract_id" in call.params:
        references.append({"entity_schema": "contract", "entity_id": call.params["contract_id"]})
    return references


def _chosen(call: Call, pages: list[Record]) -> list[Record]:
    """The pages that fit `filter`, with the attributes of `fields`."""
    conditions = [part.partition("=") for part in call.params.get("filter", "").split(",") if part.strip()]
    names = {name.strip() for name in call.params.get("fields", "").split(",")} - {""}
    chosen = [
        page
        for page in pages
        if all(
            _fits(page, name.strip(), value.strip() if equals else "true")
            for name, equals, value in conditions
        )
    ]
    if not names:
        return chosen
    return [{k: v for k, v in page.items() if k in names or k in _ALWAYS} for page in chosen]


def _fits(page: Record, path: str, wanted: str) -> bool:
    """Compares by text, `a.b` goes deeper, a list contains it; what is not there is `false` and `null`."""
    value: Json = page
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return wanted in ("false", "null", "")
    return any(_text(one) == wanted for one in (value if isinstance(value, list) else [value]))


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
