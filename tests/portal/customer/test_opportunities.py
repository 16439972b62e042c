import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.changes import activity_types, id_of, remove, titles

PV = "cabcbd04-7bad-5da4-a5b4-acc9d1554b4d"
ALL = ["Wallbox Schuster", "PV-Anlage Hoffmann", "Zählerwechsel Krämer"]


@pytest.fixture
def marek(nobody: Client) -> Client:
    return nobody.as_("dev-marek")


def test_installer_sees_the_projects_and_the_customer_their_own(marek: Client, nobody: Client) -> None:
    assert titles(marek, "getAllOpportunities") == ALL
    assert titles(nobody.as_("dev-hoffmann"), "getAllOpportunities") == ["PV-Anlage Hoffmann"]
    assert titles(nobody.as_("dev-mehmet"), "getAllOpportunities") == []


def test_listed_opportunity_has_one_action(marek: Client) -> None:
    listed = marek.call("getAllOpportunities", size=1)["data"]

    assert [one["journey_actions"]["slug"] for one in listed] == ["opportunity"]


def test_list_fails_where_the_contact_is_gone(marek: Client, world: World) -> None:
    remove(world, "contact/marek")

    marek.call("getAllOpportunities", status=404)


def test_searchable_attributes_are_those_of_the_search(marek: Client) -> None:
    answer = marek.call("getSearchableAttributesForOpportunities", **{"from": 1, "size": 1})

    (found,) = answer["data"]
    system = {"_id", "_schema", "_org", "_title", "_created_at", "_updated_at"}
    assert found.keys() == system | {"_purpose", "address", "customer", "workflows"}
    assert found["workflows"] == [{"defition_id": "glth5h3xhfg", "name": "PV-Anschluss"}]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, ALL),
        ({"addresses": [], "workflows": []}, ALL),
        ({"addresses": ["Sonnenweg 27, 12345 Musterau"]}, ["PV-Anlage Hoffmann"]),
        ({"addresses": ["sonnenweg", "gewerbepark"]}, ["PV-Anlage Hoffmann", "Zählerwechsel Krämer"]),
        ({"addresses": ["sonnenweg", "gewerbepark"], "purposes": [PV]}, ["PV-Anlage Hoffmann"]),
        ({"addresses": ["gewerbepark"], "purposes": [PV]}, []),
        ({"customers": ["Hoffmann"]}, []),
        ({"workflows": [[{"defition_id": "glth5h3xhfg"}]]}, ["PV-Anlage Hoffmann"]),
        ({"workflows": [[{"name": "PV-Anschluss"}], [{"name": "Wallbox-Anschluss"}]]}, ALL[:2]),
        ({"workflows": [[{"defition_id": "glth5h3xhfg", "name": "Wallbox-Anschluss"}]]}, []),
        ({"workflows": [[]]}, []),
        ({"workflows": [5]}, []),
    ],
)
def test_search_takes_one_match_of_every_list(marek: Client, body: Json, found: list[str]) -> None:
    assert titles(marek, "getSearchResultsForOpportunities", body=body) == found


def test_customer_is_found_by_id_and_by_a_name_that_is_visible(nobody: Client, world: World) -> None:
    claudia = {"customers": [id_of(world, "contact/claudia")]}
    hoffmann = nobody.as_("dev-hoffmann")

    assert titles(nobody.as_("dev-marek"), "getSearchResultsForOpportunities", body=claudia) == [ALL[1]]
    assert titles(hoffmann, "getSearchResultsForOpportunities", body={"customers": ["claudia"]}) == [ALL[1]]


def test_search_comes_in_pages_and_needs_a_body(marek: Client) -> None:
    assert titles(marek, "getSearchResultsForOpportunities", body={}, **{"from": 2}) == ALL[2:]
    marek.call("getSearchResultsForOpportunities", status=400)


def test_opportunity_comes_with_orders_files_and_workflow(nobody: Client, world: World) -> None:
    hoffmann = nobody.as_("dev-hoffmann")

    answer = hoffmann.call("getOpportunity", id=id_of(world, "opportunity/op-3001"))

    assert [order["_title"] for order in answer["orders"]] == ["AN-2026-00417"]
    assert [workflow["name"] for workflow in answer["workflow"]] == ["PV-Anschluss"]
    assert [file["_id"] for file in answer["files"]] == [id_of(world, "file/datenblatt-op-3001")]
    assert id_of(world, "contact/claudia") in {entity["_id"] for entity in answer["relations"]}


def test_installer_sees_nothing_of_the_customer(marek: Client, world: World) -> None:
    answer = marek.call("getOpportunity", id=id_of(world, "opportunity/op-3001"))

    assert answer["orders"] == []
    assert {entity["_schema"] for entity in answer["relations"]} == {"account"}


def test_opportunity_of_somebody_else_is_not_found(anna: Client, world: World) -> None:
    anna.call("getOpportunity", id=id_of(world, "opportunity/op-3001"), status=404)


def test_installer_changes_a_project(marek: Client, world: World) -> None:
    opportunity = id_of(world, "opportunity/op-3002")

    answer = marek.call(
        "updateOpportunity", id=opportunity, body={"status": "in_progress", "installer": None}
    )

    assert answer["data"]["status"] == "in_progress"
    assert titles(marek, "getAllOpportunities") == ALL
    assert activity_types(world, "opportunity/op-3002") == ["EntityUpdatedFromPortal"]


def test_customer_may_only_read_a_project(nobody: Client, world: World) -> None:
    opportunity = id_of(world, "opportunity/op-3001")

    nobody.as_("dev-hoffmann").call("updateOpportunity", id=opportunity, body={"note": "x"}, status=403)
