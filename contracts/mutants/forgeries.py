"""Tokens that nobody should accept: altered, forged, of the wrong time, or of somebody else's issuer."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

from joserfc.jwk import RSAKey

from contracts.mutants.asking import Who, skip_guard
from contracts.mutants.model import Answer, Kind, Patch, Probe
from contracts.mutants.requests import query_of, token_of, with_token
from mockportal.engine import signing
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario
from mockportal.values import Record

expired = Kind("expired-token-accepted")
early = Kind("early-token-accepted")
unsigned = Kind("unsigned-token-accepted")
confused = Kind("public-key-as-secret-accepted")
unverified = Kind("wrong-signature-accepted")
issuer = Kind("other-issuer-accepted")
audience = Kind("other-audience-accepted")
pool = Kind("other-pool-accepted")
in_query = Kind("token-in-query-accepted")

_ANNA = "1acf5d1f-054a-5363-a1d5-69e30381e672"
_HOME = "https://idp.test/__services/cognito/eu-central-1_MockEcp01"
_CLIENT = "mockecp0client000000000001"
_NOW = 1781506800  # 2026-06-15T07:00:00Z, the time of the scenario
_GOOD: Record = {
    "iss": _HOME, "aud": _CLIENT, "sub": _ANNA, "token_use": "id", "iat": _NOW - 60, "exp": _NOW + 86400,
}  # fmt: skip
_ADMIN: Record = {**_GOOD, "sub": "admin", "token_type": "admin"}
_POOLS = ("eu-central-1_MockIns01", "eu-central-1_MockAlt01")


def _part(value: Record) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unpacked(token: str) -> tuple[Record, Record]:
    """Header and claims of a token, whoever signed it; nothing of what is none."""
    try:
        parts = [json.loads(base64.urlsafe_b64decode(f"{part}===")) for part in token.split(".")[:2]]
    except (ValueError, UnicodeError):
        return {}, {}
    header, claims = parts if len(parts) == 2 else ({}, {})
    return (header, claims) if isinstance(header, dict) and isinstance(claims, dict) else ({}, {})


def _pem() -> bytes:
    return RSAKey.import_key(signing.public_keys()["keys"][0]).as_pem(private=False)


def _mac(text: str) -> str:
    made = hmac.new(_pem(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def unsigned_token(claims: Record) -> str:
    """A token of the algorithm `none`."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def confused_token(claims: Record) -> str:
    """A token whose secret is the text of the public key."""
    start = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{start}.{_mac(start)}"


def altered_token(claims: Record) -> str:
    """A good token with other claims and the signature that it had."""
    header, _, signature = signing.sign({**claims, "jti": "good"}).split(".")
    return f"{header}.{_part(claims)}.{signature}"


def _verified(test: Callable[[Record, float], bool]) -> Who:
    """Whoever has a token that is signed as it should be, and whose claims, at the time of the world, are such."""

    def holds(authorization: str, scenario: Scenario) -> bool:
        claims = signing.verified_claims(token_of(authorization))
        return claims is not None and test(claims, scenario.clock.now().timestamp())

    return holds


def _headed(*algorithms: str) -> Who:
    return lambda authorization, scenario: (
        str(_unpacked(token_of(authorization))[0].get("alg")).lower() in algorithms
    )


def _is_unverified(authorization: str, scenario: Scenario) -> bool:
    token = token_of(authorization)
    return _unpacked(token)[0].get("alg") == "RS256" and signing.verified_claims(token) is None


def _is_confused(authorization: str, scenario: Scenario) -> bool:
    token = token_of(authorization)
    start, _, signature = token.rpartition(".")
    return _headed("hs256")(authorization, scenario) and signature == _mac(start)


def _issuer_of(claims: Record) -> str:
    return str(claims.get("iss"))


