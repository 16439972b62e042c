"""Files that come and go: attached to entities by users, and kept for the portal itself by administrators.

The bytes travel outside of this API, through the file store; a reference to them arrives here. One whose bytes were
never uploaded is taken on trust, as a file without any (M19).
"""

import base64
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Forbidden, NotFound
from mockportal.portal.collections import related_ids, relation, system_fields
from mockportal.portal.customer.files import mark_opened
from mockportal.portal.entity.activities import (
    FILE_REMOVED,
    FILE_UPLOADED,
    PORTAL_FILE_SAVED,
    record_activity,
)
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.entity.views import FILES, entity_view
from mockportal.portal.entity.visibility import (
    FILE_HOLDERS,
    call_visible,
    check_grant,
    holders_of,
    shared_files,
)
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Format(NamedTuple):
    """`type` is one of the twelve kinds of file that the API knows."""

    type: str
    mime_type: str


UNKNOWN = Format("unknown", "application/octet-stream")
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "7z": Format("archive", "application/x-7z-compressed"),
        "avi": Format("video", "video/x-msvideo"),
        "bmp": Format("image", "image/bmp"),
        "csv": Format("spreadsheet", "text/csv"),
        "doc": Format("document", "application/msword"),
        "docx": Format("document", f"{_OFFICE}.wordprocessingml.document"),
        "dwg": Format("application", "application/acad"),
        "dxf": Format("application", "application/dxf"),
        "eml": Format("text", "message/rfc822"),
        "gif": Format("image", "image/gif"),
        "heic": Format("image", "image/heic"),
        "html": Format("text", "text/html"),
        "ics": Format("text", "text/calendar"),
        "jpeg": Format("image", "image/jpeg"),
        "jpg": Format("image", "image/jpeg"),
        "json": Format("application", "application/json"),
        "mov": Format("video", "video/quicktime"),
        "mp3": Format("audio", "audio/mpeg"),
        "mp4": Format("video", "video/mp4"),
        "msg": Format("application", "application/vnd.ms-outlook"),
        "odp": Format("presentation", "application/vnd.oasis.opendocument.presentation"),
        "ods": Format("spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
        "odt": Format("document", "application/vnd.oasis.opendocument.text"),
        "pdf": Format("document", "application/pdf"),
        "png": Format("image", "image/png"),
        "ppt": Format("presentation", "application/vnd.ms-powerpoint"),
        "pptx": Format("presentation", f"{_OFFICE}.presentationml.presentation"),
        "rar": Format("archive", "application/vnd.rar"),
        "rtf": Format("document", "application/rtf"),
        "svg": Format("image", "image/svg+xml"),
        "tif": Format("image", "image/tiff"),
        "tiff": Format("image", "image/tiff"),
        "txt": Format("text", "text/plain"),
        "wav": Format("audio", "audio/wav"),
        "webp": Format("image", "image/webp"),
        "woff2": Format("font", "font/woff2"),
        "xls": Format("spreadsheet", "application/vnd.ms-excel"),
        "xlsx": Format("spreadsheet", f"{_OFFICE}.spreadsheetml.sheet"),
        "xml": Format("application", "application/xml"),
        "zip": Format("archive", "application/zip"),
    }
)
STORE = "mockportal-files"  # the bucket of everything that is uploaded here
IMAGES = frozenset(("orderLeftTeaser", "orderRightTeaser", "welcomeBanner"))


@operation("saveEntityFile")
def save_entity_files(call: Call, state: Draft) -> Json:
    """All files or none. They are private, shared with the customer, and not new to whoever sent them."""
    sent = _sent(call)
    entity = _holder(call, state, "entity:create")
    for item in sent:
        check_extension(call.caller.realm, item["filename"])
    files = []
    for item in sent:
        shared = {"shared_with_end_customer": True, "s3ref": item["s3ref"]}
        file = new_file(call, state, item["filename"], shared)
        mark_opened(call, state, file)
        files.append(file)
    ids = [*related_ids(entity.get("_files")), *(file["_id"] for file in files)]
    state.collection(entity["_schema"]).patch(entity["_id"], {"_files": relation(*ids)})
    for file in files:
        record_activity(call, state, FILE_UPLOADED, [entity, file], file=str(file["_title"]))
    return {"createdFiles": [entity_view(call.caller, state, file) for file in files]}


@operation("deleteEntityFile")
def delete_entity_files(call: Call, state: Draft) -> Json:
    """All files or none. A file is forgotten once it is attached to nothing."""
    entity = _holder(call, state, "entity:delete")
    attached = {file["_id"]: file for file in shared_files(state, [entity])}
    ids = call.fields["file_entity_ids"]
    for id in ids:
        if id not in attached:
            raise NotFound(f"{entity['_schema']} {entity['_id']} has no file {id}")
    left = [id for id in related_ids(entity.get("_files")) if id not in ids]
    state.collection(entity["_schema"]).patch(entity["_id"], {"_files": relation(*left)})
    for id in ids:
        file = attached[id]
        if not any(holders_of(state, file)):
            _forget(state, file)
        record_activity(call, state, FILE_REMOVED, [entity, file], file=str(file["_title"]))
    return {"deletedFiles": ids}


