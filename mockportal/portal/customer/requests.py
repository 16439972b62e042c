"""Requests: a user's opportunities and orders in one list."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.customer.contact import own_contact
from mockportal.portal.entity.list_view import newest_first, page, with_action
from mockportal.portal.entity.views import entity_view
from mockportal.portal.entity.visibility import check_slug, is_open, visible
from mockportal.state.store import Draft
from mockportal.values import Json

_SLUGS = ("opportunity", "order")


@operation("getAllRequests")
def list_requests(call: Call, state: Draft) -> Json:
    """A portal that shows one of the two answers with that one; `hits` is the total."""
    slugs = [slug for slug in _SLUGS if is_open(call.caller.realm, slug)]
    if not slugs:
        check_slug(call.caller, _SLUGS[0])
    own_contact(call, state)
    requests = newest_first(record for slug in slugs for record in visible(call.caller, state, slug))
    results = [with_action(call, entity_view(call.caller, state, record)) for record in page(call, requests)]
    return {"hits": len(requests), "results": results}
