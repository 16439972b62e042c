"""Downloads of files and exports: what is sent, and how long their addresses work."""

from datetime import timedelta

import pytest

from mockportal.testing import Client
from mockportal.values import Json
from tests.portal.file_store.requests import ask
from tests.support.changes import change, id_of


def file_of(client: Client, alias: str) -> Json:
    return client.call("getFileById", id=id_of(client.world, f"file/{alias}"))["file"]


def test_every_file_of_the_scenario_has_the_size_that_its_record_says(anna: Client) -> None:
    sizes = {}
    for token in ("dev-anna", "dev-mehmet", "dev-hoffmann", "dev-petra", "dev-sabine"):
        for file in anna.as_(token).call("getAllFiles", **{"from": 0, "size": 100})["results"]:
            sizes[file["filename"]] = (file["size_bytes"], len(ask(anna, "GET", file["public_url"]).content))

    assert len(sizes) > 15
    assert {name: pair for name, pair in sizes.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize(
    ("alias", "beginning", "mime_type"),
    [
        ("re-2026-00135", b"%PDF-1.7\n", "application/pdf"),
        ("zaehlerfoto-1tst0010000001", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ],
)
def test_seeded_documents_have_the_format_that_their_record_says(
    anna: Client, alias: str, beginning: bytes, mime_type: str
) -> None:
    reply = ask(anna, "GET", file_of(anna, alias)["public_url"])

    assert reply.content.startswith(beginning)
    assert reply.reply.headers["Content-Type"] == mime_type


def test_an_invoice_shows_its_contract_and_its_amount(anna: Client) -> None:
    content = ask(anna, "GET", file_of(anna, "re-2026-00123")["public_url"]).content.decode(
        "cp1252", "replace"
    )

    assert "(Zu: V-900001 Musterau ÖkoStrom 24) Tj" in content
    assert "(Rechnung RE-2026-00123: 84.00 EUR" in content


def test_the_address_of_a_file_works_for_fifteen_minutes(anna: Client) -> None:
    url = file_of(anna, "re-2026-00135")["public_url"]
    anna.world.clock = anna.world.clock.advanced(timedelta(minutes=15, seconds=-1))
    in_time = ask(anna, "GET", url)
    anna.world.clock = anna.world.clock.advanced(timedelta(seconds=1))

    late = ask(anna, "GET", url)

    assert (in_time.reply.status, late.reply.status) == (200, 403)


def test_the_address_of_one_file_opens_no_other(anna: Client) -> None:
    url = file_of(anna, "re-2026-00135")["public_url"]
    internal = id_of(anna.world, "file/kalkulation-v-900001")

    forged = url.replace(id_of(anna.world, "file/re-2026-00135"), internal)

    assert ask(anna, "GET", forged).reply.status == 403
    assert ask(anna, "GET", url.partition("?")[0]).reply.status == 403


@pytest.mark.parametrize(
    ("wanted", "status", "content_range"),
    [
        ("bytes=0-8", 206, "bytes 0-8/85120"),
        ("bytes=85000-", 206, "bytes 85000-85119/85120"),
        ("bytes=-5", 206, "bytes 85115-85119/85120"),
        ("bytes=85000-999999", 206, "bytes 85000-85119/85120"),
        ("bytes=85120-", 416, "bytes */85120"),
        ("bytes=5-2", 200, ""),
        ("bytes=0-1,4-5", 200, ""),
        ("bytes=-", 200, ""),
        ("pages=1-2", 200, ""),
    ],
)
def test_a_reader_may_ask_for_a_range(anna: Client, wanted: str, status: int, content_range: str) -> None:
    url = file_of(anna, "re-2026-00135")["public_url"]

    exchange = ask(anna, "GET", url, headers={"range": wanted})

    assert exchange.reply.status == status
    assert exchange.reply.headers.get("Content-Range", "") == content_range
    if status == 206:
        first, _, last = content_range.removeprefix("bytes ").partition("/")[0].partition("-")
        assert len(exchange.content) == int(last) - int(first) + 1


def test_a_head_request_is_answered_like_a_get(anna: Client) -> None:
    assert ask(anna, "HEAD", file_of(anna, "re-2026-00135")["public_url"]).reply.status == 200


def test_a_page_is_saved_and_not_shown(anna: Client) -> None:
    file = file_of(anna, "re-2026-00135")
    change(
        anna.world, f"file/{file['_id']}", {"filename": "ä.html", "mime_type": "text/html", "size_bytes": 300}
    )

    exchange = ask(anna, "GET", file_of(anna, "re-2026-00135")["public_url"])

    assert exchange.reply.headers["Content-Disposition"] == (
        "attachment; filename=\"_.html\"; filename*=UTF-8''%C3%A4.html"
    )
    assert exchange.reply.headers["X-Content-Type-Options"] == "nosniff"


def test_an_export_is_a_table_of_the_values_that_the_chart_shows(anna: Client) -> None:
    where = {
        "app_id": "musterau-energiedaten",
        "extension_id": "energy-data",
        "from": "2026-05-31T22:00:00.000Z",
        "to": "2026-06-01T22:00:00.000Z",
        "context_entities": [
            {"entity_schema": "meter", "entity_id": id_of(anna.world, "meter/1tst0010000001")}
        ],
    }
    answer = anna.call("prepareVisualizationExport", body=where, status=200)

    exchange = ask(anna, "GET", answer["download_url"])

    lines = exchange.content.decode().split("\r\n")
    assert lines[0] == "timestamp,type,value,unit"
    assert lines[1].startswith("2026-05-31T22:00:00.000Z,")
    assert exchange.reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["filename"] in exchange.reply.headers["Content-Disposition"]


def test_a_forged_or_expired_export_is_refused(anna: Client) -> None:
    answer = anna.call(
        "prepareVisualizationExport",
        body={"app_id": "musterau-energiedaten", "extension_id": "energy-data"},
    )
    url = answer["download_url"]
    forged = ask(anna, "GET", url[:-6] + "AAAAAA")
    anna.world.clock = anna.world.clock.advanced(timedelta(minutes=15))

    late = ask(anna, "GET", url)

    assert (forged.reply.status, late.reply.status) == (403, 403)
    assert ask(anna, "GET", "/exports/x.csv").reply.status == 403
