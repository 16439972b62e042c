"""Every mutant shows from outside, is the violation that it says, and leaves all other operations alone."""

import re

import pytest

from contracts.mutants import MUTANTS, Mutant, access, gaps, groups, mutated, refusals, shapes, validation
from contracts.mutants.model import Kind, Probe
from mockportal.engine.answers.audit import audit
from mockportal.engine.call import Reply
from mockportal.errors import UsageError
from mockportal.mock import Mock
from mockportal.values import decode
from tests.support.cases import cases
from tests.support.probing import Prober, Seen, witness_of

SIZE = 40
GROUPS = groups(MUTANTS, SIZE)
BREAKING = [*shapes.MUTANTS, *(mutant for mutant in MUTANTS if mutant.kind == "undocumented-status")]
LENIENT = [*access.MUTANTS, *refusals.MUTANTS, *validation.MUTANTS]
TOUCHED = {operation for mutant in MUTANTS for operation in mutant.operations}


@pytest.fixture(scope="module")
def prober(mock: Mock) -> Prober:
    return Prober(mock, cases(mock.spec, mock.scenario(None)))


def broken_rules(prober: Prober, probes: tuple[Probe, ...], answers: list[Seen]) -> list[str]:
    """The rules of the spec that the answers break."""
    found = []
    for probe, seen in zip(probes, answers, strict=True):
        reply = Reply(seen.status, decode(seen.body) if seen.body else None, dict(seen.headers))
        found += [
            violation.message for violation in audit(prober.mock.spec.operations[probe.operation], reply)
        ]
    return found


def test_catalogue_is_large_and_varied(mock: Mock) -> None:
    assert len(MUTANTS) >= 400
    assert len({mutant.kind for mutant in MUTANTS}) >= 80
    assert mock.spec.operations.keys() == TOUCHED


def test_ids_are_unique_and_begin_with_an_operation(mock: Mock) -> None:
    assert len({mutant.id for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        assert re.fullmatch(r"[A-Za-z0-9]+(-[a-z0-9]+)+", mutant.id), mutant.id
        assert mutant.id.partition("-")[0] in mutant.operations


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_mutant_is_seeded_and_shows_in_operations_of_its_own(mutant: Mutant) -> None:
    asked = {probe.operation for probe in mutant.witness}

    assert set() < mutant.seeded <= set(mutant.operations)
    assert asked <= set(mutant.operations)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_mutant_changes_an_answer(prober: Prober, mutant: Mutant) -> None:
    probes = witness_of(mutant)

    seen = prober.ask(mutated(prober.mock, [mutant]), probes)

    assert seen != prober.correct(probes)
    assert not any(b"mockportal failed to answer" in answer.body for answer in seen)


@pytest.mark.parametrize("mutant", BREAKING, ids=lambda mutant: mutant.id)
def test_mutant_of_a_shape_breaks_the_spec(prober: Prober, mutant: Mutant) -> None:
    probes = witness_of(mutant)

    seen = prober.ask(mutated(prober.mock, [mutant]), probes)

    assert broken_rules(prober, probes, prober.correct(probes)) == []
    assert broken_rules(prober, probes, seen) != []


@pytest.mark.parametrize("mutant", LENIENT, ids=lambda mutant: mutant.id)
def test_mutant_that_takes_what_it_should_refuse_answers_a_valid_request_correctly(
    prober: Prober, mutant: Mutant
) -> None:
    for operation in mutant.seeded:
        probes = (Probe(operation),)

        seen = prober.ask(mutated(prober.mock, [mutant]), probes)

        assert seen == prober.correct(probes)


@pytest.mark.parametrize("mutant", gaps.MUTANTS, ids=lambda mutant: mutant.id)
def test_mutant_of_a_gap_keeps_the_spec(prober: Prober, mutant: Mutant) -> None:
    probes = witness_of(mutant)

    seen = prober.ask(mutated(prober.mock, [mutant]), probes)

    assert broken_rules(prober, probes, seen) == []


@pytest.mark.parametrize("group", GROUPS, ids=map(str, range(len(GROUPS))))
def test_mutants_of_a_group_do_not_hide_each_other(prober: Prober, group: list[Mutant]) -> None:
    app = mutated(prober.mock, group)

    hidden = [
        mutant.id
        for mutant in group
        if prober.ask(app, witness_of(mutant), mutant.id) == prober.correct(witness_of(mutant))
    ]

    assert hidden == []


def test_operations_outside_a_group_answer_correctly(prober: Prober) -> None:
    app = mutated(prober.mock, GROUPS[0])
    touched = {operation for mutant in GROUPS[0] for operation in mutant.operations}
    others = [(Probe(name),) for name in prober.cases if name not in touched]

    wrong = [
        probes for probes in others if prober.ask(app, probes, probes[0].operation) != prober.correct(probes)
    ]

    assert len(others) > 50
    assert wrong == []


@pytest.mark.parametrize("group", GROUPS, ids=map(str, range(len(GROUPS))))
def test_no_patch_fails_over_a_request_that_is_refused(prober: Prober, group: list[Mutant]) -> None:
    app = mutated(prober.mock, group)
    requests = (
        Probe(operation, token, body=body)
        for mutant in group
        for operation in mutant.operations
        for token, body in (("", None), ("dev-jan", []), ("dev-mehmet", b"{"), ("dev-admin", {}), (None, "x"))
    )

    failed = [
        request
        for request in requests
        if b"mockportal failed to answer" in prober.ask(app, (request,), request.operation)[0].body
    ]

    assert failed == []


def test_groups_hold_every_mutant_once() -> None:
    assert sorted(mutant.id for group in GROUPS for mutant in group) == sorted(
        mutant.id for mutant in MUTANTS
    )


@pytest.mark.parametrize("size", [1, 10, 20, 40])
def test_group_is_no_larger_than_asked_and_touches_no_operation_twice(size: int) -> None:
    for group in groups(MUTANTS, size):
        touched = [operation for mutant in group for operation in mutant.operations]
        assert len(group) <= size
        assert len(touched) == len(set(touched))


@pytest.mark.parametrize("size", [20, 30, 40, 60])
def test_groups_are_hardly_more_than_have_to_be(size: int) -> None:
    busiest = max(sum(operation in mutant.operations for mutant in MUTANTS) for operation in TOUCHED)
    least = max(busiest, -(-len(MUTANTS) // size))

    assert len(groups(MUTANTS, size)) <= least + 1


def test_groups_do_not_depend_on_the_order_of_the_mutants() -> None:
    assert groups(MUTANTS[::-1], SIZE) == GROUPS


def test_two_mutants_of_one_operation_cannot_share_a_target(mock: Mock) -> None:
    one, other = Kind("x")("one", "getContact", ""), Kind("x")("other", "getContact getOrder", "")

    with pytest.raises(UsageError, match="one and other both touch getContact"):
        mutated(mock, [one, other])
