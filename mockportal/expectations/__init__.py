"""A scenario's expectations, played in order in a fresh world of it. No time is spent: a delay is data."""

from mockportal.expectations.play import Failure, Play, failures
from mockportal.expectations.stage import MockStage, Stage, stage_of

__all__ = ["Failure", "MockStage", "Play", "Stage", "failures", "stage_of"]
