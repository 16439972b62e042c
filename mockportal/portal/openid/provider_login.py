"""Signing in at the OpenID provider: a page to choose a person, or none where the request says who it is."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from mockportal.engine.call import Reply, Request
from mockportal.portal.access.provider_grants import granted_tokens, id_token, issue_code, issuer_of
from mockportal.portal.openid.authorization import Authorization, form_origins, read_authorization
from mockportal.portal.openid.clients import provider_clients
from mockportal.portal.openid.pages import page
from mockportal.portal.openid.people import Person, hinted, newcomer, people
from mockportal.portal.openid.protocol import query_parameters
from mockportal.state.clock import instant, timestamp
from mockportal.state.store import Draft
from mockportal.values import Record

RESPONSE_TYPES = frozenset(("code", "id_token", "id_token token"))
COOKIE = "mockportal-provider"

_SESSION = timedelta(hours=12)
_NEW = ("new_email", "new_given_name", "new_family_name")


def authorize(request: Request, state: Draft, slug: str) -> Reply:
    """A person who is named by the request, or chosen on the page, is signed in; the page stays for anybody else."""
    given = query_parameters(request)
    party = provider_clients(state, slug).get(given.get("client_id", ""))
    asked = read_authorization(state, party, given, RESPONSE_TYPES)
    if isinstance(asked, Reply):
        return asked
    if "none" in asked.prompts:
        return _silently(request, state, asked, slug)
    person = newcomer(asked.party, given) if request.method == "POST" else None
    if person is None and asked.login_hint:
        person = hinted(state, asked.party, asked.login_hint)
    if person is None or request.method == "HEAD":
        return _chooser(state, asked, slug)
    reply = _signed_in(state, asked, person.claims)
    cookie = f"{COOKIE}={_remembered(state, slug, person)}; {cookie_scope(state, slug)}"
    return Reply(reply.status, reply.body, {**reply.headers, "Set-Cookie": cookie})


def signed_in_claims(request: Request, state: Draft, slug: str) -> Record | None:
    """The claims of the person who is signed in at this provider in this browser, if there is one."""
    for token in request.cookies(COOKIE):
        session = state.collection("confirmation").find(token)
        fits = session and session["purpose"] == "oidc_session" and session["provider"] == slug
        if session and fits and instant(session["expires_at"]) > state.now():
            return dict(session["claims"])
    return None


def cookie_scope(state: Draft, slug: str) -> str:
    """The attributes of the provider's cookie, which goes to this provider alone."""
    return f"Path={urlsplit(issuer_of(state, slug)).path}; HttpOnly; SameSite=Lax"


def _silently(request: Request, state: Draft, asked: Authorization, slug: str) -> Reply:
    """Without a page: the person who is signed in already, unless the request means another one."""
    claims = signed_in_claims(request, state, slug)
    meant = hinted(state, asked.party, asked.login_hint) if asked.login_hint else None
    if claims is None or (asked.login_hint and (meant is None or meant.claims["sub"] != claims["sub"])):
        problem = "nobody is signed in here, and prompt=none allows no page"
        return asked.back.reply({"error": "login_required", "error_description": problem})
    return _signed_in(state, asked, claims)


def _signed_in(state: Draft, asked: Authorization, claims: Record) -> Reply:
    """Sends the browser back with a code or with tokens."""
    provider = asked.party.used_provider
    if "code" in asked.response_types:
        code = issue_code(
            state, provider, claims, asked.back.redirect_uri, asked.challenge, asked.nonce,
            asked.method, asked.scope,
        )  # fmt: skip
        return asked.back.reply({"code": code})
    if "token" not in asked.response_types:
        return asked.back.reply({"id_token": id_token(state, provider, claims, asked.nonce)})
    grant = {"claims": claims, "scope": asked.scope}
    tokens = granted_tokens(state, provider, grant, state.new_id("session"))
    access = str(tokens["access_token"])
    return asked.back.reply(
        {
            **{name: str(tokens[name]) for name in ("access_token", "token_type", "expires_in", "scope")},
            "id_token": id_token(state, provider, claims, asked.nonce, access),
        }
    )


def _remembered(state: Draft, slug: str, person: Person) -> str:
    session = state.collection("confirmation").put(
        {
            "token": state.new_id("confirmation"),
            "purpose": "oidc_session",
            "provider": slug,
            "claims": person.claims,
            "expires_at": timestamp(state.now() + _SESSION),
        }
    )
    return str(session["token"])


def _chooser(state: Draft, asked: Authorization, slug: str) -> Reply:
    action = f"{issuer_of(state, slug)}/authorize"
    given = {name: value for name, value in asked.given.items() if name not in (*_NEW, "login_hint")}
    shown = [
        {
            "name": person.title,
            "email": person.claims["email"],
            "link": f"{action}?{urlencode({**given, 'login_hint': person.claims['sub']})}",
        }
        for person in people(state, asked.party)
    ]
    name = str(asked.party.used_provider.get("display_name") or slug)
    hint = asked.login_hint if "@" in asked.login_hint else ""
    origins = form_origins(asked.back.redirect_uri)
    return page(
        200,
        "chooser",
        form_action=origins,
        provider=name,
        people=shown,
        action=action,
        given=given,
        hint=hint,
    )
