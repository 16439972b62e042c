from typing import Any

import pytest

from mockportal.engine import signing
from mockportal.engine.world import World
from mockportal.portal.access.registration import ACCOUNT_RULES, CONTACT_RULES
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import activity_types, change, id_of, pass_days, record_of

DOMAIN = "mein.sw-musterau.test"
PARTNERS = "partner.sw-musterau.test"
ANNA: Record = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}
NOBODY: Record = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900003"}}


def application(identifiers: Record = ANNA, **fields: Any) -> Record:
    return {
        "email": "neu@example.org",
        "orgId": "500001",
        "password": "Musterau!2026",
        "registration_identifiers": identifiers,
        "additional_contact_attributes": {"first_name": "Nina", "last_name": "Neu"},
        **fields,
    }


def company(customer_number: str, first_name: str = "Nina", **fields: Any) -> Record:
    contact = {"first_name": first_name, "last_name": "Nowak"}
    identifiers = {"account": {"customer_number": customer_number}}
    return application(identifiers, contact_identifiers_for_account=contact, **fields)


def mails(world: World) -> list[Record]:
    """The mails since the start of the world."""
    known = set(world.scenario.state.tables["mail"])
    return [mail for mail in world.draft().collection("mail") if mail["id"] not in known]


def registered(world: World) -> Record:
    return list(world.draft().collection("portal_user"))[-1]


def contact_of(world: World, user: Record) -> Record:
    return world.draft().collection("contact").get(user["mapped_contact"]["$relation"][0]["entity_id"])


def test_exactly_one_match_is_mapped(nobody: Client, world: World) -> None:
    answer = nobody.call("createUserV3", domain=DOMAIN, body=application(), status=201)

    user = registered(world)
    assert answer == {
        "message": "User created successfully",
        "response": {
            "_id": user["_id"],
            "email": "neu@example.org",
            "portal_id": id_of(world, "portal/p1"),
            "registration_status": "Confirmation Email Sent",
            "mapping_status": "Mapped",
        },
    }
    assert user["mapped_contact"] == {"$relation": [{"entity_id": id_of(world, "contact/anna")}]}
    assert user["access_status"] is True
    assert activity_types(world, "contact/anna") == ["EntityCreated"]


def test_v2_names_the_portal_by_organization_and_origin(nobody: Client, world: World) -> None:
    nobody.call("createUser", origin="END_CUSTOMER_PORTAL", body=application(), status=201)

    assert registered(world)["portal_id"] == id_of(world, "portal/p1")


def test_new_user_finds_the_registration_in_the_feed(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application())
    id = registered(world)["_id"]
    user = nobody.as_(signing.sign({"sub": id, "token_type": "portal", "exp": 2**31}))

    feed = user.call("getEntityActivityFeed", slug="portal_user", id=id)

    assert [activity["type"] for activity in feed["results"]] == ["EntityCreated"]


def test_link_of_a_registration_has_the_form_of_the_one_in_the_scenario(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application())

    [mail] = mails(world)
    assert mail["to"] == "neu@example.org"
    assert mail["template"] == "confirmAccount"
    assert mail["expires_at"] == "2026-06-16T07:00:00.000Z"
    seeded = record_of(world, "mail/nadia-confirmation")
    assert mail["link"] == seeded["link"].replace(seeded["token"], mail["token"])
    assert mail["link"] == f"https://mein.sw-musterau.test/confirm-email?token={mail['token']}"


def test_tokens_are_the_same_in_the_same_world(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application())
    first = mails(world)[0]["token"]

    world.reset(world.scenario)
    nobody.call("createUserV3", domain=DOMAIN, body=application())

    assert mails(world)[0]["token"] == first


MATRIX = [
    ("ALLOW_WITH_CONTACT_CREATION", ANNA, "anna"),
    ("ALLOW_WITH_CONTACT_CREATION", NOBODY, "new"),
    ("ALLOW_WITHOUT_CONTACT_CREATION", ANNA, "anna"),
    ("ALLOW_WITHOUT_CONTACT_CREATION", NOBODY, "pending"),
    ("DENY", ANNA, "anna"),
    ("DENY", NOBODY, "refused"),
    ("ALWAYS_CREATE_CONTACT", ANNA, "new"),
    ("ALWAYS_CREATE_CONTACT", NOBODY, "new"),
    ("BLOCK_IF_PORTAL_USER_EXISTS", ANNA, "refused"),
    ("BLOCK_IF_PORTAL_USER_EXISTS", NOBODY, "refused"),
    ("DISALLOW_COMPLETELY", ANNA, "refused"),
    ("DISALLOW_COMPLETELY", NOBODY, "refused"),
]


