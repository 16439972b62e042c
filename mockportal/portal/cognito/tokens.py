"""The tokens of a user pool: issued at a sign-in, renewed with a refresh token, and read again when they come back.

A sign-in is a `session` in the state. Its tokens are one family, and all of them are dead once the family is revoked.
"""

from datetime import timedelta
from types import MappingProxyType

from mockportal.engine import signing
from mockportal.portal.cognito.calls import NOT_AUTHORIZED, Denied
from mockportal.portal.cognito.pools import is_disabled, opaque, pool_of, pool_settings
from mockportal.portal.identity.identification import is_live
from mockportal.portal.tokens import IMPERSONATOR, access_claims, id_claims
from mockportal.state.clock import instant, timestamp
from mockportal.state.store import Draft
from mockportal.values import Record

USER_SCOPE = "aws.cognito.signin.user.admin"

# In seconds: what a portal without a setting has, and the most that Cognito allows.
_LIFETIMES = MappingProxyType({"id_token": 3600, "access_token": 3600, "refresh_token": 30 * 24 * 3600})
_LONGEST = 10 * 365 * 24 * 3600


def issue_tokens(
    state: Draft, portal: Record, user: Record, *, scope: str = USER_SCOPE, claims: Record | None = None
) -> Record:
    """A new session, and its tokens as `AuthenticationResult` has them. `claims` go into each of its tokens.

    A sign-in sets `first_login` and `last_login` of the user, unless an administrator acts in the user's place.
    """
    family = state.new_id("session")
    session = {
        "refresh_token": opaque(state, "refresh_token"),
        "family": family,
        "portal_user_id": str(user["_id"]),
        "signed_in_at": state.timestamp(),
        "event_id": state.new_id("event"),
        "scope": scope,
        "claims": dict(claims or {}),
        "expires_at": timestamp(state.now() + timedelta(seconds=_lifetime(portal, "refresh_token"))),
    }
    state.collection("session").put(session)
    if IMPERSONATOR not in session["claims"]:
        now = state.timestamp()
        logins = {"last_login": now, **({} if user.get("first_login") else {"first_login": now})}
        user = state.collection("portal_user").patch(str(user["_id"]), logins)
    return {**_tokens(state, portal, user, session), "RefreshToken": session["refresh_token"]}


def refreshed_tokens(state: Draft, portal: Record, refresh_token: str) -> Record:
    """New tokens of the session; a `RefreshToken` is among them if the client rotates it, and the old one is dead.

    Raises `Denied` for a token that is unknown, expired, revoked, or of another pool.
    """
    session = state.collection("session").find(refresh_token)
    user = state.collection("portal_user").find(str((session or {}).get("portal_user_id")))
    if session is None or user is None or user.get("portal_id") != portal["portal_id"]:
        raise Denied(NOT_AUTHORIZED, "Invalid Refresh Token")
    if session["family"] in state.collection("revocation") or not is_live(user):
        raise Denied(NOT_AUTHORIZED, "Refresh Token has been revoked")
    if "expires_at" in session and instant(session["expires_at"]) <= state.now():
        raise Denied(NOT_AUTHORIZED, "Refresh Token has expired")
    if is_disabled(user):
        raise Denied(NOT_AUTHORIZED, "User is disabled.")
    tokens = _tokens(state, portal, user, session)
    if not pool_settings(state, portal).get("refresh_token_rotation"):
        return tokens
    sessions = state.collection("session")
    sessions.remove(refresh_token)
    renewed = sessions.put({**session, "refresh_token": opaque(state, "refresh_token")})
    return {**tokens, "RefreshToken": renewed["refresh_token"]}


def holder_of(
    state: Draft, portal: Record, access_token: str, scope: str = USER_SCOPE
) -> tuple[Record, Record]:
    """The user and the claims of an access token of this pool with this scope. Raises `Denied`."""
    claims = signing.verified_claims(access_token)
    if claims is None or not _is_of_pool(claims, portal) or claims.get("token_use") != "access":
        raise Denied(NOT_AUTHORIZED, "Invalid Access Token")
    if not isinstance(claims.get("exp"), int) or claims["exp"] <= state.now().timestamp():
        raise Denied(NOT_AUTHORIZED, "Access Token has expired")
    if str(claims.get("origin_jti")) in state.collection("revocation"):
        raise Denied(NOT_AUTHORIZED, "Access Token has been revoked")
    if scope not in str(claims.get("scope")).split():
        raise Denied(NOT_AUTHORIZED, "Access Token does not have required scopes")
    user = state.collection("portal_user").find(str(claims.get("sub")))
    if user is None or not is_live(user) or user.get("portal_id") != portal["portal_id"]:
        raise Denied("UserNotFoundException", "User does not exist.")
    if is_disabled(user):
        raise Denied(NOT_AUTHORIZED, "User is disabled.")
    return user, claims


def _is_of_pool(claims: Record, portal: Record) -> bool:
    """True if the pool of the portal has issued a token, at whatever address the mock was reached then."""
    return str(claims.get("iss")).endswith(issuer_path(pool_of(portal)))


def issuer_path(pool_id: str) -> str:
    """The end of the issuer of a pool's tokens, which is the same at every address of the mock."""
    return f"/__services/cognito/{pool_id}"


def _tokens(state: Draft, portal: Record, user: Record, session: Record) -> Record:
    signed_in_at = instant(session["signed_in_at"]) if "signed_in_at" in session else state.now()
    shared = {
        "auth_time": int(signed_in_at.timestamp()),
        "event_id": session.get("event_id") or state.new_id("event"),
        **session.get("claims", {}),
    }
    scope = session.get("scope", USER_SCOPE)
    made = {
        "IdToken": ("id_token", id_claims(state, portal, user)),
        "AccessToken": ("access_token", access_claims(state, portal, user, scope)),
    }
    tokens = {
        name: signing.sign(
            signing.issued(
                {**claims, **shared}, "", state.now(), _lifetime(portal, setting), session["family"]
            )
        )
        for name, (setting, claims) in made.items()
    }
    return {**tokens, "ExpiresIn": _lifetime(portal, "access_token"), "TokenType": "Bearer"}


def _lifetime(portal: Record, setting: str) -> int:
    """The seconds that a kind of token lives; the portal says so, or Cognito's default counts."""
    timeouts = (portal.get("cognito_details") or {}).get("timeouts") or {}
    return int(min(timeouts.get(setting) or _LIFETIMES[setting], _LONGEST))
