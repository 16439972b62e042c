"""Exchanges as a JavaScript module with `fetch`."""

from mockportal.programs.javascript import CONTENT_TYPE, check, options_of
from mockportal.programs.literals import (
    JAVASCRIPT,
    block,
    is_text,
    javascript_bytes,
    javascript_parts,
    javascript_text,
)
from mockportal.programs.parts import Parts, text_of
from mockportal.programs.program import Program
from mockportal.programs.sending import Sending, Unsendable

_FORBIDDEN = ("CONNECT", "TRACE")


def fetch(program: Program) -> str:
    """Prints status and body of the answer; a module, since it awaits."""
    sending = program.sending
    check(sending)
    if sending.method in _FORBIDDEN or (sending.method == "GET" and sending.body):
        with_body = " with a body" if sending.body else ""
        raise Unsendable(f"fetch sends no {sending.method}{with_body}; as=curl does")
    options = options_of(sending, 2)
    if sending.body:
        options.append(f"body: {_body(sending)}")
    options.append('redirect: "manual"')
    called = f"await fetch({javascript_parts(sending.url)}, {block(options, 0, JAVASCRIPT.indent, '{}')})"
    return f"const response = {called};\nconsole.log(response.status);\nconsole.log(await response.text());\n"


def _body(sending: Sending) -> str:
    """A text where it can be one: of a text without a content type `fetch` would say that it is plain text."""
    if CONTENT_TYPE not in dict(sending.headers) or not is_text(sending.body):
        return javascript_bytes(sending.body)
    return _joined_text(sending.body)


def _joined_text(body: Parts) -> str:
    texts = [
        javascript_text(text_of(part) or "") if isinstance(part, bytes) else f"process.env.{part.name}"
        for part in body
    ]
    return " + ".join(texts)
