import pytest

from mockportal.engine.world import World
from mockportal.portal.configuration.public_info import PUBLIC_SETTINGS
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

DOMAIN = "mein.sw-musterau.test"
PARTNERS = "partner.sw-musterau.test"
ANNA: Record = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}


def question(identifiers: Record, org: str = "500001") -> Record:
    return {"org_id": org, "registration_identifiers": identifiers}


@pytest.mark.parametrize(
    ("email", "exists", "entry_point", "deleted"),
    [
        ("anna.berger@example.org", True, "PASSWORD", False),
        ("Anna.Berger@Example.ORG", True, "PASSWORD", False),
        ("lea.winter@example.org", True, "SSO", False),
        ("otto.ex@example.org", False, "PASSWORD", True),
        ("emilia.roth@example.org", False, "PASSWORD", False),
        ("marek.nowak@example.org", False, "PASSWORD", False),
        ("nobody@example.org", False, "PASSWORD", False),
    ],
)
def test_entry_point_of_a_user(
    nobody: Client, email: str, exists: bool, entry_point: str, deleted: bool
) -> None:
    answer = nobody.call("getUserEntryPoint", domain=DOMAIN, email=email)

    assert answer == {
        "user_exists": exists,
        "entry_point": entry_point,
        "preferred_sso_providers": ["musterau-id", "apple-like"],
        "is_soft_deleted": deleted,
    }


def test_entry_point_follows_the_portal(nobody: Client, world: World) -> None:
    change(world, "portal/p1", {"auth_settings": {"entry_point": "SSO"}})

    answer = nobody.call("getUserEntryPoint", domain=DOMAIN, email="anna.berger@example.org")

    assert answer["entry_point"] == "SSO"


def test_disabled_account_keeps_its_entry_point(nobody: Client) -> None:
    answer = nobody.call("getUserEntryPoint", domain=DOMAIN, email="jan.peters@example.org")

    assert (answer["user_exists"], answer["entry_point"]) == (True, "PASSWORD")


def test_deletion_turns_the_entry_point(anna: Client) -> None:
    anna.call("deletePortalUser")

    answer = anna.call("getUserEntryPoint", domain=DOMAIN, email="anna.berger@example.org")

    assert (answer["user_exists"], answer["is_soft_deleted"]) == (False, True)


def test_entry_point_of_an_unknown_domain_is_not_found(nobody: Client) -> None:
    nobody.call("getUserEntryPoint", domain="unknown.test", email="anna.berger@example.org", status=404)


@pytest.mark.parametrize(
    ("email", "where", "exists"),
    [
        ("anna.berger@example.org", {}, True),
        ("ANNA.BERGER@example.org", {"origin": "END_CUSTOMER_PORTAL"}, True),
        ("anna.berger@example.org", {"origin": "INSTALLER_PORTAL"}, False),
        ("anna.berger@example.org", {"org_id": "500002"}, False),
        ("otto.ex@example.org", {}, False),
        ("emilia.roth@example.org", {}, False),
    ],
)
def test_user_exists(nobody: Client, email: str, where: Record, exists: bool) -> None:
    answer = nobody.call("userExists", email=email, **{"org_id": "500001", **where})

    assert answer == {"exists": exists}


@pytest.mark.parametrize(
    ("where", "exists"),
    [
        ({"org_id": "500001"}, True),
        ({"org_id": "500001", "portal_id": "portal/p2"}, True),
        ({"org_id": "500001", "portal_id": "portal/p1"}, False),
        ({"domain": PARTNERS}, True),
        ({"domain": DOMAIN}, False),
    ],
)
def test_user_exists_in_a_portal_or_in_any(nobody: Client, world: World, where: Record, exists: bool) -> None:
    if "portal_id" in where:
        where = {**where, "portal_id": id_of(world, where["portal_id"])}

    answer = nobody.call("userExistsV3", email="marek.nowak@example.org", **where)

    assert answer == {"exists": exists}


@pytest.mark.parametrize(
    ("where", "status"),
    [({}, 400), ({"domain": "unknown.test"}, 404), ({"org_id": "500002", "domain": DOMAIN}, 404)],
)
def test_user_exists_needs_to_know_where(nobody: Client, where: Record, status: int) -> None:
    nobody.call("userExistsV3", email="anna.berger@example.org", status=status, **where)


def test_portal_id_alone_names_no_organization(nobody: Client, world: World) -> None:
    portal = id_of(world, "portal/p1")

    nobody.call("userExistsV3", email="anna.berger@example.org", portal_id=portal, status=400)


