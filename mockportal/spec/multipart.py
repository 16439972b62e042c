"""The fields of a form as `spelling` writes it: multipart/form-data."""

from collections.abc import Iterator
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from mockportal.values import Record


def form_fields(data: bytes, content_type: str) -> Record:
    """`{name: text}` of a multipart/form-data body. Raises `ValueError`."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise ValueError("the content type names no boundary")
    collector = _Parts()
    parser = MultipartParser(boundary, collector.callbacks())
    try:
        parser.write(data)
        parser.finalize()
    except FormParserError as error:
        raise ValueError(f"not multipart: {error}") from None
    return dict(collector.fields())


class _Parts:
    """Collects what the multipart parser reports."""

    def __init__(self) -> None:
        self._parts: list[tuple[dict[bytes, bytes], bytearray]] = []
        self._name = b""
        self._value = b""

    def callbacks(self) -> Any:
        return {
            "on_part_begin": lambda: self._parts.append(({}, bytearray())),
            "on_part_data": lambda data, start, end: self._parts[-1][1].extend(data[start:end]),
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
        }

    def fields(self) -> Iterator[tuple[str, str]]:
        for headers, data in self._parts:
            _, options = parse_options_header(headers.get(b"content-disposition", b""))
            yield options.get(b"name", b"").decode("utf-8", "replace"), data.decode("utf-8", "replace")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._parts[-1][0][self._name.lower()] = self._value
        self._name = self._value = b""
