"""Writes that come again, ids that are used again, and requests at the same time."""

from mockportal.judge.checks.writes.overlaps import overlapping_reads_agree, overlapping_updates_are_kept
from mockportal.judge.checks.writes.repeats import ids_are_used_once, repeated_writes_are_harmless
from mockportal.mock import Mock
from tests.support.runs import findings_of
from tests.support.seeded import blamed


def test_mock_bears_repetition_and_overlap(mock: Mock) -> None:
    for check in (
        repeated_writes_are_harmless, ids_are_used_once, overlapping_reads_agree, overlapping_updates_are_kept,
    ):  # fmt: skip
        assert findings_of(mock, check) == []


def test_a_repetition_that_breaks_or_deletes_again_is_found(mock: Mock) -> None:
    seeded = (
        "saveEntityFile-second", "updateCampaignPortalBlockStatus-second", "deletePortalPage-twice",
        "revokePartner-twice",
    )  # fmt: skip

    assert blamed(mock, repeated_writes_are_harmless, *seeded) == {name.partition("-")[0] for name in seeded}


def test_an_id_that_is_used_again_is_found(mock: Mock) -> None:
    seeded = ("deletePortalPage-frees-id", "deleteEntityFile-frees-id", "clonePortalConfig-same-id")

    assert blamed(mock, ids_are_used_once, *seeded) == {name.partition("-")[0] for name in seeded}


def test_what_goes_wrong_at_the_same_time_only_is_found(mock: Mock) -> None:
    reads = ("getAllContracts-overlap", "getPublicPages-overlap")
    updates = ("updateContact-overlap", "updateOrder-overlap", "updatePortalUser-overlap")

    assert blamed(mock, overlapping_reads_agree, *reads) == {"getAllContracts", "getPublicPages"}
    assert blamed(mock, overlapping_updates_are_kept, *updates) == {
        "updateContact", "updateOrder", "updatePortalUser",
    }  # fmt: skip
