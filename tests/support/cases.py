"""A valid request for every operation, as `contracts/targets/default.yaml` says."""

from pathlib import Path

from mockportal.commands.judging.target import resolved, shipped_targets
from mockportal.config import VERSIONS
from mockportal.files.strict_yaml import load_yaml
from mockportal.judge.target.targets import Case, Target, read_target
from mockportal.portal import API
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario

__all__ = ["FILE", "Case", "cases", "resolved", "target", "tokens_by_scheme"]

FILE = Path(__file__).parents[2] / "contracts" / "targets" / "default.yaml"


def target(spec: Spec, scenario: Scenario, api: str = VERSIONS[0]) -> Target:
    """All that the files of a version say, with the ids of `scenario`."""
    value = load_yaml(FILE).value if api == VERSIONS[0] else shipped_targets(api, spec)
    return read_target(resolved(value, scenario), spec, side_effects=API.side_effects)


def cases(spec: Spec, scenario: Scenario, api: str = VERSIONS[0]) -> dict[str, Case]:
    """One case for each operation of the spec."""
    return dict(target(spec, scenario, api).cases)


def tokens_by_scheme() -> dict[str, str]:
    """Who calls an operation with this security scheme, if it does not say so itself."""
    return dict(load_yaml(FILE).value["tokens"])
