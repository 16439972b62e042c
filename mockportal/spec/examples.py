"""An example for every schema: valid, the same today and in a year, different where seed and name differ."""

import hashlib
import uuid
from itertools import product
from typing import Any, NamedTuple

from mockportal.files.pointers import pointer_to, resolve
from mockportal.spec.conversion.directions import FORBIDDEN, Mode
from mockportal.spec.dialect import convert
from mockportal.spec.document import follow
from mockportal.spec.operations import JSON_TYPE, Operation, Response
from mockportal.spec.sampling.candidates import FORMATS, bounds, chosen, numbers, texts
from mockportal.spec.spec import Spec
from mockportal.spec.spelling import header_text, header_violations
from mockportal.values import Json, Record

_DEEPEST = 7
_BRANCHES = 4  # of a choice that are tried
_MOST_ITEMS = 1000
_ATTEMPTS = 10  # at one more item of a list whose items all differ
_NAMESPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


class Samples(NamedTuple):
    """The values of examples that a schema says no more about than their type or format."""

    texts: tuple[str, ...] = ("Alpha", "Bravo", "Charlie", "Delta", "Echo")
    email: str = "alex@example.org"
    url: str = "https://example.org/"


SAMPLES = Samples()


def example_reply(
    spec: Spec,
    operation: Operation,
    response: Response,
    seed: int,
    name: str = "",
    samples: Samples = SAMPLES,
    media_type: str = JSON_TYPE,
) -> Json:
    """The value of an example answer: the authored example `name`, the first one, or one made from the schema.

    Raises `LookupError` for an unknown name, `ValueError` where no valid example was found.
    """
    examples = response.examples.get(media_type, {})
    if name:
        return examples[name]
    if examples:
        return next(iter(examples.values()))
    pointer = response.schemas.get(media_type)
    if pointer is None:
        return None
    return example_of(spec, pointer, f"{seed}/{operation.id}/{response.status}", samples)


def example_of(
    spec: Spec, pointer: str, name: str, samples: Samples = SAMPLES, mode: Mode = "response"
) -> Json:
    """A valid instance of the schema at pointer `pointer`, to be answered or to be sent. Raises `ValueError`."""
    valid = spec.validators.at(mode, pointer).is_valid
    schema, at = follow(spec.document, {"$ref": "#" + pointer}, pointer)
    for choice in map(_Choice._make, product((True, False), range(_BRANCHES), (True, False))):
        value = _Builder(spec, name, samples, choice, mode).value(schema, at, "", 0)
        if valid(value):
            return value
    raise ValueError(f"no valid example of {pointer} was found; write one into the document")


def example_headers(
    spec: Spec, operation: Operation, response: Response, seed: int, samples: Samples = SAMPLES
) -> dict[str, str]:
    """The required headers of an example answer: an address where the schema allows one. Raises `ValueError`."""
    made = {}
    for header in response.headers:
        if header.rule.required and not header_violations(header, [samples.url]):
            made[header.rule.name] = samples.url
        elif header.rule.required:
            name = f"{seed}/{operation.id}/{response.status}/{header.rule.name}"
            made[header.rule.name] = header_text(example_of(spec, header.rule.pointer, name, samples))
    return made


class _Choice(NamedTuple):
    """The ingredients of an example: the examples that stand in the schema, branch number `branch` of each choice, and
    the properties that may be missing."""

    authored: bool
    branch: int
    optional: bool


