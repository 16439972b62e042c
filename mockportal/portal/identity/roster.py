"""Everybody whom a client can be: the portal users, administrators, and whoever else holds a static token."""

from mockportal.state.data_model import Token
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft
from mockportal.values import Record

_ROLES = {"END_CUSTOMER_PORTAL": "customer", "INSTALLER_PORTAL": "installer"}
_RIGHTS = {
    "write": "administrator",
    "read": "administrator who only reads",
    "none": "administrator without rights",
}


def people_of(scenario: Scenario, draft: Draft) -> list[Record]:
    """The portal users in the order of the data, with their static token if they have one; then everybody else."""
    tokens = {token.subject: name for name, token in scenario.tokens.items() if token.kind == "portal"}
    users = [_user(scenario, draft, user, tokens) for user in draft.collection("portal_user")]
    return users + [_other(name, token) for name, token in scenario.tokens.items() if token.kind != "portal"]


def _user(scenario: Scenario, draft: Draft, user: Record, tokens: dict[str, str]) -> Record:
    id = str(user["_id"])
    alias = scenario.names.get(id, id)
    portal = draft.collection("portal").find(str(user.get("portal_id"))) or {}
    return {
        "user": f"portal_user/{alias}",
        "alias": alias,
        "name": str(user.get("_title") or user.get("email", alias)),
        "email": user.get("email"),
        "role": "representative" if user.get("represents") else _ROLES.get(str(user.get("origin")), "user"),
        "group": str(portal.get("name") or user.get("portal_id", "")),
        "status": _status(user),
        "kind": "portal",
        "token": tokens.get(id),
    }


def _status(user: Record) -> str:
    if user.get("_deleted_at"):
        return "deleted"
    if user.get("access_status") is False:
        return "disabled"
    return str(user.get("registration_status") or user.get("mapping_status") or "")


def _other(name: str, token: Token) -> Record:
    role = _RIGHTS.get(token.rights, token.kind) if token.kind == "admin" else f"signed in by {token.subject}"
    return {
        "user": None,
        "alias": name,
        "name": str(token.claims.get("email") or name),
        "email": token.claims.get("email"),
        "role": role,
        "group": token.org or token.subject,
        "status": "",
        "kind": token.kind,
        "token": name,
    }
