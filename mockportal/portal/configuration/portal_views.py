"""A portal as somebody sees it: in the v2 form `pages` is a map, in the v3 form a list.

Everybody else than the organization itself gets the identity providers without secrets, and everybody but an
administrator gets them with the variables filled in; what only administrators read and write, they alone get.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.call import Caller
from mockportal.portal.configuration.email_templates import templates_of
from mockportal.portal.configuration.identity_providers import shown_providers
from mockportal.portal.pages.pages import pages_of
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# What the mock keeps in the record of a portal for itself.
INTERNAL = frozenset(("certificate_details", "created_at", "domain_aliases", "domain_status"))
_ADMINS_ONLY = frozenset(("default_user_to_notify", "entity_actions", "extension_hooks", "extensions"))
_HIDDEN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "admin": INTERNAL,
        "portal": INTERNAL | _ADMINS_ONLY,
        "public": INTERNAL | _ADMINS_ONLY | {"grants"},
    }
)
# Where secrets are in an identity provider.
SECRETS = (
    ("oidc_config", "client_secret"),
    ("oidc_config", "metadata", "test_auth_password"),
    ("mobile_oidc_config", "client_secret"),
)
_CERTIFICATE = ("status", "failed_reason")
_PUBLIC_PROVIDER = ("slug", "display_name", "oidc_config", "mobile_oidc_config")


@derived
def v2_view(state: Draft, portal: Record, caller: Caller) -> Record:
    """The v2 form; the public sees public pages only."""
    pages = pages_of(state, portal["portal_id"])
    known = portal.get("identity_providers", ()) if caller.kind == "admin" else shown_providers(state, portal)
    providers = [public_provider(provider) for provider in known]
    return {
        **_settings(state, portal, caller),
        "id": portal["organization_id"],
        "identity_providers": providers,
        "pages": {page["id"]: page for page in pages if caller.kind != "public" or page.get("is_public")},
    }


@derived
def v3_view(state: Draft, portal: Record, caller: Caller) -> Record:
    """The v3 form."""
    if caller.kind == "admin":
        shown = [without_secrets(provider) for provider in portal.get("identity_providers", ())]
    else:
        known = shown_providers(state, portal)
        shown = [{**public_provider(provider), "provider_type": "OIDC"} for provider in known]
    return {
        **_settings(state, portal, caller),
        "identity_providers": shown,
        "pages": pages_of(state, portal["portal_id"]),
    }


@derived
def organization_view(state: Draft, portal: Record, caller: Caller) -> Record:
    """The v2 form with the secrets of identity providers and the state of the certificate."""
    view = {**v2_view(state, portal, caller), "identity_providers": portal.get("identity_providers", [])}
    if "certificate_details" in portal:
        details = portal["certificate_details"]
        view["certificate_details"] = {name: details[name] for name in _CERTIFICATE if name in details}
    return view


def public_provider(provider: Record) -> Record:
    """An identity provider as a login page needs it."""
    redacted = without_secrets(provider)
    return {name: redacted[name] for name in _PUBLIC_PROVIDER if name in redacted}


def without_secrets(provider: Record) -> Record:
    """An identity provider without its secrets; `has_client_secret` tells that there is one."""
    redacted = provider
    for path in SECRETS:
        redacted = _without(redacted, path)
    if "oidc_config" in redacted:
        has_secret = bool(provider["oidc_config"].get("client_secret"))
        redacted = {**redacted, "oidc_config": {**redacted["oidc_config"], "has_client_secret": has_secret}}
    return redacted


def _settings(state: Draft, portal: Record, caller: Caller) -> Record:
    hidden = _HIDDEN[caller.kind]
    settings = {name: value for name, value in portal.items() if name not in hidden}
    if caller.kind == "admin":
        settings["email_templates"] = templates_of(state, portal["portal_id"])
    return settings


def _without(record: Json, path: tuple[str, ...]) -> Json:
    if not isinstance(record, dict) or path[0] not in record:
        return record
    if len(path) == 1:
        return {name: value for name, value in record.items() if name != path[0]}
    return {**record, path[0]: _without(record[path[0]], path[1:])}
