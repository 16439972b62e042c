"""The operations of a document as an agent looks for them: by words, each with what it takes."""

from contextlib import suppress

from mockportal.spec.examples import example_of
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.values import Record

_MOST = 15


def found(spec: Spec, words: str) -> list[Record]:
    """Operations that have all words in their id, path, summary or tags; those with the words in the id first."""
    wanted = words.lower().split()
    fitting = [
        one
        for one in spec.operations.values()
        if all(word in f"{one.id} {one.path} {one.summary} {' '.join(one.tags)}".lower() for word in wanted)
    ]
    fitting.sort(key=lambda one: not all(word in one.id.lower() for word in wanted))
    return [_described(one, spec) for one in fitting[:_MOST]]


def _described(operation: Operation, spec: Spec) -> Record:
    """`{operation, method, path, summary, params, body}`; a required parameter has a `*`, `body` is an example."""
    told: Record = {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "summary": operation.summary,
        "params": [f"{one.key}{'*' if one.required else ''}" for one in operation.parameters],
    }
    validators = operation.body.validators if operation.body is not None else {}
    if JSON_TYPE in validators:
        with suppress(ValueError):  # its schema has no example that we can make
            told["body"] = example_of(spec, validators[JSON_TYPE].pointer, operation.id, mode="request")
    elif operation.body is not None:
        told["body_types"] = list(operation.body.media)
    return told
