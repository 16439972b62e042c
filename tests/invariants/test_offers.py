"""An offer is decided once, and every place that shows it shows the same status."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.support.changes import activity_types, change
from tests.support.machines import Machine, walk

# order → its customer
OFFERS = {
    "order/an-2026-00431": "anna",
    "order/au-2025-01102": "anna",
    "order/an-2026-00417": "hoffmann",
    "order/an-2026-00388": "tom",
    "order/an-2026-00350": "mehmet",
    "order/an-2026-00440": "sabine",
}
RESULT = {"accept": "placed", "decline": "cancelled"}
OFFER = st.sampled_from([*OFFERS])


class Offers(Machine):
    """`status` is `{order: status}`, `expires` the last day of each offer that has one."""

    status: dict[str, str]

    @initialize()
    def begin(self) -> None:
        orders = {
            offer: self.as_(person).call("getOrder", id=self.id_of(offer))["entity"]
            for offer, person in OFFERS.items()
        }
        self.status = {offer: order["status"] for offer, order in orders.items()}
        self.expires = {offer: order.get("expires_at", "9999-12-31") for offer, order in orders.items()}
        self.decided = dict.fromkeys(OFFERS, 0)

    @rule(offer=OFFER, decision=st.sampled_from([*RESULT]))
    def decide(self, offer: str, decision: str) -> None:
        is_open = self.status[offer] == "open_for_acceptance" and self._today() <= self.expires[offer]
        client, id, before = self.as_(OFFERS[offer]), self.id_of(offer), self.world.state
        status = 200 if is_open else 409
        client.call("postOrderAcceptance", id=id, body={"decision": decision}, status=status)
        if is_open:
            self.status[offer] = RESULT[decision]
            self.decided[offer] += 1
            client.call("postOrderAcceptance", id=id, body={"decision": decision}, status=409)
        else:
            assert self.world.state is before

    @rule(offer=OFFER, decision=st.sampled_from([*RESULT]))
    def nobody_else_decides(self, offer: str, decision: str) -> None:
        for person in {*OFFERS.values()} - {OFFERS[offer]}:
            body = {"decision": decision}
            self.as_(person).call("postOrderAcceptance", id=self.id_of(offer), body=body, status=404)

    @rule(offer=OFFER, days=st.integers(0, 60))
    def offer_again(self, offer: str, days: int) -> None:
        """The utility opens the order anew; no operation of this API does."""
        self.status[offer] = "open_for_acceptance"
        self.expires[offer] = (self.world.clock.now() + timedelta(days=days)).date().isoformat()
        change(self.world, offer, {"status": self.status[offer], "expires_at": self.expires[offer]})

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.world.clock = self.world.clock.advanced(timedelta(days=days))

    @invariant()
    def every_place_shows_the_same_status(self) -> None:
        for offer, person in OFFERS.items():
            client, id = self.as_(person), self.id_of(offer)
            shown = [
                client.call("getOrder", id=id)["entity"],
                client.call("getPortalUserEntity", body={"slug": "order", "entity_id": id})["result"],
                *self._found(client.call("getAllOrders")["data"], id),
                *self._found(client.call("getAllRequests")["results"], id),
                *self._found(client.call("searchPortalUserEntities", body={"slug": "order"})["results"], id),
            ]
            assert [order["status"] for order in shown] == [self.status[offer]] * 5
            body = {"slug": "order", "filters": [{"term": {"status": self.status[offer]}}]}
            assert self._found(client.call("searchPortalUserEntities", body=body)["results"], id)
            assert activity_types(self.world, offer) == ["EntityUpdatedFromPortal"] * self.decided[offer]
            feed = client.call(
                "getEntityActivityFeed", slug="order", id=id, size=100, type="EntityUpdatedFromPortal"
            )
            assert feed["total"] >= self.decided[offer]

    def _found(self, orders: Any, id: str) -> Any:
        return [order for order in orders if order["_id"] == id]

    def _today(self) -> str:
        """The day in Germany, where the clock of the world stands at nine in the morning."""
        return self.world.clock.now().date().isoformat()


def test_an_offer_is_decided_once_and_shown_alike_everywhere() -> None:
    walk(Offers)
