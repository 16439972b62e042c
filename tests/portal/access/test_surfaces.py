"""Tokens of contacts without an account: how they are got, where they are good, and what they see."""

from datetime import timedelta
from typing import Any

import pytest

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of

ANNA = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}


def identify(newer: Client, surface: str = "meter-readings", **more: Any) -> Record:
    body = {"org_id": "500001", "surface_id": surface, "registration_identifiers": ANNA, **more}
    answer: Record = newer.call("identifyContact", domain="mein.sw-musterau.test", body=body)
    return answer


@pytest.fixture
def holder(newer: Client) -> Client:
    return newer.as_(identify(newer)["token"])


def test_contact_gets_a_token_for_one_surface(newer: Client) -> None:
    answer = identify(newer)

    assert answer["contact_id"] == id_of(newer.world, "contact/anna")
    assert (answer["token_type"], answer["surface_id"]) == ("contact_identification", "meter-readings")
    assert answer["expires_at"] == "2026-06-15T07:05:00.000Z"
    assert len(answer["allowed_operations"]) == 7


def test_token_sees_the_data_of_its_surface_only(holder: Client) -> None:
    shown = holder.call("getContact")

    found = holder.call("searchPortalUserEntities", body={"slug": "contract"})
    contracts = {one["contract_number"] for one in found["results"]}
    assert {one["_schema"] for one in shown["relations"]} <= {"contract", "contact", "meter", "meter_counter"}
    assert shown["files"] == []
    assert contracts == {"V-900001", "V-900002"}
    for slug in ("order", "file", "product", "portal_user"):
        holder.call("searchPortalUserEntities", body={"slug": slug}, status=403)


def test_readings_of_a_meter_on_the_surface_are_shown(holder: Client) -> None:
    counters = holder.call("searchPortalUserEntities", body={"slug": "meter_counter"})["results"]
    meter = id_of(holder.world, "meter/1tst0010000001")
    counter = next(one for one in counters if meter in str(one["meter"]))

    page = holder.call("getMeterReadings", body={"meter_id": meter, "counter_id": counter["_id"]})

    assert page["hits"] > 0


def test_token_is_good_for_its_operations_only(holder: Client) -> None:
    pages: Record = {"from": 0, "size": 5}

    holder.call("validateToken")

    holder.call("getPortalUser", status=401)
    holder.call("getAllContracts", **pages, status=401)
    holder.call("getAllPortalConfigs", status=401)


def test_token_ends(holder: Client) -> None:
    world = holder.world
    world.clock = world.clock.advanced(timedelta(minutes=6))

    holder.call("validateToken", status=401)


def test_surface_without_data_shows_nothing(newer: Client) -> None:
    holder = newer.as_(identify(newer, "nothing-yet")["token"])

    holder.call("getContact", status=403)
    holder.call("searchPortalUserEntities", body={"slug": "contract"}, status=403)


def test_target_narrows_the_surface_down(newer: Client) -> None:
    draft = newer.world.draft()
    portal = draft.collection("portal").get(id_of(newer.world, "portal/p1"))
    filters = [{"term": {"contract_number.keyword": "V-900002"}}]
    draft.collection("target").put(
        {"id": "only-gas", "name": "Gas", "schema": "contract", "filters": filters}
    )
    access = {"entities": [{"schema": "contract", "target_ids": ["only-gas"]}]}
    surface = {**portal["surfaces"][0], "data_access": access}
    draft.collection("portal").put({**portal, "surfaces": [surface]})
    newer.world.state = draft.state
    holder = newer.as_(identify(newer)["token"])

    found = holder.call("searchPortalUserEntities", body={"slug": "contract"})["results"]

    assert [one["contract_number"] for one in found] == ["V-900002"]
    other = {"slug": "contract", "entity_id": id_of(newer.world, "contract/v-900001")}
    holder.call("getPortalUserEntity", body=other, status=404)


@pytest.mark.parametrize(
    "identifiers",
    [
        {"contact": {"last_name": "Niemand"}, "contract": {"contract_number": "V-900001"}},
        {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-000000"}},
    ],
)
def test_every_miss_looks_alike(newer: Client, identifiers: Record) -> None:
    assert identify(newer, registration_identifiers=identifiers) == {"reason": "NOT_FOUND"}


def test_portal_that_hides_its_users_tells_of_no_contact(newer: Client) -> None:
    draft = newer.world.draft()
    portal = draft.collection("portal").get(id_of(newer.world, "portal/p1"))
    settings = {**portal["auth_settings"], "prevent_user_enumeration": True}
    draft.collection("portal").put({**portal, "auth_settings": settings})
    newer.world.state = draft.state
    known = {"org_id": "500001", "registration_identifiers": ANNA}

    checked = newer.call("checkContactExistsV3", domain="mein.sw-musterau.test", body=known)

    assert identify(newer) == {"reason": "NOT_FOUND"}
    assert checked == {"exists": False, "reason": "NOT_FOUND"}
    entry = newer.call("getUserEntryPoint", domain="mein.sw-musterau.test", email="anna.berger@example.org")
    assert (entry["user_exists"], entry["is_soft_deleted"]) == (False, False)
    exists = newer.call("userExistsV3", domain="mein.sw-musterau.test", email="anna.berger@example.org")
    assert exists == {"exists": False}


def test_refusals_of_identification(newer: Client) -> None:
    body = {"org_id": "500001", "surface_id": "customer", "registration_identifiers": ANNA}
    domain = {"domain": "mein.sw-musterau.test"}

    newer.call("identifyContact", body=body, status=400)
    newer.call("identifyContact", **domain, body=body, status=403)  # opened by a login
    newer.call("identifyContact", **domain, body={**body, "surface_id": "unknown"}, status=403)
    newer.call("identifyContact", domain="unknown.test", body=body, status=404)
    wrong = {
        **body,
        "surface_id": "meter-readings",
        "registration_identifiers": {"contact": {"last_name": "Berger"}},
    }
    newer.call("identifyContact", **domain, body=wrong, status=400)
