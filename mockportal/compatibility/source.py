"""One of the two documents, read by JSON pointers through its local references.

Keys count as texts, as YAML reads `200:` as a number. Nothing and null are the same: the file says neither.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from mockportal.errors import SpecError
from mockportal.files.pointers import escape
from mockportal.values import Json, Record

_LONGEST_CHAIN = 50
_PROSE = frozenset(
    ("description", "summary", "title", "tags", "example", "examples", "externalDocs", "bearerFormat")
)
_BESIDE = frozenset(("$comment", "$id", "$schema", "$anchor", "$defs", "definitions"))


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """`name` is what errors call the document; `shapes` remembers what `shapes.py` made of it.

    `compiled` holds its validators once they are needed.
    """

    document: Record
    name: str
    shapes: dict[Any, Any] = field(default_factory=dict)
    compiled: list[Any] = field(default_factory=list)

    @property
    def modern(self) -> bool:
        """True if keywords next to a `$ref` count, as they do since OpenAPI 3.1."""
        return not str(self.document["openapi"]).startswith("3.0")

    def value(self, at: str) -> Json:
        """The value at the pointer, or None."""
        value: Json = self.document
        for token in at.split("/")[1:]:
            value = _step(value, token.replace("~1", "/").replace("~0", "~"))
        return value

    def target(self, at: str, ref: str) -> str:
        """The pointer that the reference `ref` at `at` means. Raises `SpecError` where it leads nowhere."""
        if not ref.startswith("#/"):
            raise self.error(at, f"{ref!r} is not a local reference")
        found = unquote(ref[1:])
        if self.value(found) is None:
            raise self.error(at, f"{ref!r} leads nowhere")
        return found

    def real(self, at: str) -> str:
        """The pointer to which `at` leads once all references are followed. Raises `SpecError`."""
        for _ in range(_LONGEST_CHAIN):
            value = self.value(at)
            if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
                return at
            at = self.target(at, value["$ref"])
        raise self.error(at, "references run in a circle")

    def mapping(self, at: str) -> Record:
        """The mapping that `at` means, empty if nothing stands there. Raises `SpecError`."""
        value = self.value(self.real(at))
        if not isinstance(value, dict | None):
            raise self.error(at, "is not a mapping")
        return {str(key): item for key, item in (value or {}).items()}

    def children(self, at: str) -> dict[str, str]:
        """The pointers of the entries of a mapping, by name. Raises `SpecError`."""
        real = self.real(at)
        return {name: f"{real}/{escape(name)}" for name in self.mapping(real)}

    def items(self, at: str) -> list[str]:
        """The pointers of the entries of a list, none if nothing stands there. Raises `SpecError`."""
        value = self.value(at)
        if not isinstance(value, list | None):
            raise self.error(at, "is not a list")
        return [f"{at}/{number}" for number in range(len(value or ()))]

    def error(self, at: str, problem: str) -> SpecError:
        """The error for a place in this document."""
        return SpecError(f"{self.name}: {at}", problem)


def is_prose(keyword: str) -> bool:
    """True if a keyword never changes what is valid: descriptions, examples, extensions (`x-…`), and what counts
    only where a reference leads to it."""
    return keyword in _PROSE or keyword in _BESIDE or keyword.startswith("x-")


def _step(value: Json, name: str) -> Json:
    if isinstance(value, dict):
        if name in value:
            return value[name]
        return next((item for key, item in value.items() if str(key) == name), None)
    if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    return None
