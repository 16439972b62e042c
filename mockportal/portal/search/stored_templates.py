"""Templates that the portal has stored, so that a request names them and does not send them (`templates_ref`).

They are those of a page's block, or of an item of the portal's `global_search`. A block keeps them in `props.content`:
under `templates`, else they are the texts in it that have something to fill in, named by their path.
"""

from collections.abc import Iterator

from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.state.store import Draft
from mockportal.values import Json, Record


def asked_templates(call: Call, state: Draft, query: Record) -> Record | None:
    """The templates of a request or of a part of it: the stored ones if it names some, whatever it sends.

    Raises `NotFound`, or `BadRequest` where the operation has no 404, for what the portal does not have.
    """
    if "templates_ref" not in query:
        return query.get("templates")
    ref = query["templates_ref"]
    if ("global_search_config_id" in ref) == ("page_id" in ref):
        raise BadRequest("templates_ref: name either a page or an item of the global search")
    found = _of_search(call, ref) if "global_search_config_id" in ref else _of_page(call, state, ref)
    if found is None:
        refusal = NotFound if call.operation.documents(NotFound.status) else BadRequest
        raise refusal("templates_ref: this portal has no such page, block or item")
    return found


def _of_page(call: Call, state: Draft, ref: Record) -> Record | None:
    """The templates of one block, or of every block by its id."""
    page = state.collection("page").find(str(ref["page_id"]))
    if page is None or page["portal_id"] != call.caller.realm["portal_id"]:
        return None
    blocks = page.get("blocks", {})
    if "block_id" in ref:
        block = blocks.get(ref["block_id"])
        return None if block is None else _of_block(block, ref.get("config_id"))
    found = {id: _of_block(block, ref.get("config_id")) for id, block in blocks.items()}
    return {id: templates for id, templates in found.items() if templates}


def _of_search(call: Call, ref: Record) -> Record | None:
    return _of_entry(call.caller.realm.get("global_search"), str(ref["global_search_config_id"]))


def _of_block(block: Record, config_id: str | None) -> Record | None:
    """The templates of a block, or of one entry of a block that lists entities; None for an unknown entry."""
    content = (block.get("props") or {}).get("content") or {}
    return _plain(content) if config_id is None else _of_entry(content, config_id)


def _of_entry(value: Json, id: str) -> Record | None:
    """The templates of the entry with this id, wherever it is."""
    if isinstance(value, dict):
        if value.get("id") == id:
            return _plain(value)
        value = list(value.values())
    entries = (_of_entry(one, id) for one in value) if isinstance(value, list) else iter(())
    return next((found for found in entries if found is not None), None)


def _plain(content: Record) -> Record:
    templates = content.get("templates")
    if isinstance(templates, dict):
        return dict(_texts(templates, ""))
    return {name: text for name, text in _texts(content, "") if "{{" in text}


def _texts(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """(`title.de`, text) of every text in a value."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, f"{path}.{name}" if path else str(name))
