"""The endpoints of the OpenID provider that programs call: tokens for a code or a refresh token, and the claims."""

from mockportal.engine.call import Reply, Request
from mockportal.errors import BadRequest
from mockportal.portal.access.provider_grants import code_record, exchanged, is_revoked, refreshed
from mockportal.portal.openid.clients import authenticated, provider_clients
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


def grant_tokens(request: Request, state: Draft, slug: str) -> Reply:
    """The tokens. A code that comes a second time ends the tokens that it was good for the first time."""
    given = form_parameters(request)
    party = authenticated(request, given, provider_clients(state, slug).get)
    provider, kind = party.used_provider, needed(given, "grant_type")
    try:
        if kind == "refresh_token":
            return as_json(refreshed(state, provider, needed(given, "refresh_token")))
        if kind != "authorization_code":
            raise ProtocolError("unsupported_grant_type", "this grant_type is not supported")
        code = needed(given, "code")
        _end_if_used(state, provider, code)
        redirect_uri = needed(given, "redirect_uri")
        return as_json(exchanged(state, provider, code, redirect_uri, given.get("code_verifier", "")))
    except BadRequest as refusal:
        return ProtocolError("invalid_grant", str(refusal)).reply


def user_info(request: Request, state: Draft, slug: str) -> Reply:
    """The claims of the holder of an access token."""
    grant = state.collection("confirmation").find(bearer_token(request))
    if grant is None or grant["purpose"] != "oidc_access" or grant["provider"] != slug:
        raise invalid_token("the access token is not known")
    if instant(grant["expires_at"]) <= state.now() or is_revoked(state, grant):
        raise invalid_token("the access token has expired, or was revoked")
    return as_json(grant["claims"])


def _end_if_used(state: Draft, provider: Record, code: str) -> None:
    record = code_record(state, provider, code)
    if record is not None and "used_at" in record:
        state.collection("revocation").put({"family": record["family"], "at": state.timestamp()})
