"""The identity providers of portals as they are used, at the address that the mock really has."""

import re
from collections.abc import Iterator

from mockportal.errors import NotFound
from mockportal.portal.entity.addressing import org_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

CONFIGS = ("oidc_config", "mobile_oidc_config")

_PLACEHOLDER = re.compile(r"\{\{\s*env\.([\w.-]+)\s*\}\}")
_OWN_SERVICE = re.compile(r"https?://[^/]+(?:/@[a-z0-9-]+)?(?=/__services/)")


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
    variables = _variables(state, portal)
    plain = {name: str(one["value"]) for name, one in variables.items() if not one.get("secret")}
    for provider in portal.get("identity_providers") or ():
        if "slug" in provider:
            configs = {name: provider[name] for name in CONFIGS if name in provider}
            yield {**provider, **_filled(configs, plain, state)}


def shown_providers(state: Draft, portal: Record) -> list[Record]:
    """All providers of a portal as a login page has to know them; a record without a slug stays as it is."""
    used = {provider["slug"]: provider for provider in providers_of(state, portal)}
    return [used.get(provider.get("slug"), provider) for provider in portal.get("identity_providers") or ()]


def secret_of(state: Draft, portal: Record, config: Record) -> str:
    """The secret of a client, with secret variables filled in; "" for a client without one."""
    values = {name: str(one["value"]) for name, one in _variables(state, portal).items()}
    return str(_filled(config.get("client_secret") or "", values, state))


def own_address(state: Draft, address: str) -> str:
    """An address of the mock's own services as it is reached now; any other address as it is."""
    return str(_filled(address, {}, state))


def _variables(state: Draft, portal: Record) -> Record:
    return dict((state.collection("organization").find(org_of(state, portal)) or {}).get("env", {}))


def _filled(value: Json, variables: dict[str, str], state: Draft) -> Json:
    if isinstance(value, dict):
        return {name: _filled(item, variables, state) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, variables, state) for item in value]
    if not isinstance(value, str):
        return value
    text = _PLACEHOLDER.sub(lambda found: variables.get(found.group(1), found.group()), value)
    return _OWN_SERVICE.sub(lambda found: state.base_url or found.group(), text)
