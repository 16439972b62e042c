"""The operations of two documents, paired with each other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.servers import base, servers_at
from mockportal.compatibility.source import Source
from mockportal.spec.document import METHODS
from mockportal.values import Json, Record

_TEMPLATE = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method on a path. `at` is its pointer, `item` that of its path; `id` is empty where there is none."""

    source: Source
    method: str
    path: str
    at: str
    item: str
    id: str

    @property
    def name(self) -> str:
        """The name by which changes refer to it."""
        return self.id or f"{self.method}{self.path}"

    @property
    def shape(self) -> str:
        """The path without the names of its parameters: `/a/{}`."""
        return _TEMPLATE.sub("{}", self.path)

    @property
    def path_names(self) -> list[str]:
        """The names of the path's parameters, in order."""
        return _TEMPLATE.findall(self.path)

    def servers(self) -> tuple[list[Record], str]:
        """Its servers, and the pointer to them, empty if none are given. Raises `SpecError`."""
        return servers_at(self.source, f"{self.at}/servers", f"{self.item}/servers", "/servers")

    @property
    def full_shape(self) -> str:
        """The first server and the path, without the names of parameters: `https://a.example/v1/a/{}`."""
        return _TEMPLATE.sub("{}", base(self.servers()[0][0]) + self.path)

    def says(self, keyword: str) -> Json:
        """The value of one of its keywords."""
        return self.source.value(f"{self.at}/{keyword}")


@dataclass(frozen=True, slots=True)
class EndpointPair:
    """The same operation in both documents."""

    old: Endpoint
    new: Endpoint

    @property
    def moved(self) -> bool:
        """True if clients have to send another request now."""
        if self.old.method != self.new.method:
            return True
        return self.old.shape != self.new.shape and self.old.full_shape != self.new.full_shape


_KEYS: tuple[Callable[[Endpoint], tuple[str, ...]], ...] = (
    lambda operation: (operation.method, operation.path),
    lambda operation: (operation.method, operation.shape),
    lambda operation: (operation.method, operation.full_shape),
    lambda operation: (operation.id,) if operation.id else (),
)


def operations_of(source: Source) -> list[Endpoint]:
    """Every operation, in document order. Raises `SpecError`."""
    found = []
    for path, item in source.children("/paths").items():
        if path.startswith("/"):
            real = source.real(item)
            methods = source.mapping(real)
            found += [_operation(source, method, path, real) for method in METHODS if methods.get(method)]
    return found


def paired(old: list[Endpoint], new: list[Endpoint]) -> list[EndpointPair]:
    """The same operations: by method and path, else by the path's shape, else by full URL, else by operationId."""
    left, right, found = list(old), list(new), []
    for key in _KEYS:
        free = {key(operation): operation for operation in reversed(right) if key(operation)}
        for operation in list(left):
            other = free.pop(key(operation), None)
            if other is not None:
                left.remove(operation)
                right.remove(other)
                found.append(EndpointPair(operation, other))
    return found


def identity_changes(both: EndpointPair) -> Iterator[PartChange]:
    """Changes of path, operationId and deprecation."""
    old, new = both.old, both.new
    if both.moved:
        message = f"was {old.method.upper()} {old.path}, is {new.method.upper()} {new.path}"
        yield PartChange("operation-moved", new.at, message)
    if old.id != new.id:
        place = f"{new.at}/operationId" if new.id else f"{old.at}/operationId"
        yield PartChange("operation-id-changed", place, f"was {old.id or 'none'}, is {new.id or 'none'}")
    if new.says("deprecated") is True and old.says("deprecated") is not True:
        yield PartChange("operation-deprecated", f"{new.at}/deprecated", "is deprecated now")


def _operation(source: Source, method: str, path: str, item: str) -> Endpoint:
    at = f"{item}/{method}"
    source.mapping(at)
    return Endpoint(source, method, path, at, item, str(source.value(f"{at}/operationId") or ""))
