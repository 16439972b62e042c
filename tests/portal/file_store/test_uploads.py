"""Uploads: an address, the bytes, and a file of an entity or of the portal that refers to them."""

import base64
from datetime import timedelta

import pytest

from mockportal.config import LIMITS
from mockportal.testing import Client
from mockportal.values import Json
from tests.portal.file_store.requests import ask, offer, upload
from tests.support.changes import id_of

PDF = b"%PDF-1.4 a small one"


def save(client: Client, s3ref: Json, filename: str = "brief.pdf") -> Json:
    body = {
        "entity_id": id_of(client.world, "contract/v-900001"),
        "entity_type": "contract",
        "files": [{"filename": filename, "s3ref": s3ref}],
    }
    return client.call("saveEntityFile", body=body, status=201)["createdFiles"][0]


def advance(client: Client, by: timedelta) -> None:
    client.world.clock = client.world.clock.advanced(by)


def test_an_uploaded_file_comes_back_with_its_bytes_name_type_and_size(anna: Client) -> None:
    file = save(anna, upload(anna, "brief.pdf", "application/pdf", PDF))

    answer = ask(anna, "GET", file["public_url"])
    assert (file["size_bytes"], answer.content) == (len(PDF), PDF)
    assert answer.reply.headers["Content-Type"] == "application/pdf"
    assert answer.reply.headers["Content-Disposition"].startswith('inline; filename="brief.pdf"')


def test_a_picture_of_the_portal_is_public_at_its_address(admin: Client) -> None:
    s3ref = upload(admin, "banner.png", "image/png", b"\x89PNG picture")
    item = {"filename": "banner.png", "file_type": "welcomeBanner", "s3ref": s3ref}

    body = {"origin": "END_CUSTOMER_PORTAL", "files": [item]}
    file = admin.call("savePortalFiles", body=body, status=201)["createdFiles"][0]

    answer = ask(admin, "GET", file["public_url"])
    assert "signature" not in file["public_url"]
    assert (answer.reply.status, answer.content) == (200, b"\x89PNG picture")


def test_a_photo_of_a_meter_can_be_downloaded(anna: Client) -> None:
    body = {
        "meter_id": id_of(anna.world, "meter/1tst0010000001"),
        "filename": "foto.jpg",
        "mime_type": "image/jpeg",
        "contents": base64.b64encode(b"\xff\xd8 picture").decode(),
    }
    id = anna.call("uploadMeterReadingPhoto", body=body)["data"]["file_id"]

    file = anna.call("getFileById", id=id)["file"]

    assert ask(anna, "GET", file["public_url"]).content == b"\xff\xd8 picture"


def test_a_reference_that_was_never_uploaded_is_an_empty_file(anna: Client) -> None:
    file = save(anna, {"bucket": "elsewhere", "key": "brief.pdf"})

    answer = ask(anna, "GET", file["public_url"])

    assert (file["size_bytes"], answer.reply.status, answer.content) == (0, 200, b"")


def test_an_upload_address_works_for_a_day(anna: Client) -> None:
    url = offer(anna, filename="brief.pdf")["upload_url"]
    advance(anna, timedelta(hours=23, minutes=59))
    in_time = ask(anna, "PUT", url, PDF, {"content-type": "application/pdf"})
    advance(anna, timedelta(minutes=1))

    late = ask(anna, "PUT", url, PDF, {"content-type": "application/pdf"})

    assert (in_time.reply.status, late.reply.status) == (200, 403)


def test_an_upload_that_is_not_saved_within_a_day_is_gone(anna: Client) -> None:
    s3ref = upload(anna, "brief.pdf", "application/pdf", PDF)
    advance(anna, timedelta(hours=24))

    offer(anna, filename="other.pdf")

    assert save(anna, s3ref)["size_bytes"] == 0
    assert len(anna.world.draft().collection("upload")) == 0


