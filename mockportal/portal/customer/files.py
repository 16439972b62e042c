"""Files as portal users find them: those that are shared and hang on an entity of theirs."""

from datetime import datetime

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.customer.contact import own_contact
from mockportal.portal.entity.activities import FILE_OPENED, record_activity
from mockportal.portal.entity.list_view import page
from mockportal.portal.entity.views import entity_view, find_entity
from mockportal.portal.entity.visibility import (
    FILE_HOLDERS,
    call_visible,
    check_slug,
    holders_of,
    is_visible,
    shared_files,
    visible,
)
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("getAllFiles")
def list_files(call: Call, state: Draft) -> Json:
    """The files of the newest date first. An entity that is not the user's own is no filter error: it has none."""
    check_slug(call.caller, "file")
    own_contact(call, state)
    wanted = call.params.get("file_types")
    files = [file for file in _found(call, state) if wanted is None or file.get("type") in wanted]
    files = sorted(files, key=_date)[::-1]
    views = [entity_view(call.caller, state, file) for file in page(call, files)]
    return {"results": views, "hits": len(files)}


@operation("getFileById")
def show_file(call: Call, state: Draft) -> Json:
    file = call_visible(call, state, "file", call.params["id"])
    return {"file": entity_view(call.caller, state, file)}


@operation("trackFileDownloaded")
def track_download(call: Call, state: Draft) -> Json:
    """A file is new to each user until that user has opened it. Every time leaves an activity."""
    file = call_visible(call, state, "file", call.params["id"])
    mark_opened(call, state, file)
    holders = [
        holder for slug, holder in holders_of(state, file) if is_visible(call.caller, state, slug, holder)
    ]
    record_activity(call, state, FILE_OPENED, [*holders, file], file=str(file["_title"]))
    return {"file": entity_view(call.caller, state, file)}


@operation("getFilesCountByEntity")
def count_files(call: Call, state: Draft) -> Json:
    """As many as `getAllFiles` finds for the entity; an entity without files is left out."""
    check_slug(call.caller, "file")
    own_contact(call, state)
    counts = []
    for slug in FILE_HOLDERS:
        for holder in visible(call.caller, state, slug):
            files = shared_files(state, [holder])
            if files:
                named = {"entity_id": holder["_id"], "_schema": slug, "_title": holder["_title"]}
                counts.append({**named, "file_count": len(files)})
    return counts


def mark_opened(call: Call, state: Draft, file: Record) -> None:
    """The file is not new to this user any more."""
    downloads = state.collection("download")
    if not downloads.where(file_id=file["_id"], portal_user_id=call.caller.subject):
        id = f"{call.caller.subject}/{file['_id']}"
        downloads.put({"id": id, "portal_user_id": call.caller.subject, "file_id": file["_id"]})


def _date(file: Record) -> datetime:
    return instant(str(file.get("file_date", file["_created_at"])))


def _found(call: Call, state: Draft) -> list[Record]:
    ids = call.params.get("entity_ids")
    if ids is None:
        return visible(call.caller, state, "file")
    entities = [entity for id in ids if (entity := find_entity(state, id)) is not None]
    holders = [
        entity
        for entity in entities
        if entity["_schema"] in FILE_HOLDERS and is_visible(call.caller, state, entity["_schema"], entity)
    ]
    return shared_files(state, holders)
