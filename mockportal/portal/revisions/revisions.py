"""Revisions of a portal: whole states of its settings, pages, e-mail templates and identity providers.

Making one changes nothing that anybody sees; `publication.py` makes it the live portal.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Caller
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.configuration.portal_config import SERVER_OWNED, stored_providers
from mockportal.portal.configuration.portal_views import without_secrets
from mockportal.portal.cursors import cursor_after, key_of
from mockportal.portal.entity.addressing import portal_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_APART = frozenset(("based_on_revision_id", "email_templates", "identity_providers", "pages"))
_SUMMARY = ("revision_id", "created_at", "created_by", "name", "description", "published_at", "published_by")
_SUFFIX = 8  # characters of a revision id after its instant


@operation("createPortalRevision")
def create_revision(call: Call, state: Draft) -> Json:
    """Keys that the server sets itself are ignored. Raises `BadRequest` for two pages with one id or slug."""
    portal, fields = portal_of(call, state), call.fields
    _check_pages(state, portal, fields["pages"])
    if "based_on_revision_id" in fields and fields["based_on_revision_id"] not in _ids(state, portal):
        raise BadRequest("based_on_revision_id: the portal has no such revision")
    revision: Record = {
        "revision_id": f"{state.timestamp()}-{state.new_id('revision').replace('-', '')[:_SUFFIX]}",
        "portal_id": portal["portal_id"],
        "created_at": state.timestamp(),
        "created_by": administrator(call.caller),
        "config": {k: v for k, v in fields.items() if k not in _APART and k not in SERVER_OWNED},
        "pages": fields["pages"],
    }
    if "email_templates" in fields:
        revision["email_templates"] = fields["email_templates"]
    if "identity_providers" in fields:
        known = portal.get("identity_providers", [])
        revision["identity_providers"] = stored_providers(fields["identity_providers"], known)
    return _with_providers(summary(portal, state.collection("revision").put(revision)), revision)


@operation("listPortalRevisions")
def list_revisions(call: Call, state: Draft) -> Json:
    portal = portal_of(call, state)
    found = revisions_of(state, portal)
    if "cursor" in call.params:
        after = key_of(call.params["cursor"], 1)[0]
        found = [one for one in found if one["revision_id"] < after]
    page = found[: call.params["limit"]]
    more = {"next_cursor": cursor_after(page[-1]["revision_id"])} if len(page) < len(found) else {}
    return {"results": [summary(portal, one) for one in page], **more}


@operation("getPortalRevision")
def show_revision(call: Call, state: Draft) -> Json:
    portal = portal_of(call, state)
    revision = revision_of(state, portal, call.params["revision_id"])
    shown = {
        **summary(portal, revision),
        "config": revision["config"],
        "pages": [{**page, "portal_id": portal["portal_id"]} for page in revision["pages"]],
    }
    if "email_templates" in revision:
        shown["email_templates"] = revision["email_templates"]
    return _with_providers(shown, revision)


def revisions_of(state: Draft, portal: Record) -> list[Record]:
    """The revisions of a portal, newest first."""
    found = state.collection("revision").where(portal_id=portal["portal_id"])
    return sorted(found, key=lambda one: str(one["revision_id"]), reverse=True)


def revision_of(state: Draft, portal: Record, id: str) -> Record:
    """A revision of this portal. Raises `NotFound`."""
    revision = state.collection("revision").find(id)
    if revision is None or revision["portal_id"] != portal["portal_id"]:
        raise NotFound(f"this portal has no revision {id}")
    return revision


def administrator(caller: Caller) -> str:
    """The administrator as answers name them: never by a token that a scenario lists."""
    return "admin" if caller.subject == caller.token else caller.subject


def summary(portal: Record, revision: Record) -> Record:
    """A revision without its content. Once published it has `published_at`, even if another one is live now."""
    return {
        **{name: revision[name] for name in _SUMMARY if name in revision},
        "page_count": len(revision["pages"]),
        "is_published": portal.get("published_revision_id") == revision["revision_id"],
    }


def repeated(pages: Iterable[Mapping[str, Json]], name: str) -> list[str]:
    """The values of an attribute that more than one of the pages has."""
    return sorted(value for value, times in Counter(str(page[name]) for page in pages).items() if times > 1)


def _with_providers(shown: Record, revision: Record) -> Record:
    if "identity_providers" not in revision:
        return shown
    return {**shown, "identity_providers": [without_secrets(one) for one in revision["identity_providers"]]}


def _ids(state: Draft, portal: Record) -> set[str]:
    return {str(one["revision_id"]) for one in revisions_of(state, portal)}


def _check_pages(state: Draft, portal: Record, pages: list[Record]) -> None:
    for name in ("id", "slug"):
        if repeated(pages, name):
            raise BadRequest(f"pages: two have the {name} {repeated(pages, name)[0]!r}")
    for page in pages:
        stored = state.collection("page").find(page["id"])
        if stored is not None and stored["portal_id"] != portal["portal_id"]:
            raise BadRequest(f"pages: {page['id']} is a page of another portal")
