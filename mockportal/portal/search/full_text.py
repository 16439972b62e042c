"""The `q` of a search: every word has to begin a word of some field; and how what it found is highlighted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mockportal.config import LIMITS
from mockportal.errors import BadRequest
from mockportal.portal.entity.paths import Lens, values_at
from mockportal.portal.search.filters import Path, comparable, path_of
from mockportal.values import Json, Record

_LENGTH = 1000


class Words(NamedTuple):
    """`any` finds what to highlight; without `paths` the title and all texts of an entity are read."""

    each: tuple[re.Pattern[str], ...]
    any: re.Pattern[str]
    paths: tuple[Path, ...]


def compile_words(query: Record) -> Words | None:
    """The words of `q`; None if it has none. Raises `BadRequest`."""
    text = query.get("q", "")
    if len(text) > _LENGTH:
        raise BadRequest(f"q: no more than {_LENGTH} characters")
    words = sorted(dict.fromkeys(text.split()), key=len, reverse=True)
    if not words:
        return None
    if len(words) > LIMITS.search_words:
        raise BadRequest(LIMITS.said("search_words"))
    fields = [field.partition("^")[0] for field in query.get("q_fields", ())]  # a boost does not count
    return Words(
        each=tuple(_beginning(re.escape(word)) for word in words),
        any=_beginning("|".join(re.escape(word) for word in words)),
        paths=tuple(path_of(field, "q_fields") for field in fields),
    )


def fits(words: Words, lens: Lens, record: Record) -> bool:
    """True if every word is found in one of the fields."""
    texts = [text for _, text in _texts(words, lens, record)]
    return all(any(pattern.search(text) for text in texts) for pattern in words.each)


def highlighted(words: Words, value: Json) -> Json:
    """The same texts, with `<em>` around what the words found."""
    if isinstance(value, dict):
        return {name: highlighted(words, one) for name, one in value.items()}
    return words.any.sub(lambda found: f"<em>{found[0]}</em>", value)


def snippets(words: Words, lens: Lens, record: Record) -> list[Record]:
    """The first field in which a word was found."""
    for field, text in _texts(words, lens, record):
        if words.any.search(text):
            return [{"field": field, "fragment": highlighted(words, text)}]
    return []


def _beginning(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)


def _texts(words: Words, lens: Lens, record: Record) -> Iterator[tuple[str, str]]:
    for path in words.paths:
        for value in values_at(lens, record, path):
            text = comparable(value)
            if text is not None:
                yield ".".join(path), text
    if not words.paths:
        yield "_title", str(record["_title"])
        yield from _strings(lens.view(record), "")


def _strings(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """(path, text) of every text below; names such as `_id` and `$relation` are not searched."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, path)
    elif isinstance(value, dict):
        for name, one in value.items():
            if not name.startswith(("_", "$")):
                yield from _strings(one, f"{path}.{name}" if path else name)
