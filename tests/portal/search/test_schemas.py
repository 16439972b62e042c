import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

DOMAIN = "mein.sw-musterau.test"


def attributes(schemas: list[Record]) -> dict[str, list[str]]:
    return {schema["slug"]: [one["name"] for one in schema["attributes"]] for schema in schemas}


def test_user_gets_the_schemas_that_the_portal_opens(nobody: Client) -> None:
    end_customers = attributes(nobody.as_("dev-anna").call("getSchemas")["schemas"])
    installers = attributes(nobody.as_("dev-marek").call("getSchemas")["schemas"])

    assert "contract" in end_customers
    assert "account" not in end_customers
    assert set(installers) == {
        "account", "contact", "file", "opportunity", "order", "portal_user", "product"
    }  # fmt: skip


def test_attributes_for_the_staff_stay_with_the_staff(anna: Client) -> None:
    schemas = attributes(anna.call("getSchemas")["schemas"])

    assert "first_name" in schemas["contact"]
    assert not {"internal_note", "external_id"} & {*schemas["contact"]}


def test_attribute_that_a_grant_denies_is_left_out(anna: Client, world: World) -> None:
    deny = {"action": "entity:attribute:view", "resource": "contact:*:birthdate", "effect": "deny"}
    change(world, "portal/p1", {"grants": [{"action": "*", "effect": "allow"}, deny]})

    assert "birthdate" not in attributes(anna.call("getSchemas")["schemas"])["contact"]


def test_public_schemas_hold_what_the_registration_asks_for(nobody: Client) -> None:
    schemas = nobody.call("getSchemasByDomain", domain=DOMAIN)["schemas"]

    assert attributes(schemas) == {
        "contact": ["first_name", "last_name"],
        "contract": ["contract_number"],
    }


def test_twins_say_the_same(nobody: Client, world: World) -> None:
    by_domain = nobody.call("getSchemasByDomain", domain=DOMAIN)

    by_id = nobody.call("getPublicSchemasV3", org_id="500001", portal_id=id_of(world, "portal/p1"))

    assert by_id == by_domain


def test_public_schemas_reflect_the_configuration(nobody: Client, world: World) -> None:
    change(world, "portal/p1", {"registration_identifiers": [{"schema": "meter", "name": "meter_number"}]})

    schemas = attributes(nobody.call("getSchemasByDomain", domain=DOMAIN)["schemas"])

    assert schemas == {"contact": ["first_name", "last_name"], "meter": ["meter_number"]}


def test_public_schemas_hold_what_public_pages_show(nobody: Client, world: World) -> None:
    block = {"id": "b", "type": "attribute", "props": {"content": {"schema": "product", "attribute": "name"}}}
    change(world, "page/p1-login", {"blocks": {"b": block}})
    change(world, "page/p1-dashboard", {"blocks": {"b": {**block, "schema": "order", "attribute": "status"}}})

    schemas = attributes(nobody.call("getSchemasByDomain", domain=DOMAIN)["schemas"])

    assert schemas["product"] == ["name"]
    assert "order" not in schemas


@pytest.mark.parametrize(
    ("where", "status"),
    [({}, 400), ({"domain": "unknown.test"}, 404), ({"domain": "alt.sw-musterau.test"}, 403)],
)
def test_schemas_of_no_open_portal_are_refused(nobody: Client, where: Record, status: int) -> None:
    nobody.call("getPublicSchemasV3", status=status, **where)


def test_v2_cannot_say_that_a_portal_is_disabled(nobody: Client) -> None:
    assert nobody.call("getSchemasByDomain", domain="alt.sw-musterau.test") == {"schemas": []}


def test_identifiers_are_plain_values_with_their_labels(admin: Client) -> None:
    data = admin.call("getRegistrationIdentifiers")["data"]

    assert set(data) == {
        "account", "billing_account", "contact", "contract", "meter", "opportunity", "order"
    }  # fmt: skip
    assert {"label": "Zählernummer", "name": "meter_number", "type": "string"} in data["meter"]
    assert "address" not in [one["name"] for one in data["contact"]]


def test_identifiers_of_one_schema(admin: Client) -> None:
    data = admin.call("getEntityIdentifiers", slug="contract")["data"]

    assert {"name": "contract_number", "type": "string"} in data
    assert {"name": "start_date", "type": "date"} in data
    assert "customer" not in [one["name"] for one in data]


def test_slug_without_a_schema_has_no_identifiers(admin: Client) -> None:
    assert admin.call("getEntityIdentifiers", slug="unknown") == {"data": []}


def test_secondary_attributes_are_those_of_contacts(admin: Client) -> None:
    data = admin.call("getValidSecondaryAttributes")["data"]

    assert {"name": "birthdate", "type": "date"} in data
    assert "contracts" not in [one["name"] for one in data]


def test_permissions_are_listed_for_six_schemas(admin: Client) -> None:
    data = admin.call("extraPermissionAttributes")["data"]

    assert list(data) == ["contact", "contract", "order", "opportunity", "meter", "meter_counter"]
    assert {"name": "internal_note", "label": "Interne Notiz", "group": "internal"} in data["contact"]
