"""Compares the servers of an operation, and the credentials that it demands."""

from collections.abc import Iterator, Mapping

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.operations import Endpoint, EndpointPair
from mockportal.compatibility.schemas.sameness import keyword_changes
from mockportal.compatibility.schemas.shapes import spell
from mockportal.compatibility.servers import address
from mockportal.compatibility.source import Source
from mockportal.files.pointers import escape, tokens_of
from mockportal.values import Json, Record

Demand = Mapping[str, frozenset[str]]
_SCHEMES = "/components/securitySchemes"
_SCHEME = ("type", "in", "name", "scheme")


def server_changes(both: EndpointPair) -> Iterator[PartChange]:
    """Changed addresses, or the same in another order, since clients take the first one. Raises `SpecError`."""
    (old, old_at), (new, new_at) = _servers(both.old), _servers(both.new)
    if old != new and both.old.path != both.new.path and not both.moved:
        message = f"{both.old.path} is {both.new.path} at {', '.join(new)}: the full URL is the same"
        yield PartChange("servers-changed", new_at or old_at, message)
    elif old != new:
        yield PartChange("servers-changed", new_at or old_at, f"was {', '.join(old)}, is {', '.join(new)}")


def security_changes(both: EndpointPair) -> Iterator[PartChange]:
    """Credentials newly demanded or no longer accepted, and schemes that work differently. Raises `SpecError`."""
    old, new = _demands(both.old), _demands(both.new)
    sources = both.old.source, both.new.source
    at = _security_place(both.new) or _security_place(both.old) or both.new.at
    shut = [demand for demand in old if not any(_within(other, demand, *sources[::-1]) for other in new)]
    opened = [demand for demand in new if not any(_within(other, demand, *sources) for other in old)]
    if shut:
        yield PartChange("security-tightened", at, f"{_named(shut)} no longer suffices, but {_named(new)}")
    if opened:
        yield PartChange("security-loosened", at, f"{_named(opened)} suffices now")
    schemes = {name for demand in old for name in demand} & {name for demand in new for name in demand}
    for name in sorted(schemes):
        yield from _scheme_changes(both, f"{_SCHEMES}/{escape(name)}")


def _servers(operation: Endpoint) -> tuple[list[str], str]:
    """The addresses, with their variables, and the pointer to them, empty if none are given."""
    servers, at = operation.servers()
    return list(dict.fromkeys(map(address, servers))), at


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


def _within(small: Demand, large: Demand, source: Source, other: Source) -> bool:
    """True if a client that meets `large`, of the `other` document, also meets `small`."""
    return all(
        any(scopes <= held and _same_credential(source, name, other, own) for own, held in large.items())
        for name, scopes in small.items()
    )


def _same_credential(source: Source, name: str, other: Source, own: str) -> bool:
    """True if one credential meets both schemes, whatever they are called.

    Two bearer schemes that a document tells apart expect different tokens, in whichever version they are demanded.
    """
    if name == own:
        return True
    schemes = source.mapping(_SCHEMES), other.mapping(_SCHEMES)
    if not (name in schemes[0] and own in schemes[1]):
        return False
    told_apart = all(name in known and own in known for known in schemes)
    is_key = source.mapping(f"{_SCHEMES}/{escape(name)}").get("type") == "apiKey"
    if told_apart and not is_key:
        return False
    return _credential(source, name) == _credential(other, own) and _keeps_flows(other, own, source, name)


def _credential(source: Source, name: str) -> str:
    """One text for all schemes that take the same credential in the same place."""
    scheme = source.mapping(f"{_SCHEMES}/{escape(name)}")
    told = {key: str(scheme.get(key, "")).lower() for key in _SCHEME}
    if told["in"] != "header":
        told["name"] = str(scheme.get("name"))
    return spell([told, scheme.get("openIdConnectUrl")])


def _keeps_flows(old: Source, own: str, new: Source, name: str) -> bool:
    """True if every flow of the old scheme is one of the new scheme, at the same addresses."""
    before, after = _flows(old, own), _flows(new, name)
    return all(after.get(flow) == addresses for flow, addresses in before.items())


def _flows(source: Source, name: str) -> Record:
    """Flow -> its addresses, without the scopes, of which operations name those that they demand."""
    flows = source.children(f"{_SCHEMES}/{escape(name)}/flows")
    return {
        flow: {key: text for key, text in source.mapping(at).items() if key.endswith("Url")}
        for flow, at in flows.items()
    }


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
    name = tokens_of(at)[-1]
    if not _keeps_flows(both.old.source, name, both.new.source, name):
        yield PartChange("keyword-changed", f"{at}/flows", "a flow is gone, or has another address")
    yield from keyword_changes(both.old.source, at, both.new.source, at, frozenset((*_SCHEME, "flows")))
