"""The flow in which the user chooses how to sign in (`USER_AUTH`): with a password or with a mailed code."""

from mockportal.portal.cognito.calls import INVALID_PARAMETER, Denied, PoolCall, needed_answer
from mockportal.portal.cognito.challenges import issue, taken
from mockportal.portal.cognito.custom import signs_in_by_mail
from mockportal.portal.cognito.passwords import prove_password, user_with_password
from mockportal.portal.cognito.second_factor import EMAIL, after_password, mail_challenge
from mockportal.values import Record

SELECT = "SELECT_CHALLENGE"
PASSWORD, PASSWORD_SRP = "PASSWORD", "PASSWORD_SRP"


def start_choice(call: PoolCall, parameters: dict[str, str]) -> Record:
    """The preferred way at once if everything for it was sent, else the ways that there are."""
    username = parameters["USERNAME"]
    preferred = parameters.get("PREFERRED_CHALLENGE", "")
    needed = {PASSWORD: "PASSWORD", PASSWORD_SRP: "SRP_A"}.get(preferred, "USERNAME")
    if preferred in _ways(call) and parameters.get(needed):
        return _chosen(call, preferred, username, parameters)
    user = call.user(username)
    session = issue(call, SELECT, user, username)
    return {
        "ChallengeName": SELECT,
        "Session": session,
        "ChallengeParameters": {},
        "AvailableChallenges": list(_ways(call)),
    }


def answer_choice(call: PoolCall, answers: dict[str, str]) -> Record:
    chosen = needed_answer(answers, "ANSWER")
    challenge = taken(call, SELECT, call.text("Session"))
    if chosen not in _ways(call):
        raise Denied(INVALID_PARAMETER, f"The selected challenge is not one of {', '.join(_ways(call))}")
    return _chosen(call, chosen, challenge["username"], answers)


def _ways(call: PoolCall) -> tuple[str, ...]:
    return (PASSWORD, PASSWORD_SRP, EMAIL) if signs_in_by_mail(call.portal) else (PASSWORD, PASSWORD_SRP)


def _chosen(call: PoolCall, way: str, username: str, sent: dict[str, str]) -> Record:
    if way == PASSWORD:
        user = user_with_password(call, username, needed_answer(sent, "PASSWORD"))
        return after_password(call, user, username)
    if way == PASSWORD_SRP:
        return prove_password(call, username, needed_answer(sent, "SRP_A"))
    return mail_challenge(call, call.user(username), username)
