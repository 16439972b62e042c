"""The people of a session by their static tokens."""

from mockportal.engine.api import Api
from mockportal.engine.call import Caller, Request
from mockportal.engine.guard import credential_of
from mockportal.engine.signing import verified_claims
from mockportal.spec.operations import Operation
from mockportal.state.rules.check import NOBODY
from mockportal.state.scenario import Scenario

STRANGER = "not-a-token"


def caller_of(operation: Operation, request: Request, name: str, scenario: Scenario, api: Api) -> str:
    """The static token that stands for the caller: theirs, or one of the same person. `nobody` without any token, and
    "" if the scenario has none for them.

    name: the caller as the journal names them, "" if nobody was let in
    """
    given = token_of(operation, request, scenario.certificate_header)
    if not given:
        return NOBODY
    if given in scenario.tokens:
        return given
    claims = verified_claims(given)
    if claims is None or not name:
        return STRANGER
    return static_token(api.caller_of(claims, given), scenario)


def static_token(caller: Caller, scenario: Scenario) -> str:
    """A static token of the same person; for a caller who is no record of the scenario, one of the same class and
    rights. "" if there is none."""
    alike = {text: one for text, one in scenario.tokens.items() if one.kind == caller.kind}
    if caller.subject in scenario.names:
        return next((text for text, one in alike.items() if one.subject == caller.subject), "")
    return next((text for text, one in alike.items() if one.rights == caller.rights), "")


def token_of(operation: Operation, request: Request, certificate_header: str = "") -> str:
    """The first credential that a request carries for an operation; "" for none."""
    schemes = (scheme for alternative in operation.credentials for scheme in alternative)
    given = (credential_of(scheme, request, certificate_header) for scheme in schemes)
    return next(filter(None, given), "")
