from datetime import timedelta

import pytest

from mockportal import srp
from mockportal.engine.world import World
from mockportal.portal.cognito.second_factor import totp
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of
from tests.support.pool_client import (
    ANNA,
    PASSWORD,
    PoolClient,
    SrpClient,
    claims_of,
    logins_of,
    secret_hash,
)

NADIA = "nadia.haddad@example.org"  # has registered, and not confirmed yet
JAN = "jan.peters@example.org"  # whose access is switched off


def put(world: World, kind: str, record: Record) -> None:
    draft = world.draft()
    draft.collection(kind).put(record)
    world.state = draft.state


def pool_setting(world: World, **settings: object) -> None:
    put(world, "user_pool", {"portal_id": id_of(world, "portal/p1"), **settings})


def credential(world: World, alias: str, **details: object) -> None:
    put(
        world,
        "credential",
        {"portal_user_id": id_of(world, f"portal_user/{alias}"), "password": PASSWORD, **details},
    )


def challenged(pool: PoolClient, client: SrpClient, username: str = ANNA) -> Record:
    return dict(pool.begun("USER_SRP_AUTH", USERNAME=username, SRP_A=f"{client.public:x}"))


def test_right_password_proved_by_srp_signs_in(pool: PoolClient, nobody: Client) -> None:
    client = SrpClient()

    answer = pool.answered("PASSWORD_VERIFIER", **client.answers(challenged(pool, client)))

    assert answer.keys() == {"AuthenticationResult", "ChallengeParameters"}
    token = answer["AuthenticationResult"]["IdToken"]
    assert nobody.as_(token).call("getPortalUser")["data"]["email"] == ANNA


def test_wrong_password_is_refused_by_srp(pool: PoolClient) -> None:
    client = SrpClient()
    answers = client.answers(challenged(pool, client), "Musterau!2027")

    assert pool.answer_denied("PASSWORD_VERIFIER", **answers) == "NotAuthorizedException"


def test_password_challenge_names_the_user_by_id_and_has_no_session(pool: PoolClient, world: World) -> None:
    challenge = challenged(pool, SrpClient())

    assert challenge.keys() == {"ChallengeName", "ChallengeParameters"}
    parameters = challenge["ChallengeParameters"]
    assert isinstance(parameters, dict)
    assert parameters.keys() == {"SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"}
    assert parameters["USER_ID_FOR_SRP"] == id_of(world, "portal_user/anna")


def test_password_challenge_is_good_once(pool: PoolClient) -> None:
    client = SrpClient()
    answers = client.answers(challenged(pool, client))
    pool.answered("PASSWORD_VERIFIER", **answers)

    assert pool.answer_denied("PASSWORD_VERIFIER", **answers) == "NotAuthorizedException"


def test_wrong_answer_uses_the_password_challenge_up(pool: PoolClient) -> None:
    client = SrpClient()
    challenge = challenged(pool, client)
    pool.answer_denied("PASSWORD_VERIFIER", **client.answers(challenge, "wrong"))

    assert pool.answer_denied("PASSWORD_VERIFIER", **client.answers(challenge)) == "NotAuthorizedException"


def test_password_challenge_belongs_to_one_client(pool: PoolClient, installers: PoolClient) -> None:
    client = SrpClient()
    answers = client.answers(challenged(pool, client))

    assert installers.answer_denied("PASSWORD_VERIFIER", **answers) == "NotAuthorizedException"


def test_password_challenge_expires_after_three_minutes(pool: PoolClient, world: World) -> None:
    client = SrpClient()
    answers = client.answers(challenged(pool, client))
    world.clock = world.clock.advanced(timedelta(minutes=3))

    assert pool.answer_denied("PASSWORD_VERIFIER", **answers) == "NotAuthorizedException"


