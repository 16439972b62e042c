"""The classes of tokens that the Portal API takes: of portal users, of administrators, of outside OpenID providers.

A scenario lists static ones, a user pool issues others, and the control API mints those of a pool without a sign-in.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.engine.call import Caller
from mockportal.errors import BadRequest, NotFound, hint
from mockportal.files.shape import described
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
ADMIN_POOL = "eu-central-1_MockAdm01"
ADMIN_CLIENT = "mockadm0client000000000001"
# The claim that marks a session in which an administrator acts for the user.
IMPERSONATOR = "custom:impersonator"
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


def issuer(draft: Draft, pool_id: str) -> str:
    """The issuer of a pool's tokens: the address at which the mock serves that pool."""
    return f"{draft.base_url}/__services/cognito/{pool_id}"


def id_claims(draft: Draft, portal: Record, user: Record) -> Record:
    """The claims of an ID token of a portal user, apart from its family, its lifetime and the time of the sign-in."""
    details = portal.get("cognito_details") or {}
    contacts = draft.data.related(
        draft.data.kind("portal_user"), "mapped_contact", user.get("mapped_contact")
    )
    id = str(user["_id"])
    return {
        **_common_claims(draft, id, str(details.get("cognito_user_pool_id", "")), "id"),
        "aud": str(details.get("cognito_user_pool_client_id", "")),
        "cognito:username": id,
        "email": user.get("email"),
        "email_verified": True,
        "custom:org_id": str(user["_org"]),
        "custom:portal_user_id": id,
        "custom:portal_id": user.get("portal_id"),
        "custom:origin": user.get("origin"),
        **({"custom:contact_entity_id": contacts[0]} if contacts else {}),
    }


def access_claims(draft: Draft, portal: Record, user: Record, scope: str) -> Record:
    """The claims of an access token of a portal user, likewise."""
    details = portal.get("cognito_details") or {}
    id = str(user["_id"])
    return {
        **_common_claims(draft, id, str(details.get("cognito_user_pool_id", "")), "access"),
        "client_id": str(details.get("cognito_user_pool_client_id", "")),
        "username": id,
        "scope": scope,
    }


def minted_claims(asked: Record, scenario: Scenario, draft: Draft) -> Record:
    """The claims of a new ID token for `{user?, kind?}`, as a pool issues them. Raises `BadRequest`, `NotFound`."""
    kind = asked.get("kind", "portal")
    event = {"auth_time": int(draft.now().timestamp()), "event_id": draft.new_id("event")}
    if kind == "portal":
        user = _user(str(asked.get("user", "")), scenario, draft)
        portal = draft.collection("portal").find(str(user.get("portal_id"))) or {}
        return {**id_claims(draft, portal, user), **event}
    if kind == "admin":
        return {**_admin_claims(draft), **event}
    raise BadRequest(f"kind {kind!r} is neither portal nor admin")


def _admin_claims(draft: Draft) -> Record:
    org = next((str(one["org_id"]) for one in draft.collection("organization")), "")
    return {
        **_common_claims(draft, "admin", ADMIN_POOL, "id"),
        "aud": ADMIN_CLIENT,
        "cognito:username": "admin",
        "email_verified": True,
        "token_type": "admin",
        "custom:org_id": org,
        "custom:ivy_org_id": org,
    }


def _common_claims(draft: Draft, subject: str, pool_id: str, use: str) -> Record:
    return {"iss": issuer(draft, pool_id), "sub": subject, "token_use": use, "jti": draft.new_id("token")}


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
        _entry(
            "user",
            user=described(_NAME, "a portal user, such as portal_user/anna"),
            refresh=described(_NAME, "a refresh token of a session"),
        ),
        _entry(
            "admin",
            admin={"const": True, "description": "an administrator"},
            readonly={"type": "boolean", "description": "true: may not write"},
            denied={"type": "boolean", "description": "true: may do nothing"},
            org=described(_NAME, "the organization, if it is not the only one"),
        ),
        _entry(
            "oidc",
            oidc=described(_NAME, "an external provider, whose ID token it is"),
            claims={"type": "object", "description": "the claims of the ID token"},
        ),
    ),
    static_token,
)
