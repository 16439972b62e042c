from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of, pass_days, record_of

DOMAIN = "mein.sw-musterau.test"
PLACEHOLDERS = {"pv": "target/pv-kunden", "late": "target/zahlungsverzug", "none": "target/kein-vertrag"}


def slugs(client: Client) -> list[str]:
    return [page["slug"] for page in client.call("getPortalPages", domain=DOMAIN)]


def set_visibility(world: World, visibility: Record) -> None:
    """The visibility of the page with the meters; targets by the names in `PLACEHOLDERS`."""
    targets = {
        name: [id_of(world, PLACEHOLDERS[one]) if one in PLACEHOLDERS else one for one in value]
        for name, value in visibility.items()
        if name.endswith("_targets")
    }
    change(world, "page/p1-meters", {"visibility": {**visibility, **targets}})


@pytest.mark.parametrize(
    ("visibility", "is_shown"),
    [
        ({}, True),
        ({"is_hidden": False, "hidden_in_app": True, "hidden_on_mobile": True}, True),
        ({"is_hidden": True}, False),
        ({"start_date": "2026-06-15T09:00:00+02:00"}, True),
        ({"start_date": "2026-06-15T09:00:01+02:00"}, False),
        ({"end_date": "2026-06-15T09:00:01+02:00"}, True),
        ({"end_date": "2026-06-15T09:00:00+02:00"}, False),
        ({"start_date": "0000-01-01T00:00:00Z", "end_date": "9999-12-31T23:59:59-14:00"}, True),
        ({"start_date": "9999-12-31T23:59:59-14:00"}, False),
        ({"visible_for_targets": []}, True),
        ({"visible_for_targets": ["late"]}, True),
        ({"visible_for_targets": ["none"]}, False),
        ({"visible_for_targets": ["unknown"]}, False),
        ({"visible_for_targets": ["none", "late"]}, True),
        ({"visible_for_targets": ["none", "late"], "visible_for_operator": "and"}, False),
        ({"hidden_for_targets": ["none"]}, True),
        ({"hidden_for_targets": ["late"]}, False),
        ({"hidden_for_targets": ["none", "late"]}, False),
        ({"hidden_for_targets": ["none", "late"], "hidden_for_operator": "and"}, True),
        ({"hidden_for_targets": ["unknown"]}, True),
        ({"visible_for_targets": ["late"], "hidden_for_targets": ["late"]}, False),
    ],
)
def test_visibility_decides_who_sees_a_page(
    nobody: Client, admin: Client, world: World, visibility: Record, is_shown: bool
) -> None:
    mehmet = nobody.as_("dev-mehmet")  # late with a payment
    set_visibility(world, visibility)
    page = id_of(world, "page/p1-meters")

    assert ("meters" in slugs(mehmet)) is is_shown
    assert mehmet.exchange("getPortalPage", id=page).reply.status == (200 if is_shown else 404)
    assert mehmet.exchange("getPortalPageBlocks", id=page).reply.status == (200 if is_shown else 404)
    assert "meters" in slugs(admin)


def test_page_appears_and_disappears_on_schedule(anna: Client, world: World) -> None:
    seen = []
    for _ in range(4):
        seen.append("sommeraktion" in slugs(anna))
        pass_days(world, 16)

    assert seen == [False, True, True, False]


def test_hidden_page_hides_all_below_it(anna: Client, world: World) -> None:
    change(world, "page/p1-requests", {"visibility": {"is_hidden": True}})

    assert not {"requests", "opportunities", "orders"} & set(slugs(anna))
    anna.call("getPortalPage", id=id_of(world, "page/p1-orders"), status=404)


def test_pages_that_lie_in_each_other_are_shown(anna: Client, world: World) -> None:
    change(world, "page/p1-requests", {"parentId": id_of(world, "page/p1-orders")})

    assert {"requests", "orders"} <= set(slugs(anna))


def test_hidden_block_hides_all_in_it(anna: Client, nobody: Client) -> None:
    def types(client: Client) -> list[str]:
        [page] = client.call("getPortalPages", domain=DOMAIN, filter="slug=dashboard")
        return [block["type"] for block in page["blocks"].values()]

    assert "system_banner_content" in types(nobody.as_("dev-mehmet"))
    assert "system_banner_content" not in types(anna)


def test_public_pages_follow_the_schedule_and_show_nothing_for_targets(nobody: Client, world: World) -> None:
    change(world, "page/p1-login", {"visibility": {"start_date": "2026-07-01T00:00:00Z"}})
    change(
        world, "page/p1-register", {"visibility": {"visible_for_targets": [id_of(world, "target/pv-kunden")]}}
    )
    change(
        world, "page/p1-success", {"visibility": {"hidden_for_targets": [id_of(world, "target/pv-kunden")]}}
    )

    found = [page["slug"] for page in nobody.call("getPublicPages", domain=DOMAIN)]

    assert "login" not in found
    assert not {"register", "activation"} & set(found)
    assert found[0] == "pending-account"