@pytest.mark.parametrize(
    "at",
    [
        "Mon Jun 01 07:00:00 UTC 2026", "Tue Jun 1 07:00:00 UTC 2026", "Mon Jun 1 7:00:00 UTC 2026",
        "Mon Jun 1 07:00:00 GMT 2026", "Mon Jun 31 07:00:00 UTC 2026", "2026-06-01T07:00:00Z", "Mon Jun 1 07:00:00 UTC 0026",
    ],
)  # fmt: skip
def test_timestamp_has_an_unpadded_day_and_the_right_weekday(pool: PoolClient, at: str) -> None:
    client = SrpClient()
    answers = client.answers(challenged(pool, client), at=at)

    assert pool.answer_denied("PASSWORD_VERIFIER", **answers) == "InvalidParameterException"


@pytest.mark.parametrize(
    "public",
    [
        "0",
        f"{srp.PRIME:x}",
        f"{2 * srp.PRIME:x}",
        "xyz",
        "-5",
        "0x12",
        "1_0",
        " 12",
        "1" * 771,
        "f" * 1_000_000,
    ],
)
def test_public_number_of_a_client_is_bounded_and_not_zero(pool: PoolClient, public: str) -> None:
    members = {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"USERNAME": ANNA, "SRP_A": public}}

    assert pool.denied("InitiateAuth", **members) == "InvalidParameterException"


def test_plain_password_signs_in(pool: PoolClient) -> None:
    assert pool.tokens().keys() == {"AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"}


@pytest.mark.parametrize(
    ("username", "password", "error"),
    [
        (ANNA, "wrong", "NotAuthorizedException"),
        ("nobody@example.org", PASSWORD, "NotAuthorizedException"),
        ("emilia.roth@example.org", PASSWORD, "NotAuthorizedException"),
        ("lea.winter@example.org", "", "InvalidParameterException"),
        ("lea.winter@example.org", PASSWORD, "NotAuthorizedException"),
        (NADIA, "wrong", "UserNotConfirmedException"),
        (JAN, PASSWORD, "NotAuthorizedException"),
    ],
)
def test_plain_password_is_refused(pool: PoolClient, username: str, password: str, error: str) -> None:
    parameters = {"USERNAME": username, "PASSWORD": password}

    assert pool.denied("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters) == error


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "CUSTOM_AUTH", "USER_AUTH"])
def test_unknown_user_is_told_only_if_the_client_does_not_hide_it(
    pool: PoolClient, world: World, flow: str
) -> None:
    parameters = {"USERNAME": "nobody@example.org", "PASSWORD": "x", "SRP_A": "abcdef"}
    hidden = pool.sent("InitiateAuth", AuthFlow=flow, AuthParameters=parameters).reply.body
    pool_setting(world, prevent_user_existence_errors=False)

    error = pool.denied("InitiateAuth", AuthFlow=flow, AuthParameters=parameters)

    assert error == "UserNotFoundException"
    assert hidden.get("__type", "NotAuthorizedException") == "NotAuthorizedException"


def test_challenge_of_an_unknown_user_looks_like_any_other_and_cannot_be_answered(pool: PoolClient) -> None:
    client = SrpClient()
    first, second = (challenged(pool, client, "nobody@example.org") for _ in range(2))

    error = pool.answer_denied("PASSWORD_VERIFIER", **client.answers(second))

    assert error == "NotAuthorizedException"
    known = challenged(pool, client)["ChallengeParameters"]
    assert lengths(first["ChallengeParameters"]) == lengths(known)
    assert first["ChallengeParameters"]["SALT"] == second["ChallengeParameters"]["SALT"]


def lengths(parameters: Record) -> dict[str, int]:
    """The number of characters of each parameter; salt and public number may be a digit shorter than usual."""
    return {name: len(value) for name, value in parameters.items() if name not in ("SALT", "SRP_B")}


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "CUSTOM_AUTH", "USER_AUTH", "USER_PASSWORD_AUTH"])
def test_unconfirmed_user_is_refused_before_the_password_is_looked_at(pool: PoolClient, flow: str) -> None:
    parameters = {"USERNAME": NADIA, "PASSWORD": "x", "SRP_A": "abcdef"}

    assert (
        pool.denied("InitiateAuth", AuthFlow=flow, AuthParameters=parameters) == "UserNotConfirmedException"
    )


