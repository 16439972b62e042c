"""How far a run may go: which methods leave, how fast, and what is generated."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockportal.judge.fuzz import PHASES
from mockportal.judge.wire.gate import Limits
from mockportal.spec.spec import Spec


@dataclass(frozen=True, slots=True)
class Profile:
    """`methods` None means all, undocumented ones included; `denied` are operations that are never called, though
    their method is allowed; `allowed` are operations beyond the methods."""

    name: str
    methods: frozenset[str] | None
    denied: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    rate: float = 0.0
    budget: int = 0
    phases: tuple[str, ...] = PHASES
    positive: bool = False

    @property
    def writes(self) -> bool:
        """Whether anything outside GET may leave."""
        return self.methods is None or bool(self.allowed)

    def limits(self, spec: Spec) -> Limits:
        """What the gate lets out."""
        if self.methods is None:
            return Limits(None, self.rate, self.budget)
        let = {
            operation.id
            for operation in spec.operations.values()
            if operation.method in self.methods and operation.id not in self.denied
        }
        return Limits(frozenset(let | self.allowed), self.rate, self.budget)


# GETs that do something: they confirm, set up a domain, redeem a link, or follow it to where it leads.
SIDE_EFFECTS = frozenset(
    (
        "confirmUser",
        "confirmUserWithUserId",
        "configureDistribution",
        "configureDistributionV3",
        "getResolvedExternalLink",
        "getResolvedExternalLinkV3",
        "getResolvedSeamlessLink",
    )
)
_READ_ONLY = {
    "methods": frozenset(("GET",)),
    "denied": SIDE_EFFECTS,
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
