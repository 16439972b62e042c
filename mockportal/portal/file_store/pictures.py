"""Pictures in grey, as PNG and as JPEG: a number on a light plate, like the face of a meter.

They are drawn in square cells, so a picture is a small grid of grey values from 0 (black) to 255.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

Grid = Sequence[bytes]

CELL = 8  # pixels, which is also the size of the blocks of a JPEG
_DARK, _PLATE, _INK = 70, 235, 20
_MARGIN = 4
# three columns by five rows, one bit a cell, the top left one first
_DIGITS: Mapping[str, int] = MappingProxyType(
    {
        "0": 0b111101101101111,
        "1": 0b010110010010111,
        "2": 0b111001111100111,
        "3": 0b111001111001111,
        "4": 0b101101111001001,
        "5": 0b111100111001111,
        "6": 0b111100111101111,
        "7": 0b111001001001001,
        "8": 0b111101111101111,
        "9": 0b111101111001111,
    }
)
_COLUMNS, _ROWS = 3, 5


def number_plate(digits: str) -> Grid:
    """A grid that shows a number."""
    width = 2 * _MARGIN + (_COLUMNS + 1) * len(digits) + 1
    plate = [bytearray([_PLATE]) * (width - 2 * _MARGIN) for _ in range(_ROWS + 2)]
    for place, digit in enumerate(digits):
        for at in range(_COLUMNS * _ROWS):
            if _DIGITS[digit] >> (_COLUMNS * _ROWS - 1 - at) & 1:
                row, column = divmod(at, _COLUMNS)
                plate[row + 1][place * (_COLUMNS + 1) + column + 1] = _INK
    border, side = bytes([_DARK]) * width, bytes([_DARK]) * _MARGIN
    return [*[border] * _MARGIN, *(side + bytes(row) + side for row in plate), *[border] * _MARGIN]


def png(grid: Grid, size: int = 0) -> bytes:
    """The grid as PNG (ISO 15948), padded to `size` bytes by a chunk that readers skip."""
    width, height = len(grid[0]) * CELL, len(grid) * CELL
    rows = (b"\0" + b"".join(bytes([grey]) * CELL for grey in row) for row in grid for _ in range(CELL))
    head = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
    end = _chunk(b"IEND", b"")
    padding = size - len(head) - len(body) - len(end) - len(_chunk(b"paDd", b""))
    return head + body + (_chunk(b"paDd", bytes(padding)) if padding >= 0 else b"") + end


def jpeg(grid: Grid, size: int = 0) -> bytes:
    """The grid as baseline JPEG (ITU T.81), padded to `size` bytes by comments.

    Every block has one grey value, so its only coefficient is the first one, and the code for all others is "no more".
    """
    head = b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xDB, b"\0" + bytes([8]) * 64),
            _segment(0xC0, struct.pack(">BHHB", 8, len(grid) * CELL, len(grid[0]) * CELL, 1) + b"\x01\x11\0"),
            _segment(
                0xC4, b"\0" + bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]) + bytes(range(12))
            ),
            _segment(0xC4, b"\x10" + bytes([1]) + bytes(15) + b"\0"),
        )
    )
    scan = _segment(0xDA, b"\x01\x01\0\0\x3f\0") + _scan(grid) + b"\xff\xd9"
    return head + b"".join(_comments(size - len(head) - len(scan))) + scan


def _scan(grid: Grid) -> bytes:
    bits, before = [], 0
    for row in grid:
        for grey in row:
            step, before = grey - 128 - before, grey - 128
            length = abs(step).bit_length()
            bits.append(_DC_CODES[length])
            if step:
                bits.append(f"{step if step > 0 else step + (1 << length) - 1:0{length}b}")
            bits.append("0")
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")


# The code of a difference by the number of its bits: table K.3 of ITU T.81.
_DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110")
_LONGEST_SEGMENT = 0xFFFF + 2
_SHORTEST_SEGMENT = 4


def _comments(size: int) -> Iterator[bytes]:
    """Comments that have so many bytes together, if that is enough for one."""
    while size >= _SHORTEST_SEGMENT:
        length = min(size, _LONGEST_SEGMENT)
        if 0 < size - length < _SHORTEST_SEGMENT:
            length -= _SHORTEST_SEGMENT
        yield _segment(0xFE, bytes(length - _SHORTEST_SEGMENT))
        size -= length


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
