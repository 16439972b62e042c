"""A scenario's expectations, played in order in a fresh world of it. No time is spent: a delay is data."""

from mockportal.expectations.answers import Difference
from mockportal.expectations.play import Failure, Play, failures, first_difference, play_all
from mockportal.expectations.stage import Impossible, MockStage, Stage, stage_of

__all__ = [
    "Difference",
    "Failure",
    "Impossible",
    "MockStage",
    "Play",
    "Stage",
    "failures",
    "first_difference",
    "play_all",
    "stage_of",
]
