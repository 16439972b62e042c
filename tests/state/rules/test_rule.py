import pytest

from mockportal.state.rules.rule import Delay, Rule, holds, rule_of
from mockportal.values import Json


def applied(rule: Rule, hits: int = 8) -> list[int]:
    return [hit for hit in range(1, hits + 1) if rule.applies(hit)]


def test_times_counts_the_first_matches_and_every_counts_along() -> None:
    assert applied(rule_of(0, {"operation": "*"})) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert applied(rule_of(0, {"operation": "*", "times": 2})) == [1, 2]
    assert applied(rule_of(0, {"operation": "*", "every": 3})) == [3, 6]
    assert applied(rule_of(0, {"operation": "*", "every": 3, "times": 1})) == [3]


@pytest.mark.parametrize(
    ("wanted", "value", "answer"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}]}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": 1}, {}, False),
        ({"a": 1}, None, False),
        (None, None, True),
        ("x", "y", False),
    ],
)
def test_when_is_a_subset_match(wanted: Json, value: Json, answer: bool) -> None:
    assert holds(wanted, value) is answer


def test_delay_is_spread_between_median_and_p99_and_repeats() -> None:
    delay = Delay(1.5, 4.0)

    waits = sorted(delay.seconds(f"seed/{n}") for n in range(1000))

    assert 1.4 < waits[500] < 1.6
    assert 3.2 < waits[990] < 4.8
    assert delay.seconds("seed/1") == delay.seconds("seed/1")


def test_plain_delay_always_waits_the_same() -> None:
    assert rule_of(0, {"operation": "*", "delay": "200ms"}).delay == Delay(0.2, None)
    assert rule_of(0, {"operation": "*", "delay": 2}).delay == Delay(2.0, None)
    assert Delay(500.0, None).seconds("x") == 120.0


def test_negative_delay_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        rule_of(0, {"operation": "*", "delay": "-1s"})


def test_delay_of_absurd_spread_is_the_longest() -> None:
    assert max(Delay(1.0, 1e300).seconds(str(hit)) for hit in range(2_000)) == 120.0
