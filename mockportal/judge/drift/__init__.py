"""Two targets side by side: the same cases at both, and what they answer differently."""

from mockportal.judge.drift.accepted import load_accepted
from mockportal.judge.drift.model import MOCK, Drift, DriftPlan, DriftReport, KnownDrift, Side
from mockportal.judge.drift.reports import (
    DRIFT_SCHEMA,
    drift_annotations,
    drift_json,
    drift_text,
    write_drift,
)
from mockportal.judge.drift.run import compare_targets

__all__ = [
    "DRIFT_SCHEMA",
    "MOCK",
    "Drift",
    "DriftPlan",
    "DriftReport",
    "KnownDrift",
    "Side",
    "compare_targets",
    "drift_annotations",
    "drift_json",
    "drift_text",
    "load_accepted",
    "write_drift",
]