def test_templates_of_public_pages_that_need_a_user_are_empty(nobody: Client, world: World) -> None:
    change(world, "page/p1-login", {"content": {"title": "Hallo {{contact.first_name}}!"}})

    page = nobody.call("getPublicPages", domain=DOMAIN)[0]

    assert page["content"]["title"] == "Hallo !"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{contact.first_name}} {{contact.last_name}}", "Anna Berger"),
        ("{{portal_user.email}}", "anna.berger@example.org"),
        ("{{contract.contract_number}}", "V-900001"),
        ("{{order.order_number}}", ""),
        ("{{contact.internal_note}}", ""),
    ],
)
def test_texts_are_resolved_with_the_user_and_the_context(
    anna: Client, world: World, template: str, text: str
) -> None:
    change(world, "page/p1-meters", {"content": {"title": {"de": [template]}}})
    contract = id_of(world, "contract/v-900001")

    answers = [
        anna.call("getPortalPages", domain=DOMAIN, filter="slug=meters", contract_id=contract),
        anna.call(
            "getPortalPages",
            domain=DOMAIN,
            filter="slug=meters",
            context_entities=[{"entity_schema": "contract", "entity_id": contract}],
        ),
    ]

    assert [answer[0]["content"]["title"]["de"] for answer in answers] == [[text], [text]]
    assert record_of(world, "page/p1-meters")["content"]["title"]["de"] == [template]


@pytest.mark.parametrize(
    "reference",
    [
        {"entity_schema": "contract", "entity_id": "contract/v-900003"},
        {"entity_schema": "order", "entity_id": "contract/v-900001"},
        {"entity_schema": "contract"},
    ],
)
def test_context_that_is_not_for_the_user_does_not_count(
    anna: Client, world: World, reference: Record
) -> None:
    change(world, "page/p1-meters", {"content": {"title": "{{contract.contract_number}}"}})
    if "entity_id" in reference:
        reference = {**reference, "entity_id": id_of(world, reference["entity_id"])}

    [page] = anna.call("getPortalPages", domain=DOMAIN, filter="slug=meters", context_entities=[reference])

    assert page["content"]["title"] == ""


def test_templates_for_each_entity_of_a_list_stay_as_they_are(anna: Client) -> None:
    [page] = anna.call("getPortalPages", domain=DOMAIN, filter="slug=dashboard")

    lists = [block for block in page["blocks"].values() if block["type"] == "entity_list"]
    assert lists[0]["props"]["content"]["templates"]["headline"] == "{{contract.contract_name}}"


def test_administrator_sees_templates(admin: Client) -> None:
    [page] = admin.call("getPortalPages", domain=DOMAIN, filter="slug=dashboard")

    assert "{{contact.first_name}}" in str(page["blocks"])


def preview(client: Client, pages: list[Record], **more: Json) -> Any:
    return client.call("interpolatePortalPages", body={"pages": pages, **more})


def test_preview_resolves_in_the_order_given_and_stores_nothing(anna: Client, world: World) -> None:
    before = world.state
    pages = [
        {"slug": "b", "order": 2, "content": {"title": "Hallo {{contact.first_name}}"}},
        {
            "slug": "a",
            "order": 1,
            "visibility": {"is_hidden": True},
            "blocks": {"x": {"type": "text", "order": 1}},
        },
    ]

    answer = preview(anna, pages)

    assert answer == [{**pages[0], "content": {"title": "Hallo Anna"}}, pages[1]]
    assert world.state == before


def test_administrator_previews_with_the_entities_of_the_context(admin: Client, world: World) -> None:
    references = [
        {"entity_schema": "contact", "entity_id": id_of(world, "contact/mehmet")},
        {"entity_schema": "contact", "entity_id": id_of(world, "contact/anna")},
    ]
    page = {"slug": "a", "order": 1, "content": {"title": "{{contact.first_name}}"}}

    assert preview(admin, [page], context_entities=references)[0]["content"]["title"] == "Mehmet"
    assert preview(admin, [page])[0]["content"]["title"] == ""


@pytest.mark.parametrize(
    ("visibility", "status"),
    [
        ({}, "no_targeting"),
        ({"is_hidden": True}, "hidden"),
        ({"start_date": "2026-07-01T00:00:00Z"}, "hidden"),
        ({"visible_for_targets": ["late"]}, "hidden"),
        ({"hidden_for_targets": ["late"]}, "visible"),
    ],
)
def test_preview_tells_what_would_be_shown(
    anna: Client, world: World, visibility: Record, status: str
) -> None:
    late = id_of(world, "target/zahlungsverzug")
    visibility = {name: [late] if value == ["late"] else value for name, value in visibility.items()}
    block = {"type": "text", "order": 1, "props": {"visibility": visibility}}
    page = {
        "slug": "a",
        "order": 1,
        "visibility": visibility,
        "blocks": {"x": block, "y": {"type": "y", "order": 2}},
    }

    [judged] = preview(anna, [page], evaluate_targeting=True)

    assert judged["visibility"] == {**visibility, "_targeting_status": status}
    assert judged["blocks"]["x"]["props"]["visibility"]["_targeting_status"] == status
    assert judged["blocks"]["y"]["props"]["visibility"] == {"_targeting_status": "no_targeting"}


def test_preview_of_a_page_without_blocks_adds_none(anna: Client) -> None:
    [judged] = preview(anna, [{"slug": "a", "order": 1}], evaluate_targeting=True)

    assert judged == {"slug": "a", "order": 1, "visibility": {"_targeting_status": "no_targeting"}}


def test_target_of_a_context_entity_counts_for_an_administrator(admin: Client, world: World) -> None:
    page = {
        "slug": "a",
        "order": 1,
        "visibility": {"visible_for_targets": [id_of(world, "target/kein-vertrag")]},
    }
    references = [{"entity_schema": "contact", "entity_id": id_of(world, "contact/lea")}]

    [judged] = preview(admin, [page], evaluate_targeting=True, context_entities=references)

    assert judged["visibility"]["_targeting_status"] == "visible"
