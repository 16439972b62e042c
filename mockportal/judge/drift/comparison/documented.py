"""The contract at a place in an answer: types, enum, format, required keys."""

from collections.abc import Iterator

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to
from mockportal.spec.document import follow
from mockportal.values import Json, Record

ITEM = "*"
ID_KEY = "{id}"
Steps = tuple[str, ...]
# A schema and its JSON pointer in the document.
Place = tuple[Record, str]

_CHOICES = ("allOf", "anyOf", "oneOf")
_DEEPEST = 8


class Documented:
    """The schemas of one answer, by the steps that lead to them; of alternatives all are there."""

    def __init__(self, document: Record, pointer: str) -> None:
        """`pointer` is the pointer of the answer's schema, "" if it has none."""
        self._document = document
        self._places: dict[Steps, list[Place]] = {}
        self._places[()] = list(self._expanded({"$ref": f"#{pointer}"}, pointer, 0)) if pointer else []

    def at(self, steps: Steps) -> list[Place]:
        """Every schema that a value there may have to fit; none where the contract says nothing."""
        if steps not in self._places:
            below = [
                place
                for schema, pointer in self.at(steps[:-1])
                for place in self._below(schema, pointer, steps[-1])
            ]
            self._places[steps] = below
        return self._places[steps]

    def pointer(self, steps: Steps) -> str:
        """The pointer of the first schema there, else of the nearest one above; "" if there is none."""
        while not self.at(steps):
            if not steps:
                return ""
            steps = steps[:-1]
        return self.at(steps)[0][1]

    def types(self, steps: Steps) -> frozenset[str]:
        """The types that are named; `null` is one of them where it is allowed."""
        found: set[str] = set()
        for schema, _ in self.at(steps):
            named = schema.get("type", [])
            found |= set(named if isinstance(named, list) else [named])
            if schema.get("nullable") or None in schema.get("enum", ()):
                found.add("null")
        return frozenset(found)

    def enum(self, steps: Steps) -> frozenset[str]:
        """The texts that are allowed; empty where any is."""
        allowed: set[str] = set()
        for schema, _ in self.at(steps):
            if "enum" in schema:
                allowed |= {value for value in schema["enum"] if isinstance(value, str)}
            elif "const" in schema:
                allowed |= {schema["const"]} if isinstance(schema["const"], str) else set()
            elif "string" in (schema.get("type") or ""):
                return frozenset()
        return frozenset(allowed)

    def format(self, steps: Steps) -> str:
        """The format of texts there, if there is just one."""
        found = {schema.get("format", "") for schema, _ in self.at(steps) if schema.get("type") == "string"}
        return str(found.pop()) if len(found) == 1 else ""

    def with_key(self, steps: Steps, key: str) -> str:
        """The pointer of the schema at `steps` that requires `key`, "" if none does."""
        return next((pointer for schema, pointer in self.at(steps) if key in schema.get("required", ())), "")

    def _below(self, schema: Record, pointer: str, step: str) -> Iterator[Place]:
        if step == ITEM and "items" in schema:
            yield from self._expanded(schema["items"], f"{pointer}/items", 0)
        elif step in schema.get("properties", {}):
            yield from self._expanded(
                schema["properties"][step], f"{pointer}{pointer_to('properties', step)}", 0
            )
        elif step != ITEM and isinstance(schema.get("additionalProperties"), dict):
            yield from self._expanded(schema["additionalProperties"], f"{pointer}/additionalProperties", 0)

    def _expanded(self, schema: Json, pointer: str, depth: int) -> Iterator[Place]:
        """The schema behind references, and the parts that it is made of."""
        try:
            schema, pointer = follow(self._document, schema, pointer)
        except SpecError:
            return
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        yield schema, pointer
        for choice in _CHOICES:
            for number, part in enumerate(schema.get(choice, ())):
                yield from self._expanded(part, f"{pointer}/{choice}/{number}", depth + 1)
