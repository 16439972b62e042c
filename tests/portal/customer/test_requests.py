from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import change, id_of


def test_requests_merge_both_kinds_newest_first(anna: Client) -> None:
    answer = anna.call("getAllRequests")

    assert answer["hits"] == 3
    assert [(item["_schema"], item["_title"]) for item in answer["results"]] == [
        ("order", "AN-2026-00431"),
        ("opportunity", "Tarifwechsel Berger"),
        ("order", "AU-2025-01102"),
    ]


def test_hits_count_beyond_the_page(anna: Client) -> None:
    answer = anna.call("getAllRequests", size=1)

    assert answer["hits"] == 3
    assert len(answer["results"]) == 1


def test_portal_that_shows_one_kind_answers_with_it(nobody: Client) -> None:
    answer = nobody.as_("dev-marek").call("getAllRequests")

    assert answer["hits"] == 3
    assert {item["_schema"] for item in answer["results"]} == {"opportunity"}
    assert answer["results"][0]["journey_actions"]["action_label"]["en"] == "Report commissioning"


def test_portal_that_shows_none_refuses(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"allowed_portal_entities": ["contact"]})

    anna.call("getAllRequests", status=403)


def test_decision_shows_in_the_requests(anna: Client, world: World) -> None:
    anna.call("postOrderAcceptance", id=id_of(world, "order/an-2026-00431"), body={"decision": "accept"})

    answer = anna.call("getAllRequests")

    assert answer["results"][0]["status"] == "placed"
