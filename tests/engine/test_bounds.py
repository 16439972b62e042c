"""Everything that stays in memory after a request is counted, and bounded."""

import pytest

from mockportal.config import LIMITS
from mockportal.engine import signing
from mockportal.engine.call import Exchange, Request
from mockportal.engine.signing import sign, verified_claims
from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.limits import limited

KIB = 1024


def asked(client: Client, padding: str = "", **headers: str) -> Exchange:
    """Anna's own user, with a parameter that means nothing and makes the request a new one."""
    operation = client.mock.spec.operations["getPortalUser"]
    headers = {"authorization": f"Bearer {client.token}", **headers}
    request = Request("GET", operation.path, f"n={padding}", headers)
    return client.mock.engine.answer(operation, request, client.world)


def test_remembered_answers_count_what_they_are_found_by(anna: Client, world: World) -> None:
    with limited(answers_bytes=100 * KIB):
        for number in range(20):
            asked(anna, f"{number}" + "x" * 30 * KIB)

        kept = sum(len(part) for key in world.answers._answers for part in key if part)

        assert 30 * KIB < kept <= world.answers.bytes <= LIMITS.answers_bytes


def test_answer_is_right_after_its_like_was_too_large_to_remember(anna: Client, world: World) -> None:
    with limited(answers_bytes=KIB):
        first = asked(anna)
        again = asked(anna)

    assert (first.content, world.answers.bytes) == (again.content, 0)


def test_journal_counts_headers(anna: Client, world: World) -> None:
    with limited(journal_bytes=350 * KIB):
        for _ in range(10):
            asked(anna, **{"x-trace": "x" * 100 * KIB})

        kept = sum(len(value) for exchange in world.journal for value in exchange.request.headers.values())

        assert kept <= world.journal.bytes <= LIMITS.journal_bytes
    assert [exchange.n for exchange in world.journal] == [8, 9, 10]


@pytest.mark.parametrize("times", [1, 3])
def test_journal_counts_records_that_only_its_entries_keep(anna: Client, world: World, times: int) -> None:
    for number in range(times):
        draft = world.draft()
        draft.collection("notification").put({"id": "big", "text": "x" * 100 * KIB, "number": number})
        world.state = draft.state
        asked(anna)
    draft = world.draft()
    draft.collection("notification").remove("big")
    world.state = draft.state
    asked(anna)

    assert world.journal.bytes > times * 100 * KIB
    assert world.state.held == 0


def test_journal_counts_a_state_that_was_reset(anna: Client, world: World) -> None:
    draft = world.draft()
    draft.collection("notification").put({"id": "big", "text": "x" * 100 * KIB})
    world.state = draft.state
    asked(anna)
    world.reset(world.scenario)

    asked(anna)

    assert world.state.held == 0
    assert world.journal.bytes > 100 * KIB


def test_world_that_holds_too_much_takes_no_more_and_still_answers(anna: Client, world: World) -> None:
    with limited(state_bytes=world.state.held + 30 * KIB):
        replies = [
            anna.exchange("updatePortalUser", body={"language": "x" * number * 5_000}).reply
            for number in (1, 2, 3, 4)
        ]
        smaller = anna.exchange("updatePortalUser", body={"language": "en"}).reply

    assert [reply.status for reply in replies] == [200, 200, 400, 400]
    assert replies[-1].body == {
        "message": f"this world holds no more than {30 * KIB} bytes of changes (limit state_bytes)"
    }
    assert smaller.status == 200
    assert anna.call("getPortalUser")["data"]["language"] == "en"


def test_answer_beyond_the_limit_is_refused_and_commits_nothing(anna: Client, world: World) -> None:
    before = world.state
    with limited(answer=100):
        exchange = anna.exchange("updatePortalUser", body={"language": "en"})

    assert (exchange.reply.status, exchange.reply.answered_by) == (500, "limit")
    assert "the answer is larger than 100 bytes (limit answer)" in exchange.reply.body["message"]
    assert world.state is before is exchange.after
    assert len(exchange.content) < 200
    assert world.journal.find(exchange.n) is not None


def test_refusal_of_a_large_answer_is_remembered_as_little_as_others(anna: Client) -> None:
    with limited(answer=100):
        asked(anna)

    assert asked(anna, "other").reply.status == 200


def test_token_beyond_the_limit_is_refused_unread(nobody: Client) -> None:
    claims = {"sub": "x", "padding": "x" * LIMITS.token}
    before = signing._claims.cache_info()

    assert verified_claims(sign(claims)) is None
    assert signing._claims.cache_info() == before
    assert nobody.as_(sign(claims)).exchange("getPortalUser").reply.status == 401


def test_remembered_tokens_are_bounded_in_bytes() -> None:
    most = signing._claims.cache_info().maxsize

    assert most is not None
    assert 2 * most * LIMITS.token <= 16 * 1024 * KIB


def test_claims_are_remembered_as_they_were_signed() -> None:
    token = sign({"sub": "x", "roles": ["a"]})
    first = verified_claims(token)
    assert first is not None

    first["roles"].append("b")

    assert verified_claims(token) == {"sub": "x", "roles": ["a"]}


def test_claims_that_are_nested_too_deep_are_none() -> None:
    nested: Json = []
    for _ in range(LIMITS.depth):
        nested = [nested]

    assert verified_claims(sign({"sub": nested})) is None
