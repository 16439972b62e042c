"""Checks run against mocks that are wrong in a seeded way."""

from collections.abc import Callable

from contracts.mutants import MUTANTS, mutated
from mockportal.judge.context import Context
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock
from tests.support.runs import findings_of


def blamed(mock: Mock, check: Callable[[Context], None], *mutants: str) -> set[str]:
    """The operations of the findings of a check on a mock with these mutants."""
    chosen = [one for one in MUTANTS if one.id in mutants]
    assert len(chosen) == len(mutants)
    found = findings_of(mock, check, transport=in_process(mutated(mock, chosen)))
    return {one.operation for one in found}
