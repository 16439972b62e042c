"""The portal user of the token, who reads, changes and deletes themselves; and the token itself."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import Forbidden, Unauthorized
from mockportal.portal.entity.activities import USER_CHANGED, USER_DELETED, record_activity
from mockportal.portal.identity.sessions import end_sessions
from mockportal.state.store import Draft
from mockportal.values import Json

# What a user cannot change by a patch of themselves; such keys, and those that begin with an underscore, are ignored
# (M10).
_IMMUTABLE = frozenset(
    (
        "access_status",
        "email",
        "expires_at",
        "external_id",
        "mapped_contact",
        "mapping_status",
        "origin",
        "portal_id",
        "registration_status",
        "represents",
    )
)


def is_immutable(name: str) -> bool:
    """True for a key that a user cannot change by a patch of themselves."""
    return name in _IMMUTABLE or name.startswith("_")


@operation("getPortalUser")
def show_user(call: Call, state: Draft) -> Json:
    return {"data": call.caller.user}


@operation("updatePortalUser")
def update_user(call: Call, state: Draft) -> Json:
    changes = {name: value for name, value in call.fields.items() if not is_immutable(name)}
    user = state.collection("portal_user").patch(call.caller.subject, changes)
    record_activity(call, state, USER_CHANGED, [user])
    return {"data": user}


@operation("deletePortalUser")
def delete_user(call: Call, state: Draft) -> Json:
    """The user goes, the contact and its data stay. The spelling of the message is part of the contract."""
    if call.caller.realm.get("user_account_self_management") is False:
        raise Forbidden("this portal does not let users delete themselves")
    user = state.collection("portal_user").patch(call.caller.subject, {"_deleted_at": state.timestamp()})
    end_sessions(state, user)
    record_activity(call, state, USER_DELETED, [user])
    return {"message": "User Succesfully Deleted", "data": user["_id"]}


@operation("validateToken")
def validate_token(call: Call, state: Draft) -> Json:
    """Whoever gets here has a valid token."""
    return None


@operation("revokeToken")
def revoke_token(call: Call, state: Draft) -> Json:
    """Ends the whole family of a refresh token, so its access tokens too; other sessions stay."""
    session = state.collection("session").find(call.fields["refresh_token"])
    if session is None or session["portal_user_id"] != call.caller.subject:
        raise Unauthorized("the refresh token is not known")
    state.collection("revocation").put({"family": session["family"], "at": state.timestamp()})
    return {"message": "Token revoked successfully"}
