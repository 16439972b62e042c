"""What a mutant is: one thing wrong in an otherwise correct target, where that may show, and what brings it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.files.strict_yaml import Tagged
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, Record

Headers = tuple[tuple[bytes, bytes], ...]
Answer = Callable[[Operation, Request, World], Exchange]
Patch = Callable[[Operation, Request, World, Answer], Exchange]
AS_IT_IS = object()  # of a body: that of the valid case
OVERLAPS = "x-overlaps"  # a header that a request has if another one to its operation was under way with it


@dataclass(frozen=True, slots=True)
class Start:
    """What is sent before a body, for a request of `method`; `tail` is sent behind the body."""

    status: int
    headers: Headers
    method: str = "GET"
    tail: bytes = b""


Wire = Callable[[Start], Start]


@dataclass(frozen=True, slots=True)
class Probe:
    """One request, told by what it has different from the valid case of its operation in the targets file.

    A parameter of None is left out; `fields` are set in the body. `method` is another one on the same path,
    `authorization` a whole header. Ids may be named as `id_of` does.
    """

    operation: str
    token: str | None = None
    params: Mapping[str, Json] = field(default_factory=dict)
    fields: Record = field(default_factory=dict)
    body: Json = AS_IT_IS
    method: str = ""
    media_type: str = JSON_TYPE
    authorization: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mutant:
    """`operations` are those on which a finding may show it; the patches are called for requests of `seeded` only.

    Where it `overlaps`, these have the header `OVERLAPS` if they are under way together. `wire` sees the answers of
    these operations, and what is said to a wrong method on their paths. The `witness` brings the mutant out; without
    one, the valid cases of its operations in their order do.
    """

    id: str
    kind: str
    operations: tuple[str, ...]
    what: str
    patch: Patch
    wire: Wire | None
    seeded: frozenset[str]
    witness: tuple[Probe, ...]
    overlaps: bool = False


def unpatched(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
    """The correct answer."""
    return answer(operation, request, world)


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of violation. Called, it makes mutants of this class; operations are separated by spaces.

    `on` names the seeded ones where those are not all: the others read what a seeded one writes.
    """

    name: str

    def __call__(
        self,
        id: str,
        operations: str,
        what: str,
        patch: Patch = unpatched,
        *,
        wire: Wire | None = None,
        on: str = "",
        witness: tuple[Probe, ...] = (),
        overlaps: bool = False,
    ) -> Mutant:
        seeded = frozenset((on or operations).split())
        return Mutant(id, self.name, tuple(operations.split()), what, patch, wire, seeded, witness, overlaps)


def id_of(name: str) -> Tagged:
    """The id of a record of the scenario, by collection and alias: `id_of("contract/v-900001")`."""
    return Tagged("!id", name)
