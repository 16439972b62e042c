"""What an entity shows of its relations."""

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import id_of


def test_internal_file_is_not_named(anna: Client, world: World) -> None:
    internal = id_of(world, "file/kalkulation-v-900001")

    contract = anna.call("getContract", id=id_of(world, "contract/v-900001"))["entity"]

    assert contract["_files"]["$relation"]
    assert internal not in str(contract)


def test_order_of_somebody_else_is_not_named(nobody: Client, world: World) -> None:
    project = nobody.as_("dev-marek").call("getOpportunity", id=id_of(world, "opportunity/op-3001"))

    assert id_of(world, "order/an-2026-00417") not in str(project)
