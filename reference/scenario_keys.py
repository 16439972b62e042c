"""The reference of scenario files, from the JSON Schema that they are held to."""

from collections.abc import Iterator

from mockportal.mock import Mock
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Json, Record
from reference.markdown import table

_HEAD = """\
# Keys of a scenario

Every key that a scenario file may have, with its values and its meaning.
[Scenarios](../scenarios.md) explains the keys, and [Collections](../collections.md) lists what a record may have.
`scripts/reference` writes this page from the JSON Schema that scenario files are held to.
`mockportal check --schema` prints it, with the attributes of every collection.

A dot leads into an object, `[]` into the items of a list, and `*` is any name.
The steps of a `sequence` have the answers of a rule, and `add_rule` is a whole rule.
"""
_LIKE_A_RULE = (".sequence", ".add_rule")  # their keys are those of `rules[]`
_LISTED = 12  # more values are not listed
_WORDS = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}


def page(mock: Mock) -> str:
    """The text of `docs/reference/scenario-keys.md`."""
    schema = scenario_schema(mock.spec.operations, mock.api.data, mock.spec.tags)
    lines = [_HEAD]
    for name, key in schema["properties"].items():
        lines.append(f"## {name}\n")
        lines += table(("key", "value", "meaning"), list(_rows(name, key)))
    return "\n".join(lines).rstrip("\n") + "\n"


def _rows(path: str, schema: Record, needed: bool = False) -> Iterator[tuple[str, str, str]]:
    yield f"`{path}`{' (needed)' if needed else ''}", values_of(schema), schema.get("description", "")
    if not path.endswith(_LIKE_A_RULE):
        for inner, part, inner_needed in _inner(path, schema):
            yield from _rows(inner, part, inner_needed)


def _inner(path: str, schema: Record) -> Iterator[tuple[str, Record, bool]]:
    """The keys below a place, with their schemas and whether they are needed; those of alternatives once."""
    seen: set[str] = set()
    for one in (schema, *schema.get("oneOf", ())):
        for name, part in one.get("properties", {}).items():
            if name not in seen and isinstance(part, dict):
                seen.add(name)
                yield f"{path}.{name}", part, name in one.get("required", ())
        if "properties" in one.get("items", {}):
            yield from _inner(f"{path}[]", one["items"])
        named = one.get("additionalProperties")
        if isinstance(named, dict) and "oneOf" in named:
            yield from _inner(f"{path}.*", named)


def values_of(schema: Json) -> str:
    """The values that a schema allows, in words."""
    if "oneOf" in schema:
        values = list(dict.fromkeys(values_of(one) for one in schema["oneOf"]))
        return f"{values[0]}, or several" if values[1:] == [f"list of {values[0]}"] else " or ".join(values)
    if "const" in schema:
        return f"`{str(schema['const']).lower()}`"
    if "enum" in schema:
        values = [f"`{one}`" for one in schema["enum"]]
        return ", ".join(values) if len(values) <= _LISTED else "a name"
    kinds = schema.get("type", ())
    if kinds == "array":
        return f"list of {values_of(schema['items'])}"
    return " or ".join(_WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "anything"
