"""Compares the servers of an operation, and the credentials that it demands."""

from collections.abc import Iterator, Mapping

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.operations import Endpoint, EndpointPair
from mockportal.compatibility.schemas.sameness import keyword_changes
from mockportal.compatibility.schemas.shapes import spell
from mockportal.files.pointers import escape
from mockportal.values import Json, Record

Demand = Mapping[str, frozenset[str]]
_SCHEME = ("type", "in", "name", "scheme")


def server_changes(both: EndpointPair) -> Iterator[PartChange]:
    """Changed addresses, or the same in another order, since clients take the first one. Raises `SpecError`."""
    (old, old_at), (new, new_at) = _servers(both.old), _servers(both.new)
    if old != new:
        yield PartChange("servers-changed", new_at or old_at, f"was {', '.join(old)}, is {', '.join(new)}")


def security_changes(both: EndpointPair) -> Iterator[PartChange]:
    """Credentials newly demanded or no longer accepted, and schemes that work differently. Raises `SpecError`."""
    old, new = _demands(both.old), _demands(both.new)
    at = _security_place(both.new) or _security_place(both.old) or both.new.at
    shut = [demand for demand in old if not any(_within(other, demand) for other in new)]
    opened = [demand for demand in new if not any(_within(other, demand) for other in old)]
    if shut:
        yield PartChange("security-tightened", at, f"{_named(shut)} no longer suffices, but {_named(new)}")
    if opened:
        yield PartChange("security-loosened", at, f"{_named(opened)} suffices now")
    schemes = {name for demand in old for name in demand} & {name for demand in new for name in demand}
    for name in sorted(schemes):
        yield from _scheme_changes(both, f"/components/securitySchemes/{escape(name)}")


def _servers(operation: Endpoint) -> tuple[list[str], str]:
    """The addresses, with their variables, and the pointer to them, empty if none are given."""
    source = operation.source
    for at in (f"{operation.at}/servers", f"{operation.item}/servers", "/servers"):
        if servers := source.items(at):
            return list(dict.fromkeys(_address(source.mapping(server)) for server in servers)), at
    return ["/"], ""


def _address(server: Record) -> str:
    variables = server.get("variables")
    if not isinstance(variables, dict):
        return str(server.get("url"))
    kept = {
        name: {key: item[key] for key in ("default", "enum") if key in item}
        for name, item in variables.items()
        if isinstance(item, dict)
    }
    return f"{server.get('url')} {spell(kept)}"


def _security_place(operation: Endpoint) -> str:
    places = (f"{operation.at}/security", "/security")
    return next((at for at in places if operation.source.value(at) is not None), "")


def _demands(operation: Endpoint) -> list[Demand]:
    """The alternatives, each the scopes by scheme; a public operation has one that demands nothing."""
    place = _security_place(operation)
    if not place:
        return [{}]
    source = operation.source
    return [
        {name: _scopes(scopes) for name, scopes in source.mapping(at).items()} for at in source.items(place)
    ] or [{}]


def _scopes(value: Json) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _within(small: Demand, large: Demand) -> bool:
    """True if a client that meets `large` also meets `small`."""
    return all(name in large and scopes <= large[name] for name, scopes in small.items())


def _named(demands: list[Demand]) -> str:
    texts = (
        " with ".join(
            name + (f"[{' '.join(sorted(scopes))}]" if scopes else "") for name, scopes in one.items()
        )
        for one in demands
    )
    return " or ".join(text or "nothing" for text in texts)


def _scheme_changes(both: EndpointPair, at: str) -> Iterator[PartChange]:
    old, new = both.old.source.mapping(at), both.new.source.mapping(at)
    if not (old and new):
        return
    for key in _SCHEME:
        before, after = (str(scheme.get(key) or "none") for scheme in (old, new))
        if before.lower() != after.lower():
            yield PartChange("security-scheme-changed", at, f"{key} was {before}, is {after}")
    yield from keyword_changes(both.old.source, at, both.new.source, at, frozenset(_SCHEME))
