"""A frontend that is being developed runs at some local address: the portal of end customers answers there."""

from dataclasses import replace

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock, Setup
from mockportal.portal.entity.addressing import is_reached_at
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from tests.support.changes import change, id_of


def name_at(client: Client, domain: str) -> str:
    portal = client.call("getPortalConfigByDomain", domain=domain)
    return str(portal["name"])


@pytest.mark.parametrize(
    "domain", ["localhost", "localhost:3000", "LOCALHOST:65535", "127.0.0.1:8080", "127.0.0.1", "[::1]:5175"]
)
def test_local_addresses_lead_to_the_portal_of_customers(nobody: Client, domain: str) -> None:
    assert name_at(nobody, domain) == "Mein Musterau"


def test_a_local_address_that_another_portal_has_leads_there(nobody: Client) -> None:
    assert name_at(nobody, "localhost:5174") != "Mein Musterau"


@pytest.mark.parametrize(
    "domain", ["localhost.test", "localhost:", "localhost:123456", "127.0.0.2", "xlocalhost:1"]
)
def test_other_addresses_stay_unknown(nobody: Client, domain: str) -> None:
    nobody.call("getPortalConfigByDomain", domain=domain, status=404)


def test_without_a_portal_of_customers_local_addresses_are_unknown(nobody: Client) -> None:
    for portal in list(nobody.world.draft().collection("portal")):
        change(nobody.world, f"portal/{portal['portal_id']}", {"origin": "INSTALLER_PORTAL"})

    nobody.call("getPortalConfigByDomain", domain="localhost:3000", status=404)


def test_links_in_mails_lead_to_the_local_page_that_asked(nobody: Client) -> None:
    draft = nobody.world.draft()
    customers = draft.collection("portal").get(id_of(nobody.world, "portal/p1"))
    installers = draft.collection("portal").get(id_of(nobody.world, "portal/p2"))

    assert is_reached_at(draft, customers, "localhost:3000")
    assert not is_reached_at(draft, installers, "localhost:3000")
    assert is_reached_at(draft, installers, "localhost:5174")
    assert not is_reached_at(draft, customers, "elsewhere.test")


def test_more_domains_can_be_given_at_start(spec: Spec) -> None:
    mock = Mock(Setup(domains=("portal.test:3000", "localhost:5174", "portal.test:3000")), spec)
    client = Client(mock, World("test", mock.scenario(None)))

    assert name_at(client, "portal.test:3000") == "Mein Musterau"
    assert name_at(client, "localhost:5174") != "Mein Musterau"
    portal = client.world.draft().collection("portal").get(id_of(client.world, "portal/p1"))
    assert portal["domain_aliases"] == ["localhost:5173", "portal.test:3000"]


def test_more_domains_stay_when_the_scenario_is_built_again(spec: Spec) -> None:
    mock = Mock(replace(Setup(), domains=("portal.test",)), spec)

    mock.take_over(mock.fresh(with_code=False))

    other = Client(mock, World("test", mock.scenario("overdue-invoice")))
    assert name_at(Client(mock, mock.world()), "portal.test") == "Mein Musterau"
    assert name_at(other, "portal.test") == "Mein Musterau"
