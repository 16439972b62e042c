"""The published mutation score."""

import json
from pathlib import Path

from contracts.mutants import MUTANTS

SCORE = json.loads((Path(__file__).parent.parent.parent / "docs" / "mutation-score.json").read_text())


def test_score_is_of_the_mutants_that_there_are() -> None:
    judged = {*SCORE["killed_by"], *SCORE["missed_mutants"]}

    assert judged == {mutant.id for mutant in MUTANTS}
    assert (SCORE["killed"], SCORE["missed"]) == (len(SCORE["killed_by"]), len(SCORE["missed_mutants"]))
    assert SCORE["by_class"].keys() == {mutant.kind for mutant in MUTANTS}


def test_at_least_90_percent_are_killed() -> None:
    assert SCORE["score"] >= 0.90


def test_the_right_operation_is_blamed_and_hardly_more_than_once() -> None:
    assert SCORE["blame"]["rightly_blamed"] >= 0.95
    assert SCORE["blame"]["findings_per_kill"] <= 1.25
