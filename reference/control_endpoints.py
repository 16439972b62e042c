"""The reference of the control API, from its OpenAPI document."""

import json
from collections.abc import Iterator

from mockportal.mock import Mock
from mockportal.spec.document import follow
from mockportal.values import Json, Record
from mockportal.web.document.assembly import control_document
from reference.markdown import block, sentence, table
from reference.scenario_keys import values_of

_BASE = "http://127.0.0.1:8080/__mockportal"
_NAMED = "#/components/schemas/"
_SHOWN = 1_000  # characters of an example; longer ones are in the document
_HEAD = """\
# Endpoints of the control API

Every endpoint of the control API with its parameters, bodies and statuses.
[Control API](../control-api.md) explains worlds, safety and the endpoints.
`scripts/reference` writes this page from the document that the mock serves at `/__mockportal/openapi.json`.
Paths are below `/__mockportal`. Every endpoint may also answer one of these, as `{"message": …}`:
"""


def page(mock: Mock) -> str:
    """The text of `docs/reference/control-endpoints.md`."""
    document = control_document(mock, _BASE)
    operations = [
        (tag["name"], f"{method.upper()} {path}", operation)
        for tag in document["tags"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["tags"] == [tag["name"]]
    ]
    usual = set.intersection(*({*operation["responses"]} for _, _, operation in operations))
    answers = document["components"]["responses"]
    lines = [
        _HEAD,
        *table(("status", "when"), ((status, answers[status]["description"]) for status in sorted(usual))),
    ]
    for tag, name, operation in operations:
        if f"## {_title(tag)}\n" not in lines:
            lines.append(f"## {_title(tag)}\n")
        lines += _section(name, operation, document, usual)
    lines += ["## Shapes\n", *_shapes(document)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _title(tag: str) -> str:
    return tag.replace("-", " ").capitalize()


def _section(name: str, operation: Record, document: Record, usual: set[str]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{sentence(operation['summary'])}\n"
    if "description" in operation:
        yield f"{operation['description']}\n"
    rows = [
        (
            f"`{one['name']}`{' (needed)' if one['required'] else ''}",
            one["in"],
            *_told(one["schema"], document),
        )
        for one in operation["parameters"]
        if one["in"] != "path"
    ]
    yield from table(("parameter", "in", "value", "meaning"), rows)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        yield from _body(body, document)
    statuses = {status: one for status, one in operation["responses"].items() if status not in usual}
    yield from table(
        ("status", "answer"), [(status, _answer(one, document)) for status, one in sorted(statuses.items())]
    )


def _body(body: Record, document: Record) -> Iterator[str]:
    schema = body["schema"]
    if "$ref" in schema:
        yield f"The body is a {_told(schema, document)[0]}.\n"
    else:
        yield from table(("key of the body", "value", "meaning"), _properties(schema, document))
    if "example" in body and len(text := json.dumps(body["example"], ensure_ascii=False)) <= _SHOWN:
        yield from block("json", text)


def _properties(schema: Record, document: Record) -> Iterator[tuple[str, ...]]:
    for name, one in schema.get("properties", {}).items():
        needed = " (needed)" if name in schema.get("required", ()) else ""
        yield (f"`{name}`{needed}", *_told(one, document))


def _answer(answer: Record, document: Record) -> str:
    """The shape of an answer, or the reason for a refusal."""
    answer = follow(document, answer, "")[0]
    media = next(iter(answer.get("content", {}).items()), None)
    if media is None:
        return "no body"
    kind, content = media
    if content["schema"].get("$ref") == f"{_NAMED}Refusal":
        return sentence(answer["description"])
    return _told(content["schema"], document)[0] + ("" if kind == "application/json" else f" as `{kind}`")


def _told(schema: Json, document: Record) -> tuple[str, str]:
    """The values and the meaning of a schema; a shape is a link."""
    if not isinstance(schema, dict):
        return "anything", ""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_NAMED)
        return f"[{name}](#shape-{name.lower()})", schema.get("description", "")
    if schema.get("type") == "array":
        return f"list of {_told(schema.get('items', {}), document)[0]}", schema.get("description", "")
    if "properties" in schema and "$ref" not in schema:
        keys = ", ".join(f"`{name}`" for name in schema["properties"])
        return f"object: {keys}", schema.get("description", "")
    return values_of(schema), schema.get("description", "")


def _shapes(document: Record) -> Iterator[str]:
    """The named schemas with their keys; those of rules and scenarios are in the reference of scenarios."""
    for name, schema in document["components"]["schemas"].items():
        yield f"### Shape: {name}\n"
        if name in ("Rule", "Scenario"):
            yield "Its keys are in [Keys of a scenario](scenario-keys.md).\n"
            continue
        rows = list(_properties(schema, document))
        values, meaning = _told(schema, document)
        if meaning:
            yield f"{sentence(meaning)}\n"
        if not rows:
            yield f"{sentence(values)}\n"
        yield from table(("key", "value", "meaning"), rows)
