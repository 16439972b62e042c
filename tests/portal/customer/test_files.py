"""Files as their users list, open and count them."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import activity_types, change, id_of

COUNTS = [("anna", 6), ("mehmet", 4), ("hoffmann", 5), ("jonas", 5), ("petra", 3), ("sabine", 7), ("tom", 1)]
FOREIGN = ["file/vertrag-v-900003", "file/kalkulation-v-900001", "contact/anna"]


def files(client: Client, start: int = 0, size: int = 100, **query: Any) -> Any:
    return client.call("getAllFiles", **{"from": start, "size": size}, **query)


def names(found: Any) -> list[str]:
    return [file["filename"] for file in found["results"]]


@pytest.mark.parametrize(("person", "count"), COUNTS)
def test_user_finds_the_shared_files_of_visible_entities(nobody: Client, person: str, count: int) -> None:
    found = files(nobody.as_(f"dev-{person}"))

    assert found["hits"] == len(found["results"]) == count


def test_newest_file_comes_first_and_only_it_is_new(anna: Client) -> None:
    found = files(anna)

    assert names(found) == [
        "RE-2026-00135.pdf",
        "Angebot AN-2026-00431.pdf",
        "RE-2026-00123.pdf",
        "zaehler-2026-03-31.jpg",
        "Auftragsbestätigung AU-2025-01102.pdf",
        "Vertrag V-900001.pdf",
    ]
    assert [file["is_new"] for file in found["results"]] == [True, False, False, False, False, False]


def test_page_of_files_keeps_the_total(anna: Client) -> None:
    page, empty = files(anna, start=4, size=4), files(anna, size=0)

    assert names(page) == ["Auftragsbestätigung AU-2025-01102.pdf", "Vertrag V-900001.pdf"]
    assert page["hits"] == 6
    assert empty == {"results": [], "hits": 6}


def test_files_are_filtered_by_entity_and_by_type(anna: Client, world: World) -> None:
    contract, meter = id_of(world, "contract/v-900001"), id_of(world, "meter/1tst0010000001")

    on_both = files(anna, entity_ids=[contract, meter])
    pictures = files(anna, entity_ids=[contract, meter], file_types=["image"])

    assert names(on_both) == ["RE-2026-00123.pdf", "zaehler-2026-03-31.jpg", "Vertrag V-900001.pdf"]
    assert names(pictures) == ["zaehler-2026-03-31.jpg"]


def test_files_of_a_foreign_entity_are_not_found(anna: Client, world: World) -> None:
    found = files(anna, entity_ids=[id_of(world, "contract/v-900003")])

    assert found == {"results": [], "hits": 0}


def test_file_names_what_it_is_attached_to(anna: Client, world: World) -> None:
    file = anna.call("getFileById", id=id_of(world, "file/re-2026-00123"))["file"]

    assert file["filename"] == "RE-2026-00123.pdf"
    assert [relation["entity_id"] for relation in file["_relations"]] == [id_of(world, "contract/v-900001")]


@pytest.mark.parametrize("operation", ["getFileById", "trackFileDownloaded"])
@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_or_internal_file_is_not_found(anna: Client, world: World, operation: str, name: str) -> None:
    anna.call(operation, id=id_of(world, name), status=404)


def test_opened_file_is_new_to_the_other_user_only(nobody: Client, world: World) -> None:
    hoffmann, jonas = nobody.as_("dev-hoffmann"), nobody.as_("dev-jonas")
    file, contract = id_of(world, "file/re-2026-00132"), id_of(world, "contract/v-900005")
    draft = world.draft()
    for download in draft.collection("download").where(file_id=file):
        draft.collection("download").remove(download["id"])
    world.state = draft.state

    answer = hoffmann.call("trackFileDownloaded", id=file)

    assert answer["file"]["is_new"] is False
    assert hoffmann.call("getFileById", id=file)["file"]["is_new"] is False
    assert jonas.call("getFileById", id=file)["file"]["is_new"] is True
    assert jonas.call("getEntityActivityFeed", slug="contract", id=contract)["results"][0]["type"] == (
        "DocDownloadedFromPortal"
    )


def test_every_download_leaves_an_activity_but_is_marked_once(anna: Client, world: World) -> None:
    file = id_of(world, "file/re-2026-00135")

    anna.call("trackFileDownloaded", id=file)
    anna.call("trackFileDownloaded", id=file)

    assert activity_types(world, "contract/v-900002") == ["DocDownloadedFromPortal"] * 2
    assert len(world.draft().collection("download").where(file_id=file)) == 1


@pytest.mark.parametrize(("person", "count"), COUNTS)
def test_count_of_an_entity_is_the_hits_of_the_list(nobody: Client, person: str, count: int) -> None:
    client = nobody.as_(f"dev-{person}")

    counted = client.call("getFilesCountByEntity")

    assert sum(entity["file_count"] for entity in counted) == count
    for entity in counted:
        assert files(client, entity_ids=[entity["entity_id"]])["hits"] == entity["file_count"]


def test_entity_without_shared_files_is_not_counted(nobody: Client, world: World) -> None:
    change(world, "order/an-2026-00388", {"_files": None})

    assert nobody.as_("dev-tom").call("getFilesCountByEntity") == []


def test_portal_that_closes_files_refuses_them(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"allowed_portal_entities": ["contact", "contract"]})

    page: dict[str, Any] = {"from": 0, "size": 10}
    anna.call("getAllFiles", status=403, **page)
    anna.call("getFilesCountByEntity", status=403)
    anna.call("getFileById", id=id_of(world, "file/re-2026-00123"), status=403)
