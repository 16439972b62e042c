"""Profiles: the methods that a run may send, how fast, and which data are generated."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mockportal.judge.wire.gate import SendingLimits
from mockportal.spec.spec import Spec

PHASES = ("examples", "coverage", "fuzzing", "stateful")  # of schemathesis


@dataclass(frozen=True, slots=True)
class Profile:
    """Limits how far a run may go.

    methods:  the methods that may leave; None for all, undocumented ones included
    allowed:  operations beyond these methods
    rate:     requests a second; 0 for no limit
    budget:   requests in all; 0 for no limit
    phases:   the phases of schemathesis that are run
    positive: whether schemathesis sends valid requests only
    """

    name: str
    methods: frozenset[str] | None
    allowed: frozenset[str] = frozenset()
    rate: float = 0.0
    budget: int = 0
    phases: tuple[str, ...] = PHASES
    positive: bool = False

    @property
    def writes(self) -> bool:
        """True if anything but GET may leave."""
        return self.methods is None or bool(self.allowed)

    def limits(self, spec: Spec, side_effects: Collection[str] = ()) -> SendingLimits:
        """The limits for the gate. If only some methods may leave, no GET with a side effect does."""
        if self.methods is None:
            return SendingLimits(None, self.rate, self.budget)
        let = {
            operation.id
            for operation in spec.operations.values()
            if operation.method in self.methods and operation.id not in side_effects
        }
        return SendingLimits(frozenset(let | self.allowed), self.rate, self.budget)


_READ_ONLY = {
    "methods": frozenset(("GET",)),
    "rate": 5.0,
    "budget": 5_000,
    "phases": ("examples", "coverage"),
    "positive": True,
}
PROFILES: Mapping[str, Profile] = {
    "local": Profile("local", None),
    "remote-readonly": Profile("remote-readonly", **_READ_ONLY),  # type: ignore[arg-type]
    "remote-write": Profile("remote-write", **_READ_ONLY),  # type: ignore[arg-type]
}
