"""Previews: the kind of a file, and the addresses that show it or save it."""

import pytest

from mockportal.engine.call import Reply, Request
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.previews.previews import preview_kind
from mockportal.portal.previews.service import serve_previews
from mockportal.testing import Client
from tests.support.changes import change, id_of


def fetched(client: Client, address: str) -> Reply:
    path, _, query = address.partition("/__services/previews")[2].partition("?")
    return serve_previews(Request("GET", path, query), client.world.draft())


@pytest.mark.parametrize(
    ("filename", "mime_type", "kind"),
    [
        ("a.pdf", "", "pdf"),
        ("a.docx", "", "pdf"),
        ("a.XLSX", "", "pdf"),
        ("a.xls", "", "pdf"),
        ("a.xlsm", "", "pdf"),
        ("a.doc", "application/pdf", "unsupported"),
        ("a.csv", "", "unsupported"),
        ("a.pptx", "", "unsupported"),
        ("a.JPG", "", "image"),
        ("a.svg", "image/svg+xml", "unsupported"),
        ("scan", "application/pdf", "pdf"),
        ("photo", "image/png", "image"),
        ("notes", "text/plain", "unsupported"),
    ],
)
def test_stored_name_decides_the_kind(filename: str, mime_type: str, kind: str) -> None:
    assert preview_kind({"_title": "x", "filename": filename, "mime_type": mime_type}) == kind


def test_file_is_shown_in_place_and_saved_from_another_address(newer: Client) -> None:
    anna = newer.as_("dev-anna")

    shown = anna.call("getFilePreview", id=id_of(anna.world, "file/vertrag-v-900001"))

    inline, attached = fetched(anna, shown["url"]), fetched(anna, shown["download_url"])
    assert (shown["kind"], shown["requires_auth"]) == ("pdf", False)
    assert bytes(inline.body).startswith(b"%PDF")
    assert inline.headers["Content-Disposition"].startswith("inline; ")
    assert attached.headers["Content-Disposition"].startswith("attachment; ")
    assert inline.body == attached.body


def test_office_document_is_shown_as_pdf(newer: Client) -> None:
    anna = newer.as_("dev-anna")
    change(
        anna.world, "file/vertrag-v-900001", {"filename": "Vertrag.docx", "mime_type": "application/msword"}
    )

    shown = anna.call("getFilePreview", id=id_of(anna.world, "file/vertrag-v-900001"))

    reply = fetched(anna, shown["url"])
    assert reply.headers["Content-Type"] == "application/pdf"
    assert bytes(reply.body).startswith(b"%PDF")


def test_file_that_no_browser_shows_can_be_saved(newer: Client) -> None:
    anna = newer.as_("dev-anna")
    change(anna.world, "file/vertrag-v-900001", {"filename": "Vertrag.pptx"})

    shown = anna.call("getFilePreview", id=id_of(anna.world, "file/vertrag-v-900001"))

    assert shown.keys() == {"kind", "download_url"}


def test_forged_and_unknown_addresses_are_refused(newer: Client) -> None:
    anna = newer.as_("dev-anna")
    shown = anna.call("getFilePreview", id=id_of(anna.world, "file/vertrag-v-900001"))

    with pytest.raises(Forbidden):
        fetched(anna, shown["url"].replace("/inline/", "/attachment/"))
    with pytest.raises(NotFound):
        fetched(anna, "/__services/previews/inline/unknown/x.pdf?expires=1")


def test_file_of_somebody_else_is_not_found(newer: Client) -> None:
    mehmet = newer.as_("dev-mehmet")

    mehmet.call("getFilePreview", id=id_of(newer.world, "file/vertrag-v-900001"), status=404)
