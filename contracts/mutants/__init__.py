"""Seeded violations: correct mocks made wrong in one way each, to measure what the contract suite notices."""

from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.groups import groups
from contracts.mutants.model import Mutant, Probe
from contracts.mutants.target import mutated

__all__ = ["MUTANTS", "Mutant", "Probe", "groups", "mutated"]
