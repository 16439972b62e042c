"""The page of all collections, from the data model, the
document and the shipped scenario."""

from collections.abc import Iterator

from mockportal.commands.scenarios.descriptions import described, inverse_names
from mockportal.mock import Mock
from mockportal.state.data_model import Kind
from mockportal.values import Json, Record, encode

_LONGEST = 70
_HEAD = """\
# Collections

Every collection of a scenario's `entities` and of the [control API](control-api.md), with its attributes.
`scripts/reference` writes this page.
[scenarios.md](scenarios.md#collections) explains how they are checked.

A record may have other attributes as well; `mockportal check` notes those that nobody knows.
A *relation* is written `!rel contact/anna`, an *id* `!id contact/anna`, a *date* `2026-06-15` or `!date -3d`,
an *instant* `2026-06-15T09:00:00+02:00` or `!time -2h`.
The examples are records of the scenario `default`, long values cut.
"""


def collections_page(mock: Mock) -> str:
    """The page as Markdown."""
    kinds = sorted(mock.api.data.kinds.values(), key=lambda kind: kind.name)
    links = ", ".join(f"[`{kind.name}`](#{kind.name})" for kind in kinds)
    sections = [line for kind in kinds for line in _section(mock, kind)]
    return "\n".join((_HEAD, links, "", *sections))


def _section(mock: Mock, kind: Kind) -> Iterator[str]:
    data = mock.api.data
    yield f"## {kind.name}"
    yield ""
    yield _about(kind)
    yield ""
    yield "| attribute | type | values, meaning |"
    yield "|---|---|---|"
    for one in described(mock.spec, data, kind):
        values = ", ".join(f"`{value}`" for value in one.values)
        meaning = ". ".join(part for part in (values, one.about) if part).replace("|", "\\|")
        required = " (needed)" if one.name in kind.required else ""
        yield f"| `{one.name}`{required} | {one.type} | {meaning} |"
    yield ""
    inverses = inverse_names(data, kind)
    if inverses:
        yield f"Answers show who refers to it as {', '.join(f'`{name}`' for name in inverses)}."
        yield ""
    example = _example(mock, kind)
    if example:
        yield from ("```yaml", *example, "```", "")


def _about(kind: Kind) -> str:
    schemas = [name.rpartition("/")[2] if "/" in name else name for name in (kind.schema or "", *kind.views)]
    named = ", ".join(f"`{name}`" for name in dict.fromkeys(schemas) if name and name != "schema")
    checked = f" Checked against {named}." if named else ""
    return f"{'An entity. ' if kind.entity else ''}Its key is `{kind.key}`.{checked}"


def _example(mock: Mock, kind: Kind) -> list[str]:
    """The first record of the collection as a scenario writes it, without its system fields."""
    scenario = mock.scenario(None)
    aliases = scenario.aliases.get(kind.name, {})
    if not aliases:
        return []
    alias = next(iter(aliases))
    written: Record = scenario.plan.tree["entities"][kind.name][alias]
    lines = [f"  {name}: {_value(value)}" for name, value in written.items()]
    return [f"{kind.name}:", f"  {_value(alias)}:", *(f"  {line}" for line in lines)]


def _value(value: Json) -> str:
    tag = getattr(value, "tag", "")
    if tag:
        inner = value.value
        return f"{tag} {inner if isinstance(inner, str) else '[' + ', '.join(map(str, inner)) + ']'}"
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{name}: {_value(item)}" for name, item in value.items()) + "}"
    elif isinstance(value, list):
        text = f"[{', '.join(map(_value, value))}]"
    else:
        text = encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
