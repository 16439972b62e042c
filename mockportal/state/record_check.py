"""The check that a record can be used: by every schema that it is answered with, by what behaviours read, and by its
relations.

The same check stands wherever data come in: in scenario files and in the control API.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from mockportal.errors import hint
from mockportal.files.pointers import escape, leads_somewhere, resolve
from mockportal.spec.document import follow
from mockportal.spec.spec import Spec
from mockportal.spec.validation import Violation
from mockportal.state.data_model import Attribute, DataModel, Kind
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# The collections that have a record with this key.
KindsOf = Callable[[str], Collection[str]]


def record_violations(
    spec: Spec, data: DataModel, kind: Kind, record: Record, kinds_of: KindsOf
) -> list[Violation]:
    """Everything wrong with a record, by path; one violation for each value is enough."""
    found: dict[str, Violation] = {}
    checks = (
        *_shape(spec, kind, record),
        *_targets(data, kind, record, kinds_of),
        *_inverses(data, kind, record),
    )
    for violation in checks:
        found.setdefault(violation.path, violation)
    return [_explained(found[path], kind, record) for path in sorted(found)]


def _shape(spec: Spec, kind: Kind, record: Record) -> Iterator[Violation]:
    """A view that shows some attributes in another form is held against the others."""
    apart, at = spec.validators.apart, f"/x-collections/{kind.name}"
    yield from apart("response", at, lambda: _whole(spec, kind)).violations(record, kind.name)
    if kind.reshaped:
        rest = {name: value for name, value in record.items() if name not in kind.reshaped}
        yield from apart("response", f"{at}/views", lambda: _narrow(spec, kind)).violations(rest, kind.name)


def _whole(spec: Spec, kind: Kind) -> Record:
    """The record as it is kept: its own schema, its attributes, and its views where they show it as it is.

    What the served version of the document does not have checks nothing.
    """
    views = () if kind.reshaped else kind.views
    schemas = _known(spec, map(_reference, (*((kind.schema,) if kind.schema else ()), *views)))
    declared = {name: dict(one.schema) for name, one in kind.attributes.items()}
    properties = {name: schema for name, schema in declared.items() if _known(spec, [schema])}
    own = {"properties": properties, "required": list(kind.required)}
    return {"allOf": [*schemas, own, *kind.conditions]}


def _narrow(spec: Spec, kind: Kind) -> Record:
    return {"allOf": _known(spec, map(_reference, kind.views))}


def _known(spec: Spec, schemas: Iterable[Record]) -> list[Record]:
    """The schemas that refer to nothing, or to something that the document has."""
    return [one for one in schemas if "$ref" not in one or leads_somewhere(spec.document, one["$ref"][1:])]


def _reference(name: str) -> Record:
    return {"$ref": f"#{name}" if name.startswith("/") else f"#/components/schemas/{name}"}


def _targets(data: DataModel, kind: Kind, record: Record, kinds_of: KindsOf) -> Iterator[Violation]:
    """Relations to a record of a collection that they cannot name. An id that no record has is none of them."""
    for name, attribute in kind.attributes.items():
        if not attribute.targets or name not in record or name == kind.key:
            continue
        value = record[name]
        for id in data.relation_form.ids(value) if attribute.is_relation else _ids(value):
            kinds = kinds_of(id)
            if kinds and not set(attribute.targets) & set(kinds):
                wanted = " or ".join(attribute.targets)
                yield Violation(
                    kind.name,
                    f"/{escape(name)}",
                    f"names a record of {min(kinds)}; it has to be {wanted}",
                    "",
                )


def documented_attributes(spec: Spec, kind: Kind) -> dict[str, Record]:
    """The attributes that the document describes, each with the schema that does so first, and the choices of all."""
    found: dict[str, Record] = {}
    for name in (kind.schema, *kind.views):
        if name is not None:
            at = name if name.startswith("/") else f"/components/schemas/{name}"
            if not leads_somewhere(spec.document, at):
                continue
            for attribute, schema in _properties(spec.document, resolve(spec.document, at), at):
                first: Record = found.setdefault(attribute, schema)
                if "enum" in first and "enum" in schema:
                    found[attribute] = first | {"enum": [*dict.fromkeys((*first["enum"], *schema["enum"]))]}
    return found


def _properties(document: Record, schema: Json, at: str) -> Iterator[tuple[str, Json]]:
    """The properties of a schema, of its parts and of its alternatives."""
    schema, at = follow(document, schema, at)
    for name, inner in schema.get("properties", {}).items():
        described = follow(document, inner, at)[0]
        if not described.get("readOnly"):
            yield name, described
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _properties(document, part, at)


def _inverses(data: DataModel, kind: Kind, record: Record) -> Iterator[Violation]:
    """A relation that is written at its far end, where it would be forgotten."""
    for name in sorted(record.keys() & data.inverse_names):
        if (kind.name, name) in data.inverses:
            continue  # stored here, and an inverse elsewhere
        if data.relation_form.ids(record[name]):
            forward = [
                f"{other}.{attribute}" for (other, attribute), one in data.inverses.items() if one == name
            ]
            problem = f"is the inverse of {' or '.join(forward)}: set it there"
            yield Violation(kind.name, f"/{escape(name)}", problem, "")


def kinds_in(draft: Draft) -> KindsOf:
    """The collections of a draft that have a record with a key."""
    return lambda id: [kind for kind in draft.data.kinds if id in draft.collection(kind)]


def _ids(value: Json) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _explained(violation: Violation, kind: Kind, record: Record) -> Violation:
    """With the nearest value that would have been right, or what a relation looks like."""
    name = violation.path[1:].partition("/")[0]
    attribute = kind.attributes.get(name.replace("~1", "/").replace("~0", "~"))
    message = violation.message
    if attribute is not None and attribute.is_relation and not isinstance(record.get(name), dict):
        message = _no_relation(record.get(name), attribute)
    elif violation.known:
        message += hint(str(resolve(record, violation.path)), violation.known)
    return Violation(violation.where, violation.path, message, violation.pointer)


def _no_relation(value: Json, attribute: Attribute) -> str:
    named = str(value) if isinstance(value, str) and "/" in value else f"{attribute.targets[0]}/ALIAS"
    return f"{value!r} is not a relation; a scenario names one as `!rel {named}`"
