"""Exchanges as JavaScript: a script with `fetch`, and a test for Playwright."""

import math
import re

from mockportal.programs.answer import Expected
from mockportal.programs.literals import (
    JAVASCRIPT,
    block,
    is_text,
    javascript_bytes,
    javascript_parts,
    javascript_text,
    value_text,
)
from mockportal.programs.parts import Parts, text_of
from mockportal.programs.program import Program, title_of
from mockportal.programs.sending import Sending, Unsendable

_USUAL = 25  # seconds that a test may take anyway
# A browser takes `.` and `..` out of an address, however they are spelled, and turns `\` into `/`.
_TIDIED = re.compile(rb"/(?:\.|%2e){1,2}(?:[/?]|$)|^[^?]*\\", re.IGNORECASE)
_FORBIDDEN = ("CONNECT", "TRACE")
_TYPE = "content-type"


def fetch(program: Program) -> str:
    """Prints status and body of the answer; a module, since it awaits."""
    sending = program.sending
    _check(sending)
    if sending.method in _FORBIDDEN or (sending.method == "GET" and sending.body):
        with_body = " with a body" if sending.body else ""
        raise Unsendable(f"fetch sends no {sending.method}{with_body}; as=curl does")
    options = [f"method: {javascript_text(sending.method)}", *_headers(sending, 2)]
    if sending.body:
        options.append(f"body: {_body(sending)}")
    options.append('redirect: "manual"')
    called = f"await fetch({javascript_parts(sending.url)}, {block(options, 0, JAVASCRIPT.indent, '{}')})"
    return f"const response = {called};\nconsole.log(response.status);\nconsole.log(await response.text());\n"


def playwright(program: Program) -> str:
    """A TypeScript test with the `request` fixture, which needs no browser."""
    sending, expected = program.sending, program.expected
    _check(sending)
    if sending.body and _TYPE not in dict(sending.headers):
        raise Unsendable("Playwright sends no body without a content type; as=curl does")
    options = [f"method: {javascript_text(sending.method)}", *_headers(sending, 4)]
    if sending.body:
        options.append(f"data: {javascript_bytes(sending.body)}")
    options.append("maxRedirects: 0")
    if expected.seconds > _USUAL:
        options.append("timeout: 0")
    called = f"request.fetch({javascript_parts(sending.url)}, {block(options, 2, JAVASCRIPT.indent, '{}')})"
    steps = "".join(f"  {line}\n" for line in _steps(expected, called))
    digest = 'import { createHash } from "node:crypto";\n\n' if expected.digest else ""
    title = javascript_text(title_of(program))
    test = f"test({title}, async ({{ request }}) => {{\n{steps}}});\n"
    return f'{digest}import {{ expect, test }} from "@playwright/test";\n\n{test}'


def _steps(expected: Expected, called: str) -> list[str]:
    slow = (
        [f"test.setTimeout({(math.ceil(expected.seconds) + 30) * 1000});"]
        if expected.seconds > _USUAL
        else []
    )
    if expected.breaks:
        return [*slow, f"await expect({called}).rejects.toThrow();"]
    status = f"expect(response.status()).toBe({expected.status});"
    return [*slow, f"const response = await {called};", "", status, *_body_steps(expected)]


def _body_steps(expected: Expected) -> list[str]:
    if expected.is_json:
        return [f"expect(await response.json()).toEqual({value_text(expected.value, JAVASCRIPT, 2)});"]
    if expected.digest:
        digest = 'createHash("sha256").update(await response.body()).digest("hex")'
        return [f'expect({digest}).toBe("{expected.digest}");']
    if expected.content is None:
        return []
    return [f"expect(await response.body()).toEqual({javascript_bytes((expected.content,))});"]


def _check(sending: Sending) -> None:
    written = b"".join(part for part in sending.target if isinstance(part, bytes))
    if _TIDIED.search(written):
        raise Unsendable("JavaScript would tidy up this path before it sends it; as=curl does not")


def _headers(sending: Sending, column: int) -> list[str]:
    if not sending.headers:
        return []
    items = [f"{JAVASCRIPT.key(name)}: {javascript_parts(value)}" for name, value in sending.headers]
    return [f"headers: {block(items, column, JAVASCRIPT.indent, '{}')}"]


def _body(sending: Sending) -> str:
    """A text where it can be one: of a text without a content type `fetch` would say that it is plain text."""
    if _TYPE not in dict(sending.headers) or not is_text(sending.body):
        return javascript_bytes(sending.body)
    return _joined_text(sending.body)


def _joined_text(body: Parts) -> str:
    texts = [
        javascript_text(text_of(part) or "") if isinstance(part, bytes) else f"process.env.{part.name}"
        for part in body
    ]
    return " + ".join(texts)
