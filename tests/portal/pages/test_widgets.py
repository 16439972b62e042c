import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of

DOMAIN = "mein.sw-musterau.test"


def types(answer: Record) -> list[str]:
    return [widget["type"].removesuffix("_WIDGET") for widget in answer["widgets"]]


def actions(answer: Record) -> list[str]:
    return [
        action["label"]["en"]
        for widget in answer["widgets"]
        if widget["type"] == "ACTION_WIDGET"
        for action in widget["actions"]
    ]


def with_rules(*rules: Record) -> Record:
    action = {
        "_id": "a",
        "type": "link",
        "label": {"en": "Go"},
        "url": "https://x.test",
        "rules": list(rules),
    }
    return {"widgets": [{"id": "w", "type": "ACTION_WIDGET", "listIndex": 0, "actions": [action]}]}


def test_widgets_are_the_same_by_token_origin_and_id(anna: Client, admin: Client, world: World) -> None:
    p1 = id_of(world, "portal/p1")

    answer = admin.call("getPortalWidgetsV3", portal_id=p1)

    assert answer["portal_sk_v3"] == f"PORTAL_CONFIG#{p1}"
    assert answer["is_v3_item"] is True
    assert [widget["listIndex"] for widget in answer["widgets"]] == list(range(9))
    assert admin.call("getPortalWidgets", origin="END_CUSTOMER_PORTAL") == answer
    assert types(anna.call("getPortalWidgets")) == types(answer)


def test_public_widgets_need_no_user(nobody: Client, world: World) -> None:
    answer = nobody.call("getPublicPortalWidgetsV3", domain=DOMAIN)

    assert types(answer) == ["CONTENT", "TEASER", "ACTION"]
    assert actions(answer) == ["Report a fault"]
    by_id = nobody.call("getPublicPortalWidgetsV3", org_id="500001", portal_id=id_of(world, "portal/p1"))
    assert by_id == answer
    assert nobody.call("getPublicPortalWidgets", org_id="500001", origin="END_CUSTOMER_PORTAL") == answer


def test_widgets_of_a_disabled_portal_are_not_public(nobody: Client) -> None:
    nobody.call("getPublicPortalWidgetsV3", domain="alt.sw-musterau.test", status=403)


def test_public_widgets_need_an_address(nobody: Client, world: World) -> None:
    nobody.call("getPublicPortalWidgetsV3", status=400)
    nobody.call("getPublicPortalWidgetsV3", portal_id=id_of(world, "portal/p1"), status=400)
    nobody.call("getPublicPortalWidgetsV3", domain="nowhere.test", status=404)


def test_written_list_replaces_all_and_is_read_in_order(admin: Client, anna: Client, world: World) -> None:
    sent = {
        "portal_sk_v3": "mine",
        "widgets": [
            {"id": "b", "type": "CONTENT_WIDGET", "listIndex": 2},
            {"id": "a", "type": "TEASER_WIDGET", "listIndex": 1},
        ],
    }

    exchange = admin.exchange("upsertPortalWidgetV3", portal_id=id_of(world, "portal/p1"), body=sent)

    assert exchange.reply.status == 201
    assert exchange.reply.body["widgets"] == sent["widgets"]
    assert exchange.reply.body["portal_sk_v3"] != "mine"
    assert types(anna.call("getPortalWidgets")) == ["TEASER", "CONTENT"]


def test_portal_without_widgets_has_an_empty_list(admin: Client) -> None:
    portal = admin.call("createPortalConfig", body={})

    assert admin.call("getPortalWidgetsV3", portal_id=portal["portal_id"])["widgets"] == []


def test_action_is_for_those_whose_entities_have_the_value(anna: Client, nobody: Client) -> None:
    mehmet = nobody.as_("dev-mehmet")  # no gas contract

    assert actions(anna.call("getPortalWidgets")) == ["Report a fault", "Have the gas meter checked"]
    assert actions(mehmet.call("getPortalWidgets")) == ["Report a fault"]


