"""Translation of the errors of JSON Schema for somebody who reads what an API has answered: what was expected comes
first, and no value is in it, as a value may be long."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jsonschema import ValidationError

from mockportal.json_tree import as_text
from mockportal.values import Json

_LONGEST = 120
_KINDS = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
_REASONS: Mapping[str, Callable[[Json, Json], str]] = MappingProxyType(
    {
        "type": lambda wanted, value: f"expected {_either(wanted)}, got {kind_of(value)}",
        "enum": lambda wanted, value: f"expected one of {as_text(wanted)}",
        "const": lambda wanted, value: f"expected {as_text(wanted)}",
        "format": lambda wanted, value: f"expected the format {wanted}",
        "pattern": lambda wanted, value: f"expected a text like {as_text(wanted)}",
        "minimum": lambda wanted, value: f"expected {wanted} or more",
        "maximum": lambda wanted, value: f"expected {wanted} or less",
        "exclusiveMinimum": lambda wanted, value: f"expected more than {wanted}",
        "exclusiveMaximum": lambda wanted, value: f"expected less than {wanted}",
        "multipleOf": lambda wanted, value: f"expected a multiple of {wanted}",
        "minLength": lambda wanted, value: f"expected {wanted} characters or more, got {len(value)}",
        "maxLength": lambda wanted, value: f"expected {wanted} characters or less, got {len(value)}",
        "minItems": lambda wanted, value: f"expected {wanted} items or more, got {len(value)}",
        "maxItems": lambda wanted, value: f"expected {wanted} items or less, got {len(value)}",
        "minProperties": lambda wanted, value: f"expected {wanted} properties or more, got {len(value)}",
        "maxProperties": lambda wanted, value: f"expected {wanted} properties or less, got {len(value)}",
        "uniqueItems": lambda wanted, value: "expected no item twice",
        "not": lambda wanted, value: "has a value that is excluded",
        "anyOf": lambda wanted, value: f"expected one of {len(wanted)} shapes, and it has none of them",
        "oneOf": lambda wanted, value: f"expected exactly one of {len(wanted)} shapes",
    }
)


def reason_of(error: ValidationError) -> str:
    """The expectation of the schema at this place, and how the value differs: `expected array, got object`."""
    name, value = str(error.validator), error.instance
    wanted: Json = error.validator_value
    if name in _REASONS:
        return _REASONS[name](wanted, value)
    if name == "required":
        missing = next(one for one in wanted if error.message.startswith(repr(one)))
        return f"lacks {as_text(missing)}, which is required"
    return error.message.removeprefix(repr(value)).strip()[:_LONGEST]


def kind_of(value: Json) -> str:
    """The name that JSON Schema has for the type of a value."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def _either(wanted: Json) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)
