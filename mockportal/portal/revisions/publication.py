"""Publishing: a revision becomes the live portal, all at once."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Conflict
from mockportal.portal.configuration.portal_config import POOL_IDS, SERVER_OWNED, change_portal
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.pages.pages import pages_of, remove_page, write_page
from mockportal.portal.revisions.revisions import administrator, repeated, revision_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# The settings that tie a portal to its surroundings stay as they are where a revision says nothing about them.
_STAYING = SERVER_OWNED | {
    "domain",
    "domain_settings",
    "enabled",
    "epilot_domain",
    "identity_providers",
    "is_epilot_domain",
    "origin",
    "published_revision_id",
}


@operation("publishPortalRevision")
def publish_revision(call: Call, state: Draft) -> Json:
    """Live pages that the revision lacks are deleted. A page keeps answering to the slugs that it once had."""
    portal, fields = portal_of(call, state), call.fields
    revision = revision_of(state, portal, fields["revision_id"])
    if repeated(revision["pages"], "slug"):
        raise Conflict(f"two pages have the slug {repeated(revision['pages'], 'slug')[0]!r}")
    _replace_settings(state, portal, revision)
    _replace_pages(state, portal, revision["pages"])
    now = state.timestamp()
    stamps: Record = {name: fields[name] for name in ("name", "description") if name in fields}
    stamps |= {"published_at": now, "published_by": administrator(call.caller)}
    revision = state.collection("revision").patch(revision["revision_id"], stamps)
    shown = ("revision_id", "published_at", "published_by", "name")
    return {**{name: revision[name] for name in shown if name in revision}, "post_publish_warnings": []}


def _replace_settings(state: Draft, portal: Record, revision: Record) -> None:
    """Raises `BadRequest` for settings that exclude each other, and for the domain of another portal."""
    pool = portal.get("cognito_details", {})
    kept = {name: value for name, value in portal.items() if name in _STAYING}
    kept["cognito_details"] = {name: pool[name] for name in POOL_IDS if name in pool}
    sent = dict(revision["config"])
    if "email_templates" in revision:
        state.collection("email_templates").put({"portal_id": portal["portal_id"]})
        sent["email_templates"] = revision["email_templates"]
    changed = change_portal(state, kept, sent, BadRequest)
    if "identity_providers" in revision:
        changed = {**changed, "identity_providers": revision["identity_providers"]}
    state.collection("portal").put({**changed, "published_revision_id": revision["revision_id"]})


def _replace_pages(state: Draft, portal: Record, pages: list[Record]) -> None:
    wanted = {page["id"] for page in pages}
    for page in pages_of(state, portal["portal_id"]):
        if page["id"] not in wanted:
            remove_page(state, page)
    for page in pages:
        stored = state.collection("page").find(page["id"])
        if stored is not None and stored["portal_id"] != portal["portal_id"]:
            raise BadRequest(f"the page {page['id']} belongs to another portal by now")
        write_page(state, portal["portal_id"], page["id"], page)
