"""The grammar of filters, over Anna's contract as she sees it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mockportal.errors import BadRequest
from mockportal.portal.entity.paths import Lens
from mockportal.portal.search.filters import compile_filters
from mockportal.values import Record

NOW = datetime(2026, 6, 15, 7, tzinfo=UTC)
ACCOUNT: Record = {
    "_id": "b1",
    "_schema": "billing_account",
    "number": "BA-1",
    "contracts": {"$relation": [{"entity_id": "v1"}, {"entity_id": "foreign"}]},
}
CONTACT: Record = {
    "_id": "c1",
    "_schema": "contact",
    "first_name": "Anna",
    "address": [{"_id": "a1", "city": "Musterau"}, {"_id": "a2", "city": "Neustadt"}],
    "contracts": {"$relation": [{"entity_id": "v1"}]},
}
CONTRACT: Record = {
    "_id": "v1",
    "_schema": "contract",
    "status": "active",
    "installment": 8400,
    "is_green": True,
    "start_date": "2023-01-01",
    "tags": ["power", "gas"],
    "nothing": None,
    "nobody": {"$relation": []},
    "broken": {"$relation": 7},
    "empty": [],
    "lines": [{"text": "base", "cost": {"cents": 1290}}, {"text": "work", "cost": {"cents": 7110}}],
    "billing_account": {"$relation": [{"entity_id": "b1"}, {"entity_id": "foreign"}]},
    "customer": {"$relation": [{"entity_id": "c1"}]},
    "delivery_address": {"$relation_ref": [{"entity_id": "c1", "path": "address", "_id": "a2"}]},
}
ENTITIES = {"v1": CONTRACT, "b1": ACCOUNT, "c1": CONTACT}
LENS = Lens(lambda record, name: record.get(name), lambda record: record, ENTITIES.get)

HOLDS: list[Any] = [
    [],
    [{"term": {"status": "active"}}],
    [{"term": {"status.keyword": "active"}}],
    [{"term": {"installment": 8400}}],
    [{"term": {"installment": "8400"}}],
    [{"term": {"installment": 8400.0}}],
    [{"term": {"is_green": True}}],
    [{"term": {"is_green": "true"}}],
    [{"term": {"tags": "gas"}}],
    [{"term": {"lines.text": "work"}}],
    [{"term": {"lines.cost.cents": 1290}}],
    [{"term": {"billing_account.number": "BA-1"}}],
    [{"term": {"billing_account": "b1"}}],
    [{"term": {"billing_account.$relation.entity_id": "b1"}}],
    [{"term": {"customer.entity_id": "c1"}}],
    [{"term": {"customer.address.city": "Neustadt"}}],
    [{"term": {"delivery_address.city": "Neustadt"}}],
    [{"term": {"billing_account.contracts.status": "active"}}],
    [{"terms": {"status": ["draft", "active"]}}],
    [{"ids": {"values": ["v1", "v2"]}}],
    [{"range": {"start_date": {"gte": "now-5y", "lt": "now"}}}],
    [{"range": {"lines.cost.cents": {"gt": 7000}}}],
    [{"exists": {"field": "billing_account"}}],
    [{"exists": {"field": "is_green"}}],
    [{"$not": {"exists": {"field": "nothing"}}}],
    [{"$not": {"exists": {"field": "empty"}}}],
    [{"$not": {"exists": {"field": "nobody"}}}],
    [{"$not": {"exists": {"field": "broken"}}}],
    [{"$not": {"exists": {"field": "broken.number"}}}],
    [{"$not": {"exists": {"field": "tags.power"}}}],
    [{"$not": [{"term": {"status": "draft"}}, {"term": {"status": "expired"}}]}],
    [{"$and": [{"term": {"status": "active"}}, {"term": {"tags": "gas"}}]}],
    [{"$or": [{"term": {"status": "draft"}}, {"term": {"tags": "gas"}}]}],
    [{"$or": [{"$and": [{"$not": {"term": {"status": "draft"}}}]}]}],
]
FAILS: list[Any] = [
    [{"term": {"status": "Active"}}],
    [{"term": {"status": "active"}}, {"term": {"status": "draft"}}],
    [{"term": {"is_green": 1}}],
    [{"term": {"lines": "work"}}],
    [{"term": {"billing_account.number": "BA-2"}}],
    [{"term": {"delivery_address.city": "Musterau"}}],
    [{"terms": {"status": []}}],
    [{"ids": {"values": []}}],
    [{"range": {"status": {"gt": 5}}}],
    [{"range": {"unknown": {"gt": 5}}}],
    [{"exists": {"field": "unknown"}}],
    [{"$or": []}],
    [{"$not": [{"term": {"status": "draft"}}, {"term": {"status": "active"}}]}],
]
WRONG: list[Any] = [
    ({"term": {"status": "active"}}, "filters: this has to be a list of clauses"),
    (["status"], "filters[0]: a clause is an object with one key"),
    ([{}], "filters[0]: a clause is an object with one key"),
    ([{"term": {"a": 1}, "exists": {"field": "b"}}], "filters[0]: a clause is an object with one key"),
    ([{"trem": {"a": 1}}], "filters[0]: there is no clause 'trem'; did you mean 'term'?"),
    ([{"term": {"a": 1, "b": 2}}], "filters[0].term: this has to be an object with one field"),
    ([{"term": {"a": None}}], "filters[0].term: a value is a text, a number or a boolean"),
    ([{"terms": {"a": "b"}}], "filters[0].terms: this has to be a list of values"),
    ([{"terms": {"a": [{}]}}], "filters[0].terms: a value is a text, a number or a boolean"),
    ([{"ids": ["v1"]}], "filters[0].ids: this has to be an object with a list of ids as values"),
    ([{"exists": "a"}], "filters[0].exists: this has to be an object with a field"),
    ([{"exists": {"field": 5}}], "filters[0].exists: a field is a path"),
    ([{"term": {"": 5}}], "filters[0].term: '' is not a path"),
    ([{"term": {"a..b": 5}}], "filters[0].term: 'a..b' is not a path"),
    ([{"term": {".".join("a" * 21): 5}}], "is not a path of at most 20 steps"),
    ([{"range": {"a": {"gt": "now-"}}}], "filters[0].range: 'now-' is not date arithmetic"),
    ([{"range": {"a": 5}}], "filters[0].range: this has to be an object with gt, gte, lt or lte"),
    ([{"$and": [{"$or": {}}]}], "filters[0].$and[0].$or: this has to be a list of clauses"),
    ([{"$not": {"$and": [{"x": 1}]}}], "filters[0].$not.$and[0]: there is no clause 'x'"),
]


@pytest.mark.parametrize("clauses", HOLDS)
def test_filters_hold(clauses: Any) -> None:
    assert compile_filters(clauses, NOW)(LENS, CONTRACT)


@pytest.mark.parametrize("clauses", FAILS)
def test_filters_fail(clauses: Any) -> None:
    assert not compile_filters(clauses, NOW)(LENS, CONTRACT)


@pytest.mark.parametrize(("clauses", "message"), WRONG)
def test_what_is_no_clause_is_refused(clauses: Any, message: str) -> None:
    with pytest.raises(BadRequest) as refused:
        compile_filters(clauses, NOW)

    assert message in refused.value.body["message"]
