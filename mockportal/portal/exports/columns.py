"""The cells of an export: a path through the user's view of an entity, and the form in which a value is written."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from mockportal.errors import BadRequest
from mockportal.portal.entity.paths import Item, Lens, follow, values_at
from mockportal.portal.entity.views import one_line_address
from mockportal.state.clock import german_day, instant
from mockportal.values import Json, Record, encode

_LONGEST_PATH = 3  # relations from the entity to the one that has the attribute
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate

Formatter = Callable[[Json, Record, str], str]  # the value, the column, the language


def csv_of(
    records: Iterable[Record], columns: list[Record], lens: Lens, language: str, expand_over: str
) -> str:
    """RFC 4180, a row for each entity; with `expand_over` for each thing that this attribute leads to.

    Raises `BadRequest` for a path that is too long.
    """
    for column in columns:
        if len(column["source"].get("path", ())) > _LONGEST_PATH:
            raise BadRequest(f"column {column['key']}: a path has no more than {_LONGEST_PATH} relations")
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([_safe(_in_language(column["header"], language) or column["key"]) for column in columns])
    for record in records:
        for over in _expanded(record, lens, expand_over):
            rows.writerow([_cell(record, column, lens, language, over) for column in columns])
    return text.getvalue()


def _expanded(record: Record, lens: Lens, attribute: str) -> Iterator[tuple[str, Item] | None]:
    """The things that an attribute leads to, one for each row; a single None if there are none."""
    items = follow(lens, [Item(record, True)], attribute) if attribute else []
    yield from ((attribute, item) for item in items)
    if not items:
        yield None


def _cell(record: Record, column: Record, lens: Lens, language: str, over: tuple[str, Item] | None) -> str:
    path = (*column["source"].get("path", ()), column["source"]["attribute"])
    if over is not None and path[0] == over[0]:
        values = _below(lens, over[1], path[1:])
    else:
        values = values_at(lens, record, path)
    write = FORMATTERS[column.get("formatter", "text")]
    return _safe("; ".join(filter(None, (write(value, column, language) for value in values))))


def _below(lens: Lens, item: Item, path: tuple[str, ...]) -> list[Json]:
    if not path:
        return [item.value.get("_title")] if item.is_entity else [item.value]
    if item.is_entity:
        return values_at(lens, item.value, path)
    value = item.value
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return [] if value is None else [value]


def _text(value: Json, column: Record, language: str) -> str:
    if isinstance(value, dict) and "address_field" in column["source"]:
        return _address(value, column, language)
    if isinstance(value, dict | list):
        return encode(value).decode()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _date(value: Json, column: Record, language: str) -> str:
    """`15.06.2026` in German, `2026-06-15` in every other language."""
    try:
        day = german_day(instant(value))
    except (TypeError, ValueError, AttributeError, OverflowError):
        return _text(value, column, language)
    return day.strftime("%d.%m.%Y") if language == "de" else day.isoformat()


def _money(value: Json, column: Record, language: str) -> str:
    """`1234,50` in German, `1234.50` in every other language."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _text(value, column, language)
    amount = f"{value / 100:.2f}"
    return amount.replace(".", ",") if language == "de" else amount


def _choice(value: Json, column: Record, language: str) -> str:
    label = _in_language(column.get("enum_labels", {}).get(str(value), {}), language)
    return label or _text(value, column, language)


def _address(value: Json, column: Record, language: str) -> str:
    field = column["source"].get("address_field", "full")
    if field == "full" or not isinstance(value, dict):
        return one_line_address(value)
    return str(value.get(field) or "")


FORMATTERS: Mapping[str, Formatter] = MappingProxyType(
    {"text": _text, "date": _date, "money_cents": _money, "enum": _choice, "address": _address}
)


def _in_language(texts: Record, language: str) -> str:
    """The text in a language, else in German, in English, or in whatever there is."""
    wanted = (language, "de", "en", *texts)
    return next((str(texts[name]) for name in wanted if texts.get(name)), "")


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula. A number may begin with its sign."""
    is_number = text[:1] in ("-", "+") and text[1:].replace(".", "").replace(",", "").isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text
