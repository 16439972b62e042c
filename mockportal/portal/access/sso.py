"""Single sign-on up to the provider's ID token: the provider's settings, the way back to the portal, the code."""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from mockportal.engine import signing
from mockportal.engine.api import operation
from mockportal.engine.call import Call, Reply
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.configuration.portal_views import public_provider
from mockportal.portal.entity.addressing import domains_of, org_of
from mockportal.portal.identity.identification import public_portal
from mockportal.state.clock import instant, timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

CODE_LIFETIME = timedelta(minutes=5)
ACCESS_SECONDS = 3600

_CONFIGS = ("oidc_config", "mobile_oidc_config")
_PLACEHOLDER = re.compile(r"\{\{\s*env\.([\w.-]+)\s*\}\}")
_OWN_SERVICE = re.compile(r"https?://[^/]+(?:/@[a-z0-9-]+)?(?=/__services/)")


@operation("getSSOProvider")
def show_provider(call: Call, state: Draft) -> Json:
    """The secret stays here; `has_client_secret` tells that there is one."""
    provider = provider_of(state, public_portal(call, state), call.params["provider_slug"])
    return public_provider(provider)


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
    if endpoint not in (None, _resolved(fields["token_endpoint"], {}, state)):
        raise BadRequest("this is not the token endpoint of the provider")
    if fields["grant_type"] != "authorization_code":
        raise BadRequest("grant_type must be authorization_code")
    return exchanged(state, provider, fields["code"], fields["redirect_uri"], fields["code_verifier"])


def provider_of(state: Draft, portal: Record, slug: str) -> Record:
    """The provider of a portal, with the variables of the organization filled in. Raises `NotFound`."""
    for provider in providers_of(state, portal):
        if provider["slug"] == slug:
            return provider
    raise NotFound(f"this portal has no provider {slug!r}")


def providers_of(state: Draft, portal: Record) -> Iterator[Record]:
    """The providers of a portal as they are used. Secret variables stay placeholders.

    Addresses of the mock's own services are those at which the mock is reached.
    """
    env = (state.collection("organization").find(org_of(state, portal)) or {}).get("env", {})
    plain = {name: str(item["value"]) for name, item in env.items() if not item.get("secret")}
    for provider in portal.get("identity_providers") or ():
        if "slug" not in provider:
            continue
        resolved = {name: _resolved(provider[name], plain, state) for name in _CONFIGS if name in provider}
        yield {**provider, **resolved}


def issue_code(
    state: Draft, provider: Record, claims: Record, redirect_uri: str, challenge: str = "", nonce: str = ""
) -> str:
    """An authorization code for somebody with these claims. `challenge` is that of PKCE, by S256."""
    code: str = state.new_id("confirmation")
    state.collection("confirmation").put(
        {
            "token": code,
            "purpose": "oidc_code",
            "provider": provider["slug"],
            "claims": claims,
            "redirect_uri": redirect_uri,
            "challenge": challenge,
            "nonce": nonce,
            "expires_at": timestamp(state.now() + CODE_LIFETIME),
        }
    )
    return code


def exchanged(state: Draft, provider: Record, code: str, redirect_uri: str, verifier: str) -> Record:
    """The provider's tokens for a code, which is used up. Raises `BadRequest`."""
    codes = state.collection("confirmation")
    record = codes.find(code)
    if record is None or record["purpose"] != "oidc_code" or record["provider"] != provider["slug"]:
        raise BadRequest("the code is not known, or was used already")
    if instant(record["expires_at"]) <= state.now():
        raise BadRequest("the code has expired")
    if record["redirect_uri"] != redirect_uri:
        raise BadRequest("the code was issued for another redirect_uri")
    if record.get("challenge") and record["challenge"] != _s256(verifier):
        raise BadRequest("the code_verifier does not fit the challenge")
    codes.remove(code)
    access = {"token": f"idp_at_{state.new_id('confirmation')}", "purpose": "oidc_access"}
    expires_at = timestamp(state.now() + timedelta(seconds=ACCESS_SECONDS))
    codes.put({**access, "provider": provider["slug"], "claims": record["claims"], "expires_at": expires_at})
    return {
        "access_token": access["token"],
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "refresh_token": f"idp_rt_{state.new_id('confirmation')}",
        "id_token": id_token(state, provider, record["claims"], record.get("nonce", "")),
        "scope": provider["oidc_config"]["scope"],
    }


def id_token(state: Draft, provider: Record, claims: Record, nonce: str = "") -> str:
    """The provider's ID token for somebody with these claims; `ssoLogin` takes it."""
    issued = int(state.now().timestamp())
    config = provider["oidc_config"]
    system = {
        "iss": config["oidc_issuer"],
        "aud": config["client_id"],
        "token_type": "oidc",
        "iat": issued,
        "exp": issued + ACCESS_SECONDS,
    }
    return signing.sign({**claims, **system, **({"nonce": nonce} if nonce else {})})


def _page(state: Draft, address: str) -> SplitResult:
    known = {domain for portal in state.collection("portal") for domain in domains_of(portal)}
    try:
        page = urlsplit(address)
    except ValueError:
        page = urlsplit("")
    if page.scheme not in ("http", "https") or page.netloc.lower() not in known:
        raise BadRequest("web_uri is no page of a portal")
    return page


def _providers(call: Call, state: Draft) -> Iterator[Record]:
    """The providers that a callback may mean: of the portal with this domain, else of all portals."""
    portals = [public_portal(call, state)] if "domain" in call.params else state.collection("portal")
    slug = call.fields.get("provider_slug")
    for portal in portals:
        for provider in providers_of(state, portal):
            if slug in (None, provider["slug"]) and "oidc_config" in provider:
                yield provider


def _resolved(value: Json, env: dict[str, str], state: Draft) -> Json:
    if isinstance(value, dict):
        return {name: _resolved(item, env, state) for name, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, env, state) for item in value]
    if not isinstance(value, str):
        return value
    text = _PLACEHOLDER.sub(lambda found: env.get(found.group(1), found.group()), value)
    return _OWN_SERVICE.sub(lambda found: state.base_url or found.group(), text)


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
