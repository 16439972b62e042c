from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import activity_types, change, id_of, record_of, remove


def test_contact_comes_with_what_it_is_related_to(anna: Client) -> None:
    answer = anna.call("getContact")

    assert answer["entity"]["first_name"] == "Anna"
    slugs = {entity["_schema"] for entity in answer["relations"]}
    assert slugs == {"billing_account", "contract", "meter", "opportunity", "order", "portal_user", "ticket"}
    assert answer["files"] == []
    assert answer["journey_actions"] == []


def test_denied_attribute_is_not_shown(anna: Client, world: World) -> None:
    answer = anna.call("getContact")

    assert "internal_note" not in answer["entity"]
    assert record_of(world, "contact/anna")["internal_note"] == "Ruft am liebsten vormittags an."


def test_user_without_a_mapped_contact_is_refused(nobody: Client) -> None:
    answer = nobody.as_("dev-kevin").call("getContact", status=403)

    assert answer["reason"] == "PORTAL_USER_PENDING_ACTIVATION"


def test_mapped_user_without_any_contact_is_refused(anna: Client, world: World) -> None:
    change(world, "portal_user/anna", {"mapped_contact": None})

    answer = anna.call("getContact", status=403)

    assert answer["reason"] == "PORTAL_USER_PENDING_ACTIVATION"


def test_deleted_contact_is_not_found(anna: Client, world: World) -> None:
    remove(world, "contact/anna")

    anna.call("getContact", status=404)


def test_contact_is_merged_with_the_body(anna: Client, world: World) -> None:
    answer = anna.call("updateContact", body={"salutation": "Dr.", "birthdate": None, "nickname": "Anni"})

    assert answer["data"]["salutation"] == "Dr."
    assert "birthdate" not in answer["data"]
    assert record_of(world, "contact/anna")["nickname"] == "Anni"
    assert activity_types(world, "contact/anna") == ["EntityUpdatedFromPortal"]


def test_title_follows_the_name(nobody: Client) -> None:
    answer = nobody.as_("dev-petra").call("updateContact", body={"last_name": "Berg"})

    assert answer["data"]["_title"] == "Dr. Petra Berg"


def test_update_without_a_body_changes_nothing(anna: Client, world: World) -> None:
    answer = anna.call("updateContact")

    assert answer["data"]["first_name"] == "Anna"
    assert activity_types(world, "contact/anna") == []


def test_administrator_reads_any_contact_whole(admin: Client, world: World) -> None:
    answer = admin.call("getECPContact", id=id_of(world, "contact/anna"))

    assert answer["data"]["internal_note"] == "Ruft am liebsten vormittags an."


def test_administrator_does_not_find_a_contact_of_another_organization(admin: Client, world: World) -> None:
    change(world, "contact/anna", {"_org": "500002"})

    admin.call("getECPContact", id=id_of(world, "contact/anna"), status=404)
    admin.call("getECPContact", id=id_of(world, "order/an-2026-00431"), status=404)


def test_title_of_the_user_follows_a_renamed_contact(anna: Client, world: World) -> None:
    anna.call("updateContact", body={"last_name": "Sommer"})

    assert record_of(world, "contact/anna")["_title"] == "Anna Sommer"
    assert anna.call("getPortalUser")["data"]["_title"] == "Anna Sommer"


def test_user_stays_as_it_is_when_the_contact_keeps_its_name(anna: Client, world: World) -> None:
    before = record_of(world, "portal_user/anna")

    anna.call("updateContact", body={"salutation": "Dr."})

    assert record_of(world, "portal_user/anna") is before
