"""The options that several commands share. Importing this needs none of the extras."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mockportal.mock import Setup


@dataclass(frozen=True, slots=True)
class TargetOptions:
    """The target of a command, and the connection to it.

    setup:        the document and what goes with it; also the mock itself, where that is the target
    url:          the address of the target; "" for the mock in this process
    profile:      local, remote-readonly or remote-write; "" for the safe one
    operations:   only these operations; None for all
    tokens:       tokens by security scheme
    targets:      the targets file; None for the shipped one
    allow_writes: the file of what remote-write may write
    rate:         requests a second; None for the profile's own
    timeout:      seconds for one answer
    sure:         whether writes to a target without worlds were confirmed
    hooks:        a file of own checks and hooks
    changed_since: an older document; only what has changed since is judged
    """

    setup: Setup = field(default_factory=Setup)
    url: str = ""
    profile: str = ""
    operations: frozenset[str] | None = None
    tokens: Mapping[str, str] = field(default_factory=dict)
    targets: Path | None = None
    allow_writes: Path | None = None
    rate: float | None = None
    timeout: float = 10.0
    sure: bool = False
    hooks: Path | None = None
    changed_since: Path | None = None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The extent of a run of the judge, and the findings that it may have; the rest as in `RunPlan`.

    deviations:       the file of known findings; None for that of the mock, or none
    arguments:        the flags that ask for this run, for reports
    write_deviations: the file to which an entry for every finding is written; None for none
    """

    seed: int = 1
    max_examples: int = 20
    stages: tuple[str, ...] = ()
    allow_untested: bool = False
    max_time: float = 0.0
    max_failures: int = 0
    operation_time: float = 30.0
    deviations: Path | None = None
    write_deviations: Path | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """The destination of a verdict: printed in a `format` (text, json, github), and written to the folder `report`; the
    requests of the run go to the file `har`."""

    format: str = "text"
    report: Path | None = None
    har: Path | None = None
