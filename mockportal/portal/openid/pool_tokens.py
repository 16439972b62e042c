"""The endpoints of managed login that programs call: tokens, the attributes of the user, and revocation."""

from mockportal.engine.call import Reply, Request
from mockportal.errors import BadRequest
from mockportal.portal.access.provider_grants import check_verifier
from mockportal.portal.cognito.calls import Denied
from mockportal.portal.cognito.pools import is_disabled
from mockportal.portal.cognito.tokens import holder_of, issue_tokens, refreshed_tokens
from mockportal.portal.collections import related_ids
from mockportal.portal.identity.identification import is_live
from mockportal.portal.openid.clients import RelyingParty, authenticated, pool_client
from mockportal.portal.openid.protocol import (
    ProtocolError,
    as_json,
    bearer_token,
    form_parameters,
    invalid_token,
    needed,
)
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Record


def grant_tokens(request: Request, state: Draft, portal: Record) -> Reply:
    """The tokens for a code or a refresh token. A wrong secret or verifier leaves the code good."""
    given = form_parameters(request)
    party = _client(request, state, portal, given)
    kind = needed(given, "grant_type")
    if kind == "refresh_token":
        try:
            return as_json(_answer(refreshed_tokens(state, portal, needed(given, "refresh_token"))))
        except Denied as denied:
            raise ProtocolError("invalid_grant", denied.message) from None
    if kind != "authorization_code":
        raise ProtocolError("unsupported_grant_type", "this grant_type is not supported")
    code = needed(given, "code")
    record = _code(state, party, code, needed(given, "redirect_uri"), given.get("code_verifier", ""))
    if "used_at" in record:  # somebody else may have used it, so that nobody is to keep the tokens
        state.collection("revocation").put({"family": record["family"], "at": state.timestamp()})
        return ProtocolError("invalid_grant", "the code was used already").reply
    user = state.collection("portal_user").find(str(record["portal_user_id"]))
    if user is None or not is_live(user) or is_disabled(user):
        raise ProtocolError("invalid_grant", "the user of the code may not sign in any more")
    nonce = record.get("nonce")
    claims = {"nonce": nonce} if nonce else None
    tokens = issue_tokens(state, portal, user, scope=str(record["scope"]), claims=claims)
    session = state.collection("session").get(str(tokens["RefreshToken"]))
    used = {"used_at": state.timestamp(), "family": session["family"]}
    state.collection("confirmation").patch(code, used)
    return as_json(_answer(tokens))


def user_info(request: Request, state: Draft, portal: Record) -> Reply:
    """The attributes of the holder of an access token with the scope `openid`."""
    token = bearer_token(request)
    try:
        user, _ = holder_of(state, portal, token, "openid")
    except Denied as denied:
        raise invalid_token(denied.message) from None
    contacts = related_ids(user.get("mapped_contact"))
    contact = (state.collection("contact").find(contacts[0]) if contacts else None) or {}
    names = {"given_name": contact.get("first_name"), "family_name": contact.get("last_name")}
    return as_json(
        {
            "sub": user["_id"],
            "username": user["_id"],
            "email": user.get("email"),
            "email_verified": "true",
            **{name: value for name, value in names.items() if value},
        }
    )


def revoke(request: Request, state: Draft, portal: Record) -> Reply:
    """Ends the session of a refresh token; one that is not known needs no end."""
    given = form_parameters(request)
    _client(request, state, portal, given)
    token = needed(given, "token")
    session = state.collection("session").find(token)
    user = state.collection("portal_user").find(str((session or {}).get("portal_user_id")))
    if session is not None and user is not None and user.get("portal_id") == portal["portal_id"]:
        state.collection("revocation").put({"family": session["family"], "at": state.timestamp()})
    elif session is None and token.count(".") == 2:
        raise ProtocolError("unsupported_token_type", "only a refresh token can be revoked")
    return as_json(None)


def _client(request: Request, state: Draft, portal: Record, given: dict[str, str]) -> RelyingParty:
    party = pool_client(state, portal)
    known = {party.client_id: party} if party.client_id else {}
    return authenticated(request, given, known.get)


def _code(state: Draft, party: RelyingParty, code: str, redirect_uri: str, verifier: str) -> Record:
    """The record of a code that fits the request. Raises `ProtocolError`."""
    record = state.collection("confirmation").find(code)
    known = record is not None and record["purpose"] == "pool_code"
    if record is None or not known or record["client_id"] != party.client_id:
        raise ProtocolError("invalid_grant", "the code is not known")
    if instant(record["expires_at"]) <= state.now():
        raise ProtocolError("invalid_grant", "the code has expired")
    if record["redirect_uri"] != redirect_uri:
        raise ProtocolError("invalid_grant", "the code was issued for another redirect_uri")
    try:
        check_verifier(record, verifier)
    except BadRequest as refusal:
        raise ProtocolError("invalid_grant", str(refusal)) from None
    return record


def _answer(tokens: Record) -> Record:
    """The tokens under the names of OAuth 2.0."""
    answer = {
        "access_token": tokens["AccessToken"],
        "id_token": tokens["IdToken"],
        "token_type": tokens["TokenType"],
        "expires_in": tokens["ExpiresIn"],
    }
    if "RefreshToken" in tokens:
        answer["refresh_token"] = tokens["RefreshToken"]
    return answer
