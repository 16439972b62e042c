"""Uploads in two steps: a client asks for an address, and puts the bytes there.

The address holds all that the second step needs to know, and is signed, so nothing is remembered before bytes arrive.
"""

import re
from datetime import timedelta
from urllib.parse import quote, unquote

from mockportal.config import LIMITS
from mockportal.engine.call import Reply, Request
from mockportal.engine.signing import signed_conditions, signed_query
from mockportal.errors import BadRequest, Conflict, Forbidden, Unauthorized
from mockportal.portal.customer.uploads import FORMATS, STORE, UNKNOWN, forget_uploads, is_saved, keep_content
from mockportal.portal.entity.views import FILES
from mockportal.portal.tokens import first_organization
from mockportal.state.clock import timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record, decode

UPLOADS = "/uploads/"
MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")

_LIFETIME = timedelta(hours=24)
_LONGEST_NAME = 255


def offer_upload(request: Request, draft: Draft) -> Reply:
    """The address to put a file to, and the reference to save it with: `{upload_url, s3ref, expires_at}`.

    Any bearer token will do: the operation that saves the file decides who may.
    """
    if not re.fullmatch(r"(?i)bearer +\S+", request.headers.get("authorization", "").strip()):
        raise Unauthorized("an upload needs a bearer token")
    fields = _fields(request.body)
    name = _name(fields.get("filename"))
    mime_type = _media_type(fields.get("mime_type"), name)
    size = _size(fields.get("size_bytes"))
    forget_uploads(draft)
    path = f"{UPLOADS}{draft.new_id('upload')}/{quote(name, safe='')}"
    expires_at = draft.now() + _LIFETIME
    conditions = {"content_type": mime_type, **({"size": str(size)} if size is not None else {})}
    query = signed_query("PUT", path, int(expires_at.timestamp()), conditions)
    body = {
        "upload_url": f"{draft.base_url}{FILES}{path}?{query}",
        "s3ref": _reference(path, draft),
        "expires_at": timestamp(expires_at),
    }
    return Reply(201, body)


def receive_upload(request: Request, draft: Draft) -> Reply:
    """Keeps the bytes. The address works until it expires, and until a file refers to its bytes.

    Raises `Forbidden`, `BadRequest`, `Conflict`.
    """
    conditions = signed_conditions("PUT", request.path, request.query, draft.now().timestamp())
    if conditions is None:
        raise Forbidden("the address of this upload is not valid, or has expired")
    mime_type, sent = conditions["content_type"], request.headers.get("content-type", "")
    if sent.partition(";")[0].strip().lower() != mime_type:
        raise Forbidden(
            f"this upload is {sent or 'without a Content-Type'}, and the address is for {mime_type}"
        )
    size, length = conditions.get("size"), len(request.body)
    if size is not None and int(size) != length:
        raise BadRequest(f"this upload has {length} bytes, and the address is for {size}")
    s3ref = _reference(request.path, draft)
    if is_saved(draft, s3ref):
        raise Conflict("a file refers to this upload already")
    keep_content(draft, s3ref, mime_type, request.body, timestamp(draft.now() + _LIFETIME))
    return Reply(200, None)


def _fields(body: bytes) -> Record:
    try:
        fields = decode(body)
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadRequest("the body is not an object")
    return fields


def _name(value: Json) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME:
        raise BadRequest(f"filename: this has to be a text of 1 to {_LONGEST_NAME} characters")
    if not value.isprintable() or "/" in value or "\\" in value or value in (".", ".."):
        raise BadRequest("filename: this has to be a name without a path")
    return value


def _media_type(value: Json, name: str) -> str:
    """The media type that the file is said to have, else that of its name's ending."""
    if value is None:
        return FORMATS.get(name.rpartition(".")[2].lower(), UNKNOWN).mime_type
    if not isinstance(value, str) or MEDIA_TYPE.fullmatch(value) is None:
        raise BadRequest("mime_type: this has to be a media type such as application/pdf")
    return value.lower()


def _size(value: Json) -> int | None:
    """The size that the file is said to have, in bytes."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LIMITS.upload:
        raise BadRequest(f"size_bytes: a file has between 0 and {LIMITS.upload} bytes")
    return value


def _reference(path: str, draft: Draft) -> Record:
    return {"bucket": STORE, "key": f"{first_organization(draft)}{unquote(path)}"}
