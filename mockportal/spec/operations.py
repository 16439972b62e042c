"""A document compiled into frozen `Operation`s: what each takes, what it may answer, who may call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to
from mockportal.spec.dialect import convert
from mockportal.spec.document import follow, operations, without_extensions
from mockportal.spec.security import Alternatives, alternatives
from mockportal.spec.validation import Validator, Validators
from mockportal.values import Json, Record

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind` is the JSON type to read text as; `items` that of a list's items.

    `opaque` marks an array of objects in the query: OpenAPI leaves its spelling undefined (see `engine/read.py`).
    """

    name: str
    location: str
    required: bool
    kind: str
    items: str
    explode: bool
    style: str
    opaque: bool
    properties: Mapping[str, str]
    default: Json
    schema: Json
    pointer: str


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: a validator for each media type, and the defaults of its top-level properties."""

    required: bool
    validators: Mapping[str, Validator]
    defaults: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ResponseHeader:
    """A header of an answer; `rule` says how its text is read, `validator` checks what was read."""

    rule: Parameter
    validator: Validator | None


@dataclass(frozen=True, slots=True)
class Response:
    """One documented answer.

    status:      as documented, `4XX` and `default` included
    media_types: the types and ranges of its body; none means that it has no body
    validators:  of the media types that have a schema
    examples:    by name, "" for the only one
    headers:     its headers
    schemas:     the pointers of the validators
    pointer:     of the response
    """

    status: str
    media_types: tuple[str, ...]
    validators: Mapping[str, Validator]
    examples: Mapping[str, Json]
    headers: tuple[ResponseHeader, ...]
    schemas: Mapping[str, str]
    pointer: str

    @property
    def required_headers(self) -> tuple[str, ...]:
        """The names of the headers that have to be there."""
        return tuple(header.rule.name for header in self.headers if header.rule.required)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    `security` is a list of alternatives, each a set of scheme names; empty is public. `credentials` says for the same
    alternatives where a request carries what each scheme asks for.
    """

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    parameter_validator: Validator
    body: Body | None
    responses: Mapping[str, Response]
    security: tuple[frozenset[str], ...]
    credentials: Alternatives
    success: int
    pointer: str

    def response(self, status: int) -> Response | None:
        """The documented response for `status`: exact, else its class (`4XX`), else `default`."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((self.responses[key] for key in keys if key in self.responses), None)

    def documents(self, status: int) -> bool:
        """True if an answer with `status` keeps the contract."""
        return self.response(status) is not None


def compile_operations(document: Record, validators: Validators) -> dict[str, Operation]:
    """Every operation by its operationId, in document order. Raises `SpecError`."""
    compiled: dict[str, Operation] = {}
    for path, method, raw, at in operations(document):
        name = raw.get("operationId") or f"{method}{path}"
        if name in compiled:
            raise SpecError(at, f"operationId {name!r} is used twice")
        compiled[name] = _operation(document, validators, name, path, method, raw, at)
    return compiled


def _operation(
    document: Record, validators: Validators, name: str, path: str, method: str, raw: Record, at: str
) -> Operation:
    parameters = _parameters(document, path, raw, at)
    responses = {
        str(status): _response(
            document, validators, str(status), *follow(document, value, f"{at}/responses/{status}")
        )
        for status, value in without_extensions(raw.get("responses", {}))
    }
    security: list[Record] = raw["security"] if "security" in raw else document.get("security", [])
    return Operation(
        id=name,
        method=method.upper(),
        path=path,
        summary=raw.get("summary", ""),
        parameters=parameters,
        parameter_validator=_parameter_validator(validators, parameters, f"{at}/parameters"),
        body=_body(document, validators, raw, at),
        responses=MappingProxyType(responses),
        security=tuple(frozenset(alternative) for alternative in security),
        credentials=alternatives(document, security, at),
        success=_success(responses, at),
        pointer=at,
    )


def _success(responses: Mapping[str, Response], at: str) -> int:
    good = sorted(int(status) for status in responses if status.isdecimal() and "200" <= status < "400")
    if good:
        return good[0]
    if responses.keys() & {"2XX", "default"}:
        return 200
    raise SpecError(at, "documents no success")


def _parameters(document: Record, path: str, raw: Record, at: str) -> tuple[Parameter, ...]:
    """The operation's own parameters and those of its path; the own ones win."""
    found: dict[tuple[str, str], Parameter] = {}
    places = (
        (document["paths"][path].get("parameters", ()), pointer_to("paths", path, "parameters")),
        (raw.get("parameters", ()), f"{at}/parameters"),
    )
    for listed, place in places:
        for number, value in enumerate(listed):
            parameter = _parameter(document, *follow(document, value, f"{place}/{number}"))
            found[(parameter.location, parameter.name)] = parameter
    return tuple(found.values())


