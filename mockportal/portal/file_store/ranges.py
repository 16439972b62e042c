"""Range requests (RFC 9110 §14): players and readers fetch parts of a file. Several ranges at once get the whole."""

import re
from collections.abc import Mapping

from mockportal.engine.call import Reply, Request

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def ranged(request: Request, content: bytes, headers: Mapping[str, str]) -> Reply:
    """200 with all bytes, 206 with the range that is asked for, or 416 if there is no such range."""
    found = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if found is None or found[0] == "bytes=-" or request.method != "GET":
        return Reply(200, content, headers)
    size = len(content)
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    if found[2] and found[1] and int(found[2]) < int(found[1]):
        return Reply(200, content, headers)  # RFC 9110: an invalid range counts as none
    if start >= size:
        return Reply(416, {"message": f"the file has {size} bytes"}, {"Content-Range": f"bytes */{size}"})
    return Reply(206, content[start:end], {**headers, "Content-Range": f"bytes {start}-{end - 1}/{size}"})
