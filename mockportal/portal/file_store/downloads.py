"""Downloads: the bytes that were uploaded, or a document that is made when somebody asks for it."""

import base64
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, unquote

from mockportal.engine.call import Reply, Request
from mockportal.engine.signing import signed_conditions
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.customer.uploads import UNKNOWN, upload_of
from mockportal.portal.entity.views import FILES
from mockportal.portal.file_store.documents import document_of
from mockportal.portal.file_store.ranges import ranged
from mockportal.portal.file_store.uploads import MEDIA_TYPE
from mockportal.state.store import Draft
from mockportal.values import Record

# Browsers show these in place; everything else is saved, as it might run scripts at the address of the mock.
_SHOWN = frozenset(
    ("application/pdf", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain")
)
_ALWAYS: Mapping[str, str] = MappingProxyType(
    {"Accept-Ranges": "bytes", "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
)


def download(request: Request, draft: Draft) -> Reply:
    """A file by its signed address. Raises `Forbidden` for an address that is forged or has expired."""
    if signed_conditions("GET", request.path, request.query, draft.now().timestamp()) is None:
        raise Forbidden("the address of this file is not valid, or not any more")
    file = draft.collection("file").get(unquote(request.path.split("/")[1]))
    return file_reply(request, file, content_of(draft, file))


def public_download(request: Request, draft: Draft) -> Reply:
    """A file of the portal itself, whose address never expires. Raises `NotFound`."""
    for file in draft.collection("file"):
        address = str(file.get("public_url", ""))
        if FILES in address and unquote(address.partition(FILES)[2]) == unquote(request.path):
            return file_reply(request, file, content_of(draft, file))
    raise NotFound(f"there is no file {unquote(request.path)}")


def content_of(draft: Draft, file: Record) -> bytes:
    """The bytes of a file; of one that was never uploaded, a document with the name, type and size of the file."""
    upload = upload_of(draft, file.get("s3ref"))
    if upload is not None:
        return base64.b64decode(upload["content"])
    return document_of(draft, file)


def file_reply(request: Request, file: Record, content: bytes) -> Reply:
    """The reply with these bytes, or with the range of them that the request asks for."""
    mime_type = str(file.get("mime_type", "")).lower()
    if MEDIA_TYPE.fullmatch(mime_type) is None:
        mime_type = UNKNOWN.mime_type
    name = str(file.get("filename") or file.get("_title") or "file")
    headers = {
        **_ALWAYS,
        "Content-Type": f"{mime_type}; charset=utf-8" if mime_type.startswith("text/") else mime_type,
        "Content-Disposition": _disposition(name, mime_type),
    }
    return ranged(request, content, headers)


def _disposition(name: str, mime_type: str) -> str:
    """RFC 6266: the name in ASCII for old clients, and as it is for all others."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace("\\", "_").replace('"', "_")
    place = "inline" if mime_type in _SHOWN else "attachment"
    return f"{place}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
