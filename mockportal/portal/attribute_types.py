"""The types that attributes of the Portal API have, as JSON Schema."""

from collections.abc import Mapping

from mockportal.state.data_model import Attribute
from mockportal.values import Json


def of(*types: str, **keywords: Json) -> Attribute:
    """A value of one of these JSON types."""
    return Attribute({"type": types[0] if len(types) == 1 else list(types), **keywords})


def one_of(*values: Json) -> Attribute:
    """One of these values."""
    return Attribute({"enum": list(values)})


def component(name: str) -> Attribute:
    """A value of a component schema."""
    return Attribute({"$ref": f"#/components/schemas/{name}"})


def relation_to(*kinds: str) -> Attribute:
    """A relation to records of these collections; none makes it one to any entity."""
    items = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"entity_id": {"type": "string"}},
            "required": ["entity_id"],
        },
    }
    schema = {"type": "object", "properties": {"$relation": items}, "required": ["$relation"]}
    return Attribute(schema, kinds, is_relation=True)


def id_of(*kinds: str) -> Attribute:
    """The id of a record of these collections."""
    return Attribute({"type": "string"}, kinds)


def ids_of(*kinds: str) -> Attribute:
    """A list of such ids."""
    return Attribute({"type": "array", "items": {"type": "string"}}, kinds)


def list_of(item: Mapping[str, Json]) -> Attribute:
    return Attribute({"type": "array", "items": dict(item)})


def map_of(item: Mapping[str, Json]) -> Attribute:
    return Attribute({"type": "object", "additionalProperties": dict(item)})


def named(*required: str, **properties: Attribute) -> Mapping[str, Json]:
    """The schema of an object."""
    inner = {name: dict(attribute.schema) for name, attribute in properties.items()}
    return {"type": "object", "properties": inner, "required": list(required)}


ANY = Attribute({})
TEXT = of("string")
TEXT_OR_NULL = of("string", "null")
NUMBER = of("number")
FLAG = of("boolean")
WHOLE = of("integer")
OBJECT = of("object")
OBJECTS = list_of({"type": "object"})
TEXTS = list_of({"type": "string"})
# An amount or a price as text; a number is taken for one as well.
DECIMAL = of("string", "number", pattern=r"^-?[0-9]+([.][0-9]+)?$")
# A number of cents, which the older operations show as an integer.
CENTS = of("integer", "string", "null", pattern="^-?[0-9]{1,15}$")
COUNT = of("number", "string", "null", pattern="^[0-9]{1,9}$", minimum=0)
DAY = of("string", "null", format="date or date-time")
MOMENT = of("string", format="date or date-time")
# Items of another entity's list, as `{"$relation_ref": […]}`, or plain text.
REFERENCE = of(
    "object",
    "array",
    "string",
    "null",
    properties={
        "$relation_ref": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"entity_id": {"type": "string"}, "path": {"type": "string"}},
                "required": ["entity_id"],
            },
        }
    },
)
CUSTOMER = relation_to("contact", "account")
FILES = relation_to("file")
ENTITY_ID = Attribute({"type": "string"})
