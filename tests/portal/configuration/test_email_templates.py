import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.changes import id_of

NEW = "0f487feb-0db9-5708-978e-ad1bb7e87fc9"


def test_templates_are_the_same_by_origin_and_by_id(admin: Client, world: World) -> None:
    templates = admin.call("getEmailTemplates", origin="END_CUSTOMER_PORTAL")

    assert len(templates) == 15
    assert admin.call("getEmailTemplatesByPortalId", portal_id=id_of(world, "portal/p1")) == templates


def test_only_the_slots_sent_change(admin: Client, world: World) -> None:
    before = admin.call("getEmailTemplates", origin="END_CUSTOMER_PORTAL")

    answer = admin.call(
        "upsertEmailTemplatesByPortalId",
        portal_id=id_of(world, "portal/p1"),
        body={"invitation": NEW, "portal_id": "mine"},
    )

    assert answer == {
        "message": "Email Templates upserted successfully",
        "emailTemplates": {**before, "invitation": NEW},
    }
    assert admin.call("getEmailTemplates", origin="END_CUSTOMER_PORTAL")["invitation"] == NEW


def test_null_clears_a_slot(admin: Client) -> None:
    answer = admin.call("upsertEmailTemplates", origin="END_CUSTOMER_PORTAL", body={"invitation": None})

    assert "invitation" not in answer["emailTemplates"]


def test_template_of_a_portal_without_any_can_be_chosen(admin: Client, world: World) -> None:
    portal = admin.call("createPortalConfig", body={})

    admin.call("upsertEmailTemplatesByPortalId", portal_id=portal["portal_id"], body={"invitation": NEW})

    assert admin.call("getEmailTemplatesByPortalId", portal_id=portal["portal_id"]) == {"invitation": NEW}


def test_unknown_portal_is_not_found(admin: Client) -> None:
    admin.call("getEmailTemplates", origin="NOWHERE", status=404)
    admin.call("upsertEmailTemplatesByPortalId", portal_id="nowhere", body={}, status=404)


def test_id_that_is_no_uuid_is_refused(admin: Client) -> None:
    admin.call("upsertEmailTemplates", origin="END_CUSTOMER_PORTAL", body={"invitation": "x"}, status=400)


@pytest.mark.parametrize("value", [{"id": "x"}, ["x"], 5, True])
def test_unknown_slot_takes_nothing_but_an_id(admin: Client, world: World, value: Json) -> None:
    before = admin.call("getEmailTemplates", origin="END_CUSTOMER_PORTAL")

    refusal = admin.call(
        "upsertEmailTemplates", origin="END_CUSTOMER_PORTAL", body={"occasion": value}, status=400
    )

    assert refusal["message"] == "occasion: a template is named by its id"
    assert admin.call("getEmailTemplates", origin="END_CUSTOMER_PORTAL") == before
    body = {"email_templates": {"occasion": value}}
    admin.call("putPortalConfig", portal_id=id_of(world, "portal/p1"), body=body, status=400)
