"""The formats that are written by hand, checked with what the standard library can read."""

import re
import struct
import zlib

import pytest

from mockportal.portal.file_store.pdf import pdf
from mockportal.portal.file_store.pictures import CELL, jpeg, number_plate, png


@pytest.mark.parametrize("size", [2_000, 99_999, 100_000, 1_000_000])
def test_a_pdf_has_just_the_size_that_is_wanted(size: int) -> None:
    assert len(pdf("Rechnung (1)", ["Zähler", "\\"], size)) == size


def test_a_pdf_that_needs_more_room_takes_it() -> None:
    assert pdf("A", ["b"], 10) == pdf("A", ["b"])


def test_the_table_of_a_pdf_says_where_its_objects_begin() -> None:
    content = pdf("A", ["b"], 3_000)

    table = int(content.split(b"startxref\n")[1].split()[0])
    begins = [int(line) for line in re.findall(rb"(\d{10}) 00000 n", content[table:])]
    assert content[table:].startswith(b"xref\n0 9\n")
    assert [content[at:].split(b" ", 1)[0] for at in begins] == [b"%d" % n for n in range(1, 9)]


def test_the_text_of_a_pdf_cannot_end_its_own_string() -> None:
    assert b"(Rechnung \\(1\\) \\\\) Tj" in pdf("Rechnung (1) \\", [])


@pytest.mark.parametrize("size", [0, 5_000, 70_000])
def test_a_png_shows_the_grid(size: int) -> None:
    grid = number_plate("0123456789")

    content = png(grid, size)

    kinds, data, at = [], b"", 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        kinds.append(kind)
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    row = len(grid[0]) * CELL + 1
    pixels = zlib.decompress(data)
    assert kinds == [b"IHDR", b"IDAT", *([b"paDd"] if size else []), b"IEND"]
    assert [pixels[n * CELL * row + 1 : (n * CELL + 1) * row : CELL] for n in range(len(grid))] == list(grid)
    assert size in (0, len(content))


@pytest.mark.parametrize("size", [5_000, 65_000 + 600, 140_001, 140_002, 1_480_332])
def test_a_jpeg_has_just_the_size_that_is_wanted(size: int) -> None:
    content = jpeg(number_plate("000254"), size)

    assert len(content) == size
    assert (content[:2], content[-2:]) == (b"\xff\xd8", b"\xff\xd9")


def test_the_segments_of_a_jpeg_follow_one_another() -> None:
    content, at, markers = jpeg(number_plate("7"), 70_000), 2, []
    while content[at + 1] != 0xDA:
        markers.append(content[at + 1])
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]

    assert markers == [0xE0, 0xDB, 0xC0, 0xC4, 0xC4, 0xFE, 0xFE]
