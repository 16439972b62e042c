"""Which requests a rule is for, when it fires, and which of its actions it then takes."""

from datetime import UTC, datetime

import pytest

from mockportal.spec.spec import Spec
from mockportal.state.rules.firing import BadRule, Firing, Occasion, firing_of
from mockportal.state.rules.rule import rule_of

NOW = datetime(2026, 6, 15, 7, tzinfo=UTC)


def fires(firing: Firing, requests: int = 8) -> list[int]:
    """The numbers of the requests for which it fires, one an exchange."""
    fired: list[int] = []
    for number in range(1, requests + 1):
        if not firing.misses(Occasion(number, len(fired), NOW, number, f"seed/rule/{number}")):
            fired.append(number)
    return fired


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"times": 2}, [1, 2]),
        ({"every": 3}, [3, 6]),
        ({"every": 3, "times": 1}, [3]),
        ({"after": 5}, [6, 7, 8]),
        ({"after": 2, "times": 1}, [3]),
        ({"after": 1, "every": 3}, [4, 7]),
        ({"until": 3}, [1, 2, 3]),
        ({"until": "2026-06-15T09:00:01+02:00"}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"until": "2026-06-15T09:00:00+02:00"}, []),
        ({"chance": 0}, []),
        ({"chance": 1}, [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_rule_fires_as_its_keys_say(keys: dict[str, object], numbers: list[int]) -> None:
    assert fires(firing_of(keys)) == numbers


def test_chance_is_drawn_from_the_seed_and_hits_its_share() -> None:
    numbers = fires(Firing(chance=0.3), 2_000)

    assert 500 < len(numbers) < 700
    assert numbers == fires(Firing(chance=0.3), 2_000)


@pytest.mark.parametrize(
    ("firing", "reason"),
    [
        (Firing(after=2), "/after: is request 1, the first 2 pass"),
        (Firing(every=5), "/every: is request 1, every 5th counts"),
        (Firing(times=3), "/times: has fired 3 times"),
        (Firing(until=6), "/until: is exchange 7, 6 was the last"),
        (Firing(until=NOW), "/until: 2026-06-15T07:00:00+00:00 has passed"),
        (Firing(chance=0), "/chance: 0 was not enough this time"),
    ],
)
def test_reason_for_not_firing_is_told(firing: Firing, reason: str) -> None:
    assert firing.misses(Occasion(1, 3, NOW, 7, "x")) == reason


def test_operations_are_named_by_id_by_list_and_by_tag(spec: Spec) -> None:
    tag = spec.operations["getContract"].tags[0]

    assert rule_of("r", {"operation": "getContract"}, spec).operations == {"getContract"}
    assert rule_of("r", {"operation": ["getContract", "getContact"]}, spec).operations == {
        "getContract",
        "getContact",
    }
    assert rule_of("r", {"operation": "*"}, spec).concerns("getContact")
    tagged = rule_of("r", {"tag": tag}, spec).operations
    assert tagged == {one.id for one in spec.operations.values() if tag in one.tags}
    assert "getContract" in tagged


def test_sequence_goes_on_and_its_last_step_stays(spec: Spec) -> None:
    steps = [{"reply": {"status": 500}}, {}, {"fault": {"status": 503}}]

    rule = rule_of("r", {"operation": "*", "sequence": steps}, spec)

    assert [rule.action(fired).takes_over for fired in range(5)] == [True, False, True, True, True]


def test_instant_that_is_none_is_refused(spec: Spec) -> None:
    with pytest.raises(BadRule, match="is not an RFC 3339 instant") as caught:
        rule_of("r", {"operation": "*", "until": "soon"}, spec)

    assert caught.value.pointer == "/until"
