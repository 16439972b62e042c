"""The JSON protocol of a user pool over HTTP, and the documents by which others find and verify it."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.engine import signing
from mockportal.engine.call import Reply, Request
from mockportal.portal.cognito import accounts, profile, second_factor, sign_in
from mockportal.portal.cognito.calls import NOT_FOUND, Denied, PoolCall
from mockportal.portal.cognito.pools import is_pool, portal_of_client, portal_of_pool
from mockportal.portal.tokens import issuer
from mockportal.state.store import Draft
from mockportal.values import Json, Record, decode

Action = Callable[[PoolCall], Record]

TARGET = "AWSCognitoIdentityProviderService."
ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "AssociateSoftwareToken": second_factor.associate,
        "ChangePassword": profile.change_password,
        "ConfirmForgotPassword": accounts.confirm_forgot_password,
        "ConfirmSignUp": accounts.confirm_sign_up,
        "DeleteUser": profile.delete_user,
        "ForgotPassword": accounts.forgot_password,
        "GetTokensFromRefreshToken": sign_in.tokens_from_refresh_token,
        "GetUser": profile.get_user,
        "GetUserAttributeVerificationCode": profile.resend_attribute_code,
        "GlobalSignOut": profile.global_sign_out,
        "InitiateAuth": sign_in.initiate_auth,
        "ResendConfirmationCode": accounts.resend_confirmation,
        "RespondToAuthChallenge": sign_in.respond,
        "RevokeToken": profile.revoke_token,
        "SetUserMFAPreference": second_factor.prefer,
        "SignUp": accounts.sign_up,
        "UpdateUserAttributes": profile.update_attributes,
        "VerifySoftwareToken": second_factor.verify,
        "VerifyUserAttribute": profile.verify_attribute,
    }
)

_JSON = "application/x-amz-json-1.1"
_EXPOSED = (
    "x-amzn-RequestId, x-amzn-ErrorType, x-amzn-ErrorMessage, Date,"
    " X-Mockportal-World, X-Mockportal-Entry, X-Mockportal-Answered-By, X-Mockportal-Reason"
)
_NO_HEADER_TEXT = re.compile(r"[^ -~]+")


def serve_pool(request: Request, state: Draft) -> Reply:
    """Answers everything below `/__services/cognito/{pool id}` but the pages of managed login.

    Without a pool id the pool is the one of the client that a body names.
    """
    pool_id, _, rest = request.path.lstrip("/").partition("/")
    document = DOCUMENTS.get(rest)
    if document is not None:
        return _document(document, pool_id, request, state)
    if rest:
        return Reply(404, {"message": f"a user pool has no path /{rest}"})
    if request.method != "POST":
        return Reply(405, {"message": f"a user pool takes POST, not {request.method}"}, {"Allow": "POST"})
    headers = {
        "Content-Type": _JSON,
        "Cache-Control": "no-store",
        "x-amzn-RequestId": state.new_id("request"),
        "Access-Control-Expose-Headers": _EXPOSED,
    }
    try:
        return Reply(200, _answer(pool_id, request, state), headers)
    except Denied as denied:
        told = _NO_HEADER_TEXT.sub(" ", denied.message)
        headers |= {"x-amzn-ErrorType": denied.kind, "x-amzn-ErrorMessage": told}
        return Reply(400, {"__type": denied.kind, "message": denied.message}, headers)


def key_set(state: Draft, pool_id: str) -> Record:
    """The keys that verify the tokens of a pool. All pools share the one test key of the mock."""
    return signing.public_keys()


def configuration(state: Draft, pool_id: str) -> Record:
    """The OpenID Connect discovery document of a pool."""
    own = issuer(state, pool_id)
    return {
        "issuer": own,
        "authorization_endpoint": f"{own}/oauth2/authorize",
        "token_endpoint": f"{own}/oauth2/token",
        "userinfo_endpoint": f"{own}/oauth2/userInfo",
        "revocation_endpoint": f"{own}/oauth2/revoke",
        "end_session_endpoint": f"{own}/logout",
        "jwks_uri": f"{own}/.well-known/jwks.json",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
    }


DOCUMENTS: Mapping[str, Callable[[Draft, str], Record]] = MappingProxyType(
    {".well-known/jwks.json": key_set, ".well-known/openid-configuration": configuration}
)


def _document(
    document: Callable[[Draft, str], Record], pool_id: str, request: Request, state: Draft
) -> Reply:
    if not is_pool(state, pool_id):
        return Reply(404, {"message": f"there is no user pool {pool_id}"})
    if request.method not in ("GET", "HEAD"):
        return Reply(
            405, {"message": f"this document takes GET, not {request.method}"}, {"Allow": "GET, HEAD"}
        )
    return Reply(200, document(state, pool_id), {"Cache-Control": "public, max-age=86400"})


def _answer(pool_id: str, request: Request, state: Draft) -> Record:
    target = request.headers.get("x-amz-target", "")
    action = ACTIONS.get(target.removeprefix(TARGET)) if target.startswith(TARGET) else None
    if action is None:
        raise Denied("UnknownOperationException", "A user pool of the mock has no such operation")
    body = _body(request)
    portal = _portal(pool_id, body, state)
    return action(PoolCall(state, portal, body, request))


def _body(request: Request) -> Record:
    try:
        body: Json = decode(request.body)
    except ValueError:
        raise Denied("SerializationException", "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Denied("SerializationException", "The body is not a JSON object")
    return body


def _portal(pool_id: str, body: Record, state: Draft) -> Record:
    if pool_id:
        portal = portal_of_pool(state, pool_id)
    else:
        portal = portal_of_client(state, str(body.get("ClientId", ""))) or _portal_of_token(body, state)
    if portal is None:
        raise Denied(NOT_FOUND, "User pool does not exist.")
    return portal


def _portal_of_token(body: Record, state: Draft) -> Record | None:
    """The portal whose pool has issued the access token in a body."""
    claims = signing.verified_claims(str(body.get("AccessToken", ""))) or {}
    return portal_of_client(state, str(claims.get("client_id", "")))
