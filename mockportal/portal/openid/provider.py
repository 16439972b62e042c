"""The OpenID provider behind single sign-on: one per provider slug, below `/__services/oidc/{slug}`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from mockportal.engine import signing
from mockportal.engine.call import Reply, Request
from mockportal.portal.access.provider_grants import issuer_of
from mockportal.portal.openid.authorization import METHODS, MODES
from mockportal.portal.openid.clients import has_provider
from mockportal.portal.openid.pages import error_page
from mockportal.portal.openid.protocol import ProtocolError
from mockportal.portal.openid.provider_login import RESPONSE_TYPES, authorize
from mockportal.portal.openid.provider_logout import log_out
from mockportal.portal.openid.provider_tokens import grant_tokens, user_info
from mockportal.state.store import Draft
from mockportal.values import Json, Record

Endpoint = Callable[[Request, Draft, str], Reply]


def serve_provider(request: Request, state: Draft) -> Reply:
    """Answers everything below `/__services/oidc`. A refusal has the form that the protocol gives it."""
    slug, _, rest = request.path.lstrip("/").partition("/")
    slug = unquote(slug)
    if not has_provider(state, slug):
        return Reply(404, {"message": "no portal has a provider of this name"})
    endpoint, methods = ENDPOINTS.get(rest, (None, ()))
    if endpoint is None:
        return Reply(404, {"message": "an OpenID provider has no such path"})
    if request.method not in methods:
        allowed = ", ".join(methods)
        return Reply(405, {"message": f"this endpoint takes {allowed}"}, {"Allow": allowed})
    try:
        return endpoint(request, state, slug)
    except ProtocolError as error:
        if rest in _PAGES:
            return error_page(error.status, error.error, f"{error.description}.")
        return error.reply


def configuration(request: Request, state: Draft, slug: str) -> Reply:
    """The discovery document."""
    own = issuer_of(state, slug)
    document: Json = {
        "issuer": own,
        "authorization_endpoint": f"{own}/authorize",
        "token_endpoint": f"{own}/token",
        "userinfo_endpoint": f"{own}/userinfo",
        "end_session_endpoint": f"{own}/logout",
        "jwks_uri": f"{own}/jwks",
        "scopes_supported": ["openid", "email", "profile", "phone", "offline_access"],
        "response_types_supported": sorted(RESPONSE_TYPES),
        "response_modes_supported": list(MODES),
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": list(METHODS),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": ["sub", "email", "email_verified", "name", "given_name", "family_name"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
    return Reply(200, document, _SHORT)


def key_set(request: Request, state: Draft, slug: str) -> Reply:
    """The keys that verify ID tokens. All providers share the one test key of the mock."""
    keys: Record = signing.public_keys()
    return Reply(200, keys, _SHORT)


_SHORT = {"Cache-Control": "public, max-age=300"}
_READ = ("GET", "HEAD")
_PAGES = frozenset(("authorize", "logout"))
ENDPOINTS: Mapping[str, tuple[Endpoint | None, tuple[str, ...]]] = MappingProxyType(
    {
        ".well-known/openid-configuration": (configuration, _READ),
        "jwks": (key_set, _READ),
        "authorize": (authorize, (*_READ, "POST")),
        "token": (grant_tokens, ("POST",)),
        "userinfo": (user_info, ("GET", "HEAD", "POST")),
        "logout": (log_out, (*_READ, "POST")),
    }
)
