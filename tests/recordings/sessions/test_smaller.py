"""A session made smaller: only what its last answer depends on is left."""

from datetime import timedelta

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.recordings.sessions.export import export
from mockportal.recordings.sessions.smaller import minimised
from mockportal.testing import Client
from tests.support.recorded import played, replayed

PAGE = {"slug": "new", "order": 9, "content": {}, "design": {}, "blocks": {}}


def left(mock: Mock, world: World) -> list[str]:
    """The operations of the smaller session, which holds."""
    return [entry["operation"] for entry in played(replayed(export(mock, minimised(mock, world)), mock))]


def test_session_of_forty_steps_is_left_with_the_three_that_matter(
    mock: Mock, anna: Client, admin: Client
) -> None:
    """The last answer is a page that an administrator has made and renamed."""
    domain = next(one["domain"] for one in admin.world.draft().collection("portal") if "domain" in one)
    order = anna.world.scenario.id_of("order", "an-2026-00431")
    for _ in range(6):
        anna.call("getContact")
        anna.call("getAllContracts")
        anna.exchange("postOrderAcceptance", id=order, body={"decision": "accept"})
    others = [admin.call("createPortalPage", domain=domain, body={**PAGE, "slug": f"p{n}"}) for n in range(8)]
    page = admin.call("createPortalPage", domain=domain, body=PAGE)
    for other in others:
        admin.call(
            "updatePortalPage", id=other["id"], domain=domain, body={**PAGE, "slug": f"{other['slug']}x"}
        )
    admin.call("updatePortalPage", id=page["id"], domain=domain, body={**PAGE, "slug": "renamed"})
    for _ in range(3):
        anna.call("getPortalUser")
    admin.call("getPortalPage", id=page["id"], domain=domain)
    assert len(anna.world.journal) == 40

    assert left(mock, anna.world) == ["createPortalPage", "updatePortalPage", "getPortalPage"]


def test_deletion_that_an_answer_depends_on_stays(mock: Mock, anna: Client, admin: Client) -> None:
    domain = next(one["domain"] for one in admin.world.draft().collection("portal") if "domain" in one)
    page = admin.call("createPortalPage", domain=domain, body=PAGE)
    admin.call("deletePortalPage", id=page["id"], domain=domain)
    anna.call("getContact")
    admin.call("getPortalPage", id=page["id"], domain=domain, status=404)

    assert left(mock, anna.world)[-1] == "getPortalPage"
    assert "getContact" not in left(mock, anna.world)


def test_answer_that_depends_on_nothing_stays_alone(mock: Mock, anna: Client) -> None:
    anna.call("getAllContracts")
    anna.call("getPortalUser")
    anna.call("getContact")

    assert left(mock, anna.world) == ["getContact"]


def test_session_without_a_request_stays_as_it_is(mock: Mock, world: World) -> None:
    assert minimised(mock, world) is world


@pytest.mark.parametrize("days", [0, 20])
def test_step_in_time_stays_if_the_answer_depends_on_it(mock: Mock, anna: Client, days: int) -> None:
    anna.call("getCustomerBalance")
    anna.world.clock = anna.world.clock.advanced(timedelta(days=days))
    anna.call("getCustomerBalance")

    entries = replayed(export(mock, minimised(mock, anna.world)), mock).expect

    assert [entry.get("advance") for entry in entries if "as" not in entry] == [f"P{days}D"] * bool(days)
