"""Links out of the portal: which ones somebody is shown, and where they lead."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of, pass_days

REPORT = "bd150428-8f6b-5c63-97ec-ffedf1145115"
GAS = "506ed47f-f450-5af0-baef-d30f0dadc122"
OWN = "11111111-1111-4111-8111-111111111111"
ALL = ["Report a fault", "Moving service", "Energy cockpit", "Save gas"]
# person, the links they see
VIEWERS = [
    ("anna", ALL),
    ("sabine", ALL),
    ("lukas", ALL),
    ("hoffmann", ALL[:3]),
    ("lea", ALL[:3]),
    ("marek", ["Grid connection portal"]),
]
# what a link says beside its address, and whether Anna sees it
CONDITIONS = [
    ({}, True),
    ({"rules": None}, False),
    ({"label": "Own"}, False),
    ({"type": "unheard-of"}, False),
    ({"rules": [{}]}, True),
    ({"rules": [{"attribute": "last_name", "attribute_value": "Berger"}]}, True),
    ({"rules": [{"entity": "contact", "attribute": "last_name", "attribute_value": "Hoffmann"}]}, False),
    ({"rules": [{"entity": "contract", "attribute": "branch", "attribute_value": "power"}]}, True),
    ({"rules": [{"entity": "contract", "attribute": "branch", "attribute_value": "water"}]}, False),
    ({"rules": [{"entity": "meter", "attribute": "contract.branch", "attribute_value": "gas"}]}, True),
    ({"rules": [{"entity": "unheard_of", "attribute": "branch", "attribute_value": "gas"}]}, False),
    ({"entity": "contract", "attribute": "branch", "attribute_value": "gas"}, True),
    ({"entity": "contract", "attribute": "branch", "attribute_value": "water"}, False),
    ({"entity": "contract", "attribute": "billing_due_day", "attribute_value": "1"}, True),
    (
        {
            "rules": [{"entity": "contract", "attribute": "branch", "attribute_value": "gas"}],
            "entity": "contact",
            "attribute": "last_name",
            "attribute_value": "Hoffmann",
        },
        False,
    ),
]
# an address, and what it is for Anna
ADDRESSES = [
    ("https://a.test/{{contact.customer_number}}", "https://a.test/KD-100101"),
    ("https://a.test/?name={{contact.first_name}} {{contact.last_name}}", "https://a.test/?name=Anna Berger"),
    ("https://a.test/?to={{contact.address}}", "https://a.test/?to=Am%20Kirchberg%204%2C%2012345%20Musterau"),
    ("{{contact.website}}/start", "https://anna.test/a?b=c/start"),
    ("https://a.test/?mail={{portal_user.email}}", "https://a.test/?mail=anna.berger%40example.org"),
    ("https://a.test/{{contact.internal_note}}{{unknown.thing}}", "https://a.test/"),
    ("https://a.test/plain", "https://a.test/plain"),
]


def labels(client: Client, operation_id: str = "getExternalLinks", **given: Any) -> list[str]:
    return [link["label"]["en"] for link in client.call(operation_id, **given)]


def configure(world: World, config: Any) -> None:
    text = config if isinstance(config, str) else json.dumps(config)
    change(world, "portal/p1", {"config": text})


def own_link(**given: Any) -> dict[str, Any]:
    return {"id": OWN, "label": {"en": "Own"}, "type": "link", "link": "https://a.test", **given}


@pytest.mark.parametrize(("person", "seen"), VIEWERS)
@pytest.mark.parametrize("operation_id", ["getExternalLinks", "getExternalLinksV3"])
def test_user_sees_the_links_of_their_portal_that_apply(
    nobody: Client, operation_id: str, person: str, seen: list[str]
) -> None:
    assert labels(nobody.as_(f"dev-{person}"), operation_id) == seen


@pytest.mark.parametrize(("given", "is_seen"), CONDITIONS)
def test_link_is_shown_if_all_its_conditions_hold(anna: Client, given: dict[str, Any], is_seen: bool) -> None:
    configure(anna.world, {"externalLinks": [own_link(**given)]})

    assert labels(anna) == ["Own"] * is_seen


@pytest.mark.parametrize(
    "config",
    [
        "",
        "{",
        "[]",
        {},
        {"externalLinks": None},
        {"externalLinks": {"a": 1}},
        {"externalLinks": ["a", {"id": OWN}]},
    ],
)
def test_configuration_without_links_has_none(anna: Client, config: Any) -> None:
    configure(anna.world, config)

    assert anna.call("getExternalLinks") == []


def test_addresses_are_listed_as_they_are_configured(anna: Client) -> None:
    [first, *_] = anna.call("getExternalLinks")

    assert first["link"] == "https://stoerung.sw-musterau.test/melden?kunde={{contact.customer_number}}"


def test_administrator_names_the_portal_and_sees_every_link(admin: Client) -> None:
    assert labels(admin, origin="END_CUSTOMER_PORTAL") == ALL
    assert labels(admin, "getExternalLinksV3", portal_id=id_of(admin.world, "portal/p2")) == [
        "Grid connection portal"
    ]
    admin.call("getExternalLinks", status=400)
    admin.call("getExternalLinks", status=404, origin="UNHEARD_OF")


def test_administrator_sees_what_a_contact_sees(admin: Client) -> None:
    contact = id_of(admin.world, "contact/claudia")

    assert labels(admin, origin="END_CUSTOMER_PORTAL", contactId=contact) == ALL[:3]
    admin.call("getExternalLinks", status=404, origin="END_CUSTOMER_PORTAL", contactId=OWN)


def test_contact_of_another_organization_is_not_found(admin: Client) -> None:
    change(admin.world, "contact/claudia", {"_org": "500002"})
    contact = id_of(admin.world, "contact/claudia")

    admin.call("getExternalLinks", status=404, origin="END_CUSTOMER_PORTAL", contactId=contact)


def test_user_may_look_as_a_contact_that_they_represent(nobody: Client) -> None:
    lukas = nobody.as_("dev-lukas")

    assert labels(lukas, contactId=id_of(nobody.world, "contact/sabine")) == ALL
    lukas.call("getExternalLinks", status=404, contactId=id_of(nobody.world, "contact/anna"))


def test_user_does_not_see_the_links_of_another_portal(anna: Client) -> None:
    anna.call("getExternalLinksV3", status=403, portal_id=id_of(anna.world, "portal/p2"))


@pytest.mark.parametrize("operation_id", ["getResolvedExternalLink", "getResolvedExternalLinkV3"])
def test_resolved_link_has_its_final_address(anna: Client, operation_id: str) -> None:
    link = anna.call(operation_id, id=REPORT)

    assert link["link"] == "https://stoerung.sw-musterau.test/melden?kunde=KD-100101"
    assert link["label"] == {"de": "Störung melden", "en": "Report a fault"}


@pytest.mark.parametrize(("address", "final"), ADDRESSES)
def test_values_in_an_address_are_encoded(anna: Client, address: str, final: str) -> None:
    change(anna.world, "contact/anna", {"website": "https://anna.test/a?b=c"})
    configure(anna.world, {"externalLinks": [own_link(link=address)]})

    assert anna.call("getResolvedExternalLink", id=OWN)["link"] == final


def test_administrator_resolves_a_link_for_a_contact(admin: Client) -> None:
    asked: Record = {"id": REPORT, "portal_id": id_of(admin.world, "portal/p1")}

    link = admin.call("getResolvedExternalLinkV3", contactId=id_of(admin.world, "contact/claudia"), **asked)

    assert link["link"].endswith("?kunde=KD-100103")
    assert admin.call("getResolvedExternalLinkV3", **asked)["link"].endswith("?kunde=")


@pytest.mark.parametrize("id", [GAS, OWN])
def test_link_that_does_not_apply_is_not_found(nobody: Client, id: str) -> None:
    nobody.as_("dev-hoffmann").call("getResolvedExternalLink", status=404, id=id)


def seamless(client: Client, status: int | None = None, **given: Any) -> Any:
    asked = {"extension_id": "energy-data", "link_id": "cockpit", **given}
    body = client.call("getResolvedSeamlessLink", status=status, **asked)
    return body.get("link", body)


def relink(world: World, **changes: Any) -> None:
    """Changes the one link of the extension."""
    [link] = world.draft().collection("extension").get("energy-data")["links"]
    draft = world.draft()
    draft.collection("extension").patch("energy-data", {"links": [{**link, **changes}]})
    world.state = draft.state


def test_seamless_link_takes_the_login_along(anna: Client) -> None:
    link = urlsplit(seamless(anna))

    query = parse_qs(link.query)
    assert link._replace(query="").geturl() == "https://cockpit.sw-musterau.test/start"
    assert query["customer"] == ["KD-100101"]
    assert len(query["token"][0]) == 36


def test_token_of_a_link_is_kept_for_a_while_and_for_one_contact(nobody: Client) -> None:
    anna, hoffmann = nobody.as_("dev-anna"), nobody.as_("dev-hoffmann")
    first = seamless(anna)

    assert seamless(anna) == first
    assert parse_qs(urlsplit(seamless(hoffmann)).query)["token"] != parse_qs(urlsplit(first).query)["token"]
    pass_days(nobody.world, 300 / 86400)
    assert seamless(anna) != first


@pytest.mark.parametrize("ttl", ["0", "soon", "{{AuthResponse.ttl}}", "9" * 50])
def test_token_without_a_sensible_lifetime_is_kept_for_five_minutes(anna: Client, ttl: str) -> None:
    relink(anna.world, auth={"url": "https://a.test", "cache": {"key": "x", "ttl": ttl}})
    first = seamless(anna)

    pass_days(anna.world, 299 / 86400)

    assert seamless(anna) == first


def test_link_without_a_login_has_no_token(anna: Client) -> None:
    [link] = anna.world.draft().collection("extension").get("energy-data")["links"]
    draft = anna.world.draft()
    bare = {name: value for name, value in link.items() if name not in ("auth", "condition")}
    draft.collection("extension").patch("energy-data", {"links": [bare]})
    anna.world.state = draft.state

    assert seamless(anna) == "https://cockpit.sw-musterau.test/start?token=&customer=KD-100101"


def test_link_without_parameters_is_its_address(anna: Client) -> None:
    relink(anna.world, redirect={"url": "https://a.test/b"})

    assert seamless(anna) == "https://a.test/b"


def test_condition_of_a_link_has_to_hold(nobody: Client) -> None:
    body = seamless(nobody.as_("dev-jonas"), status=403)

    assert body == {"message": "the link 'cockpit' does not apply to this contact"}


def test_link_may_use_options_and_context(anna: Client) -> None:
    redirect = {
        "url": "https://{{contract.branch}}.test/{{Options.tenant}}?fixed=1#top",
        "params": {"key": "{{Options.api_key}}", "contract": "{{contract.contract_number}}"},
    }
    relink(anna.world, redirect=redirect)
    change(
        anna.world,
        "extension/energy-data",
        {"options": [{"id": "tenant", "name": {"en": "Tenant"}, "type": "text", "default": "sw-musterau"}]},
    )
    named = [
        {"entity_schema": "contract", "entity_id": id_of(anna.world, f"contract/{alias}")}
        for alias in ("v-900005", "v-900002", "v-900001")
    ]

    link = seamless(anna, context_entities=[{"entity_schema": "meter"}, *named])

    assert link == "https://gas.test/sw-musterau?fixed=1&key=demo-key-500001&contract=V-900002#top"


@pytest.mark.parametrize(
    "given", [{"link_id": "unheard-of"}, {"extension_id": "legacy-billing"}, {"app_id": "another"}]
)
def test_unknown_seamless_link_is_not_found(anna: Client, given: dict[str, str]) -> None:
    assert set(seamless(anna, status=404, **given)) == {"message"}
