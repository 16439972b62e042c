"""What a customer owes is the sum over the contracts, and the sum over the billing accounts, after every change."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mockportal.engine.world import World
from mockportal.portal.collections import relation
from mockportal.state.clock import BERLIN
from mockportal.values import Record
from tests.support.changes import change
from tests.support.machines import Machine, chosen, walk

PICK = st.integers(0, 99)
PEOPLE = ("anna", "mehmet", "hoffmann", "petra", "sabine")
PERSON = st.sampled_from(PEOPLE)
CENTS = st.integers(1, 99_999)
CLAIM: Record = {"contract": {"contract_number": "V-900123"}, "meter": {"meter_number": "1TST0010000099"}}


class Balances(Machine):
    """`events` is `{id: {"contract": …, "type": …, "amount": …, "due": …, "paid": …}}`."""

    events: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        self.events = {
            event["_id"]: {
                "contract": event["contract"]["$relation"][0]["entity_id"],
                "type": event["type"],
                "amount": event["billing_amount"],
                "due": event["due_date"],
                "paid": "paid_date" in event,
            }
            for event in self.world.draft().collection("billing_event")
        }
        self.owners = {
            contract["_id"]: person
            for person in PEOPLE
            for contract in self.as_(person).call("getAllContracts")["data"]
        }

    @rule(person=PERSON, pick=PICK, cents=CENTS, days=st.integers(-60, 60), is_debit=st.booleans())
    def bill(self, person: str, pick: int, cents: int, days: int, is_debit: bool) -> None:
        contracts = [id for id, owner in self.owners.items() if owner == person]
        due = (self.world.clock.now() + timedelta(days=days)).date().isoformat()
        event = {
            "contract": chosen(contracts, pick),
            "type": "installment" if is_debit else "reimbursement",
            "amount": cents,
            "due": due,
            "paid": False,
        }
        draft = self.world.draft()
        id = draft.new_id("billing_event")
        sample = next(iter(draft.collection("billing_event")))
        draft.collection("billing_event").put(
            {
                **{name: value for name, value in sample.items() if name != "paid_date"},
                "_id": id,
                "type": event["type"],
                "contract": relation(event["contract"]),
                "billing_amount": cents,
                "billing_amount_decimal": f"{cents / 100:.2f}",
                "due_date": due,
            }
        )
        self.world.state = draft.state
        self.events[id] = event

    @rule(pick=PICK, is_paid=st.booleans())
    def pay(self, pick: int, is_paid: bool) -> None:
        id = chosen(self.events, pick * 7)
        change(self.world, f"billing_event/{id}", {"paid_date": "2026-06-15" if is_paid else None})
        self.events[id]["paid"] = is_paid

    @precondition(lambda self: len(self.events) > 100)
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        id = chosen(self.events, pick * 7)
        draft = self.world.draft()
        draft.collection("billing_event").remove(id)
        self.world.state = draft.state
        del self.events[id]

    @rule(person=PERSON, pick=PICK, percent=st.integers(70, 130))
    def change_instalment(self, person: str, pick: int, percent: int) -> None:
        """Refused or not, as the edit rules say; if not, later unpaid instalments ask for the new amount."""
        client = self.as_(person)
        contracts = [id for id, owner in self.owners.items() if owner == person]
        id = chosen(contracts, pick)
        amount = client.call("getContract", id=id)["entity"].get("installment_amount", 5000) * percent // 100
        before = client.call("getContract", id=id)["entity"].get("installment_amount")
        reply = client.exchange("updateContract", id=id, body={"installment_amount": amount}).reply
        assert reply.status in (200, 403), reply
        if reply.status == 200 and amount != before:
            for event in self.events.values():
                later = event["due"] > self._today() and not event["paid"] and event["type"] == "installment"
                if event["contract"] == id and later:
                    event["amount"] = amount

    @precondition(lambda self: self.id_of("contract/v-900123") not in self.owners)
    @rule(person=st.sampled_from(["anna", "mehmet"]))
    def claim(self, person: str) -> None:
        """The contract brings its events along, and a billing account too, so that every contract has one."""
        id, client = self.id_of("contract/v-900123"), self.as_(person)
        client.call("addContractByIdentifiers", body=CLAIM)
        account = client.call("searchPortalUserEntities", body={"slug": "billing_account"})["results"][0][
            "_id"
        ]
        change(self.world, "contract/v-900123", {"billing_account": relation(account)})
        self.owners[id] = person

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.world.clock = self.world.clock.advanced(timedelta(days=days))

    @invariant()
    def three_sums_are_one(self) -> None:
        for person in PEOPLE:
            client = self.as_(person)
            body: Record = {"slug": "billing_account", "fields": ["balance"]}
            accounts = client.call("searchPortalUserEntities", body=body)["results"]
            contracts = client.call("searchPortalUserEntities", body={**body, "slug": "contract"})["results"]
            owned = {id for id, owner in self.owners.items() if owner == person}
            expected = sum(self._open(event) for event in self.events.values() if event["contract"] in owned)
            answer = client.call("getCustomerBalance")
            assert answer["balance"] == expected
            assert answer["balance_decimal"] == expected / 100
            assert sum(contract["balance"] for contract in contracts) == expected
            assert sum(account["balance"] for account in accounts) == expected
            for account in accounts:
                entity = client.call("getBillingAccount", id=account["_id"])["entity"]
                assert entity["balance"] == account["balance"]

    def _open(self, event: Record) -> int:
        if event["paid"]:
            return 0
        if event["type"] == "reimbursement":
            return -int(event["amount"])
        return int(event["amount"]) if event["due"] <= self._today() else 0

    def _today(self) -> str:
        return self.world.clock.now().astimezone(BERLIN).date().isoformat()


def test_balances_of_customer_contracts_and_billing_accounts_agree() -> None:
    walk(Balances)


def test_nothing_is_paid_before_it_was_made(world: World) -> None:
    events = list(world.draft().collection("billing_event"))

    assert events
    for event in events:
        days = [event[name] for name in ("paid_date", "booking_date", "due_date") if name in event]
        assert event["_created_at"][:10] <= min(days), event["_title"]
