"""Who is asking, and may this class of token call this operation at all.

Static tokens come from the scenario, minted ones are JWTs. The three bearer schemes look the same on the wire,
so the class is read from the token; a wrong class is 401, like an unknown token.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from mockportal.engine import signing
from mockportal.engine.call import Caller, Request
from mockportal.errors import Unauthorized
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario, Token
from mockportal.state.store import Draft
from mockportal.values import Record

# security scheme → the classes of token that it admits; a scheme of another API admits every class
CLASSES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "PortalAuth": frozenset(("portal",)),
        "EpilotAuth": frozenset(("admin",)),
        "EitherAuth": frozenset(("portal", "admin")),
        "ExternalOIDCAuth": frozenset(("oidc",)),
    }
)
_ANY = frozenset(("portal", "admin", "oidc"))
_PUBLIC = Caller("public")


def guard(operation: Operation, request: Request, scenario: Scenario, draft: Draft) -> Caller:
    """The caller, by token. A public operation ignores the header. Raises `Unauthorized`."""
    if not operation.security or frozenset() in operation.security:
        return _PUBLIC
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("a bearer token is needed")
    caller = _caller(token, scenario, draft)
    if caller is None:
        raise Unauthorized("the token is not known, or no longer valid")
    if not any(_admits(alternative, caller.kind) for alternative in operation.security):
        raise Unauthorized(f"this operation takes no {caller.kind} token")
    return caller


def minted_claims(
    subject: str, kind: str, org: str, issuer: str, now: datetime, expires_in: int, family: str
) -> Record:
    """The claims of a token for a portal user or an administrator; expiry is on the world's clock."""
    issued = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": subject,
        "token_use": "id" if kind == "portal" else "access",
        "token_type": kind,
        "custom:org_id": org,
        "origin_jti": family,
        "iat": issued,
        "exp": issued + expires_in,
    }


def _admits(alternative: frozenset[str], kind: str) -> bool:
    return all(kind in CLASSES.get(scheme, _ANY) for scheme in alternative)


def _caller(token: str, scenario: Scenario, draft: Draft) -> Caller | None:
    static = scenario.tokens.get(token)
    caller = _static(static, token) if static is not None else _minted(token, draft)
    if caller is None or caller.family in draft.collection("revocation"):
        return None
    return caller


def _static(entry: Token, token: str) -> Caller:
    return Caller(
        kind=entry.kind,
        subject=entry.subject,
        family=entry.family,
        rights=entry.rights,
        org=entry.org,
        claims=entry.claims,
        token=token,
    )


def _minted(token: str, draft: Draft) -> Caller | None:
    claims = signing.verified_claims(token)
    if claims is None or claims.get("exp", 0) <= draft.now().timestamp():
        return None
    return Caller(
        kind=claims.get("token_type", "portal"),
        subject=str(claims.get("sub", "")),
        family=claims.get("origin_jti", ""),
        rights=str(claims.get("rights", "write")),
        org=claims.get("custom:org_id", ""),
        claims=claims,
        token=token,
    )
