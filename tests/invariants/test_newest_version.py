"""What holds in the newest version of the document, whatever is done in whatever order."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from mockportal.config import VERSIONS
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock
from mockportal.testing import Client
from tests.support.changes import id_of

NAMES = ("anna-reading", "anna-document", "anna-offer")
PAGES = tuple(f"2b7d3a10-7a57-4b58-9a77-5b8c1f0e9d2{number}" for number in range(4))
ANNA = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}
SCHEMAS = (
    "contact",
    "contract",
    "meter",
    "meter_counter",
    "order",
    "opportunity",
    "file",
    "product",
    "ticket",
    "asset",
)


@cache
def newest_mock() -> Mock:
    return load_mock(Setup(api=VERSIONS[-1]))


def fresh(token: str) -> Client:
    """A client in a fresh world of the newest version."""
    mock = newest_mock()
    return Client(mock, World("test", mock.scenario(None)), token)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(("by id", "by number", "all")), st.sampled_from(NAMES)), max_size=6
    )
)
def test_notification_that_is_read_one_way_is_read_every_way(steps: list[tuple[str, str]]) -> None:
    anna = fresh("dev-anna")
    results = anna.call("listPortalNotifications")["results"]
    numbers = dict(zip(NAMES, [one["notification_id"] for one in results], strict=True))
    read = {number for one, number in zip(results, numbers.values(), strict=True) if one["read"]}

    for how, name in steps:
        if how == "all":
            anna.call("markAllPortalNotificationsRead")
            read |= set(numbers.values())
            continue
        if how == "by id":
            id = id_of(anna.world, f"notification/{name}")
            anna.call("updateNotificationsStatus", body={"notifications": [{"id": id, "status": "read"}]})
        else:
            anna.call("markPortalNotificationRead", id=numbers[name])
        read.add(numbers[name])

    page = anna.call("listPortalNotifications")
    assert {one["notification_id"] for one in page["results"] if one["read"]} == read
    assert page["total_unread"] == len(numbers) - len(read)
    assert anna.call("getPortalNotificationsUnreadCount")["count"] == len(numbers) - len(read)


@given(
    contents=st.lists(st.sets(st.sampled_from(PAGES), min_size=1), min_size=1, max_size=3),
    order=st.lists(st.integers(0, 2), min_size=1, max_size=4),
)
def test_last_published_revision_is_what_every_read_shows(contents: list[set[str]], order: list[int]) -> None:
    admin = fresh("dev-admin")
    portal = id_of(admin.world, "portal/p1")
    revisions = []
    for number, pages in enumerate(contents):
        body = {
            "name": f"Fassung {number}",
            "pages": [
                {"id": id, "slug": f"seite-{id[-1]}", "order": 1, "is_public": True, "blocks": {}}
                for id in sorted(pages)
            ],
        }
        made = admin.call("createPortalRevision", portal_id=portal, body=body)
        revisions.append((made["revision_id"], body["name"], pages))

    for pick in order:
        id, name, pages = revisions[pick % len(revisions)]
        admin.call("publishPortalRevision", portal_id=portal, body={"revision_id": id})

        v3 = admin.call("getPortalConfigV3", portal_id=portal)
        v2 = admin.as_("").call("getPortalConfigByDomain", domain="mein.sw-musterau.test")
        public = admin.as_("").call("getPublicPages", domain="mein.sw-musterau.test")
        assert v3["name"] == v2["name"] == name
        assert (
            {page["id"] for page in v3["pages"]}
            == set(v2["pages"])
            == {page["id"] for page in public}
            == pages
        )
        listed = admin.call("listPortalRevisions", portal_id=portal)["results"]
        assert [one["revision_id"] for one in listed if one["is_published"]] == [id]


@given(opened=st.sets(st.sampled_from(SCHEMAS)))
def test_token_of_a_contact_sees_the_schemas_of_its_surface_only(opened: set[str]) -> None:
    nobody = fresh("")
    draft = nobody.world.draft()
    portals = draft.collection("portal")
    portal = portals.get(id_of(nobody.world, "portal/p1"))
    access = {"entities": [{"schema": slug} for slug in sorted(opened)]}
    portals.put({**portal, "surfaces": [{**portal["surfaces"][0], "data_access": access}]})
    nobody.world.state = draft.state
    asked = {"org_id": "500001", "surface_id": "meter-readings", "registration_identifiers": ANNA}
    token = nobody.call("identifyContact", domain="mein.sw-musterau.test", body=asked)["token"]
    holder, anna = nobody.as_(token), nobody.as_("dev-anna")

    for slug in SCHEMAS:
        search = {"slug": slug, "hydrate": True}
        found = holder.exchange("searchPortalUserEntities", body=search).reply
        if slug not in opened:
            assert found.status == 403
            continue
        own = anna.call("searchPortalUserEntities", body=search)["results"]
        assert {one["_id"] for one in found.body["results"]} == {one["_id"] for one in own}
        nested = [one["_schema"] for result in found.body["results"] for value in result.values()
                  if isinstance(value, list) for one in value if isinstance(one, dict) and "_schema" in one]  # fmt: skip
        assert set(nested) <= opened
