"""Admission once the token is good: by the user and portal behind it, or by an administrator's rights."""

from collections.abc import Mapping
from dataclasses import replace

from mockportal.engine.api import admission
from mockportal.engine.call import Caller
from mockportal.errors import Forbidden, Unauthorized
from mockportal.portal.access.surfaces import TOKEN as IDENTIFIED
from mockportal.portal.access.surfaces import identified_caller
from mockportal.spec.operations import Operation
from mockportal.state.clock import instant
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# What a user may still do while no contact is mapped to the account (mapping_status Pending).
WHILE_PENDING = frozenset(("getPortalUser", "validateToken", "revokeToken", "deletePortalUser"))

# Operations that only read although their method says otherwise, and one GET that writes.
_READING = frozenset(
    (
        "canTriggerPortalFlow",
        "getRecipientsToNotifyOnAutomation",
        "listEmailTemplateReferences",
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
    if caller.kind == IDENTIFIED:
        return identified_caller(operation.id, caller, draft)
    if caller.kind != "portal":
        return caller
    user = _at_home(caller, draft)
    if user.user.get("mapping_status") == "Pending" and operation.id not in WHILE_PENDING:
        raise Forbidden("no contact is mapped to this user yet", reason="PORTAL_USER_PENDING_ACTIVATION")
    return user


@derived
def _at_home(caller: Caller, draft: Draft) -> Caller:
    """A portal user, with the user and the portal. Raises `Unauthorized`, `Forbidden`."""
    user = draft.collection("portal_user").find(caller.subject)
    if user is None or "_deleted_at" in user:
        raise Unauthorized("the user of this token does not exist any more")
    portal = draft.collection("portal").find(str(user.get("portal_id")))
    if portal is None:
        raise Unauthorized("the portal of this token does not exist any more")
    if _has_moved(caller, portal):
        raise Unauthorized("this token is for another portal than the one its user belongs to; log in there")
    if not _is_of_pool(caller.claims, portal):
        raise Unauthorized("this token is of another user pool, or for another client of it")
    _check_access(user, portal, draft)
    return replace(caller, org=str(user["_org"]), user=user, realm=portal)


def _check_rights(operation: Operation, rights: str) -> None:
    if rights == "none":
        raise Forbidden("this administrator has no right to portals")
    writes = operation.method != "GET" and operation.id not in _READING
    if rights == "read" and (writes or operation.id in _WRITING):
        raise Forbidden("this token may read, not write")


def _has_moved(caller: Caller, portal: Record) -> bool:
    """True if the user is at home in another portal than when the token was made."""
    return bool(caller.claims.get("custom:portal_id", portal["portal_id"]) != portal["portal_id"])


def _is_of_pool(claims: Mapping[str, Json], portal: Record) -> bool:
    """True if the pool of the portal has issued a token to its client. A scenario's tokens name neither.

    Only the end of the issuer counts: the mock may be reached at several addresses.
    """
    details = portal.get("cognito_details") or {}
    pool, client = details.get("cognito_user_pool_id", ""), details.get("cognito_user_pool_client_id", "")
    issuer, audience = claims.get("iss"), claims.get("aud", claims.get("client_id", client))
    return audience == client and (issuer is None or str(issuer).endswith(f"/__services/cognito/{pool}"))


def _check_access(user: Record, portal: Record, draft: Draft) -> None:
    if portal.get("enabled") is False:
        raise Forbidden("this portal is disabled")
    if user.get("access_status") is False:
        raise Forbidden("this user is disabled")
    expires_at = user.get("expires_at")
    if isinstance(expires_at, str) and instant(expires_at) <= draft.now():
        raise Forbidden("the access of this user has expired")
