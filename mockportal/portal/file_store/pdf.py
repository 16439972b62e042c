"""PDF documents of one page, written by hand: the same text and size always give the same bytes.

The fonts are two of the fourteen that every reader of PDF has, with the characters of Western Europe.
"""

from collections.abc import Sequence

_PAGE = (595, 842)  # A4, in points
_MARGIN, _TITLE_SIZE, _TEXT_SIZE, _LINE = 64, 18, 11, 18
_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def pdf(title: str, lines: Sequence[str], size: int = 0) -> bytes:
    """A page with a title and lines of text. It has `size` bytes, or as many as it needs if that is more."""
    objects = _objects(title, lines)
    padding = size - len(_file([*objects, _stream(b"")]))
    return _file([*objects, _stream(b" " * padding)] if padding >= 0 else objects)


def _objects(title: str, lines: Sequence[str]) -> list[bytes]:
    """The numbered objects of the file, from 1; the first is its root, and the last of these says its title."""
    width, height = _PAGE
    fonts = b"/Font << /F1 5 0 R /F2 6 0 R >>"
    return [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << %b >> /Contents 4 0 R >>"
        % (width, height, fonts),
        _stream(_page(title, lines)),
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
        b"<< /Title (%b) /Producer (mockportal) >>" % _text(title),
    ]


def _page(title: str, lines: Sequence[str]) -> bytes:
    _, height = _PAGE
    drawn = [
        b"BT",
        b"/F2 %d Tf %d TL %d %d Td" % (_TITLE_SIZE, _LINE, _MARGIN, height - _MARGIN - _TITLE_SIZE),
        b"(%b) Tj T*" % _text(title),
        b"/F1 %d Tf" % _TEXT_SIZE,
        *(b"T* (%b) Tj" % _text(line) for line in lines),
        b"ET",
    ]
    return b"\n".join(drawn)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%b /Encoding /WinAnsiEncoding >>" % name


def _stream(content: bytes) -> bytes:
    """The length has ten digits whatever it is, so that padding adds just its own bytes."""
    return b"<< /Length %010d >>\nstream\n%b\nendstream" % (len(content), content)


def _text(text: str) -> bytes:
    return text.translate(_ESCAPES).encode("cp1252", "replace")


def _file(objects: Sequence[bytes]) -> bytes:
    """Header, objects, and the table of where each object begins."""
    parts, at, begins = [_HEAD], len(_HEAD), []
    for number, content in enumerate(objects, 1):
        begins.append(at)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    count = len(objects) + 1
    return b"".join(
        (
            *parts,
            b"xref\n0 %d\n0000000000 65535 f \n" % count,
            table,
            b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\n" % count,
            b"startxref\n%010d\n%%%%EOF\n" % at,
        )
    )
