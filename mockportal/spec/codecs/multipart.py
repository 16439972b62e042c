"""The parts of a multipart body (RFC 7578)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header


@dataclass(slots=True)
class Part:
    """One part: its headers with names in lower case, and its content."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    data: bytearray = field(default_factory=bytearray)

    @property
    def name(self) -> str:
        """The name of the field; "" if the part has none."""
        return self._option(b"name")

    @property
    def is_file(self) -> bool:
        """True if the part has the name of a file."""
        return b"filename" in parse_options_header(self.headers.get(b"content-disposition", b""))[1]

    @property
    def content_type(self) -> str:
        """Its media type; "" if the part names none."""
        return self.headers.get(b"content-type", b"").decode("latin-1")

    def _option(self, key: bytes) -> str:
        _, options = parse_options_header(self.headers.get(b"content-disposition", b""))
        return options.get(key, b"").decode("utf-8", "replace")


def parts_of(data: bytes, content_type: str) -> Iterator[Part]:
    """The parts of a body with this content type. Raises `ValueError`."""
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
    return iter(collector.parts)


class _Parts:
    """Collects what the multipart parser reports."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._name = b""
        self._value = b""

    def callbacks(self) -> Any:
        return {
            "on_part_begin": lambda: self.parts.append(Part()),
            "on_part_data": lambda data, start, end: self.parts[-1].data.extend(data[start:end]),
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
        }

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self.parts[-1].headers[self._name.lower()] = self._value
        self._name = self._value = b""
