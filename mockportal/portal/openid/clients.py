"""The clients of the authorization servers, the addresses that they may be sent back to, and the proof of a secret."""

import base64
import binascii
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from mockportal.engine.call import Request
from mockportal.portal.cognito.pools import client_of, pool_settings
from mockportal.portal.configuration.identity_providers import CONFIGS, providers_of, secret_of
from mockportal.portal.entity.addressing import domains_of
from mockportal.portal.openid.protocol import ProtocolError
from mockportal.state.store import Draft
from mockportal.values import Record

RELAY = "/v2/portal/public/sso/redirect"  # the operation that takes a posted answer and sends the browser on

_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A client of an authorization server.

    portals:      the portals that use it
    secret:       its secret; "" for a client without one
    keeps_secret: whether it has to prove the secret; a client of a browser cannot
    addresses:    the addresses that are registered for it word by word
    provider:     the identity provider that it is a client of, with its own settings as `oidc_config`; {} for a pool
    """

    client_id: str
    portals: tuple[Record, ...]
    secret: str = ""
    keeps_secret: bool = False
    addresses: frozenset[str] = frozenset()
    provider: Record | None = None

    @property
    def used_provider(self) -> Record:
        """The provider of a client that has one."""
        assert self.provider is not None
        return self.provider


def provider_clients(state: Draft, slug: str) -> dict[str, RelyingParty]:
    """`{client id: client}` of everybody who uses a provider; several portals may share one client."""
    found: dict[str, RelyingParty] = {}
    for portal, provider, config in _configurations(state, slug):
        client_id = str(config["client_id"])
        metadata = config.get("metadata") or {}
        own = {config.get("redirect_uri"), metadata.get("logout_redirect_uri")}
        known = found.get(client_id)
        found[client_id] = RelyingParty(
            client_id,
            (*(known.portals if known else ()), portal),
            known.secret if known else secret_of(state, portal, config),
            addresses=(known.addresses if known else frozenset()) | {str(one) for one in own if one},
            provider=known.provider if known else {**provider, "oidc_config": config},
        )
    return found


def has_provider(state: Draft, slug: str) -> bool:
    """True if a portal has a provider of this name."""
    return any(
        one.get("slug") == slug
        for portal in state.collection("portal")
        for one in portal.get("identity_providers") or ()
    )


def pool_client(state: Draft, portal: Record) -> RelyingParty:
    """The one client of a portal's user pool."""
    secret = str(pool_settings(state, portal).get("client_secret", ""))
    return RelyingParty(client_of(portal), (portal,), secret, keeps_secret=bool(secret))


def is_registered(state: Draft, party: RelyingParty, address: str) -> bool:
    """True if a browser may be sent to an address: it is registered word by word, a page of one of the client's
    portals or of the frontend, on the developer's own machine (RFC 8252), or the mock's relay of posted answers."""
    if not address or len(address) > _LONGEST or not all("!" <= char <= "~" for char in address):
        return False
    if address in party.addresses or address.startswith(f"{state.base_url}{RELAY}?"):
        return True
    try:
        url = urlsplit(address)
        host, _ = url.hostname, url.port
    except ValueError:
        return False
    if url.scheme not in ("http", "https") or "@" in url.netloc or "#" in address or "\\" in address:
        return False
    known = {domain for portal in party.portals for domain in domains_of(portal)}
    return host in _LOOPBACK or url.netloc.lower() in known | {urlsplit(state.frontend).netloc} - {""}


def authenticated(
    request: Request, given: Record, find: Callable[[str], RelyingParty | None]
) -> RelyingParty:
    """The client that makes a request. A client may leave its secret out unless it keeps one; a secret that it
    sends has to be right. Raises `ProtocolError`."""
    basic = _basic(request)
    client_id, secrets = basic or (str(given.get("client_id", "")), (str(given.get("client_secret", "")),))
    challenge = 'Basic realm="mockportal"' if basic else ""
    refused = ProtocolError(
        "invalid_client", "the client is not known, or its secret is wrong", 401 if basic else 400, challenge
    )
    if basic and given.get("client_secret"):
        raise ProtocolError("invalid_request", "the client sends its secret in two places")
    if basic and given.get("client_id") not in (None, client_id):
        raise ProtocolError("invalid_request", "client_id is another than that of the authorization header")
    party = find(client_id)
    if party is None:
        raise refused
    proved = [one for one in secrets if hmac.compare_digest(one.encode(), party.secret.encode())]
    left_out = not any(secrets)
    if (party.keeps_secret and not proved) or (not left_out and not proved):
        raise refused
    return party


def _basic(request: Request) -> tuple[str, tuple[str, ...]] | None:
    """The client and its secret in an authorization header, in both spellings: as it is, and percent-encoded as the
    protocol has it. A plus stays a plus in both."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise ProtocolError("invalid_client", "the authorization header is not base64", 401) from None
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise ProtocolError("invalid_client", "the authorization header has no secret", 401)
    return unquote(client_id), tuple({secret, unquote(secret)})


def _configurations(state: Draft, slug: str) -> Iterator[tuple[Record, Record, Record]]:
    """(portal, provider, settings of a client) for everybody who uses a provider."""
    for portal in state.collection("portal"):
        for provider in providers_of(state, portal):
            for name in CONFIGS if provider["slug"] == slug else ():
                config = provider.get(name) or {}
                if config.get("client_id"):
                    yield portal, provider, config
