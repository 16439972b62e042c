"""Faults: the severities, the categories, and one line for each check that says which of them its findings have."""

from mockportal.judge.faults.catalogue import CATEGORIES, SEVERITIES
from mockportal.judge.faults.table import FAULTS, JOURNEY, Fault, fault_of

__all__ = ["CATEGORIES", "FAULTS", "JOURNEY", "SEVERITIES", "Fault", "fault_of"]
