"""The parts that every program in JavaScript shares."""

import re

from mockportal.programs.literals import JAVASCRIPT, block, javascript_parts, javascript_text
from mockportal.programs.sending import Sending, Unsendable

CONTENT_TYPE = "content-type"

# A browser takes `.` and `..` out of an address, however they are spelled, and turns `\` into `/`.
_TIDIED = re.compile(rb"/(?:\.|%2e){1,2}(?:[/?]|$)|^[^?]*\\", re.IGNORECASE)


def check(sending: Sending) -> None:
    """Raises `Unsendable` for a path that JavaScript cannot send as it is."""
    written = b"".join(part for part in sending.target if isinstance(part, bytes))
    if _TIDIED.search(written):
        raise Unsendable("JavaScript would tidy up this path before it sends it; as=curl does not")


def options_of(sending: Sending, column: int) -> list[str]:
    """The options for method and headers, in lines that are indented by `column`."""
    method = f"method: {javascript_text(sending.method)}"
    if not sending.headers:
        return [method]
    items = [f"{JAVASCRIPT.key(name)}: {javascript_parts(value)}" for name, value in sending.headers]
    return [method, f"headers: {block(items, column, JAVASCRIPT.indent, '{}')}"]
