"""With the same seed and the clock standing still, two runs give the same bytes, ids included."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.machines import fresh_world
from tests.support.replay import answer_of, known_cases, played

CASES = known_cases()
PEOPLE = ("", "", "", "anna", "mehmet", "sabine", "marek", "admin")  # mostly whoever can succeed
STEPS = st.lists(st.tuples(st.sampled_from([*CASES]), st.sampled_from(PEOPLE)), min_size=20, max_size=80)
ROOT = Path(__file__).parent.parent.parent


@settings(max_examples=settings.default.max_examples * 4)  # type: ignore[union-attr]
@given(steps=STEPS)
def test_two_runs_give_the_same_bytes(steps: list[tuple[str, str]]) -> None:
    one, left = played(steps, CASES)
    other, right = played(steps, CASES, remembers=False)

    assert [answer_of(exchange) for exchange in left] == [answer_of(exchange) for exchange in right]
    assert not [exchange.reply for exchange in left if exchange.reply.answered_by == "audit"]
    assert one.state.tables == other.state.tables


@settings(max_examples=settings.default.max_examples * 2)  # type: ignore[union-attr]
@given(steps=STEPS)
def test_a_world_that_is_reset_begins_again(steps: list[tuple[str, str]]) -> None:
    world, _ = played(steps, CASES)

    world.reset(world.scenario)

    assert world.state is fresh_world().state


def test_two_processes_write_the_same_transcript() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "scripts/transcript", "--digest", "--every", "8"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in ("1", "2")
    ]

    digests = {run.communicate()[0].strip() for run in runs}

    assert len(digests) == 1
    assert len(digests.pop()) == 64
