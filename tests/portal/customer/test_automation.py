"""What automations and triggered journeys learn from a portal."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of

ON_DOC_UPLOAD = "86c0638b-9b02-5092-ae6f-c4a4a85cfcd3"
CONDITIONS = [
    ({}, True),
    ({"ecp_config": {}}, True),
    ({"ecp_config": {"file_config": {"shared_with_end_customer": True}}}, True),
    ({"ecp_config": {"file_config": {"shared_with_end_customer": False}}}, True),
    ({"ecp_config": {"file_config": {"_tags": ["Kündigung"]}}}, True),
    ({"ecp_config": {"file_config": {"_tags": ["Kündigung", "Umzug"]}}}, False),
]


def journey(client: Client, trigger: str, *context: str, status: int | None = None) -> Json:
    refs = [
        {"entity_id": id_of(client.world, name), "entity_schema": name.partition("/")[0]} for name in context
    ]
    query = {"context_entities": refs} if refs else {}
    return client.call("getTriggeredJourney", trigger_name=trigger, **query, status=status)


def values(found: Any) -> dict[str, str]:
    return {param["key"]: param["value"] for param in found["context_params"]}


def upload(client: Client) -> str:
    """The id of the activity that an upload to a contract leaves; its file has the tag `Kündigung`."""
    world = client.world
    files = [{"filename": "a.pdf", "s3ref": {"bucket": "b", "key": "k"}}]
    entity = {"entity_id": id_of(world, "contract/v-900001"), "entity_type": "contract"}
    [file] = client.call("saveEntityFile", body={**entity, "files": files})["createdFiles"]
    change(world, f"file/{file['_id']}", {"_tags": ["Kündigung", "2026"]})
    [activity] = world.draft().collection("activity").where(entity_ids=file["_id"])
    return str(activity["_id"])


def can_trigger(client: Client, portal: str, body: Record) -> Json:
    id = id_of(client.world, portal)
    return client.call("canTriggerPortalFlow", portal_id=id, body=body)["can_trigger"]


def variables(client: Client, **context: Record) -> Json:
    given = {kind: {**entity, "_id": id_of(client.world, entity["_id"])} for kind, entity in context.items()}
    return client.call("replaceECPTemplateVariables", body={"entity_context": given})


def recipients(client: Client, context: str, *emails: str, template: str = ON_DOC_UPLOAD) -> Json:
    body = {"emails": list(emails), "template_id": template, "context_id": id_of(client.world, context)}
    return client.call("getRecipientsToNotifyOnAutomation", body=body)


def test_journey_has_its_parameters_filled_in(anna: Client, world: World) -> None:
    found = journey(anna, "ACCEPT_ORDER", "order/an-2026-00431")

    assert found["trigger_name"] == "ACCEPT_ORDER"
    assert found["journey_id"] == "b33b79f1-0ca3-5cef-97b3-f7f1b3c7b3e7"
    assert values(found) == {
        "order_id": id_of(world, "order/an-2026-00431"),
        "contact_id": id_of(world, "contact/anna"),
    }


def test_foreign_context_entity_fills_in_nothing(anna: Client) -> None:
    found = journey(anna, "DECLINE_ORDER", "order/an-2026-00417")

    assert values(found)["order_id"] == ""


def test_trigger_without_a_journey_is_not_found(nobody: Client, anna: Client) -> None:
    change(anna.world, "portal/p1", {"triggered_journeys": None})

    journey(anna, "FIRST_LOGIN", status=404)
    journey(anna, "NO_SUCH_TRIGGER", status=400)


@pytest.mark.parametrize(("conditions", "expected"), CONDITIONS)
def test_automation_starts_if_the_file_meets_its_conditions(
    anna: Client, admin: Client, conditions: Record, expected: bool
) -> None:
    activity = upload(anna)

    assert can_trigger(admin, "portal/p1", {"activity_id": activity, **conditions}) is expected


def test_internal_file_starts_no_automation_for_shared_ones(
    anna: Client, admin: Client, world: World
) -> None:
    activity = upload(anna)
    file = next(reversed(list(world.draft().collection("file"))))
    change(world, f"file/{file['_id']}", {"shared_with_end_customer": False})

    config = {"file_config": {"shared_with_end_customer": True}}

    assert can_trigger(admin, "portal/p1", {"activity_id": activity, "ecp_config": config}) is False


def test_automation_of_another_portal_or_activity_does_not_start(
    anna: Client, admin: Client, world: World
) -> None:
    activity, sync = upload(anna), id_of(world, "activity/sync-v-900001")

    assert can_trigger(admin, "portal/p2", {"activity_id": activity}) is False
    assert can_trigger(admin, "portal/p1", {"activity_id": sync}) is False
    assert can_trigger(admin, "portal/p1", {"activity_id": "unknown"}) is False
    assert can_trigger(admin, "portal/p1", {}) is False


def test_automation_context_holds_the_file_and_what_it_is_attached_to(
    anna: Client, admin: Client, world: World
) -> None:
    activity = upload(anna)

    context = admin.call("getAutomationContext", activity_id=activity, type="file")

    assert context.keys() == {"file", "contract"}
    assert context["file"]["filename"] == "a.pdf"
    assert context["contract"]["_id"] == id_of(world, "contract/v-900001")


def test_context_of_an_unknown_activity_is_not_found(admin: Client) -> None:
    admin.call("getAutomationContext", activity_id="01KV3EXKW0DAT8DRR9QRQB96TJ", type="file", status=404)


def test_template_variables_are_given_for_each_kind_of_portal(admin: Client, world: World) -> None:
    main = {"_id": "opportunity/op-3001", "is_main_entity": True}

    found = variables(admin, contact={"_id": "contact/claudia"}, opportunity=main)

    contact, opportunity = id_of(world, "contact/claudia"), id_of(world, "opportunity/op-3001")
    link = f"https://mein.sw-musterau.test/requests/opportunities/{opportunity}"
    query = f"contactId={contact}&email=claudia.hoffmann%40example.org"
    assert found.keys() == {"customerPortal", "installerPortal"}
    assert found["customerPortal"] == {
        "invitationLink": f"https://mein.sw-musterau.test/register?{query}",
        "newDocumentLink": link,
        "entityLink": link,
        "userEmailsOnEntity": ["claudia.hoffmann@example.org", "jonas.hoffmann@example.org"],
    }
    assert found["installerPortal"]["invitationLink"].startswith("https://partner.sw-musterau.test/register?")
    assert found["installerPortal"]["userEmailsOnEntity"] == ["marek.nowak@example.org"]


def test_links_without_an_entity_are_left_out(admin: Client) -> None:
    unknown = {"_id": "contract/00000000-0000-4000-8000-000000000000", "is_main_entity": True}

    assert variables(admin, contract=unknown) == {"customerPortal": {}, "installerPortal": {}}
    assert admin.call("replaceECPTemplateVariables") == {"customerPortal": {}, "installerPortal": {}}


def test_contact_without_an_address_is_invited_without_one(admin: Client, world: World) -> None:
    change(world, "contact/anna", {"email": None})

    found = variables(admin, contact={"_id": "contact/anna"})

    assert found["customerPortal"] == {
        "invitationLink": f"https://mein.sw-musterau.test/register?contactId={id_of(world, 'contact/anna')}"
    }


def test_portal_user_among_the_entities_brings_their_portal(admin: Client, world: World) -> None:
    main = {"_id": "contract/v-900001", "is_main_entity": True}

    found = variables(admin, portal_user={"_id": "portal_user/anna"}, contract=main)

    link = f"https://mein.sw-musterau.test/contracts/{id_of(world, 'contract/v-900001')}"
    assert found["portalUser"]["entityLink"] == link
    assert found["installerPortal"]["userEmailsOnEntity"] == []


def test_registered_users_who_see_the_entity_are_notified(admin: Client, world: World) -> None:
    wanted = ["Anna.Berger@example.org", "mehmet.yilmaz@example.org", "niemand@example.org"]

    answer = recipients(admin, "contract/v-900001", *wanted)

    assert answer == {
        "emails": ["anna.berger@example.org"],
        "recipients": [
            {"email": "anna.berger@example.org", "recipient_id": id_of(world, "portal_user/anna")}
        ],
    }


@pytest.mark.parametrize(
    ("context", "email", "template"),
    [
        ("contract/v-900007", "emilia.roth@example.org", ON_DOC_UPLOAD),  # not registered yet
        ("contract/v-900007", "jan.peters@example.org", ON_DOC_UPLOAD),  # disabled
        ("contract/v-900001", "anna.berger@example.org", "00000000-0000-4000-8000-000000000000"),
        ("contract/00000000-0000-4000-8000-000000000000", "anna.berger@example.org", ON_DOC_UPLOAD),
    ],
)
def test_nobody_else_is_notified(admin: Client, context: str, email: str, template: str) -> None:
    answer = recipients(admin, context, email, template=template)

    assert (answer["emails"], answer["recipients"]) == ([], [])
    assert answer["message"]
