"""Signing out at the OpenID provider, started by a client (OpenID Connect RP-Initiated Logout)."""

from urllib.parse import urlencode

from mockportal.engine import signing
from mockportal.engine.call import Reply, Request
from mockportal.portal.openid.clients import RelyingParty, is_registered, provider_clients
from mockportal.portal.openid.pages import error_page, page
from mockportal.portal.openid.protocol import query_parameters
from mockportal.portal.openid.provider_login import COOKIE, cookie_scope
from mockportal.state.store import Draft


def log_out(request: Request, state: Draft, slug: str) -> Reply:
    """Ends the session of the browser, and sends it on if the address is one of the client's."""
    given = query_parameters(request)
    target = given.get("post_logout_redirect_uri", "")
    if target and not any(is_registered(state, one, target) for one in _clients(state, slug, given)):
        problem = "This post_logout_redirect_uri is not registered for the client."
        return error_page(400, "invalid_request", problem)
    for token in request.cookies(COOKIE):
        session = state.collection("confirmation").find(token)
        if session is not None and session["purpose"] == "oidc_session":
            state.collection("confirmation").remove(token)
    ended = {"Set-Cookie": f"{COOKIE}=; Max-Age=0; {cookie_scope(state, slug)}"}
    if not target:
        shown = page(200, "signed_out")
        return Reply(shown.status, shown.body, {**shown.headers, **ended})
    kept = urlencode({"state": given["state"]}) if "state" in given else ""
    joint = "&" if "?" in target else "?"
    location = f"{target}{joint}{kept}" if kept else target
    return Reply(302, None, {"Location": location, "Cache-Control": "no-store", **ended})


def _clients(state: Draft, slug: str, given: dict[str, str]) -> list[RelyingParty]:
    """The client that a request names, itself or by its ID token, which may have expired; else all of them."""
    clients = provider_clients(state, slug)
    claims = signing.verified_claims(given.get("id_token_hint", "")) or {}
    named = [str(name) for name in (given.get("client_id"), claims.get("aud")) if name]
    if not named and "id_token_hint" not in given:
        return list(clients.values())
    known = [clients[name] for name in named if name in clients]
    return known if len(known) == len(named) and len(set(named)) == 1 else []
