"""The people whom a client can be."""

from mockportal.engine.world import World
from mockportal.portal.identity.roster import people_of


def test_people_have_their_situation_and_token(world: World) -> None:
    people = {person["alias"]: person for person in people_of(world.scenario, world.draft())}

    assert people["anna"] == {
        "user": "portal_user/anna",
        "alias": "anna",
        "name": "Anna Berger",
        "email": "anna.berger@example.org",
        "role": "customer",
        "group": "Mein Musterau",
        "status": "Registered",
        "kind": "portal",
        "token": "dev-anna",
    }
    assert people["marek"]["role"] == "installer"
    assert people["jonas"]["role"] == "representative"
    assert [people[alias]["status"] for alias in ("jan", "gone")] == ["disabled", "deleted"]
    assert people["dev-admin-readonly"]["role"] == "administrator who only reads"
    assert people["dev-oidc-lea"]["role"] == "signed in by musterau-id"


def test_person_without_a_static_token_is_listed(world: World) -> None:
    draft = world.draft()
    anna = next(iter(draft.collection("portal_user")))
    draft.collection("portal_user").put({**anna, "_id": "made-now", "_title": "Neue Person"})

    found = next(person for person in people_of(world.scenario, draft) if person["alias"] == "made-now")

    assert (found["name"], found["token"]) == ("Neue Person", None)
