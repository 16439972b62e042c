"""All mutants."""

from contracts.mutants import (
    access,
    clocks,
    effects,
    gaps,
    lists,
    ownership,
    refusals,
    secrets,
    shapes,
    statuses,
    strictness,
    validation,
    values,
    wires,
    writes,
)
from contracts.mutants.model import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *shapes.MUTANTS,
    *gaps.MUTANTS,
    *statuses.MUTANTS,
    *refusals.MUTANTS,
    *access.MUTANTS,
    *ownership.MUTANTS,
    *validation.MUTANTS,
    *strictness.MUTANTS,
    *writes.MUTANTS,
    *effects.MUTANTS,
    *lists.MUTANTS,
    *clocks.MUTANTS,
    *secrets.MUTANTS,
    *values.MUTANTS,
    *wires.MUTANTS,
)
