"""How a test arranges its world beside the scenario: by names such as `contract/v-900001`."""

from datetime import timedelta

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record


def id_of(world: World, name: str) -> str:
    """The id of a record by its collection and alias."""
    kind, _, alias = name.partition("/")
    return world.scenario.id_of(kind, alias)


def record_of(world: World, name: str) -> Record:
    """The record as it is stored now."""
    return world.draft().collection(name.partition("/")[0]).get(id_of(world, name))


def change(world: World, name: str, changes: Record) -> None:
    """Merges `changes` into a stored record."""
    draft = world.draft()
    draft.collection(name.partition("/")[0]).patch(id_of(world, name), changes)
    world.state = draft.state


def remove(world: World, name: str) -> None:
    """Takes a stored record away."""
    draft = world.draft()
    draft.collection(name.partition("/")[0]).remove(id_of(world, name))
    world.state = draft.state


def pass_days(world: World, days: float) -> None:
    """Moves the world's clock on."""
    world.clock = world.clock.advanced(timedelta(days=days))


def activity_types(world: World, name: str) -> list[str]:
    """The types of the activities on an entity that came after the scenario, oldest first."""
    known = set(world.scenario.state.tables["activity"])
    found = world.draft().collection("activity").where(entity_ids=id_of(world, name))
    return [activity["type"] for activity in found if activity["_id"] not in known]


def titles(client: Client, operation_id: str, **params: Json) -> list[str]:
    """The titles in the `data` of an answer."""
    return [item["_title"] for item in client.call(operation_id, **params)["data"]]
