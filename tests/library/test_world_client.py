"""A world in a program: its clients, and everything that can be done to it."""

import multiprocessing
import os
from pathlib import Path

import httpx
import pytest

from mockportal import Client
from mockportal.errors import UsageError
from mockportal.library.choices import setup_from
from mockportal.library.hosting import shared_mock
from mockportal.values import Record, encode
from tests.support.pool_client import ANNA, CUSTOMERS, CUSTOMERS_CLIENT

POOL = f"/__services/cognito/{CUSTOMERS}"
SERVICE = "AWSCognitoIdentityProviderService"


def ask_and_leave() -> None:
    """Ends a child process with 7 if a client of its own works there."""
    with Client() as portal:
        os._exit(7 if portal.as_("anna").get("/v2/portal/user").is_success else 1)


def test_person_is_known_by_their_alias() -> None:
    with Client() as portal:
        answer = portal.as_("anna").get("/v2/portal/user")

    assert answer.json()["data"]["email"] == "anna.berger@example.org"
    assert answer.headers["x-mockportal-world"] == portal.name


def test_client_without_a_name_is_nobody() -> None:
    with Client() as portal:
        assert portal.as_().get("/v2/portal/user").status_code == 401


def test_worlds_of_two_clients_are_apart() -> None:
    with Client() as one, Client() as other:
        one.as_("anna").patch("/v2/portal/user", json={"language": "en"})

        assert one.as_("anna").get("/v2/portal/user").json()["data"]["language"] == "en"
        assert other.as_("anna").get("/v2/portal/user").json()["data"]["language"] == "de"


def test_scenario_seed_and_clock_are_chosen_for_a_world() -> None:
    with Client("overdue-invoice", seed=7, clock="2026-12-24T18:00:00+01:00") as portal:
        assert portal.clock.now == "2026-12-24T17:00:00.000Z"
        assert portal.control("GET", "/clock")["mode"] == "frozen"


def test_clock_moves_on_and_is_set() -> None:
    with Client() as portal:
        assert portal.clock.advance("P14D") == "2026-06-29T07:00:00.000Z"
        assert portal.clock.set("2026-01-01T00:00:00Z") == "2026-01-01T00:00:00.000Z"


def test_newest_code_and_link_are_read_from_the_mails() -> None:
    with Client() as portal:
        target = {"X-Amz-Target": f"{SERVICE}.ForgotPassword"}
        forgotten = {"ClientId": CUSTOMERS_CLIENT, "Username": ANNA}
        portal.as_().post(POOL, json=forgotten, headers=target)

        assert len(portal.outbox.code_for(ANNA)) == 6
        assert "token=confirm-nadia" in portal.outbox.link_for("nadia.haddad@example.org")
        with pytest.raises(LookupError, match="1 mails to mehmet"):
            portal.outbox.code_for("mehmet.yilmaz@example.org")
        with pytest.raises(LookupError, match="no mail to nobody"):
            portal.outbox.code_for("nobody@example.org")


def test_newest_request_is_whole_and_changes_from_outside_do_not_count() -> None:
    with Client() as portal:
        portal.as_("anna").get("/v2/portal/contract")
        portal.clock.advance("P1D")

        newest = portal.journal.last()

    assert (newest["operation"], newest["response"]["status"]) == ("getAllContracts", 200)


def test_refusal_is_explained() -> None:
    with Client() as portal:
        theirs = portal.record("contract/v-900003")["_id"]
        portal.as_("anna").get(f"/v2/portal/contract/{theirs}")

        explained = portal.journal.explain(portal.journal.last()["n"])

    assert "it belongs to contact/mehmet" in explained["reason"]


def test_empty_journal_has_no_newest_request() -> None:
    with Client() as portal, pytest.raises(LookupError, match="the journal has no request"):
        portal.journal.last()


def test_journal_is_searched_by_operation_and_status() -> None:
    with Client() as portal:
        portal.as_("anna").get("/v2/portal/user")
        portal.as_().get("/v2/portal/user")

        assert [entry["status"] for entry in portal.journal.entries("getPortalUser")] == [200, 401]
        assert [entry["n"] for entry in portal.journal.entries(status="4xx")] == [2]
        with pytest.raises(UsageError, match="did you mean 'getPortalUser'"):
            portal.journal.entries("getPortalUsr")


def test_record_is_found_by_its_alias() -> None:
    with Client() as portal:
        assert portal.record("order/an-2026-00431")["order_number"] == "AN-2026-00431"
        with pytest.raises(UsageError, match="did you mean 'an-2026-00431'"):
            portal.record("order/an-2026-0043")