def test_sign_in_sets_first_and_last_login(pool: PoolClient, world: World) -> None:
    change(world, "portal_user/anna", {"first_login": None, "last_login": None})

    pool.tokens()
    world.clock = world.clock.advanced(timedelta(minutes=5))
    pool.tokens()

    assert logins_of(world, "anna") == ("2026-06-15T07:00:00.000Z", "2026-06-15T07:05:00.001Z")


def test_user_without_a_contact_signs_in_and_is_pending_at_the_api(pool: PoolClient, nobody: Client) -> None:
    kevin = nobody.as_(pool.tokens("kevin.brandt@example.org")["IdToken"])

    assert kevin.exchange("validateToken").reply.status == 204
    assert kevin.exchange("getContact").reply.body["reason"] == "PORTAL_USER_PENDING_ACTIVATION"


def test_new_password_is_asked_for_and_has_to_meet_the_policy(pool: PoolClient, world: World) -> None:
    credential(world, "anna", new_password_required=True)
    challenge = pool.begun("USER_PASSWORD_AUTH", USERNAME=ANNA, PASSWORD=PASSWORD)
    answer = {"session": challenge["Session"], "USERNAME": ANNA}

    refused = pool.answer_denied("NEW_PASSWORD_REQUIRED", **answer, NEW_PASSWORD="simple")
    tokens = pool.answered("NEW_PASSWORD_REQUIRED", **answer, NEW_PASSWORD="Neuland#2026")

    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert refused == "InvalidPasswordException"
    assert "AuthenticationResult" in tokens
    assert "IdToken" in pool.tokens(password="Neuland#2026")


