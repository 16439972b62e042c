"""Long runs are told before somebody waits for them."""

from dataclasses import replace

import pytest

from mockportal.judge.endings import warning
from mockportal.judge.plan import RunPlan
from mockportal.judge.target.profiles import PROFILES, Profile
from mockportal.judge.target.targets import Target
from mockportal.mock import Mock

LOCAL, READING = PROFILES["local"], PROFILES["remote-readonly"]


@pytest.mark.parametrize(
    ("profile", "stages", "operations", "seconds", "told"),
    [
        (LOCAL, ("checks", "coverage"), 149, 0.004, ""),
        (LOCAL, ("checks", "coverage"), 149, 2.0, "2.0 s an answer: about 16 hours; try --phases checks"),
        (LOCAL, ("checks",), 149, 0.2, "0.2 s an answer: about 45 minutes; try --operation or --max-time"),
        (READING, ("checks", "coverage"), 149, 0.1, ""),
        (READING, ("checks", "coverage"), 149, 2.0, "2.0 s an answer: about 3 hours; try --phases checks"),
    ],
)
def test_run_that_takes_long_is_told_with_advice(
    mock: Mock, profile: Profile, stages: tuple[str, ...], operations: int, seconds: float, told: str
) -> None:
    plan = RunPlan(mock.spec, Target({}, {}), replace(profile), "http://x", stages=stages)

    assert warning(plan, operations, seconds) == told
