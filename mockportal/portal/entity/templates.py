"""The templates of pages and searches: a subset of Handlebars that reads paths, formats values, and runs no code.

`{{contact.address[Primary].street}}` · `{{order.line_items.0.description}}` · `{{order.customer[contact:Payer]}}` ·
`{{formatDate contract.start_date "DD.MM.YYYY"}}` · `{{asCurrency (fromCents contract.balance)}}` ·
`{{#if (eq contract.status "active")}}…{{else}}…{{/if}}`. What is not known is an empty string.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from mockportal.portal.entity.money import CURRENCY
from mockportal.portal.entity.paths import PLAIN, Item, Lens, follow, spread
from mockportal.portal.entity.views import one_line_address
from mockportal.state.clock import BERLIN, instant
from mockportal.values import Json

Template = Callable[[Mapping[str, Json], Lens], str]


class _Scope(NamedTuple):
    context: Mapping[str, Json]
    lens: Lens


_Expression = Callable[[_Scope], Json]
_Part = Callable[[_Scope], str]


class _Block(NamedTuple):
    """An open `{{#…}}`: its branches so far, each with its condition; the last one is still growing."""

    branches: list[tuple[_Expression, list[_Part]]]


_DEPTH = 32
_LENGTH = 1000  # of what stands between two braces
_DATE_LENGTH = 40
_STEPS_TO_COMPILE = 10  # a tag takes so much longer to compile than to render
_TOKEN = re.compile(r"""("[^"]*"|'[^']*')|([()])|((?:\[[^\]]*\]|[^\s()"'\[\]])+)""")
_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_DATE_PARTS = re.compile("YYYY|yyyy|YY|yy|MM|DD|dd|HH|mm|ss")
_SYMBOLS = MappingProxyType({"EUR": "€", "USD": "$", "GBP": "£"})


def render(template: str, context: Mapping[str, Json], lens: Lens = PLAIN) -> str:
    """The text that a template makes of `context` (slug → entity); `lens` finds what relations lead to."""
    return compile_template(template, lens)(context, lens)


def compile_template(template: str, lens: Lens = PLAIN) -> Template:
    """A template to be rendered many times. Whatever its text, there is no error in it: the rest is text or empty.

    Compiling and rendering are charged to the lens, which raises `BadRequest` when it is too much.
    """
    lens.spend(_STEPS_TO_COMPILE * template.count("{{"), 0)
    parts: list[_Part] = []
    blocks: list[_Block] = []
    for text, tag in _pieces(template):
        growing = blocks[-1].branches[-1][1] if blocks else parts
        if not tag:
            growing.append(_text(text))
        elif tag.startswith("!"):
            continue
        elif tag.startswith("#"):
            block = _Block([(_condition(tag[1:]), [])])
            growing.append(_choice(block) if len(blocks) < _DEPTH else _text(""))
            blocks.append(block)
        elif tag.split()[0] == "else":
            if blocks:
                blocks[-1].branches.append((_condition(tag[4:]), []))
        elif tag.startswith("/"):
            if blocks:
                blocks.pop()
        else:
            growing.append(_output(_expression(tag)))
    return lambda context, lens: "".join(part(_Scope(context, lens)) for part in parts)


