"""Which records of two deployments are the same thing, and what their ids are then used for."""

from mockportal.judge.drift.pairing import Ids, grounded
from mockportal.values import Json

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
AAA = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
BBB = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"


def partners(left: Json, right: Json) -> dict[str, str]:
    ids = Ids()
    ids.learn("list", left, right)
    return ids.partner


def test_records_with_the_same_name_are_partners_whatever_their_order() -> None:
    left = {"data": [{"_id": ONE, "slug": "a"}, {"_id": TWO, "slug": "b"}]}
    right = {"data": [{"_id": AAA, "slug": "b"}, {"_id": BBB, "slug": "a"}]}

    assert partners(left, right) == {ONE: BBB, TWO: AAA}


def test_records_with_the_same_id_are_partners_first() -> None:
    left = [{"id": ONE, "name": "x"}, {"id": TWO, "name": "y"}]
    right = [{"id": AAA, "name": "x"}, {"id": ONE, "name": "x"}]

    assert partners(left, right) == {ONE: ONE, TWO: AAA}


def test_records_of_one_kind_are_partners_in_their_order() -> None:
    left = [{"_id": ONE, "_schema": "file"}, {"_id": TWO, "_schema": "meter"}]
    right = [{"_id": AAA, "_schema": "meter"}, {"_id": BBB, "_schema": "file"}]

    assert partners(left, right) == {ONE: BBB, TWO: AAA}


def test_a_record_without_a_partner_of_its_kind_has_none() -> None:
    assert partners([{"_id": ONE, "_schema": "file"}], [{"_id": AAA, "_schema": "meter"}]) == {}


def test_ids_inside_matched_records_are_partners_too() -> None:
    left = {"entity": {"meter": {"$relation": [{"entity_id": ONE}]}, "tags": [TWO]}}
    right = {"entity": {"meter": {"$relation": [{"entity_id": AAA}]}, "tags": [BBB]}}

    assert partners(left, right) == {ONE: AAA, TWO: BBB}


def test_the_first_partner_stays() -> None:
    ids = Ids()
    ids.pair(ONE, AAA)

    ids.learn("list", {"id": ONE}, {"id": BBB})

    assert ids.partner == {ONE: AAA}


def test_ids_are_alike_that_stand_in_one_place_of_a_list() -> None:
    ids = Ids()

    ids.learn(
        "list",
        {"data": [{"_id": ONE, "org_id": "5"}, {"_id": TWO, "org_id": "5"}]},
        {"data": [{"_id": AAA, "org_id": "6"}, {"_id": BBB, "org_id": "6"}]},
    )

    assert ids.like(ONE) == [TWO]
    assert ids.like("5") == []


def test_bodies_are_translated_at_every_depth() -> None:
    ids = Ids()
    ids.pair(ONE, AAA)

    assert ids.translated({"a": [ONE, {"b": ONE}], "c": "x", "d": 1}) == {
        "a": [AAA, {"b": AAA}],
        "c": "x",
        "d": 1,
    }


def test_made_up_ids_give_way_to_real_ones() -> None:
    made = {"meter_id": TWO, "value": 5, "inner": {"id": TWO, "name": "made"}, "file_id": TWO}
    real = {"meter_id": ONE, "value": 9, "inner": {"id": ONE, "name": "real"}}

    assert grounded(made, real) == {
        "meter_id": ONE,
        "value": 5,
        "inner": {"id": ONE, "name": "made"},
        "file_id": TWO,
    }
