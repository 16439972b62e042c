import pytest

from mockportal.engine.world import World
from mockportal.portal.access.confirmation import issue_token, redeemed_user
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of, pass_days, record_of

DOMAIN = "mein.sw-musterau.test"
CHANGE = {"email": "Anna.Neu@example.org", "password": "Musterau!2026"}
MESSAGE = "You will receive a confirmation mail soon on your updated email address."


def newest_mail(world: World) -> Record:
    return list(world.draft().collection("mail"))[-1]


def status_of(world: World, alias: str) -> str:
    return str(record_of(world, f"portal_user/{alias}")["registration_status"])


def test_confirmation_completes_a_registration(nobody: Client, world: World) -> None:
    answer = nobody.call("confirmUser", confirmation_link_token="confirm-nadia", use_redirect=False)

    assert answer == {"confirmed": True, "user_already_confirmed": False}
    assert status_of(world, "nadia") == "Registered"


def test_confirming_twice_says_so(nobody: Client, world: World) -> None:
    nobody.call("confirmUser", confirmation_link_token="confirm-nadia", use_redirect=False)
    pass_days(world, 2)

    answer = nobody.call("confirmUser", confirmation_link_token="confirm-nadia", use_redirect=False)

    assert answer == {"confirmed": True, "user_already_confirmed": True}


def test_confirmation_redirects_to_a_page_of_the_portal(nobody: Client) -> None:
    reply = nobody.exchange("confirmUser", confirmation_link_token="confirm-nadia").reply

    assert (reply.status, reply.body) == (301, None)
    assert reply.headers == {"Location": "https://mein.sw-musterau.test/register/success"}


@pytest.mark.parametrize("token", ["", "confirm-nadi", "invite-emilia"])
@pytest.mark.parametrize("use_redirect", [True, False])
def test_wrong_token_is_invalid(nobody: Client, token: str, use_redirect: bool) -> None:
    answer = nobody.call("confirmUser", confirmation_link_token=token, use_redirect=use_redirect, status=400)

    assert answer["reason"] == "invalid_token"


def test_expired_token_is_invalid(nobody: Client, world: World) -> None:
    pass_days(world, 1)

    answer = nobody.call("confirmUser", confirmation_link_token="confirm-nadia", status=400)

    assert answer["reason"] == "invalid_token"
    assert status_of(world, "nadia") == "Confirmation Email Sent"


def test_token_of_a_deleted_user_is_invalid(nobody: Client, world: World) -> None:
    change(world, "portal_user/nadia", {"_deleted_at": "2026-06-15T07:00:00.000Z"})

    nobody.call("confirmUser", confirmation_link_token="confirm-nadia", status=400)


def test_older_link_confirms_by_id(nobody: Client, world: World) -> None:
    where = {"origin": "END_CUSTOMER_PORTAL", "org_id": "500001"}

    reply = nobody.exchange("confirmUserWithUserId", id=id_of(world, "portal_user/nadia"), **where).reply

    assert reply.status == 301
    assert reply.headers["Location"] == "https://mein.sw-musterau.test/register/success"
    assert status_of(world, "nadia") == "Registered"


def test_older_link_does_not_register_who_was_only_invited(nobody: Client, world: World) -> None:
    where = {"origin": "END_CUSTOMER_PORTAL", "org_id": "500001"}

    nobody.exchange("confirmUserWithUserId", id=id_of(world, "portal_user/emilia"), **where)

    assert status_of(world, "emilia") == "Registration Pending"


@pytest.mark.parametrize(
    ("alias", "origin", "org"),
    [
        ("nadia", "INSTALLER_PORTAL", "500001"),
        ("nadia", "END_CUSTOMER_PORTAL", "500002"),
        ("gone", "END_CUSTOMER_PORTAL", "500001"),
        ("nobody", "END_CUSTOMER_PORTAL", "500001"),
    ],
)
def test_older_link_of_no_user_is_not_found(
    nobody: Client, world: World, alias: str, origin: str, org: str
) -> None:
    id = id_of(world, f"portal_user/{alias}") if alias != "nobody" else id_of(world, "contact/anna")

    nobody.call("confirmUserWithUserId", id=id, origin=origin, org_id=org, status=404)


def test_resent_mail_makes_the_old_link_invalid(admin: Client, world: World) -> None:
    answer = admin.call("resendConfirmationEmail", id=id_of(world, "portal_user/nadia"))

    assert answer == {"message": "Confirmation email sent successfully."}
    admin.call("confirmUser", confirmation_link_token="confirm-nadia", status=400)
    token = newest_mail(world)["token"]
    assert admin.call("confirmUser", confirmation_link_token=token, use_redirect=False)["confirmed"] is True


