"""Managed login of a user pool: its pages and the OAuth 2.0 endpoints, below `/__services/cognito/{pool id}`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote, urlencode

from mockportal.engine.call import Reply, Request
from mockportal.portal.cognito.pools import portal_of_pool
from mockportal.portal.openid.authorization import read_authorization
from mockportal.portal.openid.clients import is_registered, pool_client
from mockportal.portal.openid.pages import error_page
from mockportal.portal.openid.pool_login import SCOPES, log_in
from mockportal.portal.openid.pool_tokens import grant_tokens, revoke, user_info
from mockportal.portal.openid.protocol import NO_STORE, ProtocolError, query_parameters
from mockportal.portal.tokens import issuer
from mockportal.state.store import Draft
from mockportal.values import Record

Endpoint = Callable[[Request, Draft, Record], Reply]

_CODE = frozenset(("code",))


def is_managed_login(path: str) -> bool:
    """True for a path below the pools that belongs to managed login, whatever the pool."""
    rest = path.lstrip("/").partition("/")[2]
    return rest in ENDPOINTS or rest.startswith("oauth2/")


def serve_managed_login(request: Request, state: Draft) -> Reply:
    """Answers the paths for which `is_managed_login` holds. A refusal has the form that the protocol gives it."""
    pool_id, _, rest = request.path.lstrip("/").partition("/")
    portal = portal_of_pool(state, unquote(pool_id))
    endpoint, methods = ENDPOINTS.get(rest, (None, ()))
    if portal is None or endpoint is None:
        return Reply(404, {"message": "there is no such user pool, or it has no such path"})
    if request.method not in methods:
        allowed = ", ".join(methods)
        return Reply(405, {"message": f"this endpoint takes {allowed}"}, {"Allow": allowed})
    try:
        return endpoint(request, state, portal)
    except ProtocolError as error:
        if rest in _PAGES:
            return error_page(error.status, error.error, f"{error.description}.")
        return error.reply


def authorize(request: Request, state: Draft, portal: Record) -> Reply:
    """A good request leads to the login page; a bad one back to the client, or to a page if the client is not known."""
    given = query_parameters(request)
    party = pool_client(state, portal) if _is_client(state, portal, given) else None
    asked = read_authorization(state, party, given, _CODE)
    if isinstance(asked, Reply):
        return asked
    if not set(asked.scope.split()) <= SCOPES:
        return asked.back.reply({"error": "invalid_scope", "error_description": "a scope is not supported"})
    if "none" in asked.prompts:
        problem = "managed login always shows its page"
        return asked.back.reply({"error": "login_required", "error_description": problem})
    return _to(f"{_address(state, portal)}/login?{urlencode(given)}")


def log_out(request: Request, state: Draft, portal: Record) -> Reply:
    """Goes to `logout_uri`, or to the login page where a request for a code came along, as Cognito does.

    Managed login keeps nobody signed in, so there is nothing else to end.
    """
    given = query_parameters(request)
    if not _is_client(state, portal, given):
        return error_page(400, "invalid_client", "There is no client with this client_id.")
    target = given.get("logout_uri") or given.get("post_logout_redirect_uri", "")
    if target:
        if not is_registered(state, pool_client(state, portal), target):
            return error_page(400, "invalid_request", "This address is not registered for the client.")
        kept = (
            f"{'&' if '?' in target else '?'}{urlencode({'state': given['state']})}"
            if "state" in given
            else ""
        )
        return _to(f"{target}{kept}")
    if "redirect_uri" in given:
        return authorize(request, state, portal)
    return error_page(400, "invalid_request", "The request names neither logout_uri nor redirect_uri.")


def _is_client(state: Draft, portal: Record, given: Mapping[str, str]) -> bool:
    return bool(given.get("client_id")) and given["client_id"] == pool_client(state, portal).client_id


def _address(state: Draft, portal: Record) -> str:
    return issuer(state, str(portal["cognito_details"]["cognito_user_pool_id"]))


def _to(location: str) -> Reply:
    return Reply(302, None, {"Location": location, **NO_STORE})


_READ = ("GET", "HEAD")
_PAGES = frozenset(("oauth2/authorize", "login", "logout"))
ENDPOINTS: Mapping[str, tuple[Endpoint | None, tuple[str, ...]]] = MappingProxyType(
    {
        "oauth2/authorize": (authorize, (*_READ, "POST")),
        "oauth2/token": (grant_tokens, ("POST",)),
        "oauth2/userInfo": (user_info, ("GET", "HEAD", "POST")),
        "oauth2/revoke": (revoke, ("POST",)),
        "login": (log_in, (*_READ, "POST")),
        "logout": (log_out, _READ),
    }
)
