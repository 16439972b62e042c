"""The activity feed, and what portals report to it."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.portal.entity import activities
from mockportal.testing import Client
from tests.support.changes import activity_types, change, id_of, remove

CONTRACT = "contract/v-900001"
BOUNDS = [
    ({"after": "2026-03-31T17:02:00.000Z"}, ["DocUploadedFromPortal"]),
    ({"before": "2026-03-31T17:02:00Z"}, ["SyncActivity"]),
    ({"after": "2026-01-05T04:10:00+01:00", "before": "2026-03-31T17:03:00Z"}, ["CreateMeterReading"]),
    ({"type": "SyncActivity"}, ["SyncActivity"]),
    ({"type": "Sync"}, []),
    ({"from": 1, "size": 2}, ["SyncActivity"]),
    ({"from": 1, "size": 1}, ["CreateMeterReading"]),
    ({"size": 0}, []),
]


def feed(client: Client, name: str, **query: Any) -> Any:
    slug = name.partition("/")[0]
    return client.call("getEntityActivityFeed", slug=slug, id=id_of(client.world, name), **query)


def types(found: Any) -> list[str]:
    return [activity["type"] for activity in found["results"]]


def test_feed_shows_the_newest_activity_first(anna: Client) -> None:
    found = feed(anna, CONTRACT)

    assert types(found) == ["DocUploadedFromPortal", "CreateMeterReading", "SyncActivity"]
    assert found["total"] == 3
    assert found["results"][2]["payload"]["entity"]["schema"] == "contract"


def test_later_one_of_two_activities_at_the_same_instant_comes_first(anna: Client, world: World) -> None:
    anna.call("trackFileDownloaded", id=id_of(world, "file/re-2026-00123"))
    anna.call(
        "deleteEntityFile",
        body={
            "entity_id": id_of(world, CONTRACT),
            "entity_type": "contract",
            "file_entity_ids": [id_of(world, "file/re-2026-00123")],
        },
    )

    assert types(feed(anna, CONTRACT))[:2] == ["DocRemovedFromPortal", "DocDownloadedFromPortal"]


@pytest.mark.parametrize(("query", "expected"), BOUNDS)
def test_feed_is_filtered_and_paged(anna: Client, query: dict[str, Any], expected: list[str]) -> None:
    assert types(feed(anna, CONTRACT, **query)) == expected


@pytest.mark.parametrize("name", ["after", "before"])
def test_bound_beyond_all_clocks_is_refused(anna: Client, name: str) -> None:
    feed(anna, CONTRACT, status=400, **{name: "0000-01-01T00:00:00Z"})


def test_activities_of_related_entities_are_told_on_request(anna: Client, admin: Client) -> None:
    as_anna = feed(anna, CONTRACT, include_relations=True)
    as_admin = feed(admin, CONTRACT, include_relations=True)

    assert as_anna["total"] > 3
    assert "EntityUpdatedFromPortal" in types(as_anna)
    assert as_admin["total"] >= as_anna["total"]


@pytest.mark.parametrize("name", ["contract/v-900003", "contract/00000000-0000-4000-8000-000000000000"])
def test_feed_of_a_foreign_or_unknown_entity_is_not_found(anna: Client, name: str) -> None:
    feed(anna, name, status=404)


def test_administrator_reads_every_feed_under_its_slug_only(admin: Client, world: World) -> None:
    found = feed(admin, "contract/v-900003")

    assert "SyncActivity" in types(found)
    admin.call("getEntityActivityFeed", slug="order", id=id_of(world, "contract/v-900003"), status=404)


def test_feed_says_nothing_about_an_entity_that_the_user_may_not_see(nobody: Client) -> None:
    as_installer = feed(nobody.as_("dev-marek"), "opportunity/op-3001")
    as_customer = feed(nobody.as_("dev-hoffmann"), "opportunity/op-3001")

    assert "EntityCreated" not in types(as_installer)
    assert types(as_customer)[0] == "EntityCreated"


def test_feed_keeps_what_is_about_an_entity_that_is_gone(anna: Client, world: World) -> None:
    remove(world, "meter/1tst0010000001")

    assert feed(anna, CONTRACT)["total"] == 3


def test_activity_may_be_about_no_entity(anna: Client, world: World) -> None:
    activity = {
        "type": "SyncActivity",
        "title": "Sync",
        "message": "Sync",
        "entity_ids": [id_of(world, CONTRACT)],
    }
    draft = world.draft()
    draft.collection("activity").put({"_id": "01KV3EXKW0DAT8DRR9QRQB96TJ", **activity})
    world.state = draft.state

    found = feed(anna, CONTRACT)

    assert found["results"][-1] == {
        "_id": "01KV3EXKW0DAT8DRR9QRQB96TJ",
        "type": "SyncActivity",
        "title": "Sync",
        "message": "Sync",
    }


def test_reset_password_is_on_the_feeds_of_user_and_contact(anna: Client, world: World) -> None:
    activity = anna.call("createCustomEntityActivity", body={"type": "PortalUserResetPassword"})

    token = activity["payload"]["caller"]["PortalAuth"]["token"]
    assert activity["type"] == "PortalUserResetPassword"
    assert activity["timestamp"] == "2026-06-15T07:00:00.000Z"
    assert token["custom:contact_entity_id"] == id_of(world, "contact/anna")
    assert activity_types(world, "contact/anna") == ["PortalUserResetPassword"]
    assert activity_types(world, "portal_user/anna") == ["PortalUserResetPassword"]


@pytest.mark.parametrize("body", [{}, {"type": "SyncActivity"}])
def test_user_may_report_nothing_else(anna: Client, body: dict[str, str]) -> None:
    anna.call("createCustomEntityActivity", body=body, status=400)


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("triggerEntityAccessEvent", {"origin": "END_CUSTOMER_PORTAL"}),
        ("triggerEntityAccessEventV3", {"domain": "mein.sw-musterau.test"}),
    ],
)
def test_every_access_has_an_id_of_its_own(
    anna: Client, world: World, operation: str, query: dict[str, Any]
) -> None:
    query = {"schema": "contract", "entity_id": id_of(world, CONTRACT), **query}

    first, second = anna.call(operation, **query), anna.call(operation, **query)

    assert first["eventId"] != second["eventId"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"schema": "contract"}, 400),
        ({"schema": "contract", "domain": "partner.sw-musterau.test"}, 403),
        ({"schema": "submission", "domain": "mein.sw-musterau.test"}, 403),
        (
            {
                "schema": "contract",
                "domain": "mein.sw-musterau.test",
                "entity_id": "00000000-0000-4000-8000-000000000000",
            },
            404,
        ),
    ],
)
def test_access_to_what_the_user_may_not_see_is_refused(
    anna: Client, params: dict[str, Any], status: int
) -> None:
    anna.call("triggerEntityAccessEventV3", **params, status=status)


def test_closed_slug_has_no_feed(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"allowed_portal_entities": ["contact"]})

    feed(anna, CONTRACT, status=403)


CHANGES: dict[str, tuple[str, dict[str, Any], Any]] = {
    "FILE_OPENED": ("trackFileDownloaded", {"id": "file/re-2026-00123"}, None),
    "OFFER_ACCEPTED": ("postOrderAcceptance", {"id": "order/an-2026-00431"}, {"decision": "accept"}),
    "OFFER_DECLINED": ("postOrderAcceptance", {"id": "order/an-2026-00431"}, {"decision": "decline"}),
    "USER_CHANGED": ("updatePortalUser", {}, {"language": "en"}),
    "CONTACT_CHANGED": ("updateContact", {}, {"salutation": "Dr."}),
    "ENTITY_CHANGED": ("updateContract", {"id": "contract/v-900001"}, {"note": "x"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_user_does_is_told_in_the_feed_of_the_contact_in_both_languages(
    anna: Client, world: World, name: str
) -> None:
    operation, params, body = CHANGES[name]
    event = getattr(activities, name)
    before = feed(anna, "contact/anna")["total"]

    named: dict[str, Any] = {key: id_of(world, value) for key, value in params.items()}
    anna.call(operation, body=body, **named)

    found = feed(anna, "contact/anna")
    newest = found["results"][0]
    english = newest["payload"]["translations"]["en"]
    assert found["total"] == before + 1
    assert (newest["type"], newest["title"], english["title"]) == (
        event.type,
        event.german.title,
        event.english.title,
    )
    assert newest["message"].startswith("{{caller}} hat ")
    assert english["message"].startswith("{{caller}} ")
    assert "$" not in newest["message"] + english["message"]


def test_change_says_which_attributes_in_the_words_of_the_schema(anna: Client) -> None:
    anna.call("updateContact", body={"salutation": "Dr.", "nickname": "Anni"})

    newest = feed(anna, "contact/anna")["results"][0]
    assert newest["message"] == "{{caller}} hat Anna Berger geändert: Anrede, nickname."
    assert newest["payload"]["translations"]["en"]["message"] == (
        "{{caller}} changed Anna Berger: salutation, nickname."
    )


def test_activities_of_the_scenario_have_both_languages(world: World) -> None:
    for activity in world.draft().collection("activity"):
        english = activity["payload"]["translations"]["en"]
        assert ("{{caller}}" in activity["message"]) == ("{{caller}}" in english["message"])
        assert english["title"]
