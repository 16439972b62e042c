"""All worlds of a mock together: what they keep is counted, and bounded."""

import pytest

from mockportal.config import LIMITS
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.worlds import MAIN
from tests.support.limits import limited

KIB = 1024


@pytest.fixture
def own(spec: Spec) -> Mock:
    """A mock with worlds of its own."""
    return Mock(Setup(), spec)


def ask(mock: Mock, name: str, times: int = 1, size: int = 50 * KIB) -> None:
    """So many requests of that size in a world."""
    anna = Client(mock, mock.world(name), "dev-anna")
    for number in range(times):
        anna.exchange("getPortalUser", n=f"{number}" + "x" * size)


def write(mock: Mock, name: str, size: int) -> None:
    """A record of that size."""
    world = mock.world(name)
    draft = world.draft()
    draft.collection("notification").put({"id": "big", "text": "x" * size})
    world.state = draft.state
    ask(mock, name, size=1)


def test_worlds_together_keep_no_more_than_the_limit(own: Mock) -> None:
    with limited(total_bytes=2_000 * KIB):
        for number in range(200):
            ask(own, f"w{number % 20}")

        assert 1_000 * KIB < own.worlds.bytes <= LIMITS.total_bytes
    kept = sum(len(entry.request.query) for world in own for entry in world.journal)
    assert kept <= 2_000 * KIB
    assert len(list(own)) == 21


def test_oldest_entries_of_the_fullest_journal_go_first_and_numbering_goes_on(own: Mock) -> None:
    with limited(total_bytes=1_000 * KIB, answers_bytes=0):
        ask(own, "idle")
        ask(own, "busy", times=30)

    idle, busy = own.world("idle").journal, own.world("busy").journal
    numbers = [exchange.n for exchange in busy]
    assert [exchange.n for exchange in idle] == [1]
    assert numbers == list(range(numbers[0], 31))
    assert numbers[0] > 1
    assert busy.find(1) is None
    assert busy.last == 30


def test_answers_are_right_after_entries_were_forgotten(own: Mock) -> None:
    anna = Client(own, own.world("a"), "dev-anna")
    anna.call("updatePortalUser", body={"language": "en"})
    with limited(total_bytes=300 * KIB):
        ask(own, "a", times=20)
        ask(own, "b", times=20)

    assert anna.world.journal.find(1) is None
    assert anna.call("getPortalUser")["data"]["language"] == "en"


def test_world_unused_for_longest_is_forgotten_once_no_journal_has_anything_left(own: Mock) -> None:
    with limited(total_bytes=1_200 * KIB):
        for name in (MAIN, "first", "second", "third"):
            write(own, name, 160 * KIB)

        assert own.worlds.bytes <= LIMITS.total_bytes
    assert [world.name for world in own] == [MAIN, "second", "third"]
    assert own.world("second").draft().collection("notification").find("big") is not None


def test_guest_that_fills_the_memory_costs_nobody_their_world(own: Mock) -> None:
    with limited(total_bytes=1_200 * KIB):
        write(own, MAIN, 160 * KIB)
        write(own, "mine", 160 * KIB)
        for name in ("guest-1", "guest-2", "guest-3"):
            assert own.worlds.guest_world(name) is not None
            write(own, name, 160 * KIB)

        assert own.worlds.bytes <= LIMITS.total_bytes
    assert [world.name for world in own] == [MAIN, "mine", "guest-3"]


def test_guest_alone_is_forgotten_before_the_world_of_anybody(own: Mock) -> None:
    with limited(total_bytes=1_200 * KIB):
        for name in (MAIN, "mine"):
            write(own, name, 160 * KIB)
        assert own.worlds.guest_world("guest") is not None
        write(own, "guest", 400 * KIB)

    assert [world.name for world in own] == [MAIN, "mine"]


def test_start_of_its_own_is_booked_for_a_world(own: Mock) -> None:
    own.worlds.add("same", own.scenario(None))
    shared = own.worlds.bytes

    scenario = own.scenario(None, seed=5)
    own.worlds.add("other", scenario)
    other = own.worlds.bytes
    own.worlds.add("again", scenario)

    assert shared == 0
    assert other == own.worlds.bytes > 300 * KIB


def test_worlds_that_are_gone_are_off_the_books(own: Mock) -> None:
    with limited(total_bytes=1_000 * KIB):
        for number in range(50):
            ask(own, f"w{number}")
            own.worlds.remove(f"w{number}")
        ask(own, "last", times=5)

    assert [exchange.n for exchange in own.world("last").journal] == [1, 2, 3, 4, 5]