def test_rule_answers_in_place_of_the_mock() -> None:
    fault: Record = {"operation": "getPortalUser", "fault": {"status": 503}}
    with Client(rules=[{**fault, "id": "first", "times": 1}, {**fault, "fault": {"status": 502}}]) as portal:
        anna = portal.as_("anna")

        statuses = [anna.get("/v2/portal/user").status_code for _ in range(2)]
        added = portal.rule({**fault, "id": "mine", "fault": {"status": 500}})

        assert statuses == [503, 502]
        assert (added, anna.get("/v2/portal/user").status_code) == ("mine", 500)
        with pytest.raises(UsageError, match="did you mean 'getPortalUser'"):
            portal.rule({**fault, "operation": "getPortalUsr"})


def test_snapshot_is_restored() -> None:
    with Client() as portal:
        anna = portal.as_("anna")
        before = portal.snapshot()
        anna.patch("/v2/portal/user", json={"language": "en"})

        portal.restore(before)

        assert anna.get("/v2/portal/user").json()["data"]["language"] == "de"


def test_reset_leads_to_another_scenario() -> None:
    with Client() as portal:
        portal.reset("new-customer-no-contract")

        assert portal.as_("tom").get("/v2/portal/contract").json()["data"] == []


def test_expectations_of_the_scenario_are_played() -> None:
    with Client("overdue-invoice") as portal:
        assert portal.verify() == []


def test_stranger_gets_no_token() -> None:
    with Client() as portal, pytest.raises(UsageError, match="did you mean 'anna'"):
        portal.as_("ana")


def test_minted_token_is_good_for_who_has_no_development_token() -> None:
    with Client() as portal:
        token = portal.token("anna")
        assert token == "dev-anna"

        minted = str(portal.control("POST", "/tokens", {"user": "anna"})["token"])

        assert portal.as_(minted).get("/v2/portal/user").status_code == 200


def test_closed_world_is_forgotten() -> None:
    with Client(world="short-lived") as portal:
        mock = shared_mock(setup_from("default", {})).mock
        assert portal.name in mock.worlds

    assert portal.name not in mock.worlds


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ({"scenario": "overdue-invoic"}, "did you mean 'overdue-invoice'"),
        ({"clock": "tomorrow"}, "clock: 'tomorrow' is neither an RFC 3339 instant nor `now`"),
        ({"clock": "now"}, "clock: a world begins at an instant; `now` is for a whole mock"),
        ({"api": "2026-12"}, "api: '2026-12' is none of 2026-05, 2026-11; did you mean '2026-11'"),
        ({"world": "No Name"}, "is not a name of a world"),
    ],
)
def test_wrong_choice_is_one_clear_line(choices: dict[str, str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as caught:
        Client(**choices)  # type: ignore[arg-type]

    assert "\n" not in str(caught.value)


def test_scenarios_of_a_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("about: Anna only.\nextends: default\nclock: 2026-03-01T00:00:00Z\n")

    with Client("mine", scenarios=tmp_path) as portal:
        assert portal.clock.now == "2026-03-01T00:00:00.000Z"


def test_other_document_is_served(tmp_path: Path) -> None:
    pets = {"200": {"description": "all", "content": {"application/json": {"schema": {"type": "array"}}}}}
    paths = {"/pets": {"get": {"operationId": "listPets", "responses": pets}}}
    document = {"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "paths": paths}
    (tmp_path / "pets.json").write_bytes(encode(document))

    with Client(spec=tmp_path / "pets.json", scenarios=tmp_path) as pet_shop:
        assert isinstance(pet_shop.as_().get("/pets").json(), list)


def test_client_works_in_a_child_process() -> None:
    with Client():
        child = multiprocessing.get_context("fork").Process(target=ask_and_leave)
        child.start()
        child.join(30)

    assert child.exitcode == 7


def test_slow_answer_times_out_as_over_a_socket() -> None:
    with Client("slow-backend") as portal, pytest.raises(httpx.ReadTimeout):
        portal.as_("anna").get("/v2/portal/contract", headers={"Prefer": "delay=5s"}, timeout=0.05)


def test_connection_that_is_cut_is_an_error_as_over_a_socket(tmp_path: Path) -> None:
    (tmp_path / "cut.yaml").write_text(
        "about: Cut.\nextends: default\nrules: [{operation: getPortalUser, fault: {connection: reset}}]\n"
    )

    with Client("cut", scenarios=tmp_path) as portal, pytest.raises(httpx.RemoteProtocolError):
        portal.as_("anna").get("/v2/portal/user")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_asynchronous_client_answers_in_the_same_world(anyio_backend: str) -> None:
    with Client() as portal:
        async with portal.async_as("anna") as anna:
            await anna.patch("/v2/portal/user", json={"language": "en"})

        assert portal.as_("anna").get("/v2/portal/user").json()["data"]["language"] == "en"