def _token_in_query(instead: str) -> Patch:
    """Without a header, a known token in the query counts."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        given = [text for name, text in query_of(request) if "token" in name or name == "authorization"]
        known = any(text.rpartition(" ")[2] in world.scenario.tokens for text in given)
        if known and "authorization" not in request.headers:
            request = with_token(request, instead)
        return answer(operation, request, world)

    return patch


_EXPIRED = _verified(lambda claims, now: claims.get("exp", now + 1) <= now)
_EARLY = _verified(lambda claims, now: claims.get("nbf", now) > now)
_ELSEWHERE = _verified(lambda claims, now: "/__services/cognito/" not in _issuer_of(claims))
_FOREIGN = _verified(lambda claims, now: claims.get("aud", _CLIENT) != _CLIENT)
_BESIDE = _verified(lambda claims, now: _issuer_of(claims).endswith(_POOLS))
_EXPIRED_TOKEN = signing.sign({**_GOOD, "exp": _NOW - 60})
_EXPIRED_ADMIN = signing.sign({**_ADMIN, "exp": _NOW - 60})
_EARLY_TOKEN = signing.sign({**_GOOD, "nbf": _NOW + 3600})


def _as(user: str, who: Who) -> Patch:
    return skip_guard(who, f"dev-{user}")


MUTANTS = (
    expired(
        "getBillingAccount-expired-token", "getBillingAccount", "a token of yesterday is good",
        _as("anna", _EXPIRED), witness=(Probe("getBillingAccount", _EXPIRED_TOKEN),),
    ),
    expired(
        "postOrderAcceptance-expired-token", "postOrderAcceptance", "a token of yesterday is good",
        _as("anna", _EXPIRED),
        witness=(Probe("postOrderAcceptance", _EXPIRED_TOKEN),),
    ),
    expired(
        "getOrganizationSettings-expired-token", "getOrganizationSettings", "a token of yesterday is good",
        _as("anna", _EXPIRED), witness=(Probe("getOrganizationSettings", _EXPIRED_TOKEN),),
    ),
    expired(
        "getEntityIdentifiers-expired-token", "getEntityIdentifiers", "an administrator's token of yesterday",
        _as("admin", _EXPIRED), witness=(Probe("getEntityIdentifiers", _EXPIRED_ADMIN),),
    ),
    expired(
        "savePortalFiles-expired-token", "savePortalFiles", "an administrator's token of yesterday",
        _as("admin", _EXPIRED), witness=(Probe("savePortalFiles", _EXPIRED_ADMIN),),
    ),
    early(
        "getFileById-early-token", "getFileById", "a token of tomorrow is good", _as("anna", _EARLY),
        witness=(Probe("getFileById", _EARLY_TOKEN),),
    ),
    early(
        "getBillingEvents-early-token", "getBillingEvents", "a token of tomorrow is good",
        _as("anna", _EARLY), witness=(Probe("getBillingEvents", _EARLY_TOKEN),),
    ),
    early(
        "trackFileDownloaded-early-token", "trackFileDownloaded", "a token of tomorrow is good",
        _as("anna", _EARLY), witness=(Probe("trackFileDownloaded", _EARLY_TOKEN),),
    ),
    unsigned(
        "getAllRequests-unsigned", "getAllRequests", "a token without a signature is good",
        _as("anna", _headed("none")), witness=(Probe("getAllRequests", unsigned_token(_GOOD)),),
    ),
    unsigned(
        "updateContract-unsigned", "updateContract", "a token without a signature is good",
        _as("anna", _headed("none")), witness=(Probe("updateContract", unsigned_token(_GOOD)),),
    ),
    unsigned(
        "getDefaultPages-unsigned", "getDefaultPages", "an unsigned token makes an administrator",
        _as("admin", _headed("none")), witness=(Probe("getDefaultPages", unsigned_token(_ADMIN)),),
    ),
    unsigned(
        "ssoLogin-unsigned", "ssoLogin", "an ID token without a signature is good",
        _as("oidc-lea", _headed("none")), witness=(Probe("ssoLogin", unsigned_token(_GOOD)),),
    ),
    confused(
        "getCustomerBalance-public-key", "getCustomerBalance", "the public key is taken for a secret",
        _as("anna", _is_confused), witness=(Probe("getCustomerBalance", confused_token(_GOOD)),),
    ),
    confused(
        "verifyDns-public-key", "verifyDns", "the public key is taken for a secret",
        _as("admin", _is_confused), witness=(Probe("verifyDns", confused_token(_ADMIN)),),
    ),
    confused(
        "validateToken-public-key", "validateToken", "the public key is taken for a secret",
        _as("anna", _is_confused), witness=(Probe("validateToken", confused_token(_GOOD)),),
    ),
    unverified(
        "getContract-wrong-signature", "getContract", "the signature is not looked at",
        _as("anna", _is_unverified), witness=(Probe("getContract", altered_token(_GOOD)),),
    ),
    unverified(
        "createMeterReading-wrong-signature", "createMeterReading", "the signature is not looked at",
        _as("anna", _is_unverified), witness=(Probe("createMeterReading", altered_token(_GOOD)),),
    ),
    unverified(
        "putPortalConfig-wrong-signature", "putPortalConfig", "the signature is not looked at",
        _as("admin", _is_unverified), witness=(Probe("putPortalConfig", altered_token(_ADMIN)),),
    ),
    unverified(
        "getPortalPages-wrong-signature", "getPortalPages", "the signature is not looked at",
        _as("anna", _is_unverified), witness=(Probe("getPortalPages", altered_token(_GOOD)),),
    ),
    issuer(
        "getAllOpportunities-other-issuer", "getAllOpportunities", "whoever issued the token",
        _as("anna", _ELSEWHERE),
        witness=(Probe("getAllOpportunities", signing.sign({**_GOOD, "iss": "https://idp.elsewhere.test"})),),
    ),
    issuer(
        "deleteEntityFile-other-issuer", "deleteEntityFile", "whoever issued the token",
        _as("anna", _ELSEWHERE),
        witness=(Probe("deleteEntityFile", signing.sign({**_GOOD, "iss": "https://idp.elsewhere.test"})),),
    ),
    issuer(
        "ssoLoginV3-other-issuer", "ssoLoginV3", "an ID token of another provider",
        _as("oidc-lea", _ELSEWHERE),
        witness=(
            Probe(
                "ssoLoginV3",
                signing.sign({**_GOOD, "iss": "https://idp.elsewhere.test", "token_type": "oidc"}),
            ),
        ),
    ),
    audience(
        "getContact-other-audience", "getContact", "a token for another client is good",
        _as("anna", _FOREIGN),
        witness=(Probe("getContact", signing.sign({**_GOOD, "aud": "another-client"})),),
    ),
    audience(
        "getExternalLinks-other-audience", "getExternalLinks", "a token for another client is good",
        _as("anna", _FOREIGN),
        witness=(Probe("getExternalLinks", signing.sign({**_GOOD, "aud": "another-client"})),),
    ),
    pool(
        "getOrder-other-pool", "getOrder", "a token of the other portal's pool is good",
        _as("anna", _BESIDE),
        witness=(Probe("getOrder", signing.sign({**_GOOD, "iss": f"{_HOME[:-22]}{_POOLS[0]}"})),),
    ),
    pool(
        "uploadMeterReadingPhoto-other-pool", "uploadMeterReadingPhoto", "a token of the other portal's pool is good",
        _as("anna", _BESIDE),
        witness=(Probe("uploadMeterReadingPhoto", signing.sign({**_GOOD, "iss": f"{_HOME[:-22]}{_POOLS[0]}"})),),
    ),
    in_query(
        "getConsumption-token-in-query", "getConsumption", "a token in the query is good",
        _token_in_query("dev-anna"),
        witness=(Probe("getConsumption", "", {"access_token": "dev-anna"}),),
    ),
    in_query(
        "getEntityActivityFeed-token-in-query", "getEntityActivityFeed", "a token in the query is good",
        _token_in_query("dev-anna"), witness=(Probe("getEntityActivityFeed", "", {"token": "dev-anna"}),),
    ),
    in_query(
        "updatePortalPage-token-in-query", "updatePortalPage", "a token in the query is good",
        _token_in_query("dev-admin"), witness=(Probe("updatePortalPage", "", {"token": "dev-admin"}),),
    ),
    in_query(
        "getAllFiles-token-in-query", "getAllFiles", "a token in the query is good",
        _token_in_query("dev-anna"), witness=(Probe("getAllFiles", "", {"access_token": "dev-anna"}),),
    ),
)  # fmt: skip
