"""The actions of rules: their delays, and the lengths that they are given."""

import pytest

from mockportal.state.rules.actions import Delay, action_of
from mockportal.state.rules.firing import BadRule


def test_delay_is_spread_between_median_and_p99_and_repeats() -> None:
    delay = Delay(1.5, 4.0)

    waits = sorted(delay.seconds(f"seed/{n}") for n in range(1000))

    assert 1.4 < waits[500] < 1.6
    assert 3.2 < waits[990] < 4.8
    assert delay.seconds("seed/1") == delay.seconds("seed/1")


def test_delay_is_spread_evenly_between_its_bounds() -> None:
    delay = action_of({"delay": {"min": "100ms", "max": "500ms"}}).delay
    assert delay is not None

    waits = sorted(delay.seconds(f"seed/{n}") for n in range(1000))

    assert 0.1 <= waits[0] < 0.11 < 0.48 < waits[-1] <= 0.5
    assert 0.27 < waits[500] < 0.33


def test_plain_delay_always_waits_the_same() -> None:
    assert action_of({"delay": "200ms"}).delay == Delay(0.2)
    assert action_of({"delay": 2}).delay == Delay(2.0)
    assert Delay(500.0).seconds("x") == 120.0


def test_delay_of_absurd_spread_is_the_longest() -> None:
    assert max(Delay(1.0, 1e300).seconds(str(hit)) for hit in range(2_000)) == 120.0


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ({"delay": "-1s"}, "/delay"),
        ({"delay": {"median": 1, "p99": "soon"}}, "/delay/p99"),
        ({"hold": "-1s"}, "/hold"),
        ({"fault": {"drip": "x"}}, "/fault/drip"),
        ({"fault": {"rate_limit": {"limit": 1, "per": "10ms"}}}, "/fault/rate_limit/per"),
    ],
)
def test_bad_length_is_told_at_its_place(raw: dict[str, object], pointer: str) -> None:
    with pytest.raises(BadRule) as caught:
        action_of(raw)

    assert caught.value.pointer == pointer