def test_code_of_an_authenticator_follows_the_clock_of_the_world_and_is_good_once(
    pool: PoolClient, world: World
) -> None:
    credential(world, "anna", mfa="SOFTWARE_TOKEN_MFA", software_token="JBSWY3DPEHPK3PXP")
    code = totp("JBSWY3DPEHPK3PXP", int(world.clock.now().timestamp()) // 30)

    def answer(code: str) -> str:
        session = pool.begun("USER_PASSWORD_AUTH", USERNAME=ANNA, PASSWORD=PASSWORD)["Session"]
        members = {"USERNAME": ANNA, "SOFTWARE_TOKEN_MFA_CODE": code}
        body = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": session, "ChallengeResponses": members}
        return str(pool.sent("RespondToAuthChallenge", **body).reply.body.get("__type", "signed in"))

    seen = [answer("000000"), answer(code), answer(code)]
    world.clock = world.clock.advanced(timedelta(minutes=2))

    assert seen == ["CodeMismatchException", "signed in", "ExpiredCodeException"]
    assert answer(code) == "CodeMismatchException"


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_of_authenticators_are_those_of_rfc_6238(at: int, code: str) -> None:
    assert totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at // 30) == code


def test_authenticator_is_set_up_with_an_access_token(pool: PoolClient, world: World) -> None:
    access = pool.tokens()["AccessToken"]
    secret = pool.call("AssociateSoftwareToken", AccessToken=access)["SecretCode"]
    code = totp(secret, int(world.clock.now().timestamp()) // 30)

    wrong = pool.denied("VerifySoftwareToken", AccessToken=access, UserCode="000000")
    right = pool.call("VerifySoftwareToken", AccessToken=access, UserCode=code)
    pool.call("SetUserMFAPreference", AccessToken=access, SoftwareTokenMfaSettings={"Enabled": True})

    assert (wrong, right) == ("EnableSoftwareTokenMFAException", {"Status": "SUCCESS"})
    assert pool.call("GetUser", AccessToken=access)["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    challenge = pool.begun("USER_PASSWORD_AUTH", USERNAME=ANNA, PASSWORD=PASSWORD)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_authenticator_that_is_demanded_is_set_up_during_the_sign_in(pool: PoolClient, world: World) -> None:
    credential(world, "anna", mfa="SOFTWARE_TOKEN_MFA")
    session = pool.begun("USER_PASSWORD_AUTH", USERNAME=ANNA, PASSWORD=PASSWORD)["Session"]
    early = pool.answer_denied("MFA_SETUP", session, USERNAME=ANNA)
    associated = pool.call("AssociateSoftwareToken", Session=session)
    code = totp(associated["SecretCode"], int(world.clock.now().timestamp()) // 30)
    verified = pool.call("VerifySoftwareToken", Session=associated["Session"], UserCode=code)

    answer = pool.answered("MFA_SETUP", verified["Session"], USERNAME=ANNA)

    assert early == "InvalidParameterException"
    assert "AuthenticationResult" in answer


def test_portal_with_advanced_mfa_mails_a_code_after_the_password(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"advanced_mfa": {"enabled": True}})
    challenge = pool.begun("USER_PASSWORD_AUTH", USERNAME=ANNA, PASSWORD=PASSWORD)

    wrong = pool.answer_denied("EMAIL_OTP", challenge["Session"], USERNAME=ANNA, EMAIL_OTP_CODE="0")
    right = pool.answered("EMAIL_OTP", challenge["Session"], USERNAME=ANNA, EMAIL_OTP_CODE=pool.code())

    assert challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "a***@e***"
    assert wrong == "CodeMismatchException"
    assert "AuthenticationResult" in right


def test_code_may_be_tried_three_times(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"advanced_mfa": {"enabled": True}})
    session = pool.begun("USER_PASSWORD_AUTH", USERNAME=ANNA, PASSWORD=PASSWORD)["Session"]

    seen = [pool.answer_denied("EMAIL_OTP", session, USERNAME=ANNA, EMAIL_OTP_CODE="0") for _ in range(3)]

    assert seen == ["CodeMismatchException", "CodeMismatchException", "NotAuthorizedException"]
    last = pool.answer_denied("EMAIL_OTP", session, USERNAME=ANNA, EMAIL_OTP_CODE=pool.code())
    assert last == "NotAuthorizedException"


def test_custom_challenge_takes_a_mailed_code_where_the_portal_has_no_passwords(
    pool: PoolClient, world: World
) -> None:
    change(world, "portal/p1", {"auth_settings": {"passwordless_login": {"enabled": True}}})
    challenge = pool.begun("CUSTOM_AUTH", USERNAME=ANNA)
    answer = {"session": challenge["Session"], "USERNAME": ANNA}

    wrong = pool.answer_denied("CUSTOM_CHALLENGE", **answer, ANSWER="0")
    right = pool.answered("CUSTOM_CHALLENGE", **answer, ANSWER=pool.code())

    assert wrong == "NotAuthorizedException"
    assert "AuthenticationResult" in right


def test_custom_challenge_may_come_after_the_password(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"advanced_mfa": {"enabled": True}})
    client = SrpClient()
    first = pool.begun("CUSTOM_AUTH", USERNAME=ANNA, CHALLENGE_NAME="SRP_A", SRP_A=f"{client.public:x}")
    second = pool.answered("PASSWORD_VERIFIER", **client.answers(first))

    answer = pool.answered("CUSTOM_CHALLENGE", second["Session"], USERNAME=ANNA, ANSWER=pool.code())

    assert second["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert "AuthenticationResult" in answer


def test_wrong_answer_ends_a_custom_challenge(pool: PoolClient, admin: Client) -> None:
    body = {"email": ANNA, "origin": "END_CUSTOMER_PORTAL"}
    token = admin.call("loginToPortalAsUser", body=body)["login_as_token"]
    session = pool.begun("CUSTOM_AUTH", USERNAME=ANNA)["Session"]
    pool.answer_denied("CUSTOM_CHALLENGE", session, USERNAME=ANNA, ANSWER="wrong")

    error = pool.answer_denied("CUSTOM_CHALLENGE", session, USERNAME=ANNA, ANSWER=token)

    assert error == "NotAuthorizedException"


def test_token_of_a_login_as_is_good_for_its_own_user_only(pool: PoolClient, admin: Client) -> None:
    body = {"email": ANNA, "origin": "END_CUSTOMER_PORTAL"}
    token = admin.call("loginToPortalAsUser", body=body)["login_as_token"]
    mehmet = "mehmet.yilmaz@example.org"
    session = pool.begun("CUSTOM_AUTH", USERNAME=mehmet)["Session"]

    assert (
        pool.answer_denied("CUSTOM_CHALLENGE", session, USERNAME=mehmet, ANSWER=token)
        == "NotAuthorizedException"
    )
    again = pool.begun("CUSTOM_AUTH", USERNAME=ANNA)["Session"]
    assert pool.answered("CUSTOM_CHALLENGE", again, USERNAME=ANNA, ANSWER=token)


def test_user_chooses_how_to_sign_in(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"auth_settings": {"passwordless_login": {"enabled": True}}})
    client = SrpClient()

    def chosen(way: str, **answers: str) -> Record:
        session = pool.begun("USER_AUTH", USERNAME=ANNA)["Session"]
        return dict(pool.answered("SELECT_CHALLENGE", session, USERNAME=ANNA, ANSWER=way, **answers))

    assert "AuthenticationResult" in chosen("PASSWORD", PASSWORD=PASSWORD)
    by_srp = chosen("PASSWORD_SRP", SRP_A=f"{client.public:x}")
    assert "AuthenticationResult" in pool.answered("PASSWORD_VERIFIER", **client.answers(by_srp))
    session = str(chosen("EMAIL_OTP")["Session"])
    answer = pool.answered("EMAIL_OTP", session, USERNAME=ANNA, EMAIL_OTP_CODE=pool.code())
    assert "AuthenticationResult" in answer


def test_preferred_way_is_taken_at_once(pool: PoolClient) -> None:
    offered = pool.begun("USER_AUTH", USERNAME=ANNA, PREFERRED_CHALLENGE="EMAIL_OTP")
    signed_in = pool.begun("USER_AUTH", USERNAME=ANNA, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)

    assert offered["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]
    assert "AuthenticationResult" in signed_in


def test_client_with_a_secret_has_to_prove_it(pool: PoolClient, world: World) -> None:
    pool_setting(world, client_secret="s3cret")
    plain = {"USERNAME": ANNA, "PASSWORD": PASSWORD}

    def error(**proof: str) -> str | None:
        parameters = {**plain, **proof}
        sent = pool.sent("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        return sent.reply.body.get("__type")  # type: ignore[no-any-return]

    assert error() == "NotAuthorizedException"
    assert error(SECRET_HASH="x") == "NotAuthorizedException"
    assert error(SECRET_HASH=secret_hash("other", ANNA)) == "NotAuthorizedException"
    assert error(SECRET_HASH=secret_hash("s3cret", ANNA)) is None


def test_device_that_was_never_issued_is_unknown(pool: PoolClient) -> None:
    assert pool.answer_denied("DEVICE_SRP_AUTH", USERNAME=ANNA) == "ResourceNotFoundException"


def test_context_data_may_be_empty_or_missing(pool: PoolClient) -> None:
    parameters = {"USERNAME": ANNA, "PASSWORD": PASSWORD}

    contexts: list[Record] = [{}, {"UserContextData": {}}, {"UserContextData": {"EncodedData": ""}}]
    for context in contexts:
        assert pool.call("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters, **context)


def test_same_requests_get_the_same_tokens_in_every_run(pool: PoolClient, world: World) -> None:
    first = pool.tokens()

    world.reset(world.scenario)

    assert pool.tokens() == first
    assert claims_of(first["IdToken"])["sub"] == id_of(world, "portal_user/anna")
