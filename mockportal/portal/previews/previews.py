"""The way in which a file can be shown, and the addresses to show it from and to save it from."""

from datetime import timedelta
from math import ceil
from urllib.parse import quote

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.engine.signing import signed_query
from mockportal.portal.entity.visibility import call_visible
from mockportal.state.store import Draft
from mockportal.values import Json, Record

SERVICE = "previews"  # the neighbour that hands out the files
INLINE, ATTACHMENT = "inline", "attachment"
_LIFETIME = timedelta(minutes=15)
_MINUTE = 60  # seconds
_AS_PDF = frozenset(
    ("pdf", "docx", "xls", "xlsx", "xlsm")
)  # endings of names whose content is shown as a PDF
_IMAGES = frozenset(("bmp", "gif", "jpeg", "jpg", "png", "webp"))


@operation("getFilePreview")
def preview_file(call: Call, state: Draft) -> Json:
    """The stored file decides what a browser can show. Only a private file needs an address to be saved from."""
    file = call_visible(call, state, "file", call.params["id"])
    kind = preview_kind(file)
    shown: Record = {"kind": kind}
    if kind != "unsupported":
        shown |= {"url": _address(state, file, INLINE), "requires_auth": False}
    if file.get("access_control") != "public-read":
        shown["download_url"] = _address(state, file, ATTACHMENT)
    return shown


def preview_kind(file: Record) -> str:
    """`pdf`, `image` or `unsupported`, by the ending of the name; by the media type where there is none."""
    name = str(file.get("filename") or file["_title"]).lower()
    mime_type = str(file.get("mime_type", "")).lower()
    if "." not in name:
        return "pdf" if mime_type == "application/pdf" else "image" if mime_type in _SHOWN else "unsupported"
    ending = name.rpartition(".")[2]
    return "pdf" if ending in _AS_PDF else "image" if ending in _IMAGES else "unsupported"


_SHOWN = frozenset(f"image/{name}" for name in _IMAGES)


def _address(state: Draft, file: Record, place: str) -> str:
    """An address for the next quarter of an hour, rounded up to the minute."""
    expires_at = ceil((state.now() + _LIFETIME).timestamp() / _MINUTE) * _MINUTE
    name = quote(str(file.get("filename") or file["_title"]), safe="")
    path = f"/{place}/{file['_id']}/{name}"
    return f"{state.base_url}/__services/{SERVICE}{path}?{signed_query('GET', path, expires_at, {})}"
