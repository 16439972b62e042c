"""A user changes the password through an extension of the portal."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.configuration.extensions import selected_hook
from mockportal.portal.entity.activities import PASSWORD_CHANGED, record_activity
from mockportal.portal.identity.passwords import check_password, set_password
from mockportal.state.store import Draft
from mockportal.values import Json


@operation("changePortalUserPassword")
def change_password(call: Call, state: Draft) -> Json:
    """An extension that needs the new password gets it, and any other asks for it itself."""
    portal, user = call.caller.realm, call.caller.user
    selected = selected_hook(portal, state, "changePassword")
    if selected is None:
        raise NotFound("this portal has no extension that changes passwords")
    if selected[1].get("require_new_password"):
        password = call.fields.get("new_password", "")
        if not password:
            raise BadRequest("new_password: the extension needs the new password")
        check_password(portal, password)
        set_password(state, user, password)
    record_activity(call, state, PASSWORD_CHANGED, [user])
    return {"message": "The password is being changed"}
