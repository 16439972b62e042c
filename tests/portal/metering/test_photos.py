"""Photos of meters become files, and a few of them can be read."""

import base64
from typing import Any

import pytest

from mockportal.testing import Client
from tests.support.changes import change, id_of

POWER = "1tst0010000001"
PICTURE = base64.b64encode(b"\xff\xd8\xff\xe0 no real picture").decode()


def photo(client: Client, status: int | None = None, **given: Any) -> Any:
    body = {
        "meter_id": id_of(client.world, f"meter/{POWER}"),
        "filename": "zaehler-ok.jpg",
        "mime_type": "image/jpeg",
        "contents": f"data:image/jpeg;base64,{PICTURE}",
        **given,
    }
    return client.call("uploadMeterReadingPhoto", body=body, status=status)


def test_readable_photo_says_what_it_shows(anna: Client) -> None:
    data = photo(anna, status=200)["data"]

    assert data["filename"] == "zaehler-ok.jpg"
    assert data["reading"] == "000254.1"
    assert data["sector"] == "power"
    assert data["meter_numbers"] == ["1TST0010000001"]
    assert data["s3ref"] == {
        "bucket": "mockportal-files",
        "key": f"500001/{data['file_id']}/zaehler-ok.jpg",
    }


def test_known_picture_is_read_under_any_name(anna: Client) -> None:
    pixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    data = photo(anna, filename="foto.png", mime_type="image/png", contents=pixel)["data"]

    assert data["reading"] == "000254.1"


@pytest.mark.parametrize(
    "contents", [PICTURE, f"data:image/jpeg;base64,{PICTURE}", f"{PICTURE[:20]}\n{PICTURE[20:]}"]
)
def test_blurred_photo_is_kept_and_not_read(anna: Client, contents: str) -> None:
    data = photo(anna, filename="zaehler-unscharf.jpg", contents=contents)["data"]

    assert sorted(data) == ["file_id", "filename", "s3ref"]


def test_photo_is_a_file_of_its_meter_that_its_uploader_has_seen(anna: Client) -> None:
    data = photo(anna)["data"]

    draft = anna.world.draft()
    meter = draft.collection("meter").get(id_of(anna.world, f"meter/{POWER}"))
    file = draft.collection("file").get(data["file_id"])
    attached = [entry["entity_id"] for entry in meter["_files"]["$relation"]]
    assert attached == [id_of(anna.world, "file/zaehlerfoto-1tst0010000001"), data["file_id"]]
    assert (file["type"], file["mime_type"], file["size_bytes"]) == ("image", "image/jpeg", 20)
    assert file["shared_with_end_customer"] is True
    assert draft.collection("download").where(
        file_id=data["file_id"], portal_user_id=id_of(anna.world, "portal_user/anna")
    )


def test_photo_is_an_activity_of_the_meter(anna: Client) -> None:
    photo(anna)

    id = id_of(anna.world, f"meter/{POWER}")
    assert (
        anna.world.draft().collection("activity").where(entity_ids=id)[-1]["type"] == "DocUploadedFromPortal"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"filename": "nicht-bild.txt", "mime_type": "text/plain"},
        {"mime_type": "application/pdf"},
        {"contents": f"data:text/plain;base64,{PICTURE}"},
        {"filename": "zaehler.exe"},
        {"filename": "zaehler"},
        {"contents": "not base64!"},
        {"contents": "ä"},
        {"contents": ""},
        {"contents": "data:image/jpeg;base64,"},
        {"contents": base64.b64encode(bytes(5 * 1024 * 1024 + 1)).decode()},
    ],
    ids=[
        "text",
        "pdf",
        "data URL of text",
        "extension",
        "no extension",
        "garbage",
        "umlaut",
        "nothing",
        "empty",
        "large",
    ],
)
def test_what_is_no_picture_is_refused(anna: Client, given: dict[str, Any]) -> None:
    before = anna.world.state

    photo(anna, status=400, **given)

    assert anna.world.state is before


def test_portal_without_a_list_takes_any_extension(anna: Client) -> None:
    change(anna.world, "portal/p1", {"allowed_file_extensions": None})

    photo(anna, filename="zaehler.webp", mime_type="image/webp", contents=PICTURE, status=200)


def test_portal_can_switch_recognition_off(anna: Client) -> None:
    change(anna.world, "portal/p1", {"feature_flags": {"meter-reading-photo": False}})

    assert "reading" not in photo(anna)["data"]


@pytest.mark.parametrize("alias", ["1tst0010000002", "00000000-0000-4000-8000-000000000000"])
def test_photo_of_a_foreign_or_unknown_meter_is_forbidden(anna: Client, alias: str) -> None:
    photo(anna, meter_id=id_of(anna.world, f"meter/{alias}"), status=403)


def test_photo_needs_the_grant_to_add_readings(anna: Client) -> None:
    change(
        anna.world,
        "portal/p1",
        {"grants": [{"action": "entity:*", "resource": "*"}, {"action": "meter_reading:view"}]},
    )

    photo(anna, status=403)
