"""The portal user of the token: read, change, delete; and the token itself: validate, revoke."""

from mockportal.engine.behaviours import operation
from mockportal.engine.call import Call
from mockportal.state.store import Draft
from mockportal.values import Json


@operation("getPortalUser")
def get_user(call: Call, state: Draft) -> Json:
    return {"data": call.caller.user}


@operation("validateToken")
def validate_token(call: Call, state: Draft) -> Json:
    return None