def _parameter(document: Record, raw: Record, at: str) -> Parameter:
    schema = _schema_at(document, raw.get("schema", {}), f"{at}/schema")
    items = _schema_at(document, schema.get("items", {}), f"{at}/schema/items")
    kind = _kind(schema)
    named = schema.get("properties", {})
    style = raw.get("style", "form" if raw["in"] in ("query", "cookie") else "simple")
    return Parameter(
        name=raw["name"],
        location=raw["in"],
        required=raw.get("required", False),
        kind=kind,
        items=_kind(items),
        explode=raw.get("explode", style == "form"),
        style=style,
        opaque=kind == "array" and _kind(items) == "object",
        properties=MappingProxyType(
            {key: _kind(_schema_at(document, one, at)) for key, one in named.items()}
        ),
        default=schema.get("default"),
        schema=raw.get("schema", {}),
        pointer=f"{at}/schema",
    )


def _schema_at(document: Record, schema: Json, at: str) -> Record:
    """A schema with its references followed; {} for one that is only true or false."""
    found: Json = follow(document, schema, at)[0]
    return found if isinstance(found, dict) else {}


def _kind(schema: Record) -> str:
    kind = schema.get("type", "string")
    if isinstance(kind, list):  # 3.1
        kind = next((name for name in kind if name != "null"), "string")
    return str(kind)


def _parameter_validator(validators: Validators, parameters: tuple[Parameter, ...], at: str) -> Validator:
    """One validator for all parameters of an operation: `{location: {name: value}}` flattened to `{name: value}`."""
    checked = [parameter for parameter in parameters if not parameter.opaque]
    modern = not str(validators.version).startswith("3.0")
    schema = {
        "type": "object",
        "properties": {parameter.name: convert(parameter.schema, "request", modern) for parameter in checked},
        "required": [parameter.name for parameter in checked if parameter.required],
    }
    return validators.of("request", schema, at)


def _body(document: Record, validators: Validators, raw: Record, at: str) -> Body | None:
    if "requestBody" not in raw:
        return None
    body, where = follow(document, raw["requestBody"], f"{at}/requestBody")
    pointers = _schema_pointers(body["content"], where)
    defaults: Record = {}
    for media_type, pointer in pointers.items():
        defaults |= _defaults(document, body["content"][media_type]["schema"], pointer)
    return Body(
        required=body.get("required", False),
        validators=MappingProxyType(
            {name: validators.at("request", pointer) for name, pointer in pointers.items()}
        ),
        defaults=MappingProxyType(defaults),
    )


def _schema_pointers(content: Record, at: str) -> dict[str, str]:
    """`{media type: pointer}` of the media types that have a schema."""
    return {
        name: f"{at}{pointer_to('content', name, 'schema')}"
        for name, media in content.items()
        if "schema" in media
    }


def _defaults(document: Record, schema: Json, at: str) -> Record:
    """The defaults of a body's top-level properties, those inside `allOf` included."""
    schema, at = follow(document, schema, at)
    found: Record = {}
    schema = schema if isinstance(schema, dict) else {}
    for number, part in enumerate(schema.get("allOf", ())):
        found |= _defaults(document, part, f"{at}/allOf/{number}")
    for name, item in schema.get("properties", {}).items():
        resolved = _schema_at(document, item, f"{at}/properties/{name}")
        if "default" in resolved:
            found[name] = resolved["default"]
    return found


def _response(document: Record, validators: Validators, status: str, raw: Record, at: str) -> Response:
    content: dict[str, Any] = raw.get("content", {})
    pointers = _schema_pointers(content, at)
    headers = (
        _header(document, validators, name, *follow(document, header, f"{at}{pointer_to('headers', name)}"))
        for name, header in raw.get("headers", {}).items()
    )
    return Response(
        status=status,
        media_types=tuple(content),
        validators=MappingProxyType(
            {name: validators.at("response", pointer) for name, pointer in pointers.items()}
        ),
        examples=MappingProxyType(_examples(content.get(JSON_TYPE, {}))),
        headers=tuple(header for header in headers if header.rule.name.lower() != "content-type"),
        schemas=MappingProxyType(pointers),
        pointer=at,
    )


def _header(document: Record, validators: Validators, name: str, raw: Record, at: str) -> ResponseHeader:
    rule = _parameter(document, {**raw, "name": name, "in": "header"}, at)
    return ResponseHeader(rule, validators.at("response", rule.pointer) if "schema" in raw else None)


def _examples(media: Record) -> Record:
    named = {name: example.get("value") for name, example in media.get("examples", {}).items()}
    return ({"": media["example"]} if "example" in media else {}) | named
