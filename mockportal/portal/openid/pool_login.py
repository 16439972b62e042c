"""The login page of a user pool, and the codes that it hands out."""

from datetime import timedelta

from mockportal.engine.call import Reply, Request
from mockportal.portal.cognito.calls import Denied, PoolCall
from mockportal.portal.cognito.passwords import credential_of, user_with_password
from mockportal.portal.cognito.tokens import USER_SCOPE
from mockportal.portal.openid.authorization import Authorization, form_origins, read_authorization
from mockportal.portal.openid.clients import pool_client
from mockportal.portal.openid.pages import page
from mockportal.portal.openid.protocol import query_parameters
from mockportal.portal.tokens import issuer
from mockportal.state.clock import timestamp
from mockportal.state.store import Draft
from mockportal.values import Record

SCOPES = frozenset(("openid", "email", "phone", "profile", USER_SCOPE))
CODE_LIFETIME = timedelta(minutes=5)

_CODE = frozenset(("code",))
_ENTERED = ("username", "password")
_MESSAGES = {
    "UserNotConfirmedException": "This address is not confirmed yet. The mail with the link is in the mailbox.",
    "NotAuthorizedException": "E-mail address or password is wrong, or the user is disabled.",
}


def log_in(request: Request, state: Draft, portal: Record) -> Reply:
    """The page, and the way back to the client with a code once address and password are right."""
    given = query_parameters(request)
    party = pool_client(state, portal)
    named = party if party.client_id and given.get("client_id") == party.client_id else None
    asked = read_authorization(state, named, given, _CODE)
    if isinstance(asked, Reply):
        return asked
    if request.method != "POST":
        return _login_page(state, portal, asked, asked.login_hint)
    username, password = given.get("username", "").strip(), given.get("password", "")
    call = PoolCall(state, portal, {"ClientId": party.client_id}, request)
    try:
        user = user_with_password(call, username, password)
    except Denied as denied:
        return _login_page(state, portal, asked, username, _MESSAGES.get(denied.kind, denied.message))
    if _needs_more(state, portal, user):
        problem = "This user needs a second step, which this page does not have. Use the portal's own login."
        return _login_page(state, portal, asked, username, problem)
    return asked.back.reply({"code": _issue_code(state, asked, user)})


def _needs_more(state: Draft, portal: Record, user: Record) -> bool:
    """True for somebody who has to choose a new password, or to enter a code as well."""
    credential = credential_of(state, user)
    by_mail = (portal.get("advanced_mfa") or {}).get("enabled")
    return bool(credential.get("new_password_required") or credential.get("mfa") or by_mail)


def _issue_code(state: Draft, asked: Authorization, user: Record) -> str:
    code: str = state.new_id("confirmation")
    state.collection("confirmation").put(
        {
            "token": code,
            "purpose": "pool_code",
            "portal_user_id": str(user["_id"]),
            "client_id": asked.party.client_id,
            "redirect_uri": asked.back.redirect_uri,
            "challenge": asked.challenge,
            "challenge_method": asked.method,
            "nonce": asked.nonce,
            "scope": asked.scope or " ".join(sorted(SCOPES)),
            "created_at": state.timestamp(),
            "expires_at": timestamp(state.now() + CODE_LIFETIME),
        }
    )
    return code


def _login_page(
    state: Draft, portal: Record, asked: Authorization, username: str, problem: str = ""
) -> Reply:
    pool_id = str(portal["cognito_details"]["cognito_user_pool_id"])
    return page(
        200,
        "login",
        form_action=form_origins(asked.back.redirect_uri),
        portal=str(portal.get("name") or "Sign in"),
        action=f"{issuer(state, pool_id)}/login",
        given={name: value for name, value in asked.given.items() if name not in _ENTERED},
        username=username,
        problem=problem,
    )