@pytest.mark.parametrize(("setting", "identifiers", "outcome"), MATRIX)
def test_setting_decides_what_becomes_of_a_registration(
    nobody: Client, world: World, setting: str, identifiers: Record, outcome: str
) -> None:
    change(world, "portal/p1", {"self_registration_setting": setting})
    before = world.state

    reply = nobody.exchange("createUserV3", domain=DOMAIN, body=application(identifiers)).reply

    if outcome == "refused":
        assert reply.status == 400
        assert world.state is before or world.state == before
        return
    assert reply.status == 201
    user = registered(world)
    if outcome == "pending":
        assert user["mapping_status"] == "Pending"
        assert "mapped_contact" not in user
    else:
        title = {"anna": "Anna Berger", "new": "Nina Neu"}[outcome]
        assert contact_of(world, user)["_title"] == title


def test_matrix_covers_the_settings_of_the_spec(spec: Spec) -> None:
    attributes = spec.document["components"]["schemas"]["CommonConfigAttributesV3"]["properties"]

    assert set(CONTACT_RULES) == set(attributes["self_registration_setting"]["enum"])
    assert set(CONTACT_RULES) == {setting for setting, _, _ in MATRIX}
    assert set(ACCOUNT_RULES) == set(attributes["self_registration_account_setting"]["enum"])


def test_contact_without_a_user_may_register_where_users_block(nobody: Client, world: World) -> None:
    change(world, "portal/p1", {"self_registration_setting": "BLOCK_IF_PORTAL_USER_EXISTS"})
    change(world, "portal_user/anna", {"_deleted_at": "2026-06-01T00:00:00.000Z"})

    nobody.call("createUserV3", domain=DOMAIN, body=application(), status=201)

    assert contact_of(world, registered(world))["_title"] == "Anna Berger"


def test_pending_user_is_reported_to_the_administrators(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application(NOBODY))

    assert [mail["to"] for mail in mails(world)] == ["inga.petersen@sw-musterau.test", "neu@example.org"]


def test_several_matches_are_no_match(nobody: Client, world: World) -> None:
    identifiers = [{"schema": "contact", "name": "last_name"}]
    change(world, "portal/p1", {"registration_identifiers": identifiers})

    nobody.call("createUserV3", domain=DOMAIN, body=application({"contact": {"last_name": "Brandt"}}))

    assert registered(world)["mapping_status"] == "Pending"


def test_new_contact_holds_what_was_said(nobody: Client, world: World) -> None:
    change(world, "portal/p1", {"self_registration_setting": "ALWAYS_CREATE_CONTACT"})
    given = {
        "first_name": "Nina",
        "last_name": "Neu",
        "_id": id_of(world, "contact/anna"),
        "internal_note": "x",
    }
    body = application(additional_contact_attributes=given)

    nobody.call("createUserV3", domain=DOMAIN, body=body)

    contact = contact_of(world, registered(world))
    assert contact["_id"] != id_of(world, "contact/anna")
    assert contact["email"] == [{"email": "neu@example.org", "_tags": ["Primary"]}]
    assert contact["first_name"] == "Nina"
    assert "internal_note" not in contact


REFUSED = {
    "address taken": {"email": "Anna.Berger@Example.org"},
    "no address": {"email": "anna"},
    "password too short": {"password": "Aa1!"},
    "no symbol": {"password": "Musterau2026"},
    "identifier missing": {"registration_identifiers": {"contact": {"last_name": "Berger"}}},
    "identifier blank": {"registration_identifiers": {**ANNA, "contact": {"last_name": " "}}},
    "identifier not used": {"registration_identifiers": {**ANNA, "meter": {"meter_number": "1"}}},
    "attribute missing": {"additional_contact_attributes": {"first_name": "Nina"}},
    "other organization": {"orgId": "500002"},
    "unknown contact": {"contactId": "00000000-0000-5000-8000-000000000000"},
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED.keys())
def test_registration_is_refused(nobody: Client, world: World, fields: Record) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application(**fields), status=400)

    assert mails(world) == []


@pytest.mark.parametrize("domain", ["alt.sw-musterau.test", "unknown.test"])
def test_disabled_or_unknown_portal_registers_nobody(nobody: Client, domain: str) -> None:
    nobody.call("createUserV3", domain=domain, body=application(), status=400)


def test_second_registration_with_the_same_address_is_refused(nobody: Client) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application())

    nobody.call("createUserV3", domain=DOMAIN, body=application(email="NEU@example.org"), status=400)


def test_address_of_a_deleted_user_is_free_again(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=application(email="otto.ex@example.org"), status=201)

    assert nobody.call("userExistsV3", domain=DOMAIN, email="otto.ex@example.org") == {"exists": True}


def test_invitation_link_maps_to_its_contact(nobody: Client, world: World) -> None:
    body = {**application(), "contactId": id_of(world, "contact/nadia")}
    del body["registration_identifiers"], body["additional_contact_attributes"]

    nobody.call("createUserV3", domain=DOMAIN, body=body, status=201)

    assert contact_of(world, registered(world))["_title"] == "Nadia Haddad"


