"""The parts of a comparison of two targets: plan, pairs of exchanges, differences, report."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from mockportal.judge.deviations import Deviation
from mockportal.judge.model import Interaction
from mockportal.judge.target.profiles import Profile
from mockportal.judge.target.targets import Target
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

SAME, DIFFERS = "same", "differs"
MOCK = "mock"
# What weighs more comes first.
RANKS: Mapping[str, int] = MappingProxyType(
    {
        "status": 1,
        "content_type": 2,
        "header": 3,
        "type": 4,
        "missing_key": 5,
        "extra_key": 5,
        "enum": 6,
        "format": 6,
        "presence": 7,
        "needs_scenario": 8,
    }
)
# They depend on the data of a target more than on its code.
SOFT = frozenset(("presence", "needs_scenario"))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two targets. `name` is its URL, or `mock` for the mock in this process; `url` is where commands that
    reproduce something go."""

    name: str
    target: Target
    profile: Profile
    url: str


@dataclass(frozen=True, slots=True)
class DriftPlan:
    """`max_examples` bounds, for each operation, the variations of its own case, the generated cases, and the ids that
    are followed from lists; `operations` None means all; `accepted` are known drifts, judged on the day `today`; `run`
    tells the worlds of this run from those of others; `interrupted` tells why somebody wants it to end, or ""."""

    spec: Spec
    left: Side
    right: Side
    today: date
    seed: int = 1
    max_examples: int = 3
    operations: frozenset[str] | None = None
    accepted: tuple[Deviation, ...] = ()
    run: str = ""
    interrupted: Callable[[], str] = str

    def is_read(self, operation: Operation) -> bool:
        """True if an operation can be called twice without harm."""
        return operation.method == "GET" and operation.id not in self.left.target.side_effects

    @property
    def truth(self) -> str:
        """The side that the mock and the contract should follow: the one that is no mock, else the right one."""
        return "left" if self.right.name == MOCK and self.left.name != MOCK else "right"


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters and body of one request."""

    params: Record
    body: Json
    media_type: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The same case at both targets; `again` is what both answered when they were asked once more."""

    left: Interaction
    right: Interaction
    again: tuple[Interaction, Interaction] | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """One way in which an operation answers differently. `pointer` leads into the bodies with this `status` ("" for
    what is not in a body); an element of a list is `*` in it, a key that is an id `{id}`. `left` and `right` say what
    was seen there, without data; `exchanges` show it, `count` is the number of cases that do. `contract_pointer`
    leads to the place in the contract."""

    operation: str
    kind: str
    status: str
    pointer: str
    left: str
    right: str
    message: str
    contract_pointer: str
    exchanges: tuple[Interaction, Interaction]
    count: int = 1

    @property
    def rank(self) -> int:
        """1 weighs most."""
        return RANKS[self.kind]

    @property
    def id(self) -> str:
        """Ten characters, the same in every run."""
        parts = (self.operation, self.kind, self.status, self.pointer, self.left, self.right)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class KnownDrift:
    """A drift that is accepted until `expires`."""

    drift: Drift
    reason: str
    owner: str
    expires: str


@dataclass(slots=True)
class DriftReport:
    """A comparison. `compared` counts the cases by operation, `untested` says why there are none. `noise` names what
    was left out because a target does not agree with itself. `problems` fail the run beside findings."""

    left: Side
    right: Side
    seed: int
    spec_sha256: str
    versions: dict[str, str]
    compared: dict[str, int] = field(default_factory=dict)
    untested: dict[str, str] = field(default_factory=dict)
    findings: list[Drift] = field(default_factory=list)
    known: list[KnownDrift] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    suggestions: dict[str, str] = field(default_factory=dict)
    traffic: dict[str, dict[str, int]] = field(default_factory=dict)
    same_data: bool = False
    ids: int = 0
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """`same` or `differs`."""
        return DIFFERS if self.findings or self.problems else SAME
