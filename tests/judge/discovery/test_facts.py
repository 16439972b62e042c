"""Names and ids in answers become values of parameters that they fit, and of no others."""

import pytest

from mockportal.judge.discovery.facts import Fact, Facts
from mockportal.spec.spec import Spec
from mockportal.values import Json

ORDERS = {"data": [{"_id": "order-1", "_schema": "order", "status": "open"}, {"_id": "order-2"}]}
CONTACT = {
    "entity": {
        "_id": "contact-1",
        "_schema": "contact",
        "billing_accounts": {"$relation": [{"entity_id": "ba-1"}]},
    },
    "relations": [{"_id": "contract-1", "_schema": "contract"}],
}
CONFIG = {
    "portal_id": "p-1",
    "email": "email",
    "organization_id": "77",
    "client_secret": "planted",
    "token": "t",
}


@pytest.fixture
def facts(spec: Spec) -> Facts:
    facts = Facts()
    for name, body in (("getAllOrders", ORDERS), ("getContact", CONTACT), ("getPortalConfig", CONFIG)):
        facts.learn(spec.operations[name], body)
    return facts


@pytest.mark.parametrize(
    ("operation", "parameter", "value", "source"),
    [
        ("getOrder", "id", "order-1", "getAllOrders /data/0/_id"),
        ("getContract", "id", "contract-1", "getContact /relations/0/_id"),
        ("getBillingAccount", "id", "ba-1", "getContact /entity/billing_accounts/$relation/0/entity_id"),
        ("getPortalConfigV3", "portal_id", "p-1", "getPortalConfig /portal_id"),
        ("getPublicPortalConfig", "org_id", "77", "getPortalConfig /organization_id"),
    ],
)
def test_value_is_found_by_kind_list_or_name(
    spec: Spec, facts: Facts, operation: str, parameter: str, value: Json, source: str
) -> None:
    [wanted] = [one for one in spec.operations[operation].parameters if one.name == parameter]

    assert facts.for_parameter(spec.operations[operation], wanted, {}, ()) == Fact(value, source)


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [("getFileById", "id"), ("userExists", "email"), ("confirmUser", "confirmation_link_token")],
)
def test_what_does_not_look_right_or_is_secret_is_no_value(
    spec: Spec, facts: Facts, operation: str, parameter: str
) -> None:
    [wanted] = [one for one in spec.operations[operation].parameters if one.name == parameter]

    assert facts.for_parameter(spec.operations[operation], wanted, {}, ()) is None


def test_id_behind_a_kind_in_the_path_is_of_that_kind(spec: Spec, facts: Facts) -> None:
    operation = spec.operations["getEntityActivityFeed"]
    [wanted] = [one for one in operation.parameters if one.name == "id"]

    found = facts.for_parameter(operation, wanted, {"slug": Fact("contact", "")}, ())

    assert found == Fact("contact-1", "getContact /entity/_id")
    assert facts.a_kind(()) == Fact("order", "getAllOrders /data/0/_schema")
    assert "planted" not in str(facts)
