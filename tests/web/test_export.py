"""What an export tells of changes from outside, and of what was undone."""

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.recorded import played, replayed, told

WORLD = "/__mockportal/worlds/w"
ANNA = {"authorization": "Bearer dev-anna"}
pytestmark = pytest.mark.anyio


@pytest.fixture
def own(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
def http(own: Mock) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(create_app(own)), base_url="http://localhost:8080")


async def exported(http: AsyncClient) -> str:
    answer = await http.get(f"{WORLD}/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/yaml"
    return answer.text


async def test_changes_from_outside_are_entries(http: AsyncClient, own: Mock) -> None:
    rule = {"id": "down", "operation": "getContact", "fault": {"status": 503}}
    await http.get("/@w/v2/portal/contact", headers=ANNA)
    await http.post(f"{WORLD}/clock/advance", json={"by": "P30D"})
    await http.patch(f"{WORLD}/state/contact/anna", json={"first_name": "Änne"})
    await http.post(f"{WORLD}/rules", json=rule)
    await http.get("/@w/v2/portal/contact", headers=ANNA)
    await http.delete(f"{WORLD}/rules/down")
    await http.put(f"{WORLD}/clock", json={"now": "2026-06-20T09:00:00+02:00", "step": 0})
    await http.get("/@w/v2/portal/contact", headers=ANNA)

    text = await exported(http)

    entries = replayed(text, own).expect
    assert [entry for entry in entries if "as" not in entry] == [
        {"advance": "P30D"},
        {"add_rule": rule},
        {"edit": "contact/anna", "with": {"first_name": "Änne"}},
        {"clock": {"now": "2026-06-20T07:00:00.000Z", "step": 0}},
        {"drop_rule": "down"},
    ]
    assert [entry["status"] for entry in played(replayed(text, own))] == [200, 503, 200]
    assert told(text) == []


async def test_what_was_undone_is_left_out(http: AsyncClient, own: Mock) -> None:
    await http.get("/@w/v2/portal/contact", headers=ANNA)
    await http.put(f"{WORLD}/snapshots/first")
    await http.patch(f"{WORLD}/state/contact/anna", json={"first_name": "Änne"})
    await http.get("/@w/v2/portal/user", headers=ANNA)
    await http.post(f"{WORLD}/rewind", json={"to": 1})
    await http.get("/@w/v2/portal/billing/customer-balance", headers=ANNA)
    await http.post(f"{WORLD}/snapshots/first/restore")
    await http.get("/@w/v2/portal/contract", headers=ANNA)

    entries = replayed(await exported(http), own).expect

    assert [entry["operation"] for entry in entries] == ["getContact", "getAllContracts"]


async def test_export_begins_at_the_last_reset_with_its_scenario(http: AsyncClient, own: Mock) -> None:
    await http.get("/@w/v2/portal/contact", headers=ANNA)
    await http.post(f"{WORLD}/reset", json={"scenario": {"extends": "overdue-invoice", "seed": 7}})
    await http.get("/@w/v2/portal/user", headers=ANNA)

    scenario = replayed(await exported(http), own)

    assert scenario.seed == 7
    assert [entry["operation"] for entry in scenario.expect] == ["getPortalUser"]


async def test_fork_begins_with_the_changes_of_its_origin(http: AsyncClient, own: Mock) -> None:
    await http.patch("/__mockportal/worlds/main/state/contact/anna", json={"first_name": "Änne"})
    await http.post("/__mockportal/worlds", json={"name": "w", "from": {"world": "main"}})
    await http.get("/@w/v2/portal/contact", headers=ANNA)

    entries = replayed(await exported(http), own).expect

    assert entries[0] == {"edit": "contact/anna", "with": {"first_name": "Änne"}}
    assert entries[1]["exact"]


async def test_forgotten_requests_are_told_and_their_changes_made(http: AsyncClient, own: Mock) -> None:
    await http.patch(f"{WORLD}/state/contact/anna", json={"first_name": "Änne"})
    await http.delete(f"{WORLD}/journal")
    await http.get("/@w/v2/portal/contact", headers=ANNA)

    text = await exported(http)

    assert replayed(text, own).expect[0] == {"edit": "contact/anna", "with": {"first_name": "Änne"}}
    assert told(text) == ["# The journal has forgotten the oldest requests; their changes are made as edits."]


async def test_ticking_clock_is_set_before_every_request(http: AsyncClient, own: Mock) -> None:
    await http.put(f"{WORLD}/clock", json={"now": "2026-06-20T09:00:00+02:00", "mode": "ticking"})
    await http.get("/@w/v2/portal/contact", headers=ANNA)

    entries = replayed(await exported(http), own).expect

    assert entries[0]["clock"]["now"].startswith("2026-06-20T07:00:0")
    assert entries[0]["clock"]["step"] == 0
    assert entries[1]["exact"]


async def test_world_that_there_is_not_is_404(http: AsyncClient) -> None:
    answer = await http.get(f"{WORLD}/export")

    assert (answer.status_code, answer.json()) == (404, {"message": "there is no world 'w'"})
