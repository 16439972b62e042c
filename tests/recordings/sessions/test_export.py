"""Sessions exported as scenarios: they replay to the byte, with aliases and without secrets."""

from pathlib import Path

import pytest

from mockportal.config import scenario_folders
from mockportal.engine import signing
from mockportal.engine.call import Reply, Request
from mockportal.engine.world import World
from mockportal.files.strict_yaml import Tagged
from mockportal.mock import Mock
from mockportal.recordings.sessions.export import export
from mockportal.recordings.sessions.history import history
from mockportal.recordings.sessions.steps import steps_of
from mockportal.state.scenario_files import scenario_names
from mockportal.testing import Client
from tests.support.recorded import played, problems, replayed, send, session, told

SHIPPED = scenario_names(scenario_folders(None, "2026-05"))
# Scenarios with requests that a hidden secret decides: they have a comment instead.
SECRET = {"registration-variants", "sso-only-portal", "token-expired", "token-expired-revoked"}
ANNA = "Bearer dev-anna"


@pytest.mark.parametrize("name", SHIPPED)
def test_steps_of_every_shipped_scenario_replay_to_the_byte(mock: Mock, name: str) -> None:
    world = session(mock, name)

    text = export(mock, world)

    again = played(replayed(text, mock))
    asked = [exchange for exchange in world.journal if not exchange.operation.startswith("mockportal.")]
    if name not in SECRET:
        assert [entry["operation"] for entry in again] == [exchange.operation for exchange in asked]
        assert not [line for line in told(text) if "made-up" not in line]
        bare = [entry for entry in again if not {"exact", "sha256", "fault"} & entry.keys()]
        empty = [one for one in asked if not (one.content or one.reply.fault)]
        assert len(bare) == len(empty)


@pytest.mark.parametrize("name", ["flaky-backend", "large-texts-i18n", "registration-variants"])
def test_export_passes_the_check_of_scenarios(mock: Mock, name: str, tmp_path: Path) -> None:
    assert problems(export(mock, session(mock, name)), mock, tmp_path) == []


def test_export_is_the_same_every_time(mock: Mock) -> None:
    assert export(mock, session(mock, "overdue-invoice")) == export(mock, session(mock, "overdue-invoice"))


def test_records_and_people_have_their_aliases(mock: Mock, anna: Client) -> None:
    order = anna.world.scenario.id_of("order", "an-2026-00431")
    anna.call("getOrder", id=order)

    (step,) = steps_of(history(anna.world), mock.engine)

    assert step.entry is not None
    assert step.entry["as"] == "dev-anna"
    assert step.entry["params"] == {"id": Tagged("!id", "order/an-2026-00431")}


def test_record_of_the_session_is_called_by_the_answer_that_told_its_id(mock: Mock, admin: Client) -> None:
    page = {"slug": "new", "order": 9, "content": {}, "design": {}, "blocks": {}}
    portals = [one["domain"] for one in admin.world.draft().collection("portal") if "domain" in one]
    made = admin.call("createPortalPage", domain=portals[0], body=page)
    admin.call("getPortalPage", id=made["id"], domain=portals[0])

    entries = played(replayed(export(mock, admin.world), mock))

    assert entries[0]["save"] == {"page_1": "/id"}
    assert entries[1]["params"]["id"] == "$page_1"


def test_minted_token_is_that_of_the_same_person(mock: Mock, world: World) -> None:
    from_login = minted(mock, world, "anna")

    assert send(mock, world, "GET", "/v2/portal/user", authorization=f"Bearer {from_login}") == 200
    assert send(mock, world, "GET", "/v2/portal/user", authorization="Bearer somebody-else") == 401
    text = export(mock, world)

    assert [(entry["as"], entry["status"]) for entry in played(replayed(text, mock))] == [
        ("dev-anna", 200), ("not-a-token", 401)
    ]  # fmt: skip
    assert from_login not in text
    assert "somebody-else" not in text


def minted(mock: Mock, world: World, user: str) -> str:
    draft = world.draft("http://localhost:9000/@session")
    claims = mock.api.claims_of({"user": user}, world.scenario, draft)
    issued = signing.issued(claims, draft.base_url, draft.now(), 3600, draft.new_id("session"))
    return signing.sign(issued)


def test_request_that_breaks_the_contract_is_sent_as_it_was_spelled(mock: Mock, world: World) -> None:
    typed = {"content_type": "application/json"}
    send(mock, world, "GET", "/v2/portal/contract?from=none", authorization=ANNA)
    send(mock, world, "POST", "/v2/portal/metering/reading", authorization=ANNA, body="{not json", **typed)
    send(mock, world, "GET", "/v2/portal/contact", authorization=ANNA, prefer="code=404")

    entries = played(replayed(export(mock, world), mock))

    assert entries[0]["target"] == "/v2/portal/contract?from=none"
    assert entries[1]["send_text"] == "{not json"
    assert entries[2]["send_headers"] == {"prefer": "code=404"}
    assert [entry["status"] for entry in entries] == [400, 400, 404]
    assert all(entry["exact"] for entry in entries)


def test_answers_name_the_address_of_recordings_whatever_that_of_the_mock_was(
    mock: Mock, world: World
) -> None:
    path = mock.spec.operations["getPortalConfig"].path
    assert send(mock, world, "GET", path, authorization=ANNA) == 200
    assert [b"http://localhost:9000/@session" in one.content for one in world.journal] == [True]

    text = export(mock, world)

    assert "localhost:9000" not in text
    assert "http://127.0.0.1:8080" in text
    replayed(text, mock)


def test_request_without_operation_is_named(mock: Mock, world: World) -> None:
    mock.engine.refuse(Request("GET", "/nowhere"), world, Reply(404, {"message": "there is no path"}))

    text = export(mock, world)

    assert told(text) == ["# 1: GET /nowhere is left out: no operation"]
    assert played(replayed(text, mock)) == []
