from datetime import UTC, datetime, timedelta

import pytest

from mockportal.state.data_model import Kind, Relation, data_model
from mockportal.state.derived import DerivedFacts, derived
from mockportal.state.store import Draft, State
from mockportal.values import Record
from tests.support.limits import limited

NOW = datetime(2026, 6, 15, 7, tzinfo=UTC)
DATA = data_model(
    [Kind("shelf", indexes=("room",)), Kind("book")], [Relation("book", "shelf", "books", ("shelf",))]
)


class Library:
    """Derived functions that list how often they were really called, and the drafts of one world."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.facts = DerivedFacts()
        self.state = State()
        self.write("shelf", id="s1", room="attic")
        self.write("shelf", id="s2", room="cellar")
        self.write("book", id="b1", shelf="s1", pages=100)
        self.write("book", id="b2", shelf="s2", pages=50)

        @derived
        def weight(state: Draft, shelf: str) -> int:
            self.calls.append(f"weight of {shelf}")
            return sum(book["pages"] for book in state.referring(shelf, "book", "shelf"))

        @derived
        def heaviest(state: Draft) -> str:
            self.calls.append("heaviest")
            return str(max(state.collection("shelf"), key=lambda shelf: weight(state, shelf["id"]))["id"])

        @derived
        def in_attic(state: Draft) -> int:
            self.calls.append("attic")
            return len(state.collection("shelf").where(room="attic"))

        @derived
        def label(state: Draft, shelf: str) -> str:
            self.calls.append("label")
            return f"{state.base_url}/{shelf} {state.timestamp()}"

        @derived
        def place(state: Draft, id: str) -> str:
            self.calls.append("place")
            return str(state.collection("book").get(id)["shelf"])

        self.weight, self.heaviest, self.in_attic = weight, heaviest, in_attic
        self.label, self.place = label, place

    def draft(self, now: datetime = NOW, url: str = "http://one") -> Draft:
        return Draft(self.state, now, 1, url, DATA, facts=self.facts)

    def write(self, kind: str, **record: object) -> None:
        draft = self.draft()
        draft.collection(kind).put(dict(record))
        self.state = draft.state

    def counted(self) -> list[str]:
        calls, self.calls = self.calls, []
        return calls


@pytest.fixture
def library() -> Library:
    return Library()


def test_a_fact_is_derived_once(library: Library) -> None:
    assert library.weight(library.draft(), "s1") == 100
    assert library.weight(library.draft(), "s1") == 100
    assert library.weight(library.draft(), "s2") == 50

    assert library.counted() == ["weight of s1", "weight of s2"]


def test_a_fact_survives_writes_that_do_not_concern_it(library: Library) -> None:
    library.weight(library.draft(), "s1")
    library.write("book", id="b3", shelf="s2", pages=70)

    assert library.weight(library.draft(), "s1") == 100
    assert library.counted() == ["weight of s1"]


@pytest.mark.parametrize(
    ("record", "weight"),
    [
        ({"id": "b1", "shelf": "s1", "pages": 30}, 30),
        ({"id": "b3", "shelf": "s1", "pages": 30}, 130),
        ({"id": "b1", "shelf": "s2", "pages": 100}, 0),
    ],
    ids=["a record changes", "a record comes", "a record goes"],
)
def test_a_fact_is_derived_again_once_anything_it_was_read_from_is_another(
    library: Library, record: Record, weight: int
) -> None:
    library.weight(library.draft(), "s1")
    library.write("book", **record)

    assert library.weight(library.draft(), "s1") == weight


def test_a_fact_falls_with_the_facts_that_it_was_derived_from(library: Library) -> None:
    assert library.heaviest(library.draft()) == "s1"
    library.counted()
    library.write("book", id="b3", shelf="s2", pages=70)

    assert library.heaviest(library.draft()) == "s2"
    assert library.counted() == ["heaviest", "weight of s2"]


def test_a_draft_notes_what_the_facts_that_it_uses_were_read_from(library: Library) -> None:
    library.heaviest(library.draft())
    draft = library.draft()
    library.heaviest(draft)

    read = {("shelf", "s1"), ("shelf", "s2"), ("book", "b1"), ("book", "b2")}
    assert set(draft.records_read()) == read


def test_an_index_is_read_and_no_other_entry_of_it(library: Library) -> None:
    assert library.in_attic(library.draft()) == 1
    library.write("shelf", id="s3", room="cellar")
    assert library.in_attic(library.draft()) == 1
    assert library.counted() == ["attic"]

    library.write("shelf", id="s4", room="attic")
    assert library.in_attic(library.draft()) == 2


def test_time_and_address_count_only_where_they_are_read(library: Library) -> None:
    later = NOW + timedelta(seconds=1)
    library.weight(library.draft(), "s1")
    library.weight(library.draft(later, "http://two"), "s1")
    assert library.counted() == ["weight of s1"]

    assert library.label(library.draft(), "s1") == "http://one/s1 2026-06-15T07:00:00.000Z"
    assert library.label(library.draft(later), "s1") == "http://one/s1 2026-06-15T07:00:01.000Z"
    assert library.label(library.draft(later, "http://two"), "s1") == "http://two/s1 2026-06-15T07:00:01.000Z"


def test_what_a_failed_function_has_read_is_noted(library: Library) -> None:
    draft = library.draft()
    with pytest.raises(LookupError):
        library.place(draft, "b9")

    assert ("book", "b9") in set(draft.records_read())


def test_a_function_of_a_record_knows_it_by_itself(library: Library) -> None:
    calls = []

    @derived
    def length(record: Record, name: str) -> int:
        calls.append(name)
        return len(record[name])

    book = {"title": "Emma"}
    assert (length(book, "title"), length(book, "title"), length({"title": "Ulysses"}, "title")) == (4, 4, 7)
    assert calls == ["title", "title"]


def test_the_oldest_facts_go_beyond_the_limit(library: Library) -> None:
    with limited(facts=1):
        library.weight(library.draft(), "s1")
        library.weight(library.draft(), "s2")
        library.weight(library.draft(), "s2")
        library.weight(library.draft(), "s1")
    assert library.counted() == ["weight of s1", "weight of s2", "weight of s1"]


def test_facts_take_more_memory_the_more_they_were_read_from(library: Library) -> None:
    library.weight(library.draft(), "s1")
    few = library.facts.bytes
    for number in range(100):
        library.write("book", id=f"more{number}", shelf="s1", pages=1)
    library.weight(library.draft(), "s1")

    assert library.facts.bytes >= few + 100 * 100


def test_without_room_nothing_is_remembered(library: Library) -> None:
    with limited(facts=0):
        assert [library.weight(library.draft(), "s1") for _ in range(2)] == [100, 100]
    assert library.counted() == ["weight of s1", "weight of s1"]


def test_what_follows_from_a_fact_is_kept_with_it() -> None:
    facts, calls = DerivedFacts(), []

    @derived
    def words(state: Draft, text: str) -> list[str]:
        return text.split()

    def count(value: list[str]) -> int:
        calls.append(value)
        return len(value)

    draft = Draft(State(), NOW, 1, facts=facts)
    known = words(draft, "to be or not")

    assert [facts.follow(count, known), facts.follow(count, known), facts.follow(count, ["other"])] == [
        4,
        4,
        1,
    ]
    assert calls == [known, ["other"]]
