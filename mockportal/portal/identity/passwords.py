"""Passwords: what a portal's user pool demands of one, and whether it is the user's."""

from collections.abc import Callable
from typing import NamedTuple

from mockportal.errors import BadRequest
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Demand(NamedTuple):
    """A setting of the password policy; `met(password, value)` tells whether a password fits it."""

    setting: str
    met: Callable[[str, Json], bool]
    says: str


DEMANDS = (
    Demand("minimum_length", lambda password, value: len(password) >= value, "at least {} characters"),
    Demand("maximum_length", lambda password, value: len(password) <= value, "at most {} characters"),
    Demand(
        "require_lowercase", lambda password, value: any(map(str.islower, password)), "a lower-case letter"
    ),
    Demand(
        "require_uppercase", lambda password, value: any(map(str.isupper, password)), "an upper-case letter"
    ),
    Demand("require_numbers", lambda password, value: any(map(str.isdigit, password)), "a digit"),
    Demand("require_symbols", lambda password, value: any(map(_is_symbol, password)), "a symbol"),
)


def check_password(portal: Record, password: str) -> None:
    """Raises `BadRequest` for a password that breaks the policy of the portal's user pool; it lists all demands
    that are not met."""
    policy = (portal.get("cognito_details") or {}).get("password_policy") or {}
    broken = [
        demand.says.format(policy[demand.setting])
        for demand in DEMANDS
        if policy.get(demand.setting) and not demand.met(password, policy[demand.setting])
    ]
    if broken:
        raise BadRequest(f"the password needs {', '.join(broken)}")


def set_password(state: Draft, user: Record, password: str) -> None:
    """From now on this is the user's password."""
    state.collection("credential").put({"portal_user_id": user["_id"], "password": password})


def has_password(state: Draft, user: Record) -> bool:
    """True if a user can log in with a password at all."""
    return "password" in (state.collection("credential").find(str(user["_id"])) or {})


def is_password(state: Draft, user: Record, password: str) -> bool:
    """True if this is the user's password."""
    return has_password(state, user) and bool(
        state.collection("credential").get(str(user["_id"]))["password"] == password
    )


def _is_symbol(character: str) -> bool:
    return not character.isalnum()
