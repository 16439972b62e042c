"""Compares requests and answers: parameters, bodies, statuses, headers."""

from collections.abc import Iterator

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.media import media_pairs, normal_name
from mockportal.compatibility.operations import EndpointPair
from mockportal.compatibility.parameters import schema_changes, style_changes
from mockportal.compatibility.schemas.comparison import SchemaComparison
from mockportal.compatibility.schemas.sameness import keyword_changes
from mockportal.compatibility.source import Source
from mockportal.spec.conversion.directions import Mode

_BODY = frozenset(("content", "required"))
_MEDIA = frozenset(("schema",))
_RESPONSE = frozenset(("content", "headers"))
_HEADER = frozenset(("schema", "content", "required", "deprecated", "style", "explode"))
_NEVER = frozenset(("content-type",))  # OpenAPI: a response header of this name shall be ignored


def body_changes(both: EndpointPair, comparison: SchemaComparison) -> Iterator[PartChange]:
    """Changes of the request body. Raises `SpecError`."""
    (old, old_at), (new, new_at) = (
        (side.source.mapping(at), at) for side in (both.old, both.new) for at in (f"{side.at}/requestBody",)
    )
    required = old.get("required") is True, new.get("required") is True
    if not old and not new:
        return
    if not new:
        yield PartChange("request-body-removed", old_at, "there is no body any more")
    elif not old:
        kind = "required" if required[1] else "optional"
        yield PartChange(f"{kind}-request-body-added", new_at, "there is a body now")
    else:
        if required[0] != required[1]:
            kind = "required" if required[1] else "optional"
            yield PartChange(f"request-body-became-{kind}", new_at, f"the body is {kind} now")
        yield from _media_changes(comparison, "request", old_at, new_at)
        yield from keyword_changes(comparison.old, old_at, comparison.new, new_at, _BODY)


def response_changes(both: EndpointPair, comparison: SchemaComparison) -> Iterator[PartChange]:
    """Changes of each answer; an answer that a range or `default` covers is compared with it. Raises `SpecError`."""
    old, new = (_responses(side.source, f"{side.at}/responses") for side in (both.old, both.new))
    pairs = {(one, _covering(one, new)): None for one in old} | {
        (_covering(one, old), one): None for one in new
    }
    covered = {one for one, other in pairs if one and other}
    for one, other in pairs:
        if one and other:
            yield from _answer_changes(comparison, old[one], new[other])
        elif one and one not in covered:
            kind = "success" if _is_success(one, old) else "error"
            yield PartChange(f"{kind}-status-removed", old[one], f"{one} is gone")
        elif other:
            kind = "success" if _is_success(other, new) else "error"
            yield PartChange(f"{kind}-status-added", new[other], f"{other} is new")


def _responses(source: Source, at: str) -> dict[str, str]:
    return {name.upper(): place for name, place in source.children(at).items() if not name.startswith("x-")}


def _is_success(status: str, responses: dict[str, str]) -> bool:
    """`default` is a success where no other is documented."""
    if status == "DEFAULT":
        return not any(_is_success(other, {}) for other in responses if other != status)
    return status.startswith(("1", "2", "3"))


def _covering(status: str, responses: dict[str, str]) -> str | None:
    """The documented answer for `status`: exact, else its range, else `default` if that is of the same kind."""
    if status == "DEFAULT":
        return status if status in responses else None
    for name in (status, f"{status[:1]}XX"):
        if name in responses:
            return name
    fits = "DEFAULT" in responses and _is_success(status, {}) == _is_success("DEFAULT", responses)
    return "DEFAULT" if fits else None


def _answer_changes(comparison: SchemaComparison, old: str, new: str) -> Iterator[PartChange]:
    yield from _media_changes(comparison, "response", old, new)
    yield from _header_changes(
        comparison, f"{comparison.old.real(old)}/headers", f"{comparison.new.real(new)}/headers"
    )
    yield from keyword_changes(comparison.old, old, comparison.new, new, _RESPONSE)


def _media_changes(
    comparison: SchemaComparison, mode: Mode, old_at: str, new_at: str
) -> Iterator[PartChange]:
    old, new = _media(comparison.old, old_at), _media(comparison.new, new_at)
    kept, gone, more = media_pairs(mode, old, new)
    for name in gone:
        yield PartChange(f"{mode}-media-type-removed", old[name], f"{name} is gone")
    for name, other in kept.items():
        yield from schema_changes(comparison, mode, old[name], new[other])
        yield from keyword_changes(comparison.old, old[name], comparison.new, new[other], _MEDIA)
    for name in more:
        yield PartChange(f"{mode}-media-type-added", new[name], f"{name} is new")


def _media(source: Source, at: str) -> dict[str, str]:
    """The pointers of the media types, by their normal names."""
    content = source.children(f"{source.real(at)}/content")
    return {normal_name(name): place for name, place in content.items()}


def _header_changes(comparison: SchemaComparison, old_at: str, new_at: str) -> Iterator[PartChange]:
    old, new = _headers(comparison.old, old_at), _headers(comparison.new, new_at)
    for name, at in old.items():
        if name in new:
            yield from _one_header_changes(comparison, name, at, new[name])
        else:
            kind = (
                "required-response-header-removed"
                if _required(comparison.old, at)
                else "response-header-removed"
            )
            yield PartChange(kind, at, f"{name} is gone")
    for name, at in new.items():
        if name not in old:
            yield PartChange("response-header-added", at, f"{name} is new")


def _headers(source: Source, at: str) -> dict[str, str]:
    return {name.lower(): place for name, place in source.children(at).items() if name.lower() not in _NEVER}


def _required(source: Source, at: str) -> bool:
    return source.mapping(at).get("required") is True


def _one_header_changes(comparison: SchemaComparison, name: str, old: str, new: str) -> Iterator[PartChange]:
    required = _required(comparison.old, old), _required(comparison.new, new)
    if required[0] != required[1]:
        kind = "required" if required[1] else "optional"
        yield PartChange(f"response-header-became-{kind}", comparison.new.real(new), f"{name} is {kind} now")
    yield from style_changes(comparison, "simple", old, new)
    yield from schema_changes(comparison, "response", old, new)
    yield from keyword_changes(comparison.old, old, comparison.new, new, _HEADER)
