"""The classes of tokens that the Portal API takes: of portal users, of administrators, of outside OpenID providers.

A scenario lists static ones, the control API mints others; both say the same of their holder.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.engine.call import Caller
from mockportal.errors import BadRequest, NotFound, hint
from mockportal.state.data_model import Token, TokenForm
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# security scheme -> the classes of token that it admits
CLASSES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "PortalAuth": frozenset(("portal",)),
        "EpilotAuth": frozenset(("admin",)),
        "EitherAuth": frozenset(("portal", "admin")),
        "ExternalOIDCAuth": frozenset(("oidc",)),
    }
)
_NAME: Record = {"type": "string", "minLength": 1}


def _entry(required: str, **properties: Json) -> Record:
    return {
        "type": "object",
        "properties": properties,
        "required": [required],
        "additionalProperties": False,
    }


def static_token(name: str, entry: Record, draft: Draft, id_of: Callable[[str, str], str]) -> Token:
    """The token of an entry `{user, refresh?}`, `{admin: true, readonly?, denied?, org?}` or `{oidc, claims?}`.

    A refresh token becomes a session in the state. Raises `ValueError` for a provider that no portal has.
    """
    family = f"static:{name}"
    if "user" in entry:
        user = id_of("user", "portal_user")
        portal = draft.collection("portal_user").get(user).get("portal_id", "")
        if "refresh" in entry:
            session = {"family": family, "portal_user_id": user}
            draft.collection("session").put({"refresh_token": entry["refresh"], **session})
        claims = MappingProxyType({"custom:portal_id": portal})
        return Token("portal", user, family, rights="", claims=claims)
    if "admin" in entry:
        rights = "none" if entry.get("denied") else "read" if entry.get("readonly") else "write"
        return Token("admin", name, family, rights, org=str(entry.get("org", first_organization(draft))))
    _check_provider(str(entry["oidc"]), draft)
    claims = MappingProxyType(dict(entry.get("claims", {})))
    return Token("oidc", str(entry["oidc"]), family, rights="", claims=claims)


def _check_provider(slug: str, draft: Draft) -> None:
    """Portals without any provider may get one later, so that they say nothing."""
    portals = draft.collection("portal")
    known = {str(one.get("slug")) for portal in portals for one in portal.get("identity_providers", ())}
    if known and slug not in known:
        raise ValueError(f"no portal has the provider {slug!r}{hint(slug, sorted(known))}")


def first_organization(draft: Draft) -> str:
    """The id of the organization that a scenario is about; "0" if it names none."""
    return next((str(one["org_id"]) for one in draft.collection("organization")), "0")


def caller_of(claims: Record, token: str) -> Caller:
    """The holder of a token that was minted here."""
    return Caller(
        kind=claims.get("token_type", "portal"),
        subject=str(claims.get("sub", "")),
        family=claims.get("origin_jti", ""),
        rights=str(claims.get("rights", "write")),
        org=claims.get("custom:org_id", ""),
        claims=claims,
        token=token,
    )


def minted_claims(asked: Record, scenario: Scenario, draft: Draft) -> Record:
    """The claims of a new token for `{user?, kind?}`. Raises `BadRequest`, `NotFound`."""
    kind = asked.get("kind", "portal")
    if kind == "portal":
        user = _user(str(asked.get("user", "")), scenario, draft)
        id = str(user["_id"])
        return {
            "sub": id,
            "token_use": "id",
            "token_type": kind,
            "custom:org_id": str(user["_org"]),
            "email": user.get("email"),
            "custom:portal_user_id": id,
            "custom:portal_id": user.get("portal_id"),
            "custom:origin": user.get("origin"),
        }
    if kind == "admin":
        org = next((str(one["org_id"]) for one in draft.collection("organization")), "")
        return {"sub": "admin", "token_use": "access", "token_type": kind, "custom:org_id": org}
    raise BadRequest(f"kind {kind!r} is neither portal nor admin")


def _user(path: str, scenario: Scenario, draft: Draft) -> Record:
    """The portal user with this id or alias, as in `portal_user/anna`."""
    kind, _, name = path.rpartition("/")
    user = draft.collection("portal_user").find(scenario.id_of("portal_user", name))
    if kind not in ("", "portal_user") or user is None:
        known = hint(name, scenario.aliases.get("portal_user", ()))
        raise NotFound(f"there is no {path!r}{known}")
    return user


TOKENS = TokenForm(
    (
        _entry("user", user=_NAME, refresh=_NAME),
        _entry(
            "admin",
            admin={"const": True},
            readonly={"type": "boolean"},
            denied={"type": "boolean"},
            org=_NAME,
        ),
        _entry("oidc", oidc=_NAME, claims={"type": "object"}),
    ),
    static_token,
)
