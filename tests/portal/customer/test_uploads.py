"""Files that are attached to entities, taken off again, or saved for the portal itself."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.portal.customer.uploads import FORMATS, IMAGES
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import activity_types, change, id_of, record_of

TYPES = [
    ("rechnung.pdf", "document", "application/pdf"),
    ("Foto.JPG", "image", "image/jpeg"),
    ("werte.csv", "spreadsheet", "text/csv"),
    ("brief.eml", "text", "message/rfc822"),
]
UNWANTED = ["plan.dwg", "script.sh", "pdf", "rechnung.pdf.exe", "ohne"]


def upload(world: World, *filenames: str, entity: str = "contract/v-900001") -> Record:
    files = [{"filename": name, "s3ref": {"bucket": "uploads", "key": f"k/{name}"}} for name in filenames]
    return {"entity_id": id_of(world, entity), "entity_type": entity.partition("/")[0], "files": files}


def removal(world: World, *ids: str, entity: str = "contract/v-900001") -> Record:
    slug = entity.partition("/")[0]
    return {"entity_id": id_of(world, entity), "entity_type": slug, "file_entity_ids": list(ids)}


def hits(client: Client, entity: str) -> Any:
    ids = [id_of(client.world, entity)]
    query: dict[str, Any] = {"from": 0, "size": 0, "entity_ids": ids}
    return client.call("getAllFiles", **query)["hits"]


@pytest.mark.parametrize(("filename", "type", "mime_type"), TYPES)
def test_uploaded_file_is_private_and_typed_by_its_name(
    anna: Client, world: World, filename: str, type: str, mime_type: str
) -> None:
    [file] = anna.call("saveEntityFile", body=upload(world, filename))["createdFiles"]

    assert (file["filename"], file["type"], file["mime_type"]) == (filename, type, mime_type)
    assert file["access_control"] == "private"
    assert file["s3ref"] == {"bucket": "uploads", "key": f"k/{filename}"}
    assert file["_relations"][0]["entity_id"] == id_of(world, "contract/v-900001")


def test_uploaded_files_are_found_and_counted_at_once(anna: Client, world: World) -> None:
    anna.call("saveEntityFile", body=upload(world, "a.pdf", "b.pdf"))

    counted = {one["entity_id"]: one["file_count"] for one in anna.call("getFilesCountByEntity")}
    assert hits(anna, "contract/v-900001") == 4
    assert counted[id_of(world, "contract/v-900001")] == 4
    assert activity_types(world, "contract/v-900001") == ["DocUploadedFromPortal"] * 2


def test_uploaded_file_is_new_to_others_not_to_its_sender(nobody: Client, world: World) -> None:
    hoffmann, jonas = nobody.as_("dev-hoffmann"), nobody.as_("dev-jonas")

    body = upload(world, "a.pdf", entity="contract/v-900005")
    [file] = hoffmann.call("saveEntityFile", body=body)["createdFiles"]

    assert file["is_new"] is False
    assert jonas.call("getFileById", id=file["_id"])["file"]["is_new"] is True


@pytest.mark.parametrize("filename", UNWANTED)
def test_unwanted_extension_refuses_the_whole_upload(anna: Client, world: World, filename: str) -> None:
    anna.call("saveEntityFile", body=upload(world, "a.pdf", filename), status=400)

    assert hits(anna, "contract/v-900001") == 2


def test_portal_without_lists_takes_every_extension(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"allowed_file_extensions": None})

    [file] = anna.call("saveEntityFile", body=upload(world, "script.sh"))["createdFiles"]

    assert file["type"] == "unknown"


def test_installer_may_upload_a_drawing_but_delete_nothing(nobody: Client, world: World) -> None:
    marek, project = nobody.as_("dev-marek"), "opportunity/op-3002"

    body = upload(world, "plan.dwg", entity=project)
    [file] = marek.call("saveEntityFile", body=body)["createdFiles"]

    assert file["type"] == "application"
    marek.call("deleteEntityFile", body=removal(world, file["_id"], entity=project), status=403)


def test_upload_needs_files(anna: Client, world: World) -> None:
    anna.call("saveEntityFile", body=upload(world), status=400)


@pytest.mark.parametrize(
    ("entity", "status"),
    [
        ("contract/v-900003", 404),
        ("contract/00000000-0000-4000-8000-000000000000", 404),
        ("product/dynamik", 403),
        ("submission/00000000-0000-4000-8000-000000000000", 403),
    ],
)
def test_upload_to_what_is_not_the_users_own_is_refused(
    anna: Client, world: World, entity: str, status: int
) -> None:
    anna.call("saveEntityFile", body=upload(world, "a.pdf", entity=entity), status=status)


def test_upload_needs_the_grant(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"grants": [{"action": "entity:view", "resource": "*"}]})

    anna.call("saveEntityFile", body=upload(world, "a.pdf"), status=403)


def test_removed_file_is_gone_for_good(anna: Client, world: World) -> None:
    file = id_of(world, "file/re-2026-00123")

    answer = anna.call("deleteEntityFile", body=removal(world, file))

    assert answer == {"deletedFiles": [file]}
    assert hits(anna, "contract/v-900001") == 1
    assert activity_types(world, "contract/v-900001") == ["DocRemovedFromPortal"]
    assert world.draft().collection("download").where(file_id=file) == []
    anna.call("getFileById", id=file, status=404)
    anna.call("deleteEntityFile", body=removal(world, file), status=404)


def test_file_on_another_entity_stays_there(anna: Client, world: World) -> None:
    file = id_of(world, "file/re-2026-00123")
    change(world, "contract/v-900002", {"_files": {"$relation": [{"entity_id": file}]}})

    anna.call("deleteEntityFile", body=removal(world, file))

    relations = anna.call("getFileById", id=file)["file"]["_relations"]
    assert [one["entity_id"] for one in relations] == [id_of(world, "contract/v-900002")]


@pytest.mark.parametrize(
    "other", ["file/kalkulation-v-900001", "file/re-2026-00135", "file/vertrag-v-900003"]
)
def test_removal_is_all_or_nothing(anna: Client, world: World, other: str) -> None:
    ids = [id_of(world, "file/re-2026-00123"), id_of(world, other)]

    anna.call("deleteEntityFile", body=removal(world, *ids), status=404)

    assert hits(anna, "contract/v-900001") == 2


@pytest.mark.parametrize("ids", [[], ["file/re-2026-00123"] * 2])
def test_removal_names_files_once(anna: Client, world: World, ids: list[str]) -> None:
    body = removal(world, *(id_of(world, id) for id in ids))

    anna.call("deleteEntityFile", body=body, status=400)


@pytest.mark.parametrize(
    ("operation", "query"), [("savePortalFiles", {}), ("savePortalFilesV3", {"portal_id": "portal/p1"})]
)
def test_saved_banner_is_the_image_of_the_portal(
    admin: Client, world: World, operation: str, query: dict[str, str]
) -> None:
    params: dict[str, Any] = {name: id_of(world, value) for name, value in query.items()}
    item = {"filename": "sommer.png", "file_type": "welcomeBanner", "_tags": ["Sommer"]}
    body = {"origin": "END_CUSTOMER_PORTAL", "files": [item, {"file_type": "legal"}]}

    banner, legal = admin.call(operation, body=body, **params)["createdFiles"]

    images = record_of(world, "portal/p1")["images"]
    assert images["welcomeBanner"] == banner["public_url"]
    assert images["orderLeftTeaser"] == "https://mein.sw-musterau.test/images/wallbox.jpg"
    assert (banner["filename"], banner["_tags"]) == ("sommer.png", ["Sommer"])
    assert legal["filename"] == "legal"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"origin": "END_CUSTOMER_PORTAL", "files": []}, 400),
        ({"origin": "END_CUSTOMER_PORTAL", "files": [{"filename": "a.exe", "file_type": "x"}]}, 400),
        ({"origin": "NO_SUCH_PORTAL", "files": [{"file_type": "x"}]}, 404),
    ],
)
def test_portal_files_that_cannot_be_saved_are_refused(
    admin: Client, world: World, body: Record, status: int
) -> None:
    admin.call("savePortalFiles", body=body, status=status)

    assert len(world.draft().collection("file")) == 32


def test_formats_and_images_are_those_of_the_spec(spec: Spec) -> None:
    schemas = spec.document["components"]["schemas"]

    types = schemas["FileItem"]["allOf"][1]["properties"]["type"]["enum"]
    images = schemas["CommonConfigAttributes"]["properties"]["images"]["properties"]

    assert {format.type for format in FORMATS.values()} <= set(types)
    assert set(images) == IMAGES


@pytest.mark.parametrize("name", ["portal_id", "domain", "org_id"])
@pytest.mark.parametrize("value", [5, ["x"], {"a": "b"}, None])
def test_address_that_is_no_text_is_refused(admin: Client, name: str, value: object) -> None:
    """The body has these keys although the document does not name them."""
    body = {"origin": "END_CUSTOMER_PORTAL", "files": [{"file_type": "legal"}], name: value}

    admin.call("savePortalFiles", body=body, status=400)