@pytest.mark.parametrize(("alias", "status"), [("anna", 400), ("emilia", 400), ("gone", 404)])
def test_nothing_is_resent_to_who_has_nothing_to_confirm(
    admin: Client, world: World, alias: str, status: int
) -> None:
    admin.call("resendConfirmationEmail", id=id_of(world, f"portal_user/{alias}"), status=status)


def test_administrator_who_may_only_read_resends_nothing(nobody: Client, world: World) -> None:
    reader = nobody.as_("dev-admin-readonly")

    reader.call("resendConfirmationEmail", id=id_of(world, "portal_user/nadia"), status=403)


def test_new_address_is_reserved_and_the_old_one_stays_valid(anna: Client, world: World) -> None:
    answer = anna.call("updatePortalUserEmail", body=CHANGE)

    assert answer == {"message": MESSAGE}
    assert status_of(world, "anna") == "Email Update In Progress"
    for email in ("anna.berger@example.org", "anna.neu@example.org"):
        assert anna.call("userExistsV3", domain=DOMAIN, email=email) == {"exists": True}
    assert anna.call("getPortalUser")["data"]["email"] == "anna.berger@example.org"


def test_mail_about_a_change_goes_to_the_new_address(anna: Client, world: World) -> None:
    anna.call("updatePortalUserEmail", body=CHANGE)

    mail = newest_mail(world)
    assert (mail["to"], mail["template"]) == ("anna.neu@example.org", "confirmEmailUpdate")
    assert mail["link"] == f"https://mein.sw-musterau.test/new-email?token={mail['token']}"


def test_confirmed_change_moves_the_login_and_ends_old_sessions(anna: Client, world: World) -> None:
    anna.call("updatePortalUserEmail", body=CHANGE)

    anna.call("confirmUser", confirmation_link_token=newest_mail(world)["token"])

    user = record_of(world, "portal_user/anna")
    assert (user["email"], user["registration_status"]) == ("anna.neu@example.org", "Registered")
    anna.call("getPortalUser", status=401)
    assert anna.call("userExistsV3", domain=DOMAIN, email="anna.berger@example.org") == {"exists": False}


def test_reservation_ends_with_the_link(anna: Client, world: World) -> None:
    anna.call("updatePortalUserEmail", body=CHANGE)

    pass_days(world, 1)

    assert anna.call("userExistsV3", domain=DOMAIN, email="anna.neu@example.org") == {"exists": False}


def test_change_can_be_asked_for_again(anna: Client, world: World) -> None:
    anna.call("updatePortalUserEmail", body=CHANGE)
    first = newest_mail(world)["token"]

    anna.call("updatePortalUserEmail", body=CHANGE)

    anna.call("confirmUser", confirmation_link_token=first, status=400)
    anna.call("confirmUser", confirmation_link_token=newest_mail(world)["token"], use_redirect=False)


def test_mail_about_a_change_can_be_sent_again(admin: Client, world: World) -> None:
    admin.as_("dev-anna").call("updatePortalUserEmail", body=CHANGE)

    admin.call("resendConfirmationEmail", id=id_of(world, "portal_user/anna"))

    assert newest_mail(world)["to"] == "anna.neu@example.org"
    assert status_of(world, "anna") == "Email Update In Progress"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("anna.neu@example.org", "wrong"),
        ("anna.neu", "Musterau!2026"),
        ("ANNA.BERGER@example.org", "Musterau!2026"),
        ("Mehmet.Yilmaz@example.org", "Musterau!2026"),
    ],
)
def test_change_is_refused(anna: Client, world: World, email: str, password: str) -> None:
    anna.call("updatePortalUserEmail", body={"email": email, "password": password}, status=400)

    assert status_of(world, "anna") == "Registered"


def test_reserved_address_is_nobody_elses(anna: Client) -> None:
    anna.call("updatePortalUserEmail", body=CHANGE)

    anna.as_("dev-mehmet").call("updatePortalUserEmail", body=CHANGE, status=400)


def test_user_without_a_password_changes_no_address(nobody: Client) -> None:
    nobody.as_("dev-lea").call("updatePortalUserEmail", body=CHANGE, status=400)


def test_login_token_is_good_once_for_five_minutes_and_its_purpose(world: World) -> None:
    draft = world.draft()
    user = record_of(world, "portal_user/anna")
    token = issue_token(draft, user, "login_as")["token"]

    assert redeemed_user(draft, token, "sso") is None
    assert redeemed_user(draft, token, "sso", "login_as") == user
    assert redeemed_user(draft, token, "login_as") is None


def test_login_token_expires(world: World) -> None:
    draft = world.draft()
    token = issue_token(draft, record_of(world, "portal_user/anna"), "sso")["token"]
    world.state = draft.state

    pass_days(world, 5 / 24 / 60)

    assert redeemed_user(world.draft(), token, "sso") is None
