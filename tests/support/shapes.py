"""JSON Schemas of formats of others, as far as we write them, spelled briefly."""

from mockportal.values import Json, Record


def closed(*required: str, **properties: Json) -> Record:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


def listed(items: Record) -> Record:
    return {"type": "array", "items": items}


def one_of(*values: str) -> Record:
    return {"enum": list(values)}
