"""What is somebody else's is refused as what is not there at all."""

from mockportal.judge.checks.sequence.access import wrong_scheme_is_refused
from mockportal.judge.checks.sequence.existence import existence_stays_hidden
from mockportal.mock import Mock
from tests.support.runs import findings_of
from tests.support.seeded import blamed


def test_mock_tells_nobody_what_others_have(mock: Mock) -> None:
    assert findings_of(mock, existence_stays_hidden) == []


def test_a_refusal_that_tells_what_is_there_is_found(mock: Mock) -> None:
    seeded = ("getFileById-existence", "updateContract-existence", "getEntityWorkflows-existence")

    assert blamed(mock, existence_stays_hidden, *seeded) == {
        "getFileById", "updateContract", "getEntityWorkflows",
    }  # fmt: skip


def test_the_few_that_answer_a_token_otherwise_than_all_others_are_found(mock: Mock) -> None:
    seeded = ("extraPermissionAttributes-403-customer", "getFilesCountByEntity-403-admin")

    assert blamed(mock, wrong_scheme_is_refused, *seeded) == {
        "extraPermissionAttributes", "getFilesCountByEntity",
    }  # fmt: skip
