import copy
from datetime import UTC, datetime

import pytest

from mockportal.config import LIMITS
from mockportal.errors import BadRequest, Missing
from mockportal.portal.collections import COLLECTIONS, related_ids, relation
from mockportal.state.store import Draft, State
from mockportal.values import Json, Record, merge_patch

NOW = datetime(2026, 6, 15, 7, tzinfo=UTC)


def draft(state: State | None = None) -> Draft:
    return Draft(state or State(), NOW, seed=1, data=COLLECTIONS)


def test_dropping_a_draft_undoes_everything() -> None:
    first = draft()
    first.collection("ticket").put({"_id": "a", "subject": "x"})
    kept = first.state

    second = draft(kept)
    second.collection("ticket").put({"_id": "a", "subject": "y"})
    second.collection("ticket").put({"_id": "b"})
    second.new_id("ticket")

    assert list(draft(kept).collection("ticket")) == [{"_id": "a", "subject": "x"}]
    assert draft(kept).new_id("ticket") == draft(kept).new_id("ticket") != second.new_id("ticket")
    assert second.state.counts() == {"ticket": 2}


def test_new_ids_depend_on_seed_kind_and_count_only() -> None:
    one, other = draft(), draft()

    assert [one.new_id("ticket"), one.new_id("contact")] == [other.new_id("ticket"), other.new_id("contact")]
    assert one.new_id("ticket") != other.new_id("contact")
    assert len(one.new_id("workflow")) == 11
    assert len(one.new_id("activity")) == 26


def test_records_are_listed_in_the_order_they_were_made() -> None:
    state = draft()
    tickets = state.collection("ticket")
    for name in "dacb":
        tickets.put({"_id": name})
    tickets.put({"_id": "d", "again": True})

    assert [record["_id"] for record in tickets] == ["d", "a", "c", "b"]
    assert len(tickets) == 4
    assert "d" in tickets


def test_indexed_and_other_fields_find_the_same_records() -> None:
    readings = draft().collection("meter_reading")
    readings.put({"id": "1", "counter_id": "x", "meter_id": "m", "value": 1})
    readings.put({"id": "2", "counter_id": "x", "meter_id": "m", "value": 2})
    readings.put({"id": "3", "counter_id": "y", "meter_id": "m", "value": 2})

    assert [record["id"] for record in readings.where(counter_id="x")] == ["1", "2"]
    assert [record["id"] for record in readings.where(counter_id="x", value=2)] == ["2"]
    assert [record["id"] for record in readings.where(value=2)] == ["2", "3"]
    assert readings.count("counter_id", "x") == 2
    readings.put({"id": "1", "counter_id": "y", "meter_id": "m", "value": 1})
    assert [record["id"] for record in readings.where(counter_id="x")] == ["2"]
    readings.remove("2")
    assert readings.where(counter_id="x") == []


def test_inverse_of_a_relation_is_right_after_every_write() -> None:
    state = draft()
    contracts = state.collection("contract")
    contracts.put({"_id": "v1", "customer": relation("anna")})
    contracts.put({"_id": "v2", "customer": relation("anna", "tom")})
    assert state.inverses("anna", "contact") == {"contracts": ["v1", "v2"]}

    contracts.put({"_id": "v1", "customer": relation("tom")})

    assert state.inverses("anna", "contact") == {"contracts": ["v2"]}
    assert [record["_id"] for record in state.referring("tom", "contract", "customer")] == ["v1", "v2"]
    contracts.remove("v2")
    assert state.inverses("anna", "contact") == {}


def test_missing_record_is_said_with_kind_and_key() -> None:
    state = draft()

    with pytest.raises(Missing, match="no ticket x"):
        state.collection("ticket").get("x")
    with pytest.raises(Missing):
        state.collection("ticket").remove("x")
    assert state.collection("ticket").find("x") is None


def test_patch_stamps_entities_and_leaves_the_old_record_alone() -> None:
    tickets = draft().collection("ticket")
    old = tickets.put({"_id": "a", "subject": "x", "nested": {"one": 1, "two": 2}})
    before = copy.deepcopy(old)

    new = tickets.patch("a", {"nested": {"one": None, "three": 3}, "subject": None})

    assert new == {"_id": "a", "nested": {"two": 2, "three": 3}, "_updated_at": "2026-06-15T07:00:00.000Z"}
    assert old == before


def test_world_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = draft().collection("ticket")
    object.__setattr__(LIMITS, "records", 2)
    try:
        tickets.put({"_id": "a"})
        tickets.put({"_id": "b"})
        with pytest.raises(BadRequest, match="ticket: this world holds no more than 2 records"):
            tickets.put({"_id": "c"})
    finally:
        object.__setattr__(LIMITS, "records", 200_000)


def test_state_tells_how_much_it_leaves_behind() -> None:
    """A record that was replaced is left behind; a new one is not, and going back leaves all that came since."""
    start = draft().state.as_start()
    first = draft(start)
    first.collection("ticket").put({"_id": "a", "text": "x" * 50_000})
    second = draft(first.state)
    second.collection("ticket").put({"_id": "a"})

    assert start.left_behind(first.state) < 10_000
    assert first.state.held > 50_000
    assert first.state.left_behind(second.state) > 50_000
    assert second.state.held < 10_000
    assert first.state.left_behind(start) > 50_000
    assert first.state.left_behind(first.state) == 0


def test_start_is_shared_so_that_nothing_of_it_is_held() -> None:
    made = draft()
    made.collection("ticket").put({"_id": "a", "text": "x" * 50_000})
    start = made.state.as_start()
    changed = draft(start)
    changed.collection("ticket").remove("a")

    assert (start.held, start.written) == (0, 0)
    assert start.start > 50_000
    assert start.tables["ticket"]["a"].record is made.collection("ticket").get("a")
    assert (changed.state.held, changed.state.start) == (0, start.start)
    assert start.left_behind(changed.state) < 10_000


@pytest.mark.parametrize(
    ("record", "changes", "merged"),
    [
        ({"a": 1}, {"a": None}, {}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        ({"a": 1}, 5, 5),
    ],
)
def test_merge_patch_follows_rfc_7396(record: Json, changes: Json, merged: Json) -> None:
    assert merge_patch(record, changes) == merged


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (relation("a", "b"), ["a", "b"]),
        ({"$relation": "a"}, []),
        ({"$relation": [1, {"entity_id": 2}]}, []),
        (None, []),
        ({"x": 1}, []),
    ],
)
def test_relation_ids_are_read_from_anything(value: Record | None, ids: list[str]) -> None:
    assert related_ids(value) == ids
