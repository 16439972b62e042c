"""Exports as jobs: one is queued, runs and is ready by the clock of the world, and its file can be fetched for a day.

The file holds what the user could see when the export was started.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote, unquote

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Reply, Request
from mockportal.engine.signing import signed_conditions, signed_query
from mockportal.errors import BadRequest, Forbidden, NotFound
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.entity.paths import Lens, lens_of
from mockportal.portal.entity.visibility import check_slug, visible
from mockportal.portal.exports.columns import csv_of
from mockportal.portal.search.filters import compile_filters
from mockportal.portal.search.full_text import compile_words, fits
from mockportal.portal.search.relation_scope import compile_relation_scope
from mockportal.portal.search.search import compile_sort
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

SERVICE = "exports"  # the neighbour that hands out the files
_RUNNING = timedelta(seconds=2)
_READY = timedelta(seconds=5)
_EXPIRED = timedelta(hours=24)
_QUEUED = "queued"


@operation("createExport")
def create_export(call: Call, state: Draft) -> Json:
    """Raises `Forbidden` for a schema that the portal does not show, `NotFound` without columns."""
    slug, columns = call.fields["schema"], call.fields["columns"]
    check_slug(call.caller, slug)
    if not COLLECTIONS.has_entity(slug):
        raise Forbidden(f"there is no {slug} to export")
    if not columns:
        raise NotFound("the export has no columns")
    lens = lens_of(call.caller, state)
    records = _found(call, state, lens, slug)
    content = csv_of(
        records, columns, lens, call.fields.get("language", "de"), call.fields.get("expand_over", "")
    )
    export = state.collection("export").put(
        {
            "id": state.new_id("export"),
            "portal_user_id": call.caller.subject,
            "created_at": state.timestamp(),
            "filename": f"{slug}-{state.timestamp()[:10]}.csv",
            "content": content,
        }
    )
    return {"jobId": export["id"], "status": _QUEUED}


@operation("getExport")
def show_export(call: Call, state: Draft) -> Json:
    export = state.collection("export").find(call.params["jobId"])
    if export is None or export["portal_user_id"] != call.caller.subject:
        raise NotFound(f"there is no export {call.params['jobId']}")
    answer = {"jobId": export["id"], "status": _status(state, export)}
    return {**answer, "downloadUrl": _address(state, export)} if answer["status"] == "ready" else answer


def serve_exports(request: Request, draft: Draft) -> Reply:
    """The file of an export by its signed address. Raises `NotFound`, `Forbidden`."""
    export = draft.collection("export").find(unquote(request.path.split("/")[1]))
    if request.method not in ("GET", "HEAD") or export is None:
        raise NotFound(f"there is no {request.method} {unquote(request.path)}")
    if signed_conditions("GET", request.path, request.query, draft.now().timestamp()) is None:
        raise Forbidden("the address of this file is not valid, or not any more")
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{export["filename"]}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Reply(200, str(export["content"]).encode(), headers)


def _status(state: Draft, export: Record) -> str:
    age = state.now() - instant(export["created_at"])
    if age < _RUNNING:
        return _QUEUED
    if age < _READY:
        return "running"
    return "ready" if age < _EXPIRED else "expired"


def _address(state: Draft, export: Record) -> str:
    expires_at = int((instant(export["created_at"]) + _EXPIRED).timestamp())
    path = f"/{export['id']}/{quote(export['filename'], safe='')}"
    return f"{state.base_url}/__services/{SERVICE}{path}?{signed_query('GET', path, expires_at, {})}"


def _found(call: Call, state: Draft, lens: Lens, slug: str) -> list[Record]:
    """The visible entities that fit the search of the call, in its order. Raises `BadRequest`."""
    search = call.fields.get("search", {})
    wanted: list[Callable[[Lens, Record], bool]] = [compile_filters(search.get("filters", []), state.now())]
    wanted += compile_relation_scope(call.caller, state, lens, search.get("filters_context", []))
    words = compile_words(search)
    if words:
        wanted.append(lambda lens, record: fits(words, lens, record))
    records = visible(call.caller, state, slug)
    found = [record for record in records if all(predicate(lens, record) for predicate in wanted)]
    if "sort" not in search:
        return found
    if not isinstance(search["sort"], str):
        raise BadRequest("sort: this has to be a field and a direction, such as _created_at:desc")
    return compile_sort(search["sort"])(lens, found)
