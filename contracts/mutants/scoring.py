"""The mutation score: every mutant is judged as a deployment would be, and is killed by a finding on its operations."""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.groups import groups
from contracts.mutants.model import Mutant
from contracts.mutants.target import mutated
from mockportal.commands.judging.contract import prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.judge.model import Finding
from mockportal.judge.run import judge
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Setup, load_mock
from mockportal.values import Record

# They compare reads before and after, so another mutant of the same run may have made them fail.
_BLAMING = frozenset(
    (
        "foreign_attributes_are_ignored",
        "others_data_stay_untouched",
        "overlapping_updates_are_kept",
        "reads_change_nothing",
        "refusals_are_as_documented",
        "refusals_change_nothing",
        "wrong_media_type_is_refused",
        "written_values_are_kept",
    )
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: the layers and checks of the findings on its operations. None means missed.

    `causes` counts these findings without those that follow from another one of them; `is_blamed` says that all of
    them name an operation that is wrong, and not one that only shows it.
    """

    mutant: str
    layers: tuple[str, ...]
    checks: tuple[str, ...]
    causes: int
    is_blamed: bool


def judged(ids: Sequence[str], seed: int, stages: tuple[str, ...]) -> tuple[list[Verdict], list[str]]:
    """The verdicts on one group, and what was found on operations that none of its mutants touches."""
    chosen = [mutant for mutant in MUTANTS if mutant.id in ids]
    touched = {operation for mutant in chosen for operation in mutant.operations}
    mock = load_mock(Setup())
    plan, _ = prepared(TargetOptions())
    plan = replace(plan, seed=seed, stages=stages, max_examples=10)
    crashes = _Crashes()
    logging.getLogger("mockportal").addHandler(crashes)
    report = judge(plan, in_process(mutated(mock, chosen)), lambda stage, what: None)
    logging.getLogger("mockportal").removeHandler(crashes)
    if crashes.lines:
        raise RuntimeError(f"a mutant broke instead of misbehaving: {crashes.lines[0]}")
    verdicts = [_verdict(mutant, report.findings) for mutant in chosen]
    causes = [one for one in report.findings if one.cause in ("", one.id)]
    elsewhere = [f"{one.operation} {one.check}" for one in causes if one.operation not in touched]
    return verdicts, elsewhere


class _Crashes(logging.Handler):
    """A patch that raises would be found by its 500, and not by what it should be found by."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _verdict(mutant: Mutant, findings: Sequence[Finding]) -> Verdict:
    fitting = [finding for finding in findings if finding.operation in mutant.operations]
    layers = tuple(sorted({finding.layer for finding in fitting}))
    known = {finding.id for finding in fitting}
    causes = [one for one in fitting if one.cause in ("", one.id) or one.cause not in known]
    is_blamed = bool(causes) and all(finding.operation in mutant.seeded for finding in causes)
    checks = tuple(sorted({finding.check for finding in fitting}))
    return Verdict(mutant.id, layers, checks, len(causes), is_blamed)


Round = tuple[int, tuple[str, ...]]  # mutants in one run, and the stages of the judge


def score(
    ids: Sequence[str], seed: int, rounds: Sequence[Round], workers: int
) -> tuple[dict[str, Verdict], list[str]]:
    """A verdict on each mutant of `ids`, judged in groups that touch no operation twice.

    One that is missed may only have been hidden by another of its group, which ended a walk before it was met: it is
    judged again in the next round, in a smaller group. So is one that only checks found which another of the group may
    have misled.
    """
    found: dict[str, Verdict] = {}
    elsewhere: list[str] = []
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for size, stages in rounds:
            left = [
                mutant for mutant in MUTANTS if mutant.id in ids and not _is_settled(found.get(mutant.id))
            ]
            running = [
                pool.submit(judged, [mutant.id for mutant in group], seed, stages)
                for group in groups(left, size)
            ]
            for future in running:
                verdicts, outside = future.result()
                found |= {verdict.mutant: verdict for verdict in verdicts}
                elsewhere += outside
    return found, elsewhere


def _is_settled(verdict: Verdict | None) -> bool:
    """Whether a mutant is surely killed: by a check that blames nobody for what another operation reads."""
    return verdict is not None and not _BLAMING.issuperset(verdict.checks)


def blame(found: dict[str, Verdict], elsewhere: Sequence[str]) -> Record:
    """How often the right operation is named, of all that are, and how many findings a fault gives; `elsewhere` are
    the findings on operations that no mutant of their run touches."""
    killed = [verdict for verdict in found.values() if verdict.layers]
    right = sum(verdict.is_blamed for verdict in killed)
    causes = sum(verdict.causes for verdict in killed) + len(elsewhere)
    return {
        "rightly_blamed": round(right / max(1, len(killed)), 4),
        "findings_per_kill": round(causes / max(1, len(killed)), 2),
        "findings_elsewhere": len(elsewhere),
        "wrongly_blamed": sorted(one.mutant for one in killed if not one.is_blamed),
    }


def summary(
    found: dict[str, Verdict], equivalent: Sequence[str] = (), elsewhere: Sequence[str] = ()
) -> Record:
    """The score as it is published: totals, by class, by layer, blame, and the verdict on each mutant."""
    kinds = {mutant.id: mutant.kind for mutant in MUTANTS}
    layers = Counter(layer for verdict in found.values() for layer in verdict.layers)
    only = Counter(verdict.layers[0] for verdict in found.values() if len(verdict.layers) == 1)
    classes: dict[str, Record] = {}
    for id, verdict in sorted(found.items(), key=lambda item: kinds[item[0]]):
        counts = classes.setdefault(kinds[id], {"killed": 0, "missed": 0})
        counts["killed" if verdict.layers else "missed"] += 1
    killed = sum(bool(verdict.layers) for verdict in found.values())
    return {
        "mutants": len(found),
        "killed": killed,
        "missed": len(found) - killed - len(equivalent),
        "equivalent": len(equivalent),
        "score": round(killed / max(1, len(found) - len(equivalent)), 4),
        "by_layer": {name: {"killed": layers[name], "alone": only[name]} for name in sorted(layers)},
        "by_class": classes,
        "blame": blame(found, elsewhere),
        "missed_mutants": sorted(id for id, verdict in found.items() if not verdict.layers),
        "killed_by": {id: list(verdict.checks) for id, verdict in sorted(found.items()) if verdict.layers},
    }
