"""Named secrets in text that nobody can parse: prose, broken JSON, URLs, header lines, XML.

One pass from the left finds names and hides the values of those that stand for secrets. A value without an end reaches
to the end of the text. No pattern looks at a character more than a fixed number of times.
"""

import re
from collections.abc import Callable, Iterator

from mockportal.redaction.names import OAUTH, is_secret, is_secret_parameter
from mockportal.redaction.shapes import REDACTED

_PLACE = re.compile(
    r"""
    (?P<quote>\\{0,8}["'])(?P<quoted>(?:[^"'\\\r\n]|\\{1,8}u[0-9a-fA-F]{4}){1,128}+)(?P=quote)\s*+(?::|=>?)
    | (?P<before>^[ \t]*+(?:[-<>*][ \t]++)?+|(?<![\w%.\[\]-]))
      (?P<bare>[\w%.\[\]-]++)[ \t]{0,4}+(?P<sign>[:=])[=>]?+[ \t]{0,4}+
    | <(?P<tag>[\w:.-]++)(?:\s[^<>]*+)?+>
    """,
    re.VERBOSE | re.MULTILINE,
)
_OPENING = re.compile(r"(\\*+)([\"'])")
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_SPACE = re.compile(r"\s*+")
_SCALAR = re.compile(r"[^,}\]\s&<>\"']*+")
_PARAMETER = re.compile(r"(?:[^&\s\"'<>\\;,]|[;,](?!\s)|\\(?!\\{0,8}[\"']))*+")
_LINE = re.compile(r"[^\r\n]*+")
_QUOTED_LINE = re.compile(r"[^\r\n\"'<>\\]*+")
_VALUE = re.compile(r"'[^'\n]*+'|\"[^\"\n]*+\"|-?\d[\d.eE+-]*+|(?=[\[{])")
_SCHEME = re.compile(
    r"(?:apikey|aws4-hmac-sha256|basic|bearer|digest|dpop|hawk|negotiate|ntlm|token)[ ]+(?=\S)", re.IGNORECASE
)
_KEPT = re.compile(r"\[redacted\]|(?:\w+ )?\$MOCKPORTAL_TOKEN_\w*|null|true|false|None|True|False|")

_IN_URL = frozenset("?&#")

Span = tuple[int, int]


def hidden(value: str) -> str:
    """The text in place of a secret value. Variables of tokens stay, and what is no secret: nothing, a boolean."""
    return value if _KEPT.fullmatch(value) else REDACTED


def hidden_credentials(value: str) -> str:
    """The same for an authorization, of which a known scheme stays."""
    scheme = _SCHEME.match(value)
    at = scheme.end() if scheme and not _KEPT.fullmatch(value) else 0
    return value[:at] + hidden(value[at:])


def without_named(text: str) -> str:
    """`text` without the values of names that stand for secrets."""
    if ":" not in text and "=" not in text and "<" not in text:
        return text
    redeems = any(name in text for name in OAUTH)
    parts, at = [], 0
    found = _PLACE.search(text)
    while found is not None:
        start, end = _secret(text, found, is_secret_parameter if redeems else is_secret) or (0, 0)
        if start < end:
            parts += [text[at:start], _replacement(text, found, start, end)]
            at = end
        found = _PLACE.search(text, max(end, found.end()))
    return "".join([*parts, text[at:]])


def _secret(text: str, found: re.Match[str], is_property: Callable[[str], bool]) -> Span | None:
    """Start and end of the secret that a name announces, if it announces one."""
    quoted, bare, tag = found.group("quoted", "bare", "tag")
    start = found.end()
    if quoted is not None:
        return _json_value(text, start) if is_property(quoted) else None
    if tag is not None:
        return (start, _tag_end(text, start)) if is_secret(tag) else None
    at = found.start("bare")
    before = text[at - 1 : at] if at else ""
    is_named = is_secret_parameter if before in _IN_URL else is_secret
    if not is_named(bare):
        return None
    return _parameter(text, start) if found["sign"] == "=" else _line(text, found, before)


def _replacement(text: str, found: re.Match[str], start: int, end: int) -> str:
    value, quote = text[start:end], found["quote"]
    if quote is not None and text[start - 1] not in "\"'":
        return f"{quote}{REDACTED}{quote}" if hidden(value) != value else value  # so that JSON stays JSON
    if found["sign"] == ":" and "authorization" in found["bare"].lower():
        return hidden_credentials(value)
    return hidden(value)


def _tag_end(text: str, start: int) -> int:
    end = text.find("</", start)
    return end if end >= 0 else len(text)


def _json_value(text: str, at: int) -> Span:
    start = _end(_SPACE, text, at)
    opening = _OPENING.match(text, start)
    if opening is not None:
        return opening.end(), _closing(text, opening)
    if text[start : start + 1] in ("[", "{"):
        return start, _balanced(text, start)
    return start, _end(_SCALAR, text, start)


def _parameter(text: str, start: int) -> Span:
    opening = _OPENING.match(text, start)
    if opening is not None:
        return opening.end(), _closing(text, opening)
    return start, _end(_PARAMETER, text, start)


def _line(text: str, found: re.Match[str], before: str) -> Span | None:
    """The value behind a colon: of a header line, or in prose of what looks like a header; and behind a pointer
    (`/password: 'abc' is too short`) the value that it tells."""
    start, name = found.end(), found["bare"]
    if before == "/":
        value = _VALUE.match(text, start)
        if value is None:
            return None
        return start, value.end() if value.group() else _balanced(text, start)
    if found.start("before") < found.start("bare") or before in ("", "\n"):
        opening = _OPENING.match(text, start)
        return (opening.end(), _closing(text, opening)) if opening else (start, _end(_LINE, text, start))
    if "-" in name or name.lower() in ("authorization", "cookie"):
        return start, _end(_QUOTED_LINE, text, start)
    return None


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    matched = pattern.match(text, start)
    return matched.end() if matched else start


def _closing(text: str, opening: re.Match[str]) -> int:
    """The end of the quotation that `opening` begins, whose quotes are escaped `depth` times over: 0, 1, 3 or 7
    backslashes. The backslashes in front of a quote tell whether it closes, or belongs to the text."""
    depth, quote = len(opening[1]), opening[2]
    for found in _OPENING.finditer(text, opening.end()):
        slashes = len(found[1])
        if found[2] == quote and slashes >= depth and (slashes - depth) % (2 * (depth + 1)) == 0:
            return found.end() - 1 - depth
    return len(text)


def _balanced(text: str, start: int) -> int:
    """The end of the list or object that begins at `start`."""
    depth = 0
    for found in _brackets(text, start):
        depth += 1 if found[0] in "[{" else -1
        if depth == 0:
            return found[1]
    return len(text)


def _brackets(text: str, start: int) -> Iterator[tuple[str, int]]:
    for found in _BRACKET.finditer(text, start):
        if found.group() in ("[", "{", "]", "}"):
            yield found.group(), found.end()