class _Builder:
    """Walks a schema as authored."""

    def __init__(self, spec: Spec, name: str, samples: Samples, choice: _Choice, mode: Mode) -> None:
        self._document = spec.document
        self._converted = spec.validators.schemas[mode]
        self._name = name
        self._choice = choice
        self._texts = samples.texts
        addresses = dict.fromkeys(("uri", "url", "iri"), samples.url)
        self._formats = {**FORMATS, **addresses, **dict.fromkeys(("email", "idn-email"), samples.email)}

    def value(self, schema: Any, pointer: str, path: str, depth: int) -> Json:
        """An instance of `schema`, for the property at `path`."""
        schema, pointer = follow(self._document, schema, pointer)
        if not isinstance(schema, dict):
            return {}
        for key in ("const", "example", "default") if self._choice.authored else ("const",):
            if key in schema and _fits(schema[key], schema):
                return schema[key]
        if self._choice.authored and isinstance(schema.get("examples"), list) and schema["examples"]:
            return schema["examples"][0]
        if schema.get("enum"):
            return self._pick(
                [item for item in schema["enum"] if item not in (None, "")] or schema["enum"], path
            )
        if "allOf" in schema:
            return self._all_of(schema, pointer, path, depth)
        key = next((key for key in ("oneOf", "anyOf") if schema.get(key)), "")
        return (
            self._chosen(schema, key, pointer, path, depth)
            if key
            else self._typed(schema, pointer, path, depth)
        )

    def _chosen(self, schema: Record, key: str, pointer: str, path: str, depth: int) -> Json:
        number = self._choice.branch % len(schema[key])
        chosen = self.value(schema[key][number], f"{pointer}/{key}/{number}", path, depth)
        rest = {name: item for name, item in schema.items() if name != key}
        if not isinstance(chosen, dict):
            return chosen
        made = self.value(rest, pointer, path, depth) if "properties" in rest else {}
        return {**made, **chosen, **_discriminating(schema, schema[key][number])}

    def _typed(self, schema: Record, pointer: str, path: str, depth: int) -> Json:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((name for name in kind if name != "null"), "null")
        match kind:
            case "object":
                return self._object(schema, pointer, path, depth)
            case "array":
                return self._array(schema, pointer, path, depth)
            case "string":
                return self._string(schema, path)
            case "integer" | "number":
                return chosen(numbers(self._number(schema, path), schema), _as_json_schema(schema))
            case "boolean":
                return bool(self._hash(path) % 2)
        return None

    def _all_of(self, schema: Record, pointer: str, path: str, depth: int) -> Json:
        merged: Record = {}
        rest = {name: item for name, item in schema.items() if name != "allOf"}
        for number, part in enumerate([*schema["allOf"], rest]):
            made = self.value(part, f"{pointer}/allOf/{number}", path, depth)
            if isinstance(made, dict):
                merged |= made
            elif number < len(schema["allOf"]) and len(schema["allOf"]) == 1:
                return made
        for name in schema.get("required", ()):
            merged.setdefault(name, {})
        return merged

    def _object(self, schema: Record, pointer: str, path: str, depth: int) -> Record:
        properties: Record = schema.get("properties", {})
        banned = {name for name in properties if self._is_banned(pointer, name)}
        required = [name for name in schema.get("required", ()) if name not in banned]
        made: Record = {}
        for name, item in properties.items():
            wanted = name in required or (self._choice.optional and depth < _DEEPEST)
            if wanted and name not in banned:
                made[name] = self.value(item, _property(pointer, name), f"{path}/{name}", depth + 1)
        extra = (f"property{number}" for number in range(1, schema.get("minProperties", 0) + 1))
        more = schema.get("additionalProperties")
        for name in (*required, *extra):
            if name in required or len(made) < schema.get("minProperties", 0):
                at = f"{pointer}/additionalProperties"
                made.setdefault(
                    name, self.value(more, at, f"{path}/{name}", depth + 1) if isinstance(more, dict) else {}
                )
        return made

    def _is_banned(self, pointer: str, name: str) -> bool:
        """True for a property that goes the other way only."""
        try:
            return bool(resolve(self._converted, _property(pointer, name)) == FORBIDDEN)
        except LookupError:
            return False

    def _array(self, schema: Record, pointer: str, path: str, depth: int) -> list[Json]:
        count = max(schema.get("minItems", 0), 1 if depth < _DEEPEST else 0)
        count = min(count, schema.get("maxItems", count), _MOST_ITEMS)
        items, made = schema.get("items", {}), list[Json]()
        for number in range(count * (_ATTEMPTS if schema.get("uniqueItems") else 1)):
            item = self.value(items, f"{pointer}/items", f"{path}/{number}", depth + 1)
            if len(made) < count and not (schema.get("uniqueItems") and item in made):
                made.append(item)
        return made

    def _string(self, schema: Record, path: str) -> str:
        named = schema.get("format", "")
        made = str(self._formats.get(named) or self._pick(self._texts, path))
        if named == "uuid":
            return str(uuid.uuid5(_NAMESPACE, self._name + path))
        if schema.get("pattern"):
            made = made.lower()
        text: str = chosen(
            texts(made, schema, (*self._texts, *SAMPLES.texts), self._hash(path)), _as_json_schema(schema)
        )
        return text

    def _number(self, schema: Record, path: str) -> int:
        low, high = map(int, bounds(schema))
        return low + self._hash(path) % (high - low + 1)

    def _pick(self, choices: Any, path: str) -> Json:
        return choices[self._hash(path) % len(choices)]

    def _hash(self, path: str) -> int:
        return int.from_bytes(hashlib.sha256((self._name + path).encode()).digest()[:4], "big")


def _as_json_schema(schema: Record) -> Record:
    """A schema of OpenAPI 3.0 with bounds as JSON Schema has them."""
    converted: Record = convert({**schema, "nullable": False}, "response", modern=False)
    return converted


def _discriminating(schema: Record, branch: Json) -> Record:
    """The property that tells of a choice which branch it is."""
    discriminator, target = (
        schema.get("discriminator"),
        branch.get("$ref") if isinstance(branch, dict) else None,
    )
    if not isinstance(discriminator, dict) or target is None:
        return {}
    own = target.rsplit("/", 1)[-1]
    mapping = discriminator.get("mapping") or {}
    named = next((value for value, to in mapping.items() if to in (target, own)), own)
    return {discriminator["propertyName"]: named}


def _property(pointer: str, name: str) -> str:
    return pointer + pointer_to("properties", name)


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list,), "object": (dict,)
}  # fmt: skip


def _fits(value: Json, schema: Record) -> bool:
    """True if an example has its schema's type and enum; 31 in the published document have not."""
    kind = schema.get("type")
    if isinstance(kind, str) and not isinstance(value, _TYPES.get(kind, (object,))):
        return False
    return value in schema["enum"] if "enum" in schema else True