@pytest.mark.parametrize(
    ("rules", "shown"),
    [
        ([{"entity": "contract", "attribute": "branch", "attribute_value": "power"}], True),
        ([{"entity": "contract", "attribute": "branch", "attribute_value": "water"}], False),
        ([{"entity": "contact", "attribute": "address.city", "attribute_value": "Musterau"}], True),
        (
            [
                {
                    "entity": "contact",
                    "attribute": "internal_note",
                    "attribute_value": "Ruft am liebsten vormittags an.",
                }
            ],
            False,
        ),
        ([{"entity": "nothing", "attribute": "x", "attribute_value": "x"}], False),
        (
            [
                {"entity": "contract", "attribute": "branch", "attribute_value": "power"},
                {"entity": "contract", "attribute": "branch", "attribute_value": "water"},
            ],
            False,
        ),
    ],
)
def test_all_rules_of_an_action_have_to_hold(
    anna: Client, admin: Client, rules: list[Record], shown: bool
) -> None:
    admin.call("upsertPortalWidget", origin="END_CUSTOMER_PORTAL", body=with_rules(*rules))

    assert bool(actions(anna.call("getPortalWidgets"))) is shown


def test_rules_look_at_the_given_contract_only(anna: Client, admin: Client, world: World) -> None:
    rule = {"entity": "contract", "attribute": "contract_number", "attribute_value": "V-900001"}
    admin.call("upsertPortalWidget", origin="END_CUSTOMER_PORTAL", body=with_rules(rule))

    first = anna.call("getPortalWidgets", contract_id=id_of(world, "contract/v-900001"))
    second = anna.call("getPortalWidgets", contract_id=id_of(world, "contract/v-900002"))

    assert actions(first) == ["Go"]
    assert actions(second) == []


def test_unknown_or_foreign_contract_is_not_found(anna: Client, admin: Client, world: World) -> None:
    foreign = id_of(world, "contract/v-900003")

    anna.call("getPortalWidgets", contract_id=foreign, status=404)
    admin.call("getPortalWidgets", origin="END_CUSTOMER_PORTAL", contract_id=foreign)
    admin.call(
        "getPortalWidgets", origin="END_CUSTOMER_PORTAL", contract_id=id_of(world, "contact/anna"), status=404
    )


def test_contract_of_another_organization_is_not_found(admin: Client, world: World) -> None:
    change(world, "contract/v-900003", {"_org": "999999"})

    admin.call(
        "getPortalWidgets",
        origin="END_CUSTOMER_PORTAL",
        contract_id=id_of(world, "contract/v-900003"),
        status=404,
    )


@pytest.mark.parametrize("given", [5, [5], [{"rules": 5}], [{"rules": [5]}]])
def test_actions_that_are_none_do_no_harm(anna: Client, admin: Client, given: Json) -> None:
    """The schema is a choice without a discriminator, so anything may stand under `actions`."""
    widgets = [{"id": "w", "type": "ACTION_WIDGET", "listIndex": 0, "actions": given}]
    admin.call("upsertPortalWidget", origin="END_CUSTOMER_PORTAL", body={"widgets": widgets})

    assert anna.call("getPortalWidgets")["widgets"] == widgets


def test_widget_without_a_type_is_refused(admin: Client) -> None:
    body = {"widgets": [{"id": "w", "listIndex": 0}]}

    admin.call("upsertPortalWidget", origin="END_CUSTOMER_PORTAL", body=body, status=400)


@pytest.mark.parametrize("named", ["portal_id", "domain"])
def test_public_widgets_of_an_organization_that_does_not_own_the_portal_are_not_found(
    nobody: Client, world: World, named: str
) -> None:
    address = {"portal_id": id_of(world, "portal/p1"), "domain": DOMAIN}[named]

    nobody.call("getPublicPortalWidgetsV3", org_id="404404", **{named: address}, status=404)
