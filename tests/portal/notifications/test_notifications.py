"""Notifications of a user: their pages, the unread ones, and reading them, by number and by id."""

import pytest

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of


@pytest.fixture
def anna(newer: Client) -> Client:
    return newer.as_("dev-anna")


def test_newest_comes_first_in_both_languages(anna: Client) -> None:
    page = anna.call("listPortalNotifications")

    assert [one["id"] for one in page["results"][:2]] == ["7", "6"]
    assert page["results"][0]["title"] == {"de": "Zählerstand fällig", "en": "A reading is due"}
    assert page["results"][0]["read"] is False
    assert "cursor" not in page


def test_pages_hold_everything_once(anna: Client) -> None:
    seen: list[str] = []
    cursor: Record = {}
    for _ in range(10):
        page = anna.call("listPortalNotifications", limit=1, **cursor)
        seen += [one["id"] for one in page["results"]]
        if "cursor" not in page:
            break
        cursor = {"cursor": page["cursor"]}

    assert seen == [one["id"] for one in anna.call("listPortalNotifications")["results"]]


@pytest.mark.parametrize("cursor", ["x", "", "W10", "eyJhIjoxfQ", "WyJhIl0", "é", "A" * 1000])
def test_cursor_that_nobody_made_is_refused(anna: Client, cursor: str) -> None:
    anna.call("listPortalNotifications", cursor=cursor, status=400)


def test_notification_that_is_read_here_is_read_there(anna: Client) -> None:
    id = id_of(anna.world, "notification/anna-document")
    status = {"notifications": [{"id": id, "status": "read"}]}

    anna.call("updateNotificationsStatus", body=status)

    page = anna.call("listPortalNotifications")
    assert {one["id"]: one["read"] for one in page["results"]}["6"] is True
    assert page["total_unread"] == anna.call("getPortalNotificationsUnreadCount")["count"] == 1


def test_reading_twice_is_reading_once(anna: Client) -> None:
    anna.call("markPortalNotificationRead", id=7)
    anna.call("markPortalNotificationRead", id=7)

    assert anna.call("getPortalNotificationsUnreadCount") == {"count": 1}


def test_foreign_and_unknown_numbers_change_nothing(anna: Client) -> None:
    mehmet = anna.as_("dev-mehmet")
    before = mehmet.call("listPortalNotifications")
    number = before["results"][0]["notification_id"]

    anna.call("markPortalNotificationRead", id=number)
    anna.call("markPortalNotificationRead", id=123456)

    assert mehmet.call("listPortalNotifications") == before
    assert anna.call("getPortalNotificationsUnreadCount") == {"count": 2}


def test_number_that_is_none_is_refused(anna: Client) -> None:
    anna.call("markPortalNotificationRead", id="seven", status=400)


def test_all_of_the_caller_alone_are_read(anna: Client) -> None:
    mehmet = anna.as_("dev-mehmet")
    before = mehmet.call("getPortalNotificationsUnreadCount")

    anna.call("markAllPortalNotificationsRead")

    assert anna.call("getPortalNotificationsUnreadCount") == {"count": 0}
    assert mehmet.call("getPortalNotificationsUnreadCount") == before
