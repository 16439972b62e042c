"""The grants of an identity provider: codes that become tokens, refresh tokens, and the tokens themselves.

The provider is always the mock, so that `ssoCallback` and the provider's own token endpoint redeem the same codes.
"""

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import quote

from mockportal.engine import signing
from mockportal.errors import BadRequest
from mockportal.state.clock import instant, timestamp
from mockportal.state.store import Draft
from mockportal.values import Record

CODE_LIFETIME = timedelta(minutes=5)
ACCESS_SECONDS = 3600
S256 = "S256"

_REFRESH_LIFETIME = timedelta(days=30)


def issuer_of(state: Draft, slug: str) -> str:
    """The issuer of a provider: the address at which the mock serves it."""
    return f"{state.base_url}{issuer_path(slug)}"


def issuer_path(slug: str) -> str:
    """The end of the issuer of a provider, which is the same at every address of the mock."""
    return f"/__services/oidc/{quote(slug, safe='')}"


def issue_code(
    state: Draft, provider: Record, claims: Record, redirect_uri: str, challenge: str = "", nonce: str = "",
    method: str = S256, scope: str = "",
) -> str:  # fmt: skip
    """An authorization code for somebody with these claims. `challenge` is that of PKCE, by `method`."""
    code: str = state.new_id("confirmation")
    state.collection("confirmation").put(
        {
            "token": code,
            "purpose": "oidc_code",
            "provider": provider["slug"],
            "client_id": provider["oidc_config"]["client_id"],
            "claims": claims,
            "redirect_uri": redirect_uri,
            "challenge": challenge,
            "challenge_method": method,
            "nonce": nonce,
            "scope": scope,
            "expires_at": timestamp(state.now() + CODE_LIFETIME),
        }
    )
    return code


def exchanged(state: Draft, provider: Record, code: str, redirect_uri: str | None, verifier: str) -> Record:
    """The provider's tokens for a code, which is used up; None stands for the `redirect_uri` of the code.

    Raises `BadRequest`, and then the code is as it was.
    """
    record = code_record(state, provider, code)
    if record is None:
        raise BadRequest("the code is not known")
    if "used_at" in record:
        raise BadRequest("the code was used already")
    if instant(record["expires_at"]) <= state.now():
        raise BadRequest("the code has expired")
    if redirect_uri is not None and record["redirect_uri"] != redirect_uri:
        raise BadRequest("the code was issued for another redirect_uri")
    check_verifier(record, verifier)
    family = state.new_id("session")
    state.collection("confirmation").patch(code, {"used_at": state.timestamp(), "family": family})
    refresh = _issue(state, "oidc_refresh", _REFRESH_LIFETIME, provider, record, family)
    tokens = granted_tokens(state, provider, record, family, record.get("nonce", ""))
    return {**tokens, "refresh_token": refresh}


def code_record(state: Draft, provider: Record, code: str) -> Record | None:
    """The record of a code that this provider has issued to this client, used or not."""
    record = state.collection("confirmation").find(code)
    if record is None or record["purpose"] != "oidc_code" or record["provider"] != provider["slug"]:
        return None
    client = provider["oidc_config"]["client_id"]
    return record if record.get("client_id", client) == client else None


def check_verifier(record: Record, verifier: str) -> None:
    """Raises `BadRequest` if the verifier of PKCE does not fit the challenge that came with the request."""
    challenge = record.get("challenge") or ""
    given = s256(verifier) if record.get("challenge_method", S256) == S256 else verifier
    if challenge and not hmac.compare_digest(challenge.encode(), given.encode()):
        raise BadRequest("the code_verifier does not fit the challenge")


def refreshed(state: Draft, provider: Record, refresh_token: str) -> Record:
    """New tokens for a refresh token, which stays good. Raises `BadRequest`."""
    record = state.collection("confirmation").find(refresh_token)
    client = provider["oidc_config"]["client_id"]
    if record is None or record["purpose"] != "oidc_refresh" or record["provider"] != provider["slug"]:
        raise BadRequest("the refresh token is not known")
    if record.get("client_id") != client:
        raise BadRequest("the refresh token was issued to another client")
    if instant(record["expires_at"]) <= state.now() or is_revoked(state, record):
        raise BadRequest("the refresh token has expired, or was revoked")
    return granted_tokens(state, provider, record, str(record["family"]))


def granted_tokens(state: Draft, provider: Record, grant: Record, family: str, nonce: str = "") -> Record:
    """Access token and ID token for the claims and the scope of a grant."""
    access = _issue(state, "oidc_access", timedelta(seconds=ACCESS_SECONDS), provider, grant, family)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "id_token": id_token(state, provider, grant["claims"], nonce),
        "scope": grant.get("scope") or provider["oidc_config"].get("scope") or "openid",
    }


def id_token(state: Draft, provider: Record, claims: Record, nonce: str = "", access_token: str = "") -> str:
    """The provider's ID token for somebody with these claims; `ssoLogin` takes it."""
    issued = int(state.now().timestamp())
    system: Record = {
        "iss": issuer_of(state, provider["slug"]),
        "aud": provider["oidc_config"]["client_id"],
        "token_type": "oidc",
        "iat": issued,
        "exp": issued + ACCESS_SECONDS,
    }
    if nonce:
        system["nonce"] = nonce
    if access_token:
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        system["at_hash"] = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    return signing.sign({**claims, **system})


def is_revoked(state: Draft, grant: Record) -> bool:
    """True if the tokens of the sign-in to which a grant belongs are good no longer."""
    return str(grant.get("family")) in state.collection("revocation")


def s256(verifier: str) -> str:
    """The challenge of PKCE for a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _issue(
    state: Draft, purpose: str, lifetime: timedelta, provider: Record, grant: Record, family: str
) -> str:
    """A new opaque token with the claims and the scope of a grant."""
    prefix = "idp_rt_" if purpose == "oidc_refresh" else "idp_at_"
    token = f"{prefix}{state.new_id('confirmation')}"
    state.collection("confirmation").put(
        {
            "token": token,
            "purpose": purpose,
            "provider": provider["slug"],
            "client_id": provider["oidc_config"]["client_id"],
            "claims": grant["claims"],
            "scope": grant.get("scope", ""),
            "family": family,
            "expires_at": timestamp(state.now() + lifetime),
        }
    )
    return token