def text_of(value: Json, name: str = "") -> str:
    """A value as a template shows it; `name` is the attribute that it was read from."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, dict):
        return str(value)
    own = value.get(name, value.get("_title"))  # [{"email": "…"}] under email; an entity is its title
    return own if isinstance(own, str) else one_line_address(value)


def _pieces(template: str) -> Iterator[tuple[str, str]]:
    """(text, "") and ("", tag) in turn; an opening without an end is text."""
    at = 0
    while (start := template.find("{{", at)) >= 0:
        raw = template.startswith("{{{", start)
        end = template.find("}}}" if raw else "}}", start)
        if end < 0:
            break
        yield template[at:start], ""
        tag = template[start + 2 + raw : end].strip("~").strip()
        yield "", tag or "!"
        at = end + 2 + raw
    yield template[at:], ""


def _text(text: str) -> _Part:
    def part(scope: _Scope) -> str:
        scope.lens.spend(1, len(text))
        return text

    return part


def _output(expression: _Expression) -> _Part:
    def part(scope: _Scope) -> str:
        text = text_of(expression(scope))
        scope.lens.spend(1, len(text))
        return text

    return part


def _choice(block: _Block) -> _Part:
    """The first branch that holds."""

    def part(scope: _Scope) -> str:
        for condition, parts in block.branches:
            scope.lens.spend(1, 0)
            held = condition(scope)
            if held is None:
                return ""
            if held:
                return "".join(one(scope) for one in parts)
        return ""

    return part


def _condition(tag: str) -> _Expression:
    """True or false for a condition that opens a branch; None for an unknown block."""
    words = tag.split(maxsplit=1)
    if not words:
        return lambda scope: True
    if words[0] == "eq":
        return _expression(tag)
    if words[0] not in ("if", "unless"):
        return lambda scope: None
    expression = _expression(words[1] if len(words) > 1 else "")
    wanted = words[0] == "if"
    return lambda scope: bool(expression(scope)) is wanted


def _expression(text: str) -> _Expression:
    if len(text) > _LENGTH:
        return _nothing
    return _call(iter([found[0] for found in _TOKEN.finditer(text)]), _DEPTH)


def _call(tokens: Iterator[str], depth: int) -> _Expression:
    """Up to the closing bracket: `path`, or `helper argument…`."""
    terms: list[tuple[str, _Expression]] = []
    for token in tokens:
        if token == ")":
            break
        if token == "(":
            if depth == 0:
                return _nothing
            terms.append(("", _call(tokens, depth - 1)))
        else:
            terms.append((token, _term(token)))
    if not terms:
        return _nothing
    helper = _HELPERS.get(terms[0][0])
    if helper is None:
        return terms[0][1] if len(terms) == 1 else _nothing
    arguments = [term for _, term in terms[1:]]
    return lambda scope: helper([argument(scope) for argument in arguments])


def _term(token: str) -> _Expression:
    if token[0] in "\"'":
        return lambda scope: token[1:-1]
    if token in ("true", "false"):
        return lambda scope: token == "true"
    if _NUMBER.fullmatch(token):
        return lambda scope: float(token)
    return _path(token)


def _path(token: str) -> _Expression:
    steps = [(label, name) for label, name in _STEP.findall(token)]
    slug, *rest = [name for _, name in steps] or [""]

    def read(scope: _Scope) -> Json:
        start = scope.context.get(slug)
        if isinstance(start, dict) and "_schema" in start:
            items = [Item(start, True)]
        else:
            items = list(spread(scope.lens, start))
        name = slug
        for label, step in steps[1:]:
            items = _select(items, label) if label or not step else _step(scope.lens, items, step)
            scope.lens.spend(len(items), 0)
            name = step or name
        if not items:
            return None
        value = items[0].value
        return value if not isinstance(value, dict) else text_of(value, name)

    return read if slug or rest else _nothing


def _step(lens: Lens, items: list[Item], name: str) -> list[Item]:
    if name.isdecimal():
        return items[int(name) :][:1] if len(name) < 6 else []
    if name.startswith("_tags:"):
        wanted = name.removeprefix("_tags:").lower()
        return [Item(tag) for item in items for tag in item.tags if tag.lower() == wanted]
    return follow(lens, items, name)


def _select(items: list[Item], label: str) -> list[Item]:
    """`[0]`, `[Primary]` (the first item, unless one has the tag) or `[contact:Payer]`."""
    if label.isdecimal():
        return items[int(label) :][:1] if len(label) < 6 else []
    slug, _, tag = label.lower().rpartition(":")
    found = [
        item
        for item in items
        if (not slug or (item.is_entity and item.value["_schema"] == slug))
        and (not tag or tag in (one.lower() for one in item.tags))
    ]
    return found or (items[:1] if label.lower() == "primary" else [])


def _nothing(scope: _Scope) -> Json:
    return None


def _format_date(arguments: list[Json], pattern: str) -> Json:
    value, wanted = (*arguments, pattern, pattern)[:2] if arguments else ("", pattern)
    try:
        moment = instant(value) if isinstance(value, str) and len(value) <= _DATE_LENGTH else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not isinstance(wanted, str):
        return None
    local = moment if len(value) == len("2026-06-15") else moment.astimezone(BERLIN)
    parts = {
        "YYYY": f"{local.year:04d}",
        "YY": f"{local.year % 100:02d}",
        "MM": f"{local.month:02d}",
        "DD": f"{local.day:02d}",
        "HH": f"{local.hour:02d}",
        "mm": f"{local.minute:02d}",
        "ss": f"{local.second:02d}",
    }
    return _DATE_PARTS.sub(lambda found: parts.get(found[0]) or parts[found[0].upper()], wanted)


def _as_currency(arguments: list[Json]) -> Json:
    """`1.190,00 €` for 1190: the amount is in euros, not in cents."""
    amount = _decimal(arguments[0]) if arguments else None
    if amount is None:
        return None
    code = arguments[1] if len(arguments) > 1 and isinstance(arguments[1], str) else CURRENCY
    digits = f"{amount:,.2f}".translate({ord(","): ".", ord("."): ","})
    return f"{digits} {_SYMBOLS.get(code, code)}"


def _from_cents(arguments: list[Json]) -> Json:
    amount = _decimal(arguments[0]) if arguments else None
    return None if amount is None else f"{amount / 100:.2f}"


def _equal(arguments: list[Json]) -> Json:
    return len(arguments) == 2 and text_of(arguments[0]) == text_of(arguments[1])


def _decimal(value: Json) -> Decimal | None:
    text = text_of(value)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


_HELPERS: Mapping[str, Callable[[list[Json]], Json]] = MappingProxyType(
    {
        "asCurrency": _as_currency,
        "eq": _equal,
        "formatDate": lambda arguments: _format_date(arguments, "DD.MM.YYYY"),
        "formatDateTime": lambda arguments: _format_date(arguments, "DD.MM.YYYY HH:mm"),
        "fromCents": _from_cents,
    }
)
