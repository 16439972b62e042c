"""Notices from M-Login, an identity provider: a user left it, or is interested in something."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import Unauthorized
from mockportal.portal.configuration.identity_providers import providers_of
from mockportal.portal.identity.identification import is_live
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("deRegisterMLoginUser")
def forget_user(call: Call, state: Draft) -> Json:
    """The link between user and provider goes, the user stays. An unknown user is no error."""
    for user in _users(call, state):
        state.collection("portal_user").patch(str(user["_id"]), {"external_id": None})
    return None


@operation("notifyMLoginInterestChange")
def note_interest(call: Call, state: Draft) -> Json:
    """The last word on a tag counts."""
    for user in _users(call, state):
        tag = str(call.fields.get("interest_tag", ""))
        change = {**call.fields, "portal_user_id": user["_id"], "changed_at": state.timestamp()}
        state.collection("interest").put({**change, "id": f"{user['_id']}/{tag}"})
    return None


def _users(call: Call, state: Draft) -> list[Record]:
    """The users whom the provider knows by this id. Raises `Unauthorized` for a client that no portal has."""
    client = call.params["client_id"]
    portals = [
        portal["portal_id"]
        for portal in state.collection("portal")
        for provider in providers_of(state, portal)
        if (provider.get("oidc_config") or {}).get("client_id") == client
    ]
    if not portals:
        raise Unauthorized("no provider has this client_id")
    return [
        user
        for portal_id in dict.fromkeys(portals)
        for user in state.collection("portal_user").where(
            portal_id=portal_id, external_id=call.params["user_id"]
        )
        if is_live(user)
    ]
