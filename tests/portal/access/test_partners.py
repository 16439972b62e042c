"""The people of a business account, from the invitation to the end of their access."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mockportal.engine.signing import sign
from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import activity_types, change, id_of, pass_days, record_of, titles

ON_ONE_PARTNER = ("resendPartnerInvitation", "revokePartner", "disablePartner", "enablePartner")
NEW = "neu.ling@example.org"
# operation, partner, why not
REFUSED = [
    ("resendPartnerInvitation", "lukas", "this partner has registered already"),
    ("disablePartner", "jan", "the access of this partner is disabled already"),
    ("enablePartner", "lukas", "the access of this partner is enabled already"),
    ("revokePartner", "sabine", "this is your own access"),
    ("disablePartner", "sabine", "this is your own access"),
]


@pytest.fixture
def sabine(nobody: Client) -> Client:
    return nobody.as_("dev-sabine")


def partner(client: Client, operation_id: str, name: str, status: int | None = None) -> Any:
    return client.call(operation_id, status=status, partner_id=id_of(client.world, f"contact/{name}"))


def invite(client: Client, email: str = NEW, status: int | None = None, **given: Any) -> Any:
    return client.call("invitePartner", status=status, body={"email": email, **given})


def listed(client: Client, title: str) -> Any:
    return next(item for item in client.call("listBusinessPartners")["data"] if item["_title"] == title)


def newest(world: World, kind: str) -> Record:
    return list(world.draft().collection(kind))[-1]


def tokens_of(world: World, name: str) -> list[str]:
    found = world.draft().collection("confirmation").where(portal_user_id=id_of(world, f"portal_user/{name}"))
    return [str(token["token"]) for token in found]


def test_partners_are_the_others_of_the_account(sabine: Client) -> None:
    partners = sabine.call("listBusinessPartners")["data"]

    assert partners == [
        {
            "_id": id_of(sabine.world, "contact/emilia"),
            "_title": "Emilia Roth",
            "first_name": "Emilia",
            "last_name": "Roth",
            "email": "emilia.roth@example.org",
            "has_portal_user": True,
            "registration_status": "Registration Pending",
            "access_status": True,
        },
        {
            "_id": id_of(sabine.world, "contact/jan"),
            "_title": "Jan Peters",
            "first_name": "Jan",
            "last_name": "Peters",
            "email": "jan.peters@example.org",
            "has_portal_user": True,
            "registration_status": "Registered",
            "access_status": False,
        },
        {
            "_id": id_of(sabine.world, "contact/lukas"),
            "_title": "Lukas Vogt",
            "first_name": "Lukas",
            "last_name": "Vogt",
            "email": "lukas.vogt@example.org",
            "has_portal_user": True,
            "registration_status": "Registered",
            "access_status": True,
        },
    ]


def test_partner_has_partners_too(nobody: Client) -> None:
    assert titles(nobody.as_("dev-lukas"), "listBusinessPartners") == [
        "Emilia Roth",
        "Jan Peters",
        "Sabine Krämer",
    ]


@pytest.mark.parametrize(
    "email", [None, "plain@example.org", [], ["plain"], [{"email": "plain@example.org"}]]
)
def test_partner_without_access_is_listed_with_what_is_known(sabine: Client, email: Any) -> None:
    partner(sabine, "revokePartner", "jan")
    change(sabine.world, "contact/jan", {"email": email})

    found = listed(sabine, "Jan Peters")

    assert found["has_portal_user"] is False
    assert found.get("email") in (None, "plain@example.org")
    assert "access_status" not in found


@pytest.mark.parametrize("person", ["anna", "lea"])
def test_private_customer_has_no_partners(nobody: Client, person: str) -> None:
    client = nobody.as_(f"dev-{person}")

    refusals = [client.call("listBusinessPartners", status=403), invite(client, status=403)]
    refusals += [partner(client, operation_id, "lukas", status=403) for operation_id in ON_ONE_PARTNER]

    message = {"message": "only users who belong to a business account have partners"}
    assert refusals == [message] * 6


def test_invited_person_is_listed_and_gets_a_mail(sabine: Client) -> None:
    body = invite(sabine, contact_data={"first_name": "Neu", "last_name": ["von", "Ling"], "phone": "030"})

    assert body == {"message": "Partner invited"}
    found = listed(sabine, "Neu von Ling")
    assert (found["email"], found["registration_status"]) == (NEW, "Registration Pending")
    assert (found["has_portal_user"], found["access_status"]) == (True, True)
    mail = newest(sabine.world, "mail")
    assert (mail["to"], mail["template"]) == (NEW, "partnerInvitation")
    assert mail["link"].startswith("https://mein.sw-musterau.test/register?")
    assert parse_qs(urlsplit(mail["link"]).query) == {"email": [NEW], "token": [mail["token"]]}
    assert mail["expires_at"] == "2026-06-29T07:00:00.000Z"


def test_invited_person_registers_and_sees_the_account(nobody: Client, sabine: Client) -> None:
    invite(sabine)
    application = {"email": NEW, "password": "Musterau!2026", "orgId": "500001"}
    nobody.call("createUserV3", portal_id=id_of(nobody.world, "portal/p1"), body=application)
    link = newest(nobody.world, "mail")["token"]

    nobody.call("confirmUser", confirmation_link_token=link, use_redirect=False)

    registered = newest(nobody.world, "portal_user")
    claims = {"sub": registered["_id"], "token_type": "portal", "exp": 2_000_000_000}
    assert listed(sabine, NEW)["registration_status"] == "Registered"
    assert titles(nobody.as_(sign(claims)), "listBusinessPartners")[-1] == "Sabine Krämer"
    numbers = [each["contract_number"] for each in nobody.as_(sign(claims)).call("getAllContracts")["data"]]
    assert "V-900007" in numbers


def test_partner_represents_the_whole_account_or_whom_the_list_names(sabine: Client) -> None:
    world = sabine.world
    invite(sabine)
    everybody = newest(world, "portal_user")["represents"]["$relation"]

    invite(sabine, "noch.wer@example.org", represents_contact_list=[id_of(world, "contact/sabine")])

    assert [item["entity_id"] for item in everybody] == [
        id_of(world, f"contact/{name}") for name in ("sabine", "lukas", "emilia", "jan")
    ]
    assert newest(world, "portal_user")["represents"] == {
        "$relation": [{"entity_id": id_of(world, "contact/sabine")}]
    }


def test_contact_of_the_account_is_invited_again_after_the_access_ended(sabine: Client) -> None:
    partner(sabine, "revokePartner", "lukas")

    invite(sabine, "Lukas.Vogt@example.org ")

    assert listed(sabine, "Lukas Vogt")["registration_status"] == "Registration Pending"
    assert len(sabine.call("listBusinessPartners")["data"]) == 3


def test_extra_attributes_do_not_override_what_the_portal_knows(sabine: Client) -> None:
    invite(
        sabine,
        portal_user_data={"language": "en", "access_status": "no", "email": "x@y.test", "_deleted_at": "now"},
        contact_data={"_schema": "account", "account": "none", "email": "x@y.test", "role": ["a", "b"]},
    )

    user, contact = newest(sabine.world, "portal_user"), newest(sabine.world, "contact")
    assert (user["language"], user["access_status"], user["email"]) == ("en", True, NEW)
    assert "_deleted_at" not in user
    assert (contact["_schema"], contact["role"]) == ("contact", ["a", "b"])
    assert contact["account"] == record_of(sabine.world, "contact/sabine")["account"]
    assert contact["email"][0]["email"] == NEW


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("nobody", "'nobody' is not an e-mail address"),
        ("anna.berger@example.org", "there is a user with this address already"),
        ("EMILIA.ROTH@example.org", "there is a user with this address already"),
    ],
)
def test_address_has_to_be_a_new_one(sabine: Client, email: str, message: str) -> None:
    assert invite(sabine, email, status=400) == {"message": message}


def test_only_contacts_of_the_account_can_be_represented(sabine: Client) -> None:
    before = sabine.world.state

    invite(sabine, status=404, represents_contact_list=[id_of(sabine.world, "contact/anna")])

    assert sabine.world.state is before


@pytest.mark.parametrize("operation_id", ON_ONE_PARTNER)
@pytest.mark.parametrize(("name", "status"), [("anna", 403), ("marek", 403), ("unheard-of", 404)])
def test_partner_has_to_be_of_the_account(sabine: Client, operation_id: str, name: str, status: int) -> None:
    id = "00000000-0000-4000-8000-000000000000" if status == 404 else id_of(sabine.world, f"contact/{name}")

    sabine.call(operation_id, status=status, partner_id=id)


@pytest.mark.parametrize(("operation_id", "name", "message"), REFUSED)
def test_change_has_to_make_sense(sabine: Client, operation_id: str, name: str, message: str) -> None:
    assert partner(sabine, operation_id, name, status=400) == {"message": message}


@pytest.mark.parametrize("operation_id", ON_ONE_PARTNER)
def test_partner_whose_access_has_ended_has_none(sabine: Client, operation_id: str) -> None:
    partner(sabine, "revokePartner", "emilia")

    body = partner(sabine, operation_id, "emilia", status=400)

    assert body == {"message": "this partner has no access to the portal"}


def test_new_invitation_takes_the_place_of_the_old_one(sabine: Client) -> None:
    world = sabine.world
    pass_days(world, 3)

    assert partner(sabine, "resendPartnerInvitation", "emilia") == {"message": "Invitation sent again"}

    mail = newest(world, "mail")
    assert mail["to"] == "emilia.roth@example.org"
    assert tokens_of(world, "emilia") == [mail["token"]]
    assert mail["token"] != "invite-emilia"


def test_disabled_partner_is_locked_out_until_enabled_again(nobody: Client, sabine: Client) -> None:
    lukas = nobody.as_("dev-lukas")

    partner(sabine, "disablePartner", "lukas")
    lukas.call("getContact", status=403)
    disabled = listed(sabine, "Lukas Vogt")["access_status"]
    partner(sabine, "enablePartner", "lukas")

    assert disabled is False
    assert lukas.call("getContact")
    assert activity_types(nobody.world, "contact/lukas") == ["EntityUpdatedFromPortal"] * 2


def test_revoked_partner_is_gone_and_the_contact_stays(nobody: Client, sabine: Client) -> None:
    assert partner(sabine, "revokePartner", "lukas") == {"message": "Partner access revoked"}

    nobody.as_("dev-lukas").call("getContact", status=401)
    found = listed(sabine, "Lukas Vogt")
    assert (found["has_portal_user"], "registration_status" in found) == (False, False)
    assert record_of(nobody.world, "portal_user/lukas")["_deleted_at"] == "2026-06-15T07:00:00.000Z"


def test_revoked_invitation_cannot_be_used(sabine: Client) -> None:
    partner(sabine, "revokePartner", "emilia")

    assert tokens_of(sabine.world, "emilia") == []


def test_user_of_another_portal_is_no_partner_here(sabine: Client) -> None:
    change(sabine.world, "portal_user/lukas", {"portal_id": id_of(sabine.world, "portal/p2")})

    assert listed(sabine, "Lukas Vogt")["has_portal_user"] is False
