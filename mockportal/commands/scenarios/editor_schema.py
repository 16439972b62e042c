"""The JSON Schema of scenarios for editors: that of the loader, and every collection with its attributes.

It completes and describes, and is no stricter than an editor can be: a schema cannot see tags, so a text is allowed
wherever one may stand. `mockportal check` looks at the values.
"""

from collections.abc import Iterable, Mapping

from mockportal.commands.scenarios.descriptions import Described, described
from mockportal.spec.spec import Spec
from mockportal.state.data_model import DataModel, Kind
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Record

Aliases = Mapping[str, Iterable[str]]
_MOST = 200  # aliases that an editor offers for one attribute


def editor_schema(spec: Spec, data: DataModel, aliases: Aliases) -> Record:
    """JSON Schema 2020-12; relations and ids are completed with these aliases."""
    schema = scenario_schema(spec.operations, data, spec.tags)
    properties = schema["properties"]
    kinds = {name: _collection(kind, aliases) for name, kind in sorted(data.kinds.items())}
    return {
        **schema,
        "properties": {
            **properties,
            "entities": {**properties["entities"], "properties": kinds, "additionalProperties": False},
        },
        "$defs": {name: _record(spec, data, kind, aliases) for name, kind in sorted(data.kinds.items())},
    }


def _collection(kind: Kind, aliases: Aliases) -> Record:
    """The known aliases are offered, any other is a new record."""
    record = {"$ref": f"#/$defs/{kind.name}"}
    return {
        "type": "object",
        "properties": dict.fromkeys(aliases.get(kind.name, ()), record),
        "additionalProperties": record,
    }


def _record(spec: Spec, data: DataModel, kind: Kind, aliases: Aliases) -> Record:
    attributes = {one.name: _attribute(one, aliases) for one in described(spec, data, kind)}
    return {"type": ["object", "string"], "properties": attributes}


def _attribute(one: Described, aliases: Aliases) -> Record:
    """A choice is completed with its values, a relation with the records that it may name."""
    told = " ".join(part for part in (one.about, f"({one.type})") if part)
    offered = list(one.values)
    offered += [f"{kind}/{alias}" for kind in one.targets for alias in aliases.get(kind, ())][:_MOST]
    types = dict.fromkeys((*one.json_types, "string", "array")) if one.json_types else ()
    accepted: list[Record] = [{"enum": offered}] if offered else []
    if types and not one.values:
        accepted.append({"type": list(types)})
    return {"description": told, **({"anyOf": accepted} if accepted else {})}