@operation("savePortalFiles", "savePortalFilesV3")
def save_portal_files(call: Call, state: Draft) -> Json:
    """Files of the portal itself. One whose `file_type` is a place for an image becomes the image there."""
    sent = _sent(call)
    portal = portal_of(call, state)
    for item in sent:
        if "filename" in item:
            check_extension(portal, item["filename"])
    files = [_portal_file(call, state, item) for item in sent]
    images = {
        item["file_type"]: file["public_url"]
        for item, file in zip(sent, files, strict=True)
        if item["file_type"] in IMAGES
    }
    if images:
        state.collection("portal").patch(portal["portal_id"], {"images": images})
    for file in files:
        record_activity(call, state, PORTAL_FILE_SAVED, [file], file=str(file["_title"]))
    return {"createdFiles": [entity_view(call.caller, state, file) for file in files]}


def check_extension(portal: Record, filename: str) -> None:
    """Raises `BadRequest` for a name whose ending is in none of the portal's ten lists; no lists allow all."""
    lists = portal.get("allowed_file_extensions")
    if lists is None:
        return
    allowed = {extension.lower().removeprefix(".") for family in lists.values() for extension in family}
    if _extension(filename) not in allowed:
        raise BadRequest(f"{filename!r} may not be uploaded; allowed are {', '.join(sorted(allowed))}")


def new_file(call: Call, state: Draft, name: str, more: Record) -> Record:
    """A private file entity called `name`, with `more` attributes, attached to nothing yet."""
    now = state.timestamp()
    format = FORMATS.get(_extension(name), UNKNOWN)
    file = {
        **system_fields("file", state.new_id("file"), call.caller.org, name, now),
        "filename": name,
        "type": format.type,
        "mime_type": format.mime_type,
        "size_bytes": 0,
        "file_date": now,
        "access_control": "private",
    }
    upload = upload_of(state, more.get("s3ref"))
    size = {} if upload is None else {"size_bytes": upload["size_bytes"]}
    return state.collection("file").put({**file, **more, **size})


def keep_content(state: Draft, s3ref: Record, mime_type: str, data: bytes, expires_at: str = "") -> None:
    """Keeps uploaded bytes; those with an `expires_at` only until then, unless a file refers to them."""
    upload: Record = {
        "id": _upload_id(s3ref),
        "mime_type": mime_type,
        "size_bytes": len(data),
        "content": base64.b64encode(data).decode(),
    }
    if expires_at:
        upload["expires_at"] = expires_at
    state.collection("upload").put(upload)


def upload_of(state: Draft, s3ref: Json) -> Record | None:
    """The upload that a reference names, unless it has expired. One that a file refers to never does."""
    upload = state.collection("upload").find(_upload_id(s3ref)) if isinstance(s3ref, dict) else None
    if upload is None or not has_expired(state, upload) or is_saved(state, s3ref):
        return upload
    return None


def has_expired(state: Draft, upload: Record) -> bool:
    """True if nobody has saved an upload in time; whether somebody has is for the caller to find out."""
    return "expires_at" in upload and instant(upload["expires_at"]) <= state.now()


def is_saved(state: Draft, s3ref: Record) -> bool:
    """True if a file refers to these bytes."""
    return bool(state.collection("file").where(s3ref=s3ref))


def forget_uploads(state: Draft) -> None:
    """Forgets the uploads that have expired."""
    uploads = state.collection("upload")
    expired = [upload["id"] for upload in uploads if has_expired(state, upload)]
    if expired:
        saved = {_upload_id(file["s3ref"]) for file in state.collection("file") if "s3ref" in file}
        for id in set(expired) - saved:
            uploads.remove(id)


def _upload_id(s3ref: Record) -> str:
    return f"{s3ref.get('bucket')}/{s3ref.get('key')}"


def _sent(call: Call) -> list[Record]:
    files: list[Record] = call.fields["files"]
    if not files:
        raise BadRequest("files: there are none")
    return files


def _holder(call: Call, state: Draft, action: str) -> Record:
    """The entity of the body, if files may be added to or removed from it. Raises `NotFound`, `Forbidden`."""
    slug = call.fields["entity_type"]
    entity = call_visible(call, state, slug, call.fields["entity_id"])
    check_grant(call.caller, action, "file")
    if slug not in FILE_HOLDERS:
        raise Forbidden(f"a {slug} holds no files")
    return entity


def _portal_file(call: Call, state: Draft, item: Record) -> Record:
    s3ref = item.get("s3ref")
    name = item.get("filename") or item["file_type"]
    more: Record = {key: item[key] for key in ("_tags", "s3ref") if key in item}
    file = new_file(
        call, state, name, {"shared_with_end_customer": False, "file_type": item["file_type"], **more}
    )
    key = s3ref["key"] if s3ref else f"{file['_id']}/{name}"
    address = f"{state.base_url}{FILES}/{quote(key)}"
    return state.collection("file").put({**file, "public_url": address})


def _forget(state: Draft, file: Record) -> None:
    downloads = state.collection("download")
    for download in downloads.where(file_id=file["_id"]):
        downloads.remove(download["id"])
    state.collection("file").remove(file["_id"])
    s3ref = file.get("s3ref") or {}
    if _upload_id(s3ref) in state.collection("upload") and not is_saved(state, s3ref):
        state.collection("upload").remove(_upload_id(s3ref))


def _extension(filename: str) -> str:
    _, dot, extension = filename.rpartition(".")
    return extension.lower() if dot else ""
