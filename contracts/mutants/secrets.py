"""What nobody should be told."""

from dataclasses import replace

from contracts.mutants.model import Answer, Kind, Probe
from contracts.mutants.replies import change_in_body, is_refusal, is_success, on_body, sent, set_in_body
from contracts.mutants.requests import token_of
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation

secret = Kind("secret-in-answer")

_HASH = "$2b$12$3euPcmQFCiblsZeEu5s7p.9OVHgeHWFDk9nhMqZ0m/3pd/lhwZgES"
_JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


def _echo_token(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    exchange = answer(operation, request, world)
    token = token_of(request.headers.get("authorization", ""))
    if not is_success(exchange.reply):
        return exchange
    return sent(exchange, replace(exchange.reply, body={**exchange.reply.body, "access_token": token}))


MUTANTS = (
    secret(
        "getPublicPortalConfig-client-secret", "getPublicPortalConfig", "the secret of the identity provider",
        set_in_body("/identity_providers/*/oidc_config/client_secret", "not-a-real-secret"),
    ),
    secret(
        "getSSOProvider-client-secret", "getSSOProvider", "the secret of the identity provider",
        set_in_body("/oidc_config/client_secret", "not-a-real-secret"),
    ),
    secret(
        "getPortalConfig-test-password", "getPortalConfig", "the password of a test user",
        set_in_body("/identity_providers/*/oidc_config/metadata/test_auth_password", "Musterau!2026"),
    ),
    secret(
        "getPortalUser-password", "getPortalUser", "the hash of the password",
        set_in_body("/data/password", _HASH),
    ),
    secret(
        "fetchPortalUsersByRelatedEntity-password", "fetchPortalUsersByRelatedEntity", "the users' passwords",
        set_in_body("/portalUsers/*/password", "Musterau!2026"),
    ),
    secret(
        "createUser-password", "createUser", "the password is sent back",
        set_in_body("/response/password", "Musterau!2026"),
    ),
    secret(
        "listBusinessPartners-token", "listBusinessPartners", "access tokens of the partners",
        set_in_body("/data/*/access_token", _JWT),
    ),
    secret(
        "getOrganizationSettingsByDomain-key", "getOrganizationSettingsByDomain",
        "a key in the public settings",
        set_in_body("/data/api_key", {"enabled": True, "value": "sk-live-4eC39HqLyjWDarjtT1zdp7dc"}),
    ),
    secret(
        "getUserEntryPoint-token", "getUserEntryPoint", "a token for an address",
        set_in_body("/login_as_token", _JWT),
    ),
    secret(
        "getCustomerBalance-own-token", "getCustomerBalance", "the caller's token is sent back", _echo_token,
    ),
    secret(
        "getAllOrders-trace", "getAllOrders", "a refusal shows the trace of the server",
        on_body(
            lambda body: {**body, "trace": "File \"/srv/portal/orders.py\", line 42, in list_orders\nKeyError"},
            is_refusal,
        ),
        witness=(Probe("getAllOrders", params={"size": -1}),),
    ),
    secret(
        "ssoCallback-client-secret", "ssoCallback", "the client's secret beside the tokens",
        set_in_body("/client_secret", "not-a-real-secret"),
    ),
    secret(
        "getExternalLinksV3-jwt", "getExternalLinksV3", "a token in the address of a link",
        change_in_body("/0/link", lambda link: f"{link}&token={_JWT}"),
    ),
)  # fmt: skip
