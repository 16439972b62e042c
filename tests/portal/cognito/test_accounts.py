from datetime import timedelta
from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of, record_of
from tests.support.pool_client import ANNA, PASSWORD, PoolClient

NADIA = "nadia.haddad@example.org"
NINA = "nina.neu@example.org"
NEW = "Neuland#2026"


def newest_mail(world: World) -> Record:
    return list(world.draft().collection("mail"))[-1]


def signed_up(pool: PoolClient, email: str = NINA, password: str = PASSWORD) -> Any:
    attributes = [{"Name": "email", "Value": email}, {"Name": "given_name", "Value": "Nina"}]
    return pool.call("SignUp", Username=email, Password=password, UserAttributes=attributes)


def test_user_who_signs_up_confirms_with_the_code_and_signs_in(pool: PoolClient, world: World) -> None:
    answer = signed_up(pool)
    refused = pool.denied(
        "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": NINA, "PASSWORD": PASSWORD}
    )

    confirmed = pool.call("ConfirmSignUp", Username=NINA, ConfirmationCode=pool.code())

    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"]["Destination"] == "n***@e***"
    assert refused == "UserNotConfirmedException"
    assert confirmed == {}
    assert "IdToken" in pool.tokens(NINA)
    user = world.draft().collection("portal_user").get(answer["UserSub"])
    assert (user["registration_status"], user["mapping_status"]) == ("Registered", "Pending")


def test_setting_of_the_portal_decides_on_a_contact(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"self_registration_setting": "ALLOW_WITH_CONTACT_CREATION"})

    id = signed_up(pool)["UserSub"]

    user = world.draft().collection("portal_user").get(id)
    assert user["mapping_status"] == "Mapped"
    contact = world.draft().collection("contact").get(user["mapped_contact"]["$relation"][0]["entity_id"])
    assert contact["first_name"] == "Nina"


@pytest.mark.parametrize("setting", ["DENY", "DISALLOW_COMPLETELY", "BLOCK_IF_PORTAL_USER_EXISTS"])
def test_portal_that_lets_nobody_register_refuses_a_sign_up(
    pool: PoolClient, world: World, setting: str
) -> None:
    change(world, "portal/p1", {"self_registration_setting": setting})
    before = world.state.counts()

    assert pool.denied("SignUp", Username=NINA, Password=PASSWORD) == "NotAuthorizedException"
    assert world.state.counts() == before


@pytest.mark.parametrize(
    ("username", "password", "error"),
    [
        (ANNA, PASSWORD, "UsernameExistsException"),
        (ANNA.upper(), PASSWORD, "UsernameExistsException"),
        (NINA, "simple", "InvalidPasswordException"),
        ("nina", PASSWORD, "InvalidParameterException"),
    ],
)
def test_sign_up_that_cannot_be_leaves_nothing(
    pool: PoolClient, world: World, username: str, password: str, error: str
) -> None:
    before = world.state.counts()

    assert pool.denied("SignUp", Username=username, Password=password) == error
    assert world.state.counts() == before


def test_wrong_code_is_a_mismatch_and_five_of_them_lock_it(pool: PoolClient) -> None:
    signed_up(pool)

    seen = [pool.denied("ConfirmSignUp", Username=NINA, ConfirmationCode="0") for _ in range(6)]

    assert seen == ["CodeMismatchException"] * 5 + ["LimitExceededException"]


def test_resent_code_takes_the_place_of_the_old_one(pool: PoolClient) -> None:
    pool.call("ResendConfirmationCode", Username=NADIA)
    old = pool.code()

    pool.call("ResendConfirmationCode", Username=NADIA)

    assert pool.code() != old
    assert pool.denied("ConfirmSignUp", Username=NADIA, ConfirmationCode=old) == "CodeMismatchException"
    assert pool.call("ConfirmSignUp", Username=NADIA, ConfirmationCode=pool.code()) == {}
    assert pool.denied("ConfirmSignUp", Username=NADIA, ConfirmationCode="0") == "NotAuthorizedException"
    assert pool.denied("ResendConfirmationCode", Username=NADIA) == "InvalidParameterException"