def test_a_saved_upload_does_not_expire_and_cannot_be_replaced(anna: Client) -> None:
    offered = offer(anna, filename="brief.pdf")
    headers = {"content-type": "application/pdf"}
    ask(anna, "PUT", offered["upload_url"], PDF, headers)
    file = save(anna, offered["s3ref"])

    again = ask(anna, "PUT", offered["upload_url"], b"other", headers)
    advance(anna, timedelta(days=30))
    offer(anna, filename="other.pdf")

    assert again.reply.status == 409
    url = anna.call("getFileById", id=file["_id"])["file"]["public_url"]
    assert ask(anna, "GET", url).content == PDF


def test_the_bytes_of_a_deleted_file_are_forgotten(anna: Client) -> None:
    file = save(anna, upload(anna, "brief.pdf", "application/pdf", PDF))
    entity = {"entity_id": id_of(anna.world, "contract/v-900001"), "entity_type": "contract"}

    anna.call("deleteEntityFile", body={**entity, "file_entity_ids": [file["_id"]]})

    assert len(anna.world.draft().collection("upload")) == 0
    assert ask(anna, "GET", file["public_url"]).reply.status == 404


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (PDF, "application/pdf; charset=binary", 200),
        (PDF, "text/html", 403),
        (PDF, "", 403),
        (PDF + b"!", "application/pdf", 400),
    ],
)
def test_an_upload_has_the_type_and_the_size_that_were_announced(
    anna: Client, content: bytes, content_type: str, status: int
) -> None:
    url = offer(anna, filename="brief.pdf", mime_type="application/pdf", size_bytes=len(PDF))["upload_url"]

    exchange = ask(anna, "PUT", url, content, {"content-type": content_type})

    assert exchange.reply.status == status


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("signature=", "signature=0"),
        ("brief.pdf", "other.pdf"),
        ("expires=1", "expires=2"),
        ("application%2Fpdf", "text%2Fhtml"),
    ],
)
def test_a_changed_upload_address_is_refused(anna: Client, old: str, new: str) -> None:
    url = offer(anna, filename="brief.pdf")["upload_url"].replace(old, new)

    exchange = ask(anna, "PUT", url, PDF, {"content-type": "application/pdf"})

    assert exchange.reply.status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"filename": "../secret"}',
        b'{"filename": "a\\nb.pdf"}',
        b'{"filename": "a.pdf", "mime_type": "pdf"}',
        b'{"filename": "a.pdf", "mime_type": "text/html\\r\\nX: y"}',
        b'{"filename": "a.pdf", "size_bytes": -1}',
        b'{"filename": "a.pdf", "size_bytes": 12582913}',
    ],
)
def test_a_wrong_request_for_an_upload_is_refused(anna: Client, body: bytes) -> None:
    exchange = ask(anna, "POST", "/upload-url", body, {"authorization": "Bearer dev-anna"})

    assert exchange.reply.status == 400


def test_an_upload_needs_a_bearer_token(anna: Client) -> None:
    assert ask(anna, "POST", "/upload-url", b'{"filename": "a.pdf"}').reply.status == 401


def test_the_journal_keeps_no_copy_of_a_large_upload(anna: Client) -> None:
    large = bytes(LIMITS.upload)

    file = save(anna, upload(anna, "brief.pdf", "application/pdf", large))
    download = ask(anna, "GET", file["public_url"])

    kept = list(anna.world.journal)
    assert len(download.content) == LIMITS.upload
    assert kept[1].request.body == b"<12582912 bytes, not kept>"
    assert kept[-1].content == b"<12582912 bytes, not kept>"
    assert anna.world.journal.bytes < LIMITS.journal_bytes


def test_uploads_count_to_the_size_of_the_world(anna: Client) -> None:
    before = anna.world.state.held

    upload(anna, "brief.pdf", "application/pdf", bytes(1_000_000))

    assert anna.world.state.held - before > 1_000_000


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/"), ("GET", "/nothing"), ("DELETE", "/uploads/x"), ("PUT", "/x")],
)
def test_other_paths_and_methods_are_unknown(anna: Client, method: str, path: str) -> None:
    assert ask(anna, method, path).reply.status == 404
