"""Exports: the state of a job by the clock, and the cells of its file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from mockportal.engine.call import Reply, Request
from mockportal.portal.exports.exports import serve_exports
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of

NUMBER = {
    "key": "number",
    "header": {"de": "Vertrag", "en": "Contract"},
    "source": {"attribute": "contract_number"},
}


@pytest.fixture
def anna(newer: Client) -> Client:
    return newer.as_("dev-anna")


def later(client: Client, **by: int) -> None:
    client.world.clock = client.world.clock.advanced(timedelta(**by))


def fetched(client: Client, address: str) -> Reply:
    _, _, rest = address.partition("/__services/exports")
    path, _, query = rest.partition("?")
    return serve_exports(Request("GET", path, query), client.world.draft())


def rows(client: Client, **body: Any) -> list[list[str]]:
    job = client.call("createExport", body={"schema": "contract", "columns": [NUMBER], **body})["jobId"]
    later(client, seconds=5)
    reply = fetched(client, client.call("getExport", jobId=job)["downloadUrl"])
    return list(csv.reader(io.StringIO(bytes(reply.body).decode())))


def test_export_is_queued_runs_is_ready_and_expires(anna: Client) -> None:
    job = anna.call("createExport", body={"schema": "contract", "columns": [NUMBER]})
    seen = [job["status"]]
    for by in ({"seconds": 1}, {"seconds": 1}, {"seconds": 3}, {"hours": 24}):
        later(anna, **by)
        seen.append(anna.call("getExport", jobId=job["jobId"])["status"])

    assert seen == ["queued", "queued", "running", "ready", "expired"]
    assert "downloadUrl" not in anna.call("getExport", jobId=job["jobId"])


def test_export_of_somebody_else_is_not_found(anna: Client) -> None:
    job = anna.call("createExport", body={"schema": "contract", "columns": [NUMBER]})["jobId"]

    anna.as_("dev-mehmet").call("getExport", jobId=job, status=404)
    anna.call("getExport", jobId="unknown", status=404)


def test_file_has_the_rows_of_the_user_in_the_language_asked_for(anna: Client) -> None:
    assert rows(anna, language="en") == [["Contract"], ["V-900001"], ["V-900002"]]


def test_columns_follow_relations_and_format_what_they_find(anna: Client) -> None:
    columns: list[Record] = [
        NUMBER,
        {"key": "name", "header": {"de": "Name"}, "source": {"path": ["customer"], "attribute": "last_name"}},
        {"key": "start", "header": {"de": "Beginn"}, "source": {"attribute": "start_date"}, "formatter": "date"},
        {"key": "amount", "header": {"de": "Abschlag"}, "source": {"attribute": "installment_amount"}, "formatter": "money_cents"},
        {"key": "status", "header": {"de": "Status"}, "source": {"attribute": "status"}, "formatter": "enum", "enum_labels": {"active": {"de": "aktiv"}}},
        {"key": "town", "header": {}, "source": {"path": ["customer"], "attribute": "address", "address_field": "city"}, "formatter": "address"},
    ]  # fmt: skip

    head, first, *_ = rows(anna, columns=columns)

    assert head == ["Vertrag", "Name", "Beginn", "Abschlag", "Status", "town"]
    assert first[0:2] == ["V-900001", "Berger"]
    assert first[2:] == ["01.01.2023", "84,00", "aktiv", "Musterau"]


def test_search_picks_and_sorts(anna: Client) -> None:
    found = rows(anna, search={"sort": "contract_number:desc"})
    picked = rows(anna, search={"q": "V-900002", "q_fields": ["contract_number"]})

    assert found[1:] == [["V-900002"], ["V-900001"]]
    assert picked[1:] == [["V-900002"]]


def test_expanding_makes_a_row_for_each(anna: Client) -> None:
    meter: Record = {
        "key": "meter",
        "header": {"de": "Zähler"},
        "source": {"path": ["meters"], "attribute": "meter_number"},
    }

    found = rows(anna, columns=[NUMBER, meter], expand_over="meters")

    assert found[1] == ["V-900001", "1TST0010000001"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"schema": "account"}, 403),
        ({"schema": "no_schema"}, 403),
        ({"columns": []}, 404),
        ({"columns": [{**NUMBER, "source": {"path": ["a", "b", "c", "d"], "attribute": "x"}}]}, 400),
        ({"search": {"sort": 5}}, 400),
        ({"search": {"sort": "nothing"}}, 400),
    ],
)
def test_exports_that_cannot_be_made(anna: Client, body: Record, status: int) -> None:
    anna.call("createExport", body={"schema": "contract", "columns": [NUMBER], **body}, status=status)


def test_address_is_good_for_its_file_only(anna: Client) -> None:
    later(anna, seconds=0)
    address = anna.call("getExport", jobId=id_of(anna.world, "export/anna-contracts"))["downloadUrl"]

    reply = fetched(anna, address)

    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    with pytest.raises(Exception, match="is not valid"):
        fetched(anna, address[:-1] + "0" if address[-1] != "0" else address[:-1] + "1")
    with pytest.raises(Exception, match="there is no GET"):
        fetched(anna, "/__services/exports/unknown/x.csv?expires=1")