def test_code_and_link_of_one_mail_have_the_same_effect(
    pool: PoolClient, world: World, nobody: Client
) -> None:
    pool.call("ResendConfirmationCode", Username=NADIA)
    mail = newest_mail(world)

    answer = nobody.call("confirmUser", confirmation_link_token=mail["token"], use_redirect=False)

    assert mail["link"].endswith(f"/confirm-email?token={mail['token']}")
    assert answer == {"confirmed": True, "user_already_confirmed": False}
    assert "IdToken" in pool.tokens(NADIA)


def test_forgotten_password_is_replaced_with_the_code_of_the_mail(pool: PoolClient, world: World) -> None:
    sent = pool.call("ForgotPassword", Username=ANNA)
    code = pool.code()

    simple = pool.denied("ConfirmForgotPassword", Username=ANNA, ConfirmationCode=code, Password="simple")
    done = pool.call("ConfirmForgotPassword", Username=ANNA, ConfirmationCode=code, Password=NEW)

    assert sent == {
        "CodeDeliveryDetails": {
            "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"
        }
    }  # fmt: skip
    assert newest_mail(world)["template"] == "forgotPassword"
    assert (simple, done) == ("InvalidPasswordException", {})
    assert "IdToken" in pool.tokens(password=NEW)
    again = pool.denied("ConfirmForgotPassword", Username=ANNA, ConfirmationCode=code, Password=NEW)
    assert again == "ExpiredCodeException"


def test_code_for_a_forgotten_password_expires_after_an_hour(pool: PoolClient, world: World) -> None:
    pool.call("ForgotPassword", Username=ANNA)
    world.clock = world.clock.advanced(timedelta(hours=1))

    error = pool.denied("ConfirmForgotPassword", Username=ANNA, ConfirmationCode=pool.code(), Password=NEW)

    assert error == "ExpiredCodeException"


def test_unknown_user_seems_to_get_a_mail(pool: PoolClient, world: World) -> None:
    before = world.state.counts()

    for action in ("ForgotPassword", "ResendConfirmationCode"):
        assert (
            pool.call(action, Username="nobody@example.org")["CodeDeliveryDetails"]["DeliveryMedium"]
            == "EMAIL"
        )

    assert world.state.counts() == before
    members = {"Username": "nobody@example.org", "ConfirmationCode": "1", "Password": NEW}
    assert pool.denied("ConfirmForgotPassword", **members) == "ExpiredCodeException"


@pytest.mark.parametrize(
    ("username", "error"),
    [(NADIA, "InvalidParameterException"), ("jan.peters@example.org", "NotAuthorizedException")],
)
def test_user_who_cannot_sign_in_gets_no_code_for_a_password(
    pool: PoolClient, username: str, error: str
) -> None:
    assert pool.denied("ForgotPassword", Username=username) == error


def test_changed_password_replaces_the_old_one(pool: PoolClient) -> None:
    access = pool.tokens()["AccessToken"]

    wrong = pool.denied("ChangePassword", AccessToken=access, PreviousPassword="x", ProposedPassword=NEW)
    simple = pool.denied(
        "ChangePassword", AccessToken=access, PreviousPassword=PASSWORD, ProposedPassword="x"
    )
    done = pool.call("ChangePassword", AccessToken=access, PreviousPassword=PASSWORD, ProposedPassword=NEW)

    assert (wrong, simple, done) == ("NotAuthorizedException", "InvalidPasswordException", {})
    old = pool.denied(
        "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": ANNA, "PASSWORD": PASSWORD}
    )
    assert old == "NotAuthorizedException"
    assert "IdToken" in pool.tokens(password=NEW)