@pytest.mark.parametrize(
    ("last_name", "contract_number", "alias"),
    [
        ("Berger", "V-900001", "anna"),
        (" berger ", "v-900001", "anna"),
        ("YILMAZ", "V-900003", ""),
        ("Y\u0131lmaz", "V-900003", "mehmet"),
        ("Berger", "V-900003", ""),
        ("Krämer", "V-900007", "sabine"),
        ("Brandt", "V-900001", ""),
        ("Nobody", "V-900123", ""),
    ],
)
def test_contact_exists_if_all_identifiers_lead_to_it(
    nobody: Client, world: World, last_name: str, contract_number: str, alias: str
) -> None:
    body = question({"contact": {"last_name": last_name}, "contract": {"contract_number": contract_number}})

    answer = nobody.call("checkContactExists", origin="END_CUSTOMER_PORTAL", body=body)

    expected = {"exists": True, "contactId": id_of(world, f"contact/{alias}")} if alias else {"exists": False}
    assert answer == expected


def test_several_contacts_do_not_exist(nobody: Client, world: World) -> None:
    identifiers = [{"schema": "contact", "name": "last_name"}, {"schema": "contact", "name": "email"}]
    change(world, "portal/p1", {"registration_identifiers": identifiers})
    body = question({"contact": {"last_name": "Brandt", "email": "kevin.brandt@example.org"}})

    answer = nobody.call("checkContactExistsV3", domain=DOMAIN, body=body)

    assert answer == {"exists": False}


@pytest.mark.parametrize(
    "identifiers",
    [{}, {"contact": {"last_name": "Berger"}}, {**ANNA, "meter": {"meter_number": "1TST0010000001"}}],
    ids=["none", "too few", "too many"],
)
@pytest.mark.parametrize("operation", ["checkContactExistsV3", "checkAccountExists"])
def test_exactly_the_identifiers_of_the_portal_are_asked_for(
    nobody: Client, operation: str, identifiers: Record
) -> None:
    nobody.call(operation, domain=DOMAIN, body=question(identifiers), status=400)


@pytest.mark.parametrize(
    ("where", "org", "status"),
    [({}, "500001", 400), ({"domain": "unknown.test"}, "500001", 404), ({"domain": DOMAIN}, "500002", 404)],
)
@pytest.mark.parametrize("operation", ["checkContactExistsV3", "checkAccountExists"])
def test_question_names_a_portal_of_the_organization(
    nobody: Client, operation: str, where: Record, org: str, status: int
) -> None:
    nobody.call(operation, body=question(ANNA, org), status=status, **where)


def test_portal_that_registers_by_account_tells_the_account(nobody: Client, world: World) -> None:
    body = question({"account": {"customer_number": "AC-200002"}})
    portal = id_of(world, "portal/p2")

    answer = nobody.call("checkContactExistsV3", portal_id=portal, body=body)

    account = id_of(world, "account/ac-200002")
    assert answer == {"exists": True, "contactId": id_of(world, "contact/marek"), "accountId": account}


@pytest.mark.parametrize(
    ("number", "alias"), [("AC-200001", "ac-200001"), ("AC-200002", "ac-200002"), ("AC-1", "")]
)
def test_account_exists(nobody: Client, world: World, number: str, alias: str) -> None:
    body = question({"account": {"customer_number": number}})

    answer = nobody.call("checkAccountExists", domain=PARTNERS, body=body)

    expected = {"exists": True, "accountId": id_of(world, f"account/{alias}")} if alias else {"exists": False}
    assert answer == expected


def test_questions_change_nothing(nobody: Client, world: World) -> None:
    nobody.call("checkContactExistsV3", domain=DOMAIN, body=question(ANNA))

    assert world.state == world.scenario.state


def test_user_gets_all_settings_and_the_public_those_for_login(anna: Client) -> None:
    assert len(anna.call("getOrganizationSettings")["data"]) == 19
    assert anna.call("getOrganizationSettingsByDomain", domain=DOMAIN)["data"] == {
        "double_opt_in": {"enabled": True},
        "end_customer_portal": {"enabled": True},
        "installer_portal": {"enabled": True},
        "sso": {"enabled": True},
    }


def test_settings_of_an_unknown_domain_are_not_found(nobody: Client) -> None:
    nobody.call("getOrganizationSettingsByDomain", domain="unknown.test", status=404)


def test_public_settings_are_settings_of_the_spec(spec: Spec) -> None:
    assert set(spec.document["components"]["schemas"]["OrganizationSettings"]["properties"]) > PUBLIC_SETTINGS
