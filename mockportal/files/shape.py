"""A YAML file held against a JSON Schema: its mistakes, each with file, line, column and pointer."""

from collections.abc import Collection, Iterable
from pathlib import Path

import jsonschema_rs
from jsonschema import Draft202012Validator

from mockportal.errors import FileError
from mockportal.files.pointers import resolve
from mockportal.files.shape_problems import Problem, problems
from mockportal.files.strict_yaml import Tagged, YamlFile, load_yaml
from mockportal.values import Json, Record

TEXT: Record = {"type": "string", "minLength": 1}

_OTHER_TYPE = 2


def read_file(path: Path, schema: Record, tags: Collection[str] = ()) -> YamlFile:
    """The file, of the shape that `schema` describes; `tags` may stand in it. Raises `FileError`."""
    file = load_yaml(path, tags)
    check_shape(file, schema)
    return file


def closed_object(required: Iterable[str] = (), **properties: Json) -> Record:
    """JSON Schema of an object that has no other properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def described(schema: Record, description: str) -> Record:
    """The schema with a description, for editors and for the reference."""
    return {**schema, "description": description}


def check_shape(file: YamlFile, schema: Record) -> None:
    """Raises `FileError` for the first mistake; unknown keys and names come before what follows from them."""
    for mistake in mistakes(file, schema):
        raise mistake


def mistakes(file: YamlFile, schema: Record) -> list[FileError]:
    """All mistakes, the most urgent one first. Tagged values are held against the schema as texts.

    A value behind `!rel` does not stay a text, so it fits only where the schema takes anything.
    """
    value = untagged(file.value) if file.has_tags else file.value
    if jsonschema_rs.Draft202012Validator(schema).is_valid(value):
        return []
    told = dict.fromkeys(problems(list(Draft202012Validator(schema).iter_errors(value))))
    found = sorted(told, key=lambda one: one.urgency)
    if not found:  # the two libraries disagree about a line break at the end of a text
        return [FileError(file.place(""), "has a value with a line break where none may be")]
    return [FileError(file.place(one.at), _message(one, file.value)) for one in found]


def _message(problem: Problem, value: Json) -> str:
    """The message for an error; a tag that stands in the place of a value of another type is named."""
    try:
        culprit = resolve(value, problem.at)
    except LookupError:
        return problem.message
    if isinstance(culprit, Tagged) and problem.urgency[0] == _OTHER_TYPE:
        return f"the tag {culprit.tag} cannot stand here"
    return problem.message


def untagged(value: Json) -> Json:
    """`value` as a schema sees it: texts in place of tags."""
    if isinstance(value, Tagged):
        if value.tag == "!patch":
            return untagged(value.value)
        return value.value if isinstance(value.value, str) and value.tag != "!rel" else [""]
    if isinstance(value, dict):
        return {name: untagged(item) for name, item in value.items()}
    if isinstance(value, list):
        return [untagged(item) for item in value]
    return value