def test_user_reads_and_writes_own_attributes(pool: PoolClient, world: World) -> None:
    access = pool.tokens()["AccessToken"]
    names = [{"Name": "nickname", "Value": "Anni"}, {"Name": "locale", "Value": "de"}]

    pool.call("UpdateUserAttributes", AccessToken=access, UserAttributes=names)

    answer = pool.call("GetUser", AccessToken=access)
    attributes = {one["Name"]: one["Value"] for one in answer["UserAttributes"]}
    anna = id_of(world, "portal_user/anna")
    assert answer["Username"] == attributes["sub"] == attributes["custom:portal_user_id"] == anna
    assert {name: attributes[name] for name in ("email", "email_verified", "nickname", "locale")} == {
        "email": ANNA, "email_verified": "true", "nickname": "Anni", "locale": "de",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["custom:org_id", "sub", "email_verified", "cognito:username"])
def test_attribute_that_says_who_somebody_is_cannot_be_written(pool: PoolClient, name: str) -> None:
    members = {"AccessToken": pool.tokens()["AccessToken"], "UserAttributes": [{"Name": name, "Value": "x"}]}

    assert pool.denied("UpdateUserAttributes", **members) == "NotAuthorizedException"


def test_new_address_counts_once_its_code_was_verified(pool: PoolClient, world: World) -> None:
    access = pool.tokens()["AccessToken"]
    change_to = [{"Name": "email", "Value": "anna@example.net"}]
    sent = pool.call("UpdateUserAttributes", AccessToken=access, UserAttributes=change_to)
    pool.call("GetUserAttributeVerificationCode", AccessToken=access, AttributeName="email")
    assert pool.tokens()

    pool.call("VerifyUserAttribute", AccessToken=access, AttributeName="email", Code=pool.code())

    assert sent["CodeDeliveryDetailsList"][0]["Destination"] == "a***@e***"
    assert newest_mail(world)["to"] == "anna@example.net"
    assert record_of(world, "portal_user/anna")["email"] == "anna@example.net"
    assert pool.tokens("anna@example.net")
    assert pool.denied("GetUser", AccessToken=access) == "NotAuthorizedException"


def test_address_of_another_user_is_refused(pool: PoolClient) -> None:
    members = {
        "AccessToken": pool.tokens()["AccessToken"],
        "UserAttributes": [{"Name": "email", "Value": "mehmet.yilmaz@example.org"}],
    }

    assert pool.denied("UpdateUserAttributes", **members) == "AliasExistsException"


def test_deleted_user_is_gone_from_pool_and_portal(pool: PoolClient, nobody: Client) -> None:
    tokens = pool.tokens()

    assert pool.call("DeleteUser", AccessToken=tokens["AccessToken"]) == {}

    assert nobody.as_(tokens["IdToken"]).exchange("validateToken").reply.status == 401
    parameters = {"USERNAME": ANNA, "PASSWORD": PASSWORD}
    error = pool.denied("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    assert error == "NotAuthorizedException"


def test_portal_decides_whether_users_delete_themselves(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"user_account_self_management": False})

    assert pool.denied("DeleteUser", AccessToken=pool.tokens()["AccessToken"]) == "NotAuthorizedException"


def test_access_token_is_needed_and_an_id_token_is_none(pool: PoolClient) -> None:
    id_token = pool.tokens()["IdToken"]

    assert pool.denied("GetUser", AccessToken=id_token) == "NotAuthorizedException"
    assert pool.denied("GetUser", AccessToken="dev-anna") == "NotAuthorizedException"
    assert pool.denied("GetUser") == "InvalidParameterException"


def test_user_who_is_disabled_or_deleted_meanwhile_has_no_account(pool: PoolClient, world: World) -> None:
    access = pool.tokens()["AccessToken"]
    change(world, "portal_user/anna", {"access_status": False})
    disabled = pool.denied("GetUser", AccessToken=access)
    change(world, "portal_user/anna", {"_deleted_at": "2026-06-15T07:00:00.000Z"})

    assert (disabled, pool.denied("GetUser", AccessToken=access)) == (
        "NotAuthorizedException",
        "UserNotFoundException",
    )
