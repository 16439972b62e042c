"""The difference of two states."""

from jsonpatch import JsonPatch

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.state.changes import state_patch
from mockportal.state.store import State
from mockportal.values import Record


def document(state: State, names: dict[str, str]) -> Record:
    return {
        kind: {names.get(id, id): row.record for id, row in table.items()}
        for kind, table in state.tables.items()
    }


def test_patch_makes_one_state_into_the_other(mock: Mock, world: World) -> None:
    draft = world.draft()
    draft.collection("contact").patch(world.scenario.id_of("contact", "anna"), {"first_name": "Änne"})
    draft.collection("ticket").remove(world.scenario.id_of("ticket", "ti-5001"))
    draft.collection("ticket").put({"_id": "new", "subject": "Hi"})
    names = dict(world.scenario.names)

    patch = state_patch(world.state, draft.state, names)

    assert JsonPatch(patch).apply(document(world.state, names)) == document(draft.state, names)
    assert {"op": "replace", "path": "/contact/anna/first_name", "value": "Änne"} in patch
    assert {one["path"].split("/")[1] for one in patch} == {"contact", "ticket"}


def test_collection_that_is_new_is_added_whole(world: World) -> None:
    draft = world.draft()
    draft.collection("mail").put({"id": "m", "to": "a@b.c"})

    patch = state_patch(State(), draft.state, {})

    assert JsonPatch(patch).apply({}) == document(draft.state, {})


def test_same_state_has_no_changes(world: World) -> None:
    assert state_patch(world.state, world.state, {}) == []
