"""What became of campaigns and notifications once they reached their users."""

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of, record_of

MOVES = [
    ("sent", "seen", "seen", 1),
    ("sent", "clicked", "clicked", 1),
    ("seen", "dismissed", "dismissed", 1),
    ("seen", "seen", "seen", 1),
    ("dismissed", "dismissed", "dismissed", 1),
    ("clicked", "seen", "clicked", 0),
    ("dismissed", "clicked", "dismissed", 0),
    ("clicked", "dismissed", "clicked", 0),
]


def move(client: Client, moved: str, *names: str, expected: int | None = None) -> Json:
    refs = [
        {"entity_id": id_of(client.world, name), "entity_schema": name.partition("/")[0]} for name in names
    ]
    return client.call(
        "updateCampaignPortalBlockStatus",
        campaign_id=id_of(client.world, "campaign/wallbox-sommer"),
        body={"status": moved, "entity_refs": refs},
        status=expected,
    )


def recipient(world: World, name: str) -> Record:
    recipients = record_of(world, "campaign/wallbox-sommer")["recipients"]
    return next(one for one in recipients if one["entity_id"] == id_of(world, name))


def mark(world: World, **statuses: str) -> Record:
    items = [{"id": id_of(world, f"notification/{name}"), "status": to} for name, to in statuses.items()]
    return {"notifications": items}


@pytest.mark.parametrize(("before", "wanted", "after", "updated"), MOVES)
def test_recipient_moves_forward_only(
    anna: Client, world: World, before: str, wanted: str, after: str, updated: int
) -> None:
    recipients = [
        {"entity_id": id_of(world, "contact/anna"), "entity_schema": "contact", "portal_status": before}
    ]
    change(world, "campaign/wallbox-sommer", {"recipients": recipients})

    answer = move(anna, wanted, "contact/anna")

    assert answer == {"success": updated == 1, "updated": updated, "failed": 1 - updated, "total": 1}
    assert recipient(world, "contact/anna")["portal_status"] == after


def test_move_is_stamped(anna: Client, world: World) -> None:
    move(anna, "seen", "contact/anna")

    assert recipient(world, "contact/anna")["updated_at"] == "2026-06-15T07:00:00.000Z"


def test_foreign_and_unknown_recipients_count_as_failed(anna: Client, world: World) -> None:
    answer = move(
        anna,
        "clicked",
        "contact/anna",
        "contact/claudia",
        "contract/v-900001",
        "contact/00000000-0000-4000-8000-000000000000",
    )

    assert answer == {"success": False, "updated": 1, "failed": 3, "total": 4}
    assert recipient(world, "contact/claudia")["portal_status"] == "seen"


def test_schema_of_a_reference_has_to_fit(anna: Client, world: World) -> None:
    refs = [{"entity_id": id_of(world, "contact/anna"), "entity_schema": "account"}]
    body = {"status": "seen", "entity_refs": refs}
    campaign = id_of(world, "campaign/wallbox-sommer")

    answer = anna.call("updateCampaignPortalBlockStatus", campaign_id=campaign, body=body)

    assert answer["failed"] == 1


def test_representative_moves_whom_they_represent(nobody: Client, world: World) -> None:
    move(nobody.as_("dev-jonas"), "clicked", "contact/claudia")

    assert recipient(world, "contact/claudia")["portal_status"] == "clicked"


def test_campaign_has_to_exist_and_to_be_told_whom(anna: Client) -> None:
    refs = [{"entity_id": id_of(anna.world, "contact/anna"), "entity_schema": "contact"}]
    body = {"status": "seen", "entity_refs": refs}

    anna.call("updateCampaignPortalBlockStatus", campaign_id="none", body=body, status=404)
    move(anna, "seen", expected=400)
    move(anna, "sent", "contact/anna", expected=400)


def test_notifications_are_marked(anna: Client, world: World) -> None:
    body = mark(world, **{"anna-document": "read", "anna-reading": "important"})

    anna.call("updateNotificationsStatus", body=body)

    assert record_of(world, "notification/anna-document")["status"] == "read"
    assert record_of(world, "notification/anna-reading")["status"] == "important"


@pytest.mark.parametrize("other", ["mehmet-reminder", "no-such-notification"])
def test_one_notification_of_somebody_else_leaves_all_as_they_were(
    anna: Client, world: World, other: str
) -> None:
    body = mark(world, **{"anna-document": "read", other: "read"})

    anna.call("updateNotificationsStatus", body=body, status=404)

    assert record_of(world, "notification/anna-document")["status"] == "unread"


@pytest.mark.parametrize(
    "body", [{"notifications": []}, {"notifications": [{"id": "x", "status": "unread"}]}]
)
def test_notifications_need_names_and_a_known_status(anna: Client, body: Record) -> None:
    anna.call("updateNotificationsStatus", body=body, status=400)
