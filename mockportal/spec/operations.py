"""A document compiled into frozen `Operation`s: what each takes, what it may answer, who may call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to
from mockportal.media_types import media_type_of
from mockportal.spec.codecs.media import Media
from mockportal.spec.codecs.types import ANY, TypeTree, type_tree_of
from mockportal.spec.conversion.directions import Mode
from mockportal.spec.conversion.faults import Faults
from mockportal.spec.document import follow, follow_part, operations, without_extensions
from mockportal.spec.parameters import Parameter, parameter_of, parameter_validator, parameters_of
from mockportal.spec.security import Alternatives, alternatives
from mockportal.spec.validation import Validator, Validators
from mockportal.values import Json, Record

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: what it is in each media type or range, and the defaults of its top-level properties."""

    required: bool
    media: Mapping[str, Media]
    defaults: Mapping[str, Json]

    @property
    def validators(self) -> Mapping[str, Validator]:
        """The validators of the media types that have a schema."""
        return {name: one.validator for name, one in self.media.items() if one.validator is not None}


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
    media:       what the body is in each of them
    validators:  of the media types that have a schema
    examples:    media type -> its examples by name, "" for the only one
    headers:     its headers
    schemas:     the pointers of the validators
    pointer:     of the response
    """

    status: str
    media_types: tuple[str, ...]
    media: Mapping[str, Media]
    validators: Mapping[str, Validator]
    examples: Mapping[str, Mapping[str, Json]]
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

    `security` is a list of alternatives, each a set of scheme names; empty is public, also where the document has an
    empty alternative beside others. `credentials` says for all of them where a request carries what a scheme asks for.
    An operation with a `problem` cannot be answered.
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
    problem: str = ""
    tags: tuple[str, ...] = ()

    def response(self, status: int) -> Response | None:
        """The documented response for `status`: exact, else its class (`4XX`), else `default`."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((self.responses[key] for key in keys if key in self.responses), None)

    def documents(self, status: int) -> bool:
        """True if an answer with `status` keeps the contract."""
        return self.response(status) is not None


def compile_operations(
    document: Record, validators: Validators, faults: Faults
) -> tuple[dict[str, Operation], list[Operation]]:
    """Every operation by its operationId, in document order, and those with a fault. Raises `SpecError`, unless faults
    are put aside."""
    compiled: dict[str, Operation] = {}
    broken = [_broken(validators, *place) for place in faults.operations]
    for path, method, raw, at in operations(document):
        name = raw.get("operationId") or f"{method}{path}"
        try:
            if name in compiled:
                raise SpecError(at, f"operationId {name!r} is used twice")
            compiled[name] = _operation(document, validators, name, path, method, raw, at)
        except SpecError as error:
            faults.add(error)
            broken.append(_broken(validators, path, method, error))
    return compiled, broken


def _broken(validators: Validators, path: str, method: str, error: SpecError) -> Operation:
    """An operation that only tells why it cannot be answered."""
    at = pointer_to("paths", path, method)
    return Operation(
        id=f"{method}{path}",
        method=method.upper(),
        path=path,
        summary="",
        parameters=(),
        parameter_validator=validators.of("request", {}, at),
        body=None,
        responses=MappingProxyType({}),
        security=(),
        credentials=(),
        success=501,
        pointer=at,
        problem=str(error),
    )


def _operation(
    document: Record, validators: Validators, name: str, path: str, method: str, raw: Record, at: str
) -> Operation:
    parameters = parameters_of(document, validators, path, raw, at)
    responses = {
        str(status): _response(
            document,
            validators,
            str(status),
            *follow_part(document, value, f"{at}/responses/{status}", "response"),
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
        parameter_validator=parameter_validator(validators, parameters, f"{at}/parameters"),
        body=_body(document, validators, raw, at),
        responses=MappingProxyType(responses),
        security=() if {} in security else tuple(frozenset(alternative) for alternative in security),
        credentials=alternatives(document, security, at),
        success=_success(responses, at),
        pointer=at,
        tags=tuple(tag for tag in raw.get("tags") or () if isinstance(tag, str)),
    )


def _success(responses: Mapping[str, Response], at: str) -> int:
    good = sorted(int(status) for status in responses if status.isdecimal() and "200" <= status < "400")
    if good:
        return good[0]
    if responses.keys() & {"2XX", "default"} or not responses:
        return 200
    others = sorted(int(status) for status in responses if status.isdecimal())
    if not others:
        raise SpecError(at, "documents no status")
    return others[0]


def _schema_at(document: Record, schema: Json, at: str) -> Record:
    """A schema with its references followed; {} for one that is only true or false."""
    found: Json = follow(document, schema, at)[0]
    return found if isinstance(found, dict) else {}


def _body(document: Record, validators: Validators, raw: Record, at: str) -> Body | None:
    if "requestBody" not in raw:
        return None
    body, where = follow_part(document, raw["requestBody"], f"{at}/requestBody", "requestBody")
    pointers = _schema_pointers(body["content"], where)
    defaults: Record = {}
    for media_type, pointer in pointers.items():
        defaults |= _defaults(document, body["content"][media_type]["schema"], pointer)
    return Body(
        required=body.get("required", False),
        media=MappingProxyType(_media(document, validators, "request", body["content"], where)),
        defaults=MappingProxyType(defaults),
    )


def _media(
    document: Record, validators: Validators, mode: Mode, content: Record, at: str
) -> dict[str, Media]:
    """The descriptions of a body, by media type or range."""
    pointers = _schema_pointers(content, at)
    return {
        name: Media(
            validators.at(mode, pointers[name]) if name in pointers else None,
            _types(document, name, media, pointers.get(name, "")),
            media.get("encoding") or {},
        )
        for name, media in content.items()
    }


def _types(document: Record, name: str, media: Record, at: str) -> TypeTree:
    """The types of the schema of a body, by which texts are read. JSON has types of its own."""
    if "schema" not in media or media_type_of(name).is_json:
        return ANY
    return type_tree_of(document, media["schema"], at)


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
    media = _media(document, validators, "response", content, at)
    headers = (
        _header(
            document,
            validators,
            name,
            *follow_part(document, header, f"{at}{pointer_to('headers', name)}", "header"),
        )
        for name, header in raw.get("headers", {}).items()
    )
    return Response(
        status=status,
        media_types=tuple(content),
        media=MappingProxyType(media),
        validators=MappingProxyType(
            {name: one.validator for name, one in media.items() if one.validator is not None}
        ),
        examples=MappingProxyType({name: _examples(one) for name, one in content.items()}),
        headers=tuple(header for header in headers if header.rule.name.lower() != "content-type"),
        schemas=MappingProxyType(pointers),
        pointer=at,
    )


def _header(document: Record, validators: Validators, name: str, raw: Record, at: str) -> ResponseHeader:
    rule = parameter_of(document, {**raw, "name": name, "in": "header"}, at)
    return ResponseHeader(rule, validators.at("response", rule.pointer) if "schema" in raw else None)


def _examples(media: Record) -> Record:
    named = {name: example.get("value") for name, example in media.get("examples", {}).items()}
    return ({"": media["example"]} if "example" in media else {}) | named
