"""Answers that are remembered are those that would be computed, and outlive the writes that do not concern them."""

from collections.abc import Mapping

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.testing import Client
from tests.support.cases import Case, cases
from tests.support.limits import limited


@pytest.fixture(scope="module")
def known(mock: Mock) -> Mapping[str, Case]:
    return cases(mock.spec, mock.scenario(None))


def played(mock: Mock, known: Mapping[str, Case]) -> list[tuple[str, int, bytes]]:
    """The answers to a valid request for each operation, each sent twice, over two rounds in one world."""
    nobody = Client(mock, World("test", mock.scenario(None)))
    found = []
    for name, case in [*known.items()] * 2:
        for _ in range(2):
            exchange = nobody.as_(case.token).exchange(
                name, body=case.body, media_type=case.media_type, **case.params
            )
            found.append((name, exchange.reply.status, exchange.content))
    return found


def test_every_operation_answers_the_same_with_and_without_a_memory(
    mock: Mock, known: Mapping[str, Case]
) -> None:
    with limited(facts=0, answers_bytes=0):
        computed = played(mock, known)

    assert played(mock, known) == computed


def test_an_answer_outlives_a_write_that_does_not_concern_it(anna: Client) -> None:
    before = anna.exchange("getPortalUser")
    anna.as_("dev-mehmet").call("updateContact", body={"first_name": "Memo"})

    after = anna.exchange("getPortalUser")

    assert after.content is before.content


def test_an_answer_is_computed_again_once_a_record_behind_it_has_changed(anna: Client) -> None:
    anna.call("getContact")
    anna.call("updateContact", body={"first_name": "Anne"})

    assert anna.call("getContact")["entity"]["first_name"] == "Anne"