def test_invited_user_completes_the_invitation(nobody: Client, world: World) -> None:
    body = {"email": "emilia.roth@example.org", "orgId": "500001", "password": "Musterau!2026"}

    answer = nobody.call("createUserV3", domain=DOMAIN, body=body, status=201)

    assert answer["response"]["_id"] == id_of(world, "portal_user/emilia")
    assert answer["response"]["registration_status"] == "Confirmation Email Sent"
    assert [mail["to"] for mail in mails(world)] == ["emilia.roth@example.org"]


def test_expired_invitation_registers_nobody(nobody: Client, world: World) -> None:
    pass_days(world, 8)
    body = {"email": "emilia.roth@example.org", "orgId": "500001", "password": "Musterau!2026"}

    nobody.call("createUserV3", domain=DOMAIN, body=body, status=400)


@pytest.mark.parametrize(
    ("setting", "number", "outcome"),
    [
        ("ALLOW_WITH_CREATION", "AC-200002", "known"),
        ("ALLOW_WITH_CREATION", "AC-999999", "new"),
        ("DENY", "AC-200002", "known"),
        ("DENY", "AC-999999", "refused"),
        ("ALWAYS_CREATE", "AC-200002", "new"),
        ("BLOCK_IF_PORTAL_USER_EXISTS", "AC-200002", "refused"),
        ("BLOCK_IF_PORTAL_USER_EXISTS", "AC-999999", "refused"),
        ("DISALLOW_COMPLETELY", "AC-200002", "refused"),
    ],
)
def test_setting_decides_what_becomes_of_a_company(
    nobody: Client, world: World, setting: str, number: str, outcome: str
) -> None:
    change(world, "portal/p2", {"self_registration_account_setting": setting})

    reply = nobody.exchange("createUserV3", domain=PARTNERS, body=company(number)).reply

    assert reply.status == (400 if outcome == "refused" else 201)
    if outcome != "refused":
        account = contact_of(world, registered(world))["account"]["$relation"][0]["entity_id"]
        assert (account == id_of(world, "account/ac-200002")) is (outcome == "known")


def test_contact_inside_the_account_is_picked_by_its_identifiers(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=PARTNERS, body=company("AC-200002", first_name="marek"))

    assert contact_of(world, registered(world))["_title"] == "Marek Nowak"


def test_unknown_contact_inside_the_account_is_made(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=PARTNERS, body=company("AC-200002"))

    contact = contact_of(world, registered(world))
    assert contact["_title"] == "Nina Nowak"
    assert contact["account"] == {"$relation": [{"entity_id": id_of(world, "account/ac-200002")}]}


def test_new_company_has_the_identifiers(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=PARTNERS, body=company("AC-999999"))

    account = list(world.draft().collection("account"))[-1]
    assert (account["_title"], account["customer_number"]) == ("AC-999999", "AC-999999")


def test_account_may_be_named_instead_of_identified(nobody: Client, world: World) -> None:
    body = {**company("x"), "account_id": id_of(world, "account/ac-200002")}
    del body["registration_identifiers"]

    nobody.call("createUserV3", domain=PARTNERS, body=body, status=201)

    assert contact_of(world, registered(world))["_title"] == "Nina Nowak"


def test_portal_can_block_companies_with_users(nobody: Client, world: World) -> None:
    change(world, "portal/p2", {"block_registration_if_portal_user_exists": True})

    nobody.call("createUserV3", domain=PARTNERS, body=company("AC-200002"), status=400)


def test_company_needs_the_identifiers_of_the_contact(nobody: Client) -> None:
    body = {**company("AC-200002"), "contact_identifiers_for_account": {"first_name": "Nina"}}

    nobody.call("createUserV3", domain=PARTNERS, body=body, status=400)


def test_older_form_of_the_identifiers_still_works(nobody: Client, world: World) -> None:
    body = application({"contract": ANNA["contract"]}, contactIdentifiers=ANNA["contact"])

    nobody.call("createUserV3", domain=DOMAIN, body=body, status=201)

    assert contact_of(world, registered(world))["_title"] == "Anna Berger"


def test_portal_without_identifiers_leaves_everybody_pending(nobody: Client, world: World) -> None:
    setting: Record = {"registration_identifiers": [], "self_registration_setting": None}
    change(world, "portal/p1", setting)

    nobody.call("createUserV3", domain=DOMAIN, body=application({}))

    assert registered(world)["mapping_status"] == "Pending"


def test_other_organizations_are_not_searched(nobody: Client, world: World) -> None:
    change(world, "contact/anna", {"_org": "500002"})

    nobody.call("createUserV3", domain=DOMAIN, body=application())

    assert record_of(world, "portal_user/anna")["mapping_status"] == "Mapped"
    assert registered(world)["mapping_status"] == "Pending"
