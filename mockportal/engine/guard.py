"""Authentication: the caller of a request, and whether this class of token may call this operation at all.

Static tokens come from the scenario, minted ones are JWTs. Several bearer schemes look the same on the wire, so the
class is read from the token; a wrong class is 401, like an unknown token.
"""

from collections.abc import Iterable
from math import inf, nan
from types import NoneType
from urllib.parse import parse_qs

from mockportal.engine import signing
from mockportal.engine.api import Api
from mockportal.engine.call import Caller, Request
from mockportal.errors import Unauthorized, hint
from mockportal.spec.operations import Operation
from mockportal.spec.security import SecurityScheme
from mockportal.state.derived import derived
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft
from mockportal.values import Json, Record

PUBLIC = Caller("public")
_TEXTS = ("sub", "origin_jti", "rights")  # claims of every API that are text, or missing
_LONGEST_TYPED = 64  # a longer token was not typed by anybody


def guard(operation: Operation, request: Request, scenario: Scenario, draft: Draft, api: Api) -> Caller:
    """The caller, by the credentials of the request. A public operation ignores them. Raises `Unauthorized`."""
    if not operation.credentials or () in operation.credentials:
        return PUBLIC
    callers: dict[str, Caller | None] = {}
    for alternative in operation.credentials:
        tokens = [credential_of(scheme, request, scenario.certificate_header) for scheme in alternative]
        if not all(tokens):
            continue
        if tokens[0] not in callers:
            callers[tokens[0]] = _caller(tokens[0], scenario, draft, api)
        caller = callers[tokens[0]]
        if caller is not None and all(_admits(scheme, caller, api) for scheme in alternative):
            return caller
    raise Unauthorized(_reason(operation, callers, scenario))


def caller_name(caller: Caller, scenario: Scenario) -> str:
    """The name of a caller in the journal: the alias of the user, or the id of one that the scenario does not know; for
    a token without a user the name of a static one, or its class. "" for nobody."""
    if caller.kind == PUBLIC.kind:
        return ""
    if caller.subject in scenario.names:
        return scenario.names[caller.subject]
    return caller.token if caller.token in scenario.tokens else caller.subject or caller.kind


def headers_read(operation: Operation) -> set[str]:
    """The headers that decide who the caller of an operation is."""
    schemes = [scheme for alternative in operation.credentials for scheme in alternative]
    return {
        "cookie" if scheme.place == "cookie" else scheme.key for scheme in schemes if scheme.place != "query"
    }


def needs_certificate(operation: Operation) -> bool:
    """True if a client certificate may decide who the caller is: which header tells it depends on the scenario."""
    return any(
        scheme.place == "certificate" for alternative in operation.credentials for scheme in alternative
    )


def credential_of(scheme: SecurityScheme, request: Request, certificate_header: str = "") -> str:
    """The credential that a request carries for a scheme; "" for none. A client certificate may also be told in
    `certificate_header`."""
    if scheme.place == "query":
        return parse_qs(request.query).get(scheme.key, [""])[0]
    if scheme.place == "cookie":
        return next(iter(request.cookies(scheme.key)), "")
    value = request.headers.get(scheme.key, "")
    if scheme.place == "certificate":
        value = request.headers.get(certificate_header) or value
    if not scheme.prefix:
        return value.strip()
    word, _, text = value.partition(" ")
    return text.strip() if word.lower() == scheme.prefix else ""


def _reason(operation: Operation, callers: dict[str, Caller | None], scenario: Scenario) -> str:
    if not callers:
        asked = {str(scheme): None for alternative in operation.credentials for scheme in alternative}
        return f"{' or '.join(asked)} is needed"
    known = next((caller for caller in callers.values() if caller is not None), None)
    if known is None:
        return f"the token is not known, or no longer valid{_nearest(callers, scenario)}"
    return f"this operation takes no {known.kind} token"


def _nearest(tokens: Iterable[str], scenario: Scenario) -> str:
    """A hint at the static token that was probably meant. Those are no secrets; minted ones are never named."""
    token = next(iter(tokens))
    if len(token) > _LONGEST_TYPED or token in scenario.tokens:
        return ""
    return hint(token, scenario.tokens)


def _admits(scheme: SecurityScheme, caller: Caller, api: Api) -> bool:
    classes = api.token_classes.get(scheme.name)
    return classes is None or caller.kind in classes


@derived
def _caller(token: str, scenario: Scenario, draft: Draft, api: Api) -> Caller | None:
    """The holder of a token, or None for a token that is unknown, expired or revoked."""
    static = scenario.tokens.get(token)
    if static is not None:
        caller: Caller | None = Caller(**static._asdict(), token=token)
    elif api.open and not scenario.tokens:
        caller = Caller("bearer", token=token)
    else:
        caller = _minted(token, draft, api)
    if caller is None or caller.family in draft.collection("revocation"):
        return None
    return caller


def _minted(token: str, draft: Draft, api: Api) -> Caller | None:
    claims = signing.verified_claims(token)
    if claims is None or not _is_timely(claims, draft.now().timestamp()):
        return None
    caller = api.caller_of(claims, token)
    return caller if _is_sound(caller) else None


def _is_timely(claims: Record, now: float) -> bool:
    """True between `nbf`, which may be missing, and `exp`."""
    begin, end = (_instant(claims.get(name, missing)) for name, missing in (("nbf", 0), ("exp", inf)))
    return begin <= now < end < inf


def _instant(value: Json) -> float:
    """The seconds since 1970; nan for what is no number, which is neither before nor after anything."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else nan


def _is_sound(caller: Caller) -> bool:
    """True if what decides about a caller is text: anybody can sign claims of any type with the test key."""
    claimed = (
        caller.kind,
        caller.subject,
        caller.family,
        caller.rights,
        caller.org,
        *map(caller.claims.get, _TEXTS),
    )
    return all(isinstance(value, str | NoneType) for value in claimed)
