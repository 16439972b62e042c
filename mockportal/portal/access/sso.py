"""Single sign-on up to the provider's ID token: the provider's settings, the way back to the portal, the code."""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Reply
from mockportal.errors import BadRequest
from mockportal.portal.access.provider_grants import exchanged
from mockportal.portal.configuration.identity_providers import own_address, provider_of, providers_of
from mockportal.portal.configuration.portal_views import public_provider
from mockportal.portal.entity.addressing import domains_of, is_local
from mockportal.portal.identity.identification import public_portal
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("getSSOProvider")
def show_provider(call: Call, state: Draft) -> Json:
    """The secret stays here; `has_client_secret` tells that there is one."""
    provider = provider_of(state, public_portal(call, state), call.params["provider_slug"])
    return public_provider(provider)


@operation("getPublicSSOProviderV3")
def show_provider_for_web(call: Call, state: Draft) -> Json:
    """The settings that a login page on the web needs; secrets and the accounts for tests stay here."""
    provider = provider_of(state, public_portal(call, state), call.params["provider_slug"])
    config = public_provider(provider)["oidc_config"] if "oidc_config" in provider else None
    shown = {"slug": provider["slug"], "display_name": provider["display_name"]}
    if config is None:
        return shown
    metadata = {k: v for k, v in config.get("metadata", {}).items() if not k.startswith("test_auth_")}
    return {**shown, "oidc_config": {**config, "metadata": metadata} if metadata else config}


@operation("ssoRedirect")
def redirect_to_portal(call: Call, state: Draft) -> Json:
    """Only a page of a portal gets the code."""
    missing = [name for name in ("code", "state") if not call.fields.get(name)]
    if missing:
        raise BadRequest(f"the form has no {' and no '.join(missing)}")
    target = _page(state, call.params["web_uri"])
    answer = urlencode({"code": call.fields["code"], "state": call.fields["state"]})
    query = f"{target.query}&{answer}" if target.query else answer
    return Reply(301, None, {"Location": urlunsplit(target._replace(query=query))})


@operation("ssoCallback")
def redeem_code(call: Call, state: Draft) -> Json:
    """The provider is the mock's own: no token endpoint is ever called, but it has to be the provider's."""
    fields = call.fields
    providers = [
        one for one in _providers(call, state) if one["oidc_config"]["client_id"] == fields["client_id"]
    ]
    if not providers:
        raise BadRequest("no provider of this portal has this client_id")
    provider = providers[0]
    endpoint = (provider["oidc_config"].get("metadata") or {}).get("token_endpoint")
    if endpoint not in (None, own_address(state, fields["token_endpoint"])):
        raise BadRequest("this is not the token endpoint of the provider")
    if fields["grant_type"] != "authorization_code":
        raise BadRequest("grant_type must be authorization_code")
    return exchanged(state, provider, fields["code"], fields.get("redirect_uri"), fields["code_verifier"])


def _page(state: Draft, address: str) -> SplitResult:
    known = {domain for portal in state.collection("portal") for domain in domains_of(portal)}
    try:
        page = urlsplit(address)
    except ValueError:
        page = urlsplit("")
    known |= {urlsplit(state.frontend).netloc.lower()} - {""}
    is_known = page.netloc.lower() in known or is_local(page.netloc)
    if page.scheme not in ("http", "https") or not is_known:
        raise BadRequest("web_uri is not a page of a portal")
    return page


def _providers(call: Call, state: Draft) -> Iterator[Record]:
    """The providers that a callback may mean: of the portal with this domain, else of all portals."""
    portals = [public_portal(call, state)] if "domain" in call.params else state.collection("portal")
    slug = call.fields.get("provider_slug")
    for portal in portals:
        for provider in providers_of(state, portal):
            if slug in (None, provider["slug"]) and "oidc_config" in provider:
                yield provider
