"""InitiateAuth and RespondToAuthChallenge: which flow a client begins, and which challenge it answers."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.portal.cognito.calls import INVALID_PARAMETER, NOT_FOUND, Denied, PoolCall, needed_answer
from mockportal.portal.cognito.choice import SELECT, answer_choice, start_choice
from mockportal.portal.cognito.custom import (
    CUSTOM,
    answer_custom,
    confirms_by_mail,
    custom_challenge,
    signs_in_by_mail,
)
from mockportal.portal.cognito.passwords import VERIFIER, prove_password, proven_user, user_with_password
from mockportal.portal.cognito.second_factor import (
    EMAIL,
    NEW_PASSWORD,
    SETUP,
    SOFTWARE_TOKEN,
    after_password,
    answer_mail,
    answer_new_password,
    answer_setup,
    answer_software_token,
)
from mockportal.portal.cognito.tokens import refreshed_tokens
from mockportal.values import Record

Step = Callable[[PoolCall, dict[str, str]], Record]


def initiate_auth(call: PoolCall) -> Record:
    """The first challenge of a flow, or the tokens."""
    flow, parameters = call.text("AuthFlow"), call.texts("AuthParameters")
    if flow not in FLOWS:
        raise _none_of("authFlow", FLOWS)
    if flow in _REFRESHING:
        session = call.state.collection("session").find(parameters.get("REFRESH_TOKEN", ""))
        username = str((session or {}).get("portal_user_id", ""))
    else:
        username = needed_answer(parameters, "USERNAME")
    call.check_client(username, parameters.get("SECRET_HASH"))
    return FLOWS[flow](call, parameters)


def respond(call: PoolCall) -> Record:
    """The next challenge, or the tokens."""
    name, answers = call.text("ChallengeName"), call.texts("ChallengeResponses")
    if name not in CHALLENGES:
        raise _none_of("challengeName", CHALLENGES)
    call.check_client(answers.get("USERNAME", ""), answers.get("SECRET_HASH"))
    return CHALLENGES[name](call, answers)


def tokens_from_refresh_token(call: PoolCall) -> Record:
    """The newer way to refresh. The client proves its secret by sending it."""
    call.check_client_secret()
    return {"AuthenticationResult": refreshed_tokens(call.state, call.portal, call.text("RefreshToken"))}


def start_srp(call: PoolCall, parameters: dict[str, str]) -> Record:
    return prove_password(call, parameters["USERNAME"], needed_answer(parameters, "SRP_A"))


def start_password(call: PoolCall, parameters: dict[str, str]) -> Record:
    username = parameters["USERNAME"]
    user = user_with_password(call, username, needed_answer(parameters, "PASSWORD"))
    return after_password(call, user, username)


def start_custom(call: PoolCall, parameters: dict[str, str]) -> Record:
    """The password comes first if the client asks for it."""
    username = parameters["USERNAME"]
    if parameters.get("CHALLENGE_NAME") == "SRP_A" or "SRP_A" in parameters:
        return prove_password(call, username, needed_answer(parameters, "SRP_A"), then=CUSTOM)
    return custom_challenge(call, username, mails=signs_in_by_mail(call.portal))


def refresh(call: PoolCall, parameters: dict[str, str]) -> Record:
    tokens = refreshed_tokens(call.state, call.portal, needed_answer(parameters, "REFRESH_TOKEN"))
    return {"AuthenticationResult": tokens, "ChallengeParameters": {}}


def answer_verifier(call: PoolCall, answers: dict[str, str]) -> Record:
    user, then = proven_user(call, answers)
    username = str(user["_id"])
    if then == CUSTOM:
        return custom_challenge(call, username, mails=confirms_by_mail(call.portal))
    return after_password(call, user, username)


def no_device(call: PoolCall, answers: dict[str, str]) -> Record:
    """No device is ever remembered, so none can be told again."""
    raise Denied(NOT_FOUND, "Device does not exist.")


_REFRESHING = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
FLOWS: Mapping[str, Step] = MappingProxyType(
    {
        "USER_SRP_AUTH": start_srp,
        "USER_PASSWORD_AUTH": start_password,
        "CUSTOM_AUTH": start_custom,
        "USER_AUTH": start_choice,
        **dict.fromkeys(_REFRESHING, refresh),
    }
)
CHALLENGES: Mapping[str, Step] = MappingProxyType(
    {
        VERIFIER: answer_verifier,
        CUSTOM: answer_custom,
        NEW_PASSWORD: answer_new_password,
        SELECT: answer_choice,
        EMAIL: answer_mail,
        SOFTWARE_TOKEN: answer_software_token,
        SETUP: answer_setup,
        "DEVICE_SRP_AUTH": no_device,
        "DEVICE_PASSWORD_VERIFIER": no_device,
    }
)


def _none_of(name: str, known: Mapping[str, Step]) -> Denied:
    names = f"Member must satisfy enum value set: [{', '.join(known)}]"
    return Denied(
        INVALID_PARAMETER,
        f"1 validation error detected: Value at '{name}' failed to satisfy constraint: {names}",
    )
