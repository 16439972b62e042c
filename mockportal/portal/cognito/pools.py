"""The pool of a portal: its client, its settings, and the portal users who are its users.

A portal user who was only invited has no account in the pool yet. The user name is the id of the portal user, and the
e-mail address stands for it wherever a client sends one.
"""

import hashlib
from base64 import b64encode

from mockportal.portal.identity.identification import is_live, is_registered, user_by_email
from mockportal.portal.tokens import ADMIN_POOL
from mockportal.state.store import Draft
from mockportal.values import Record

UNCONFIRMED = "Confirmation Email Sent"


def portal_of_pool(state: Draft, pool_id: str) -> Record | None:
    """The portal that a pool belongs to, if there is one."""
    return next(
        (
            one
            for one in state.collection("portal")
            if pool_id and _details(one).get("cognito_user_pool_id") == pool_id
        ),
        None,
    )


def portal_of_client(state: Draft, client_id: str) -> Record | None:
    """The portal whose client this is, if there is one."""
    portals = state.collection("portal")
    return next((one for one in portals if client_id and client_of(one) == client_id), None)


def client_of(portal: Record) -> str:
    """The id of the one client of a portal's pool."""
    return str(_details(portal).get("cognito_user_pool_client_id", ""))


def pool_of(portal: Record) -> str:
    """The id of a portal's pool."""
    return str(_details(portal).get("cognito_user_pool_id", ""))


def is_pool(state: Draft, pool_id: str) -> bool:
    """True if tokens of this pool may exist: it is a portal's, or that of the administrators."""
    return pool_id == ADMIN_POOL or portal_of_pool(state, pool_id) is not None


def pool_settings(state: Draft, portal: Record) -> Record:
    """The settings of a portal's pool that the portal's own configuration has no place for."""
    return state.collection("user_pool").find(str(portal["portal_id"])) or {}


def user_of_pool(state: Draft, portal: Record, username: str) -> Record | None:
    """The user of the pool with this user name or e-mail address, if there is one."""
    user = state.collection("portal_user").find(username)
    if user is None or not is_live(user) or user.get("portal_id") != portal["portal_id"]:
        user = user_by_email(state, portal, username)
    return user if user is not None and is_registered(user) else None


def is_unconfirmed(user: Record) -> bool:
    """True for somebody who has registered and not yet confirmed the address."""
    return user.get("registration_status") == UNCONFIRMED


def is_disabled(user: Record) -> bool:
    """True for somebody whose access an administrator has switched off."""
    return user.get("access_status") is False


def opaque(state: Draft, kind: str) -> str:
    """A fresh random-looking text that names a record of the state; the same requests get the same one.

    It is base64 of letters and digits alone, so that it needs no escaping anywhere.
    """
    return b64encode(derived(state, kind, state.new_id(kind)).hex().encode()).decode()


def derived(state: Draft, *names: str) -> bytes:
    """48 bytes that nobody can guess who does not know the world's seed, and that are the same in every run."""
    return hashlib.sha384("/".join((str(state.seed), *names)).encode()).digest()


def _details(portal: Record) -> Record:
    return portal.get("cognito_details") or {}
