"""Admission once the token is good: by the user and portal behind it, or by an administrator's rights."""

from datetime import datetime

from mockportal.engine.api import admission
from mockportal.engine.call import Caller
from mockportal.errors import Forbidden, Unauthorized
from mockportal.spec.operations import Operation
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Record

# What a user may still do while no contact is mapped to the account (mapping_status Pending).
WHILE_PENDING = frozenset(("getPortalUser", "validateToken", "revokeToken", "deletePortalUser"))

# Operations that only read although their method says otherwise, and one GET that writes.
_READING = frozenset(
    (
        "canTriggerPortalFlow",
        "getRecipientsToNotifyOnAutomation",
        "interpolatePortalPages",
        "replaceECPTemplateVariables",
        "validateCaaRecords",
        "validateCaaRecordsV3",
    )
)
_WRITING = frozenset(("configureDistribution", "configureDistributionV3"))


@admission
def admit(operation: Operation, caller: Caller, draft: Draft) -> Caller:
    """The caller with `user` and `realm`, which is the portal, filled in. Raises `Unauthorized`, `Forbidden`."""
    if caller.kind == "admin":
        _check_rights(operation, caller.rights)
        return caller
    if caller.kind != "portal":
        return caller
    user = draft.collection("portal_user").find(caller.subject)
    if user is None or "_deleted_at" in user:
        raise Unauthorized("the user of this token does not exist any more")
    portal = draft.collection("portal").find(str(user.get("portal_id")))
    if portal is None:
        raise Unauthorized("the portal of this token does not exist any more")
    if _has_moved(caller, portal):
        raise Unauthorized("this token is for another portal than the one its user belongs to; log in there")
    _check_access(user, portal, draft.now())
    if user.get("mapping_status") == "Pending" and operation.id not in WHILE_PENDING:
        raise Forbidden("no contact is mapped to this user yet", reason="PORTAL_USER_PENDING_ACTIVATION")
    return Caller(
        kind="portal",
        subject=caller.subject,
        family=caller.family,
        org=str(user["_org"]),
        claims=caller.claims,
        token=caller.token,
        user=user,
        realm=portal,
    )


def _check_rights(operation: Operation, rights: str) -> None:
    if rights == "none":
        raise Forbidden("this administrator has no right to portals")
    writes = operation.method != "GET" and operation.id not in _READING
    if rights == "read" and (writes or operation.id in _WRITING):
        raise Forbidden("this token may read, not write")


def _has_moved(caller: Caller, portal: Record) -> bool:
    """True if the user is at home in another portal than when the token was made."""
    return bool(caller.claims.get("custom:portal_id", portal["portal_id"]) != portal["portal_id"])


def _check_access(user: Record, portal: Record, now: datetime) -> None:
    if portal.get("enabled") is False:
        raise Forbidden("this portal is disabled")
    if user.get("access_status") is False:
        raise Forbidden("this user is disabled")
    expires_at = user.get("expires_at")
    if isinstance(expires_at, str) and instant(expires_at) <= now:
        raise Forbidden("the access of this user has expired")
