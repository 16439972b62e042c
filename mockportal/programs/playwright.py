"""Exchanges as a TypeScript test for Playwright."""

import math

from mockportal.programs.answer import Expected
from mockportal.programs.javascript import CONTENT_TYPE, check, options_of
from mockportal.programs.literals import (
    JAVASCRIPT,
    block,
    javascript_bytes,
    javascript_parts,
    javascript_text,
    value_text,
)
from mockportal.programs.program import Program, title_of
from mockportal.programs.sending import Unsendable

_USUAL = 25  # seconds that a test may take anyway


def playwright(program: Program) -> str:
    """A TypeScript test with the `request` fixture, which needs no browser."""
    sending, expected = program.sending, program.expected
    check(sending)
    if sending.body and CONTENT_TYPE not in dict(sending.headers):
        raise Unsendable("Playwright sends no body without a content type; as=curl does")
    options = options_of(sending, 4)
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
