"""The contents of files that a scenario names but does not hold: made from the records when somebody asks for them.

Each has the type and just the size that its record says; a record without a size gets the size of its contents.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from mockportal.config import LIMITS
from mockportal.portal.entity.money import CURRENCY, decimal_text
from mockportal.portal.entity.visibility import holders_of
from mockportal.portal.file_store.pdf import pdf
from mockportal.portal.file_store.pictures import jpeg, number_plate, png
from mockportal.state.clock import german_day, instant
from mockportal.state.store import Draft
from mockportal.values import Record

_DIGITS = 6
# how the formats begin that nobody reads here: their contents are blank
_BEGINNINGS: Mapping[str, bytes] = MappingProxyType(
    {"application/acad": b"AC1032", "image/gif": b"GIF89a", "application/zip": b"PK\x05\x06"}
)


def document_of(draft: Draft, file: Record) -> bytes:
    """The contents of a file; the same for the same file in the same state. One of size 0 is empty."""
    size = min(int(file.get("size_bytes", -1)), LIMITS.upload)
    if size == 0:
        return b""
    mime_type = str(file.get("mime_type", "")).lower()
    writer = _WRITERS.get(mime_type)
    if writer is not None:
        return writer(draft, file, size)
    if mime_type.startswith("text/"):
        return _text(draft, file, size)
    beginning = _BEGINNINGS.get(mime_type, b"")
    return beginning.ljust(size, b"\0")[: max(size, 0) or None]


def _pdf(draft: Draft, file: Record, size: int) -> bytes:
    return pdf(str(file["_title"]), list(_lines(draft, file)), size)


def _text(draft: Draft, file: Record, size: int) -> bytes:
    text = "\r\n".join((str(file["_title"]), "", *_lines(draft, file), "")).encode()
    return text.ljust(size, b" ")


def _jpeg(draft: Draft, file: Record, size: int) -> bytes:
    return jpeg(number_plate(_number(file)), size)


def _png(draft: Draft, file: Record, size: int) -> bytes:
    return png(number_plate(_number(file)), size)


def _number(file: Record) -> str:
    """The number on a picture: it follows from the id, and so from the seed."""
    digest = hashlib.sha256(str(file["_id"]).encode()).hexdigest()
    return f"{int(digest, 16) % 10**_DIGITS:0{_DIGITS}d}"


def _lines(draft: Draft, file: Record) -> Iterator[str]:
    """Sender, date, the entities that a document belongs to, and the amounts of an invoice."""
    organization = next(iter(draft.collection("organization")), {})
    yield str(organization.get("name", "mockportal"))
    day = german_day(instant(str(file.get("file_date") or file["_created_at"])))
    yield f"Datum: {day:%d.%m.%Y}"
    yield ""
    for _, holder in holders_of(draft, file):
        yield f"Zu: {holder['_title']}"
    for event in _invoices(draft, str(file["_title"])):
        amount = decimal_text(int(event.get("billing_amount") or 0))
        yield f"Rechnung {event['invoice_number']}: {amount} {CURRENCY}, fällig am {event.get('due_date', '?')}"
    yield ""
    yield f"Dokument {file['_id']}"
    yield "Dies ist ein Musterdokument ohne rechtliche Bedeutung."


def _invoices(draft: Draft, title: str) -> Sequence[Record]:
    return [
        event
        for event in draft.collection("billing_event")
        if event.get("invoice_number") and str(event["invoice_number"]) in title
    ]


_WRITERS: Mapping[str, Callable[[Draft, Record, int], bytes]] = MappingProxyType(
    {"application/pdf": _pdf, "image/jpeg": _jpeg, "image/png": _png}
)
