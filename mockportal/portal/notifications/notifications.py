"""The user's own notifications: a page at a time, the number of those that are unread, and reading them.

They are the records that `updateNotificationsStatus` changes by id. Here each has a number, which is made of its id
unless the record names one.
"""

from zlib import crc32

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.cursors import cursor_after, key_of
from mockportal.state.clock import instant, timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_PAGE = 25
_READ = "read"
_LANGUAGES = ("de", "en")
_NUMBERS = 2**31
_PLAIN = ("type", "created_at", "redirect_url")


@operation("listPortalNotifications")
def list_notifications(call: Call, state: Draft) -> Json:
    """The newest first. A notification that comes in between two pages moves neither."""
    mine = sorted(_own(call, state), key=_key, reverse=True)
    unread = sum(not _is_read(one) for one in mine)
    if "cursor" in call.params:
        after = key_of(call.params["cursor"], 2)
        mine = [one for one in mine if _key(one) < after]
    page = mine[: call.params.get("limit", _PAGE)]
    more = {"cursor": cursor_after(*_key(page[-1]))} if len(page) < len(mine) else {}
    return {**more, "total_unread": unread, "results": [_view(one) for one in page]}


@operation("getPortalNotificationsUnreadCount")
def count_unread(call: Call, state: Draft) -> Json:
    return {"count": sum(not _is_read(one) for one in _own(call, state))}


@operation("markPortalNotificationRead")
def mark_read(call: Call, state: Draft) -> Json:
    """A number that the user has no notification for is no error: nothing happens."""
    for one in _own(call, state):
        if _number(one) == call.params["id"]:
            _mark(state, one)


@operation("markAllPortalNotificationsRead")
def mark_all_read(call: Call, state: Draft) -> Json:
    for one in _own(call, state):
        _mark(state, one)


def _own(call: Call, state: Draft) -> list[Record]:
    return state.collection("notification").where(portal_user_id=call.caller.subject)


def _mark(state: Draft, notification: Record) -> None:
    if not _is_read(notification):
        changes = {"status": _READ, "updated_at": state.timestamp()}
        state.collection("notification").patch(notification["id"], changes)


def _is_read(notification: Record) -> bool:
    return notification.get("status") == _READ


def _number(notification: Record) -> int:
    own = notification.get("notification_id")
    return own if isinstance(own, int) else crc32(str(notification["id"]).encode()) % _NUMBERS


def _key(notification: Record) -> tuple[str, str]:
    """The instant and, for two of one instant, the number: both as texts that sort as they do."""
    created_at = notification.get("created_at", "1970-01-01T00:00:00Z")
    return timestamp(instant(created_at)), f"{_number(notification):010d}"


def _view(notification: Record) -> Record:
    number = _number(notification)
    translations = notification.get("translations", {})
    texts: Record = {
        name: {
            language: translations.get(language, {}).get(name, notification[name]) for language in _LANGUAGES
        }
        for name in ("title", "message")
        if name in notification
    }
    others: Record = {name: notification[name] for name in _PLAIN if name in notification}
    return {"id": str(number), "notification_id": number, **others, **texts, "read": _is_read(notification)}
