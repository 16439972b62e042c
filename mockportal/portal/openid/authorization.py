"""An authorization request: read and judged, and its outcome sent back to the client in the way that it asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from mockportal.engine.call import Reply
from mockportal.portal.openid.clients import RELAY, RelyingParty, is_registered
from mockportal.portal.openid.pages import AUTOMATIC, error_page, page
from mockportal.portal.openid.protocol import NO_STORE, ProtocolError
from mockportal.state.store import Draft

MODES = ("query", "fragment", "form_post")
METHODS = ("S256", "plain")

_PROMPTS = frozenset(("none", "login", "consent", "select_account"))
_VERIFIER = range(43, 129)  # characters of a challenge


class ReturnAddress(NamedTuple):
    """The place for the outcome, and the way to get it there."""

    redirect_uri: str
    mode: str
    state: str

    def reply(self, fields: Mapping[str, str]) -> Reply:
        """Sends the browser back with these fields, and with the state of the client."""
        answer = {**fields, **({"state": self.state} if self.state else {})}
        if self.mode == "form_post":
            relayed = urlsplit(self.redirect_uri).path.endswith(RELAY)
            shown = {"action": self.redirect_uri, "fields": answer, "multipart": relayed}
            origins = form_origins(self.redirect_uri)
            return page(200, "form_post", script=AUTOMATIC, form_action=origins, **shown)
        url = urlsplit(self.redirect_uri)
        if self.mode == "fragment":
            target = urlunsplit(url._replace(fragment=urlencode(answer)))
        else:
            query = "&".join(filter(None, [url.query, urlencode(answer)]))
            target = urlunsplit(url._replace(query=query))
        return Reply(302, None, {"Location": target, **NO_STORE})


@dataclass(frozen=True, slots=True)
class Authorization:
    """A valid authorization request.

    response_types: what the client wants: code, id_token, token
    challenge:      the challenge of PKCE, by `method`; "" for none
    given:          all parameters as they were sent, for the pages on the way
    """

    party: RelyingParty
    back: ReturnAddress
    response_types: frozenset[str]
    scope: str
    nonce: str
    challenge: str
    method: str
    prompts: frozenset[str]
    login_hint: str
    given: Mapping[str, str]


def read_authorization(
    state: Draft, party: RelyingParty | None, given: dict[str, str], allowed: frozenset[str]
) -> Authorization | Reply:
    """The request, or the answer to one that is refused. `allowed` are the response types of the server.

    Nobody is ever sent to an address that is not the client's: such a request ends on a page of the server.
    """
    if party is None:
        return error_page(400, "invalid_client", "There is no client with this client_id.")
    redirect_uri = given.get("redirect_uri", "")
    if not is_registered(state, party, redirect_uri):
        return error_page(400, "invalid_request", "This redirect_uri is not registered for the client.")
    back = _return_address(given)
    try:
        return _judged(party, back, given, allowed)
    except ProtocolError as error:
        return back.reply(error.fields)


def form_origins(redirect_uri: str) -> tuple[str, ...]:
    """The origins that a form may lead to: the address itself, and the page that a relay sends the browser on to."""
    relayed = parse_qs(urlsplit(redirect_uri).query).get("web_uri", ())
    return tuple(origin for address in (redirect_uri, *relayed) if (origin := _origin(address)))


def _return_address(given: Mapping[str, str]) -> ReturnAddress:
    usual = "fragment" if "token" in given.get("response_type", "") else "query"
    asked = given.get("response_mode", usual)
    return ReturnAddress(given["redirect_uri"], asked if asked in MODES else usual, given.get("state", ""))


def _judged(
    party: RelyingParty, back: ReturnAddress, given: dict[str, str], allowed: frozenset[str]
) -> Authorization:
    types = frozenset(given.get("response_type", "").split())
    if not types:
        raise ProtocolError("invalid_request", "response_type is missing")
    if " ".join(sorted(types)) not in allowed:
        raise ProtocolError("unsupported_response_type", "this response_type is not supported")
    for name in ("request", "request_uri"):
        if name in given:
            raise ProtocolError(f"{name}_not_supported", f"{name} is not supported")
    if given.get("response_mode", back.mode) != back.mode or (types != {"code"} and back.mode == "query"):
        raise ProtocolError("invalid_request", "this response_mode is not supported for the response_type")
    if "id_token" in types and not given.get("nonce"):
        raise ProtocolError("invalid_request", "a nonce is needed for an id_token from this endpoint")
    prompts = frozenset(given.get("prompt", "").split())
    if not prompts <= _PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise ProtocolError("invalid_request", "this prompt is not supported")
    challenge, method = _challenge(given)
    return Authorization(
        party, back, types, given.get("scope", ""), given.get("nonce", ""), challenge, method,
        prompts, given.get("login_hint", ""), given,
    )  # fmt: skip


def _challenge(given: Mapping[str, str]) -> tuple[str, str]:
    challenge, method = given.get("code_challenge", ""), given.get("code_challenge_method", "plain")
    if method not in METHODS:
        raise ProtocolError("invalid_request", "code_challenge_method is neither S256 nor plain")
    if "code_challenge_method" in given and not challenge:
        raise ProtocolError("invalid_request", "code_challenge is missing")
    if challenge and len(challenge) not in _VERIFIER:
        raise ProtocolError("invalid_request", "code_challenge has another length than 43 to 128 characters")
    return challenge, method


def _origin(address: str) -> str:
    """`https://host:port` of an address; only the scheme where it has no host, as links into an app do."""
    try:
        url = urlsplit(address)
    except ValueError:
        return ""
    safe = all("!" <= char <= "~" and char not in ";,'\"" for char in f"{url.scheme}{url.netloc}")
    if not safe or not url.scheme:
        return ""
    return f"{url.scheme}://{url.netloc}" if url.scheme in ("http", "https") else f"{url.scheme}:"
