"""The plan of a run of the judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from mockportal import __version__
from mockportal.judge.hooks.loading import Hooks
from mockportal.judge.model import Finding
from mockportal.judge.target.profiles import PHASES, Profile
from mockportal.judge.target.targets import Target
from mockportal.judge.target.write_permissions import WritePermission
from mockportal.spec.operations import Operation
from mockportal.spec.overlay import Action
from mockportal.spec.spec import Spec

STAGES = (*PHASES, "checks", "journeys")


@dataclass(frozen=True, slots=True)
class RunPlan:
    """One run of the judge.

    spec, target:   the contract, and what is known of the deployment under test
    profile:        what may be sent to it
    url:            what reports call it
    seed:           the same seed sends the same requests
    max_examples:   generated requests for each operation and phase of schemathesis
    stages:         which of `STAGES` are run
    operations:     which operations are judged; None for all
    only:           which checks and journeys are run; None for all
    links:          overlay actions that add links for the stateful phase
    run:            tells the worlds of this run from those of others
    allow_untested: whether operations without a verdict leave the run green
    notes:          lines about the target, for the report
    secrets:        tells what no report may hold, besides the tokens of the target
    permissions:    what may be written, by operation, for the profile remote-write
    journal:        where each of these writes is noted before it is sent
    interrupted:    tells why somebody wants the run to end, or ""
    max_time:       seconds for the whole run; 0 for no limit
    operation_time: how many seconds of waiting for nothing one operation may cost
    max_failures:   ends the run after so many findings; 0 for no limit
    is_known:       whether a deviation accepts a finding, which is then no failure
    hooks:          own checks and hooks
    """

    spec: Spec
    target: Target
    profile: Profile
    url: str
    seed: int = 1
    max_examples: int = 20
    stages: tuple[str, ...] = STAGES
    operations: frozenset[str] | None = None
    only: frozenset[str] | None = None
    links: list[Action] = field(default_factory=list)
    run: str = ""
    allow_untested: bool = False
    notes: tuple[str, ...] = ()
    secrets: Callable[[], list[str]] = list
    permissions: Mapping[str, WritePermission] = field(default_factory=dict)
    journal: Path | None = None
    interrupted: Callable[[], str] = str
    max_time: float = 0.0
    operation_time: float = 30.0
    max_failures: int = 0
    is_known: Callable[[Finding], bool] = lambda finding: False
    hooks: Hooks = field(default_factory=Hooks)

    @property
    def is_shared(self) -> bool:
        """True if everything may be written and there are no worlds, so that all requests meet the same state."""
        return self.profile.methods is None and not self.target.isolation

    def chosen(self) -> dict[str, Operation]:
        """The operations that are judged, by name."""
        known = self.spec.operations
        return {name: known[name] for name in known if self.operations is None or name in self.operations}


def versions() -> dict[str, str]:
    """The versions of what the verdict rests on."""
    libraries = {name: version(name) for name in ("schemathesis", "hypothesis")}
    return {"mockportal": __version__, **libraries}
