"""Photos of meters: kept as files of the meter, and read like a reader of digits would, for a few known pictures."""

import base64
import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.collections import related_ids, relation
from mockportal.portal.customer.files import mark_opened
from mockportal.portal.customer.uploads import STORE, check_extension, keep_content, new_file
from mockportal.portal.entity.activities import FILE_UPLOADED, record_activity
from mockportal.portal.entity.calendar import today
from mockportal.portal.entity.visibility import call_visible, check_grant
from mockportal.portal.metering.supply import supplies_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_LARGEST = 5 * 1024 * 1024  # bytes
_DATA_URL = re.compile(r"data:(?P<mime>[^;,]*)(?:;[^;,]*)*;base64,(?P<data>.*)", re.DOTALL)
_RECOGNITION = "meter-reading-photo"  # a feature flag; a portal that does not mention it recognizes

# What is read off a picture, by its name or by the SHA-256 of its bytes; nothing is read off any other.
_METER: Record = {"reading": "000254.1", "sector": "power", "meter_numbers": ["1TST0010000001"]}
RECOGNIZED: Mapping[str, Record] = MappingProxyType(
    {
        "zaehler-ok.jpg": _METER,
        # a GIF of one transparent pixel
        "ef1955ae757c8b966c83248350331bd3a30f658ced11f387f8ebf05ab3368629": _METER,
    }
)


@operation("uploadMeterReadingPhoto")
def upload_photo(call: Call, state: Draft) -> Json:
    """The picture becomes a file of the meter that its customer sees, and has seen."""
    fields = call.fields
    check_grant(call.caller, "meter_reading:create", "meter")
    meter = call_visible(call, state, "meter", fields["meter_id"])
    check_extension(call.caller.realm, fields["filename"])
    data = _picture(fields["contents"], fields["mime_type"])
    file = _attached(call, state, meter, data)
    supplies = supplies_of(call.caller, state, meter) or ()
    contracts = [supply.contract for supply in supplies if supply.covers(today(state))]
    record_activity(call, state, FILE_UPLOADED, [meter, *contracts, file], file=str(file["_title"]))
    answer = {"filename": file["filename"], "s3ref": file["s3ref"], "file_id": file["_id"]}
    return {"data": {**answer, **_recognized(call, data)}}


def _picture(contents: str, mime_type: str) -> bytes:
    """The bytes of a data URL, or of bare base64. Raises `BadRequest`."""
    url = _DATA_URL.fullmatch(contents)
    types = [mime_type, url["mime"]] if url else [mime_type]
    if not all(type.lower().startswith("image/") for type in types):
        raise BadRequest("contents: not an image")
    try:
        data = base64.b64decode("".join((url["data"] if url else contents).split()), validate=True)
    except ValueError:
        raise BadRequest("contents: not base64") from None
    if not 0 < len(data) <= _LARGEST:
        raise BadRequest(f"contents: an image has between 1 and {_LARGEST} bytes")
    return data


def _attached(call: Call, state: Draft, meter: Record, data: bytes) -> Record:
    """The file of the picture, on its meter."""
    name, mime_type = call.fields["filename"], call.fields["mime_type"]
    about = {
        "type": "image",
        "mime_type": mime_type,
        "size_bytes": len(data),
        "shared_with_end_customer": True,
    }
    file = new_file(call, state, name, about)
    s3ref = {"bucket": STORE, "key": f"{call.caller.org}/{file['_id']}/{name}"}
    keep_content(state, s3ref, mime_type, data)
    file = state.collection("file").put({**file, "s3ref": s3ref})
    files = relation(*related_ids(meter.get("_files")), file["_id"])
    state.collection("meter").patch(meter["_id"], {"_files": files})
    mark_opened(call, state, file)
    return file


def _recognized(call: Call, data: bytes) -> Record:
    if (call.caller.realm.get("feature_flags") or {}).get(_RECOGNITION) is False:
        return {}
    digest = hashlib.sha256(data).hexdigest()
    return RECOGNIZED.get(call.fields["filename"], RECOGNIZED.get(digest, {}))
