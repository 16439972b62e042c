"""Decisions are made once: offers, workflow steps, campaigns, claims."""

from typing import Any

from mockportal.json_tree import at, by_id, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, step
from mockportal.judge.journeys.walk.values import WHICH
from mockportal.judge.journeys.walk.walk import Ended, Skipped
from mockportal.judge.model import body_of
from mockportal.values import Json, Record

_DECIDE, _ORDER = "postOrderAcceptance", "getOrder"
_DONE, _FLOWS = "updateWorkflowStepAsDone", "getEntityWorkflows"
_CAMPAIGN, _NOTES = "updateCampaignPortalBlockStatus", "updateNotificationsStatus"
_CLAIM, _CONTRACTS = "addContractByIdentifiers", "getAllContracts"
_NOBODY = "00000000-0000-4000-8000-000000000000"
_RANKS = {"seen": 1, "dismissed": 2, "clicked": 2}


class Offer(Machine):
    """An offer is accepted or declined; every other order stays as it is."""

    needs_world = True

    def begin(self) -> None:
        self.here: dict[str, Any] = {"params": self.context.case(_DECIDE).params}
        self.status = at(body_of(self.walk.ask(_ORDER, **self.here)), "entity", "status")
        if self.status != "open_for_acceptance":
            raise Ended
        self.decided = False
        self.orders = by_id(rows(body_of(self.walk.ask("getAllOrders")), "data"), "_id")

    @step(_DECIDE, which=WHICH)
    def send_nonsense(self, which: int) -> None:
        self.walk.refused(
            _DECIDE, "invalid", "a decision that is none", body={"decision": "perhaps"}, **self.here
        )
        how: Any = {"params": {"id": _NOBODY}}
        self.walk.refused(_DECIDE, "unknown", "an order that is not there", **how)
        self._agree()

    @step(_DECIDE, which=WHICH)
    def decide(self, which: int) -> None:
        if self.decided:
            raise Skipped
        decision, status = (("accept", "placed"), ("decline", "cancelled"))[which % 2]
        answer = self.walk.must(_DECIDE, body={"decision": decision}, **self.here)
        seen = at(answer, "data", "status")
        self.decided, self.status = True, status if self.context.populated else seen
        message = f"the status is {seen} instead of {self.status} after {decision}"
        self.walk.expect(seen == self.status, _DECIDE, "status", message, self.walk.writes[-1])
        moved = seen != "open_for_acceptance"
        self.walk.expect(moved, _DECIDE, "still open", "the offer is still open", self.walk.writes[-1])
        self._agree()

    @step(_DECIDE, which=WHICH)
    def decide_again(self, which: int) -> None:
        """A second decision is refused with 409, whatever it is, and whether or not anybody looked."""
        if not self.decided:
            raise Skipped
        for decision in ("accept", "decline", "accept"):
            exchange = self.walk.refused(
                _DECIDE, "decided", "a second decision", body={"decision": decision}, **self.here
            )
            message = f"a second decision is answered with {exchange.status} instead of 409"
            self.walk.expect(exchange.status == 409, _DECIDE, "no conflict", message, exchange)
        self._agree()

    def _agree(self) -> None:
        id = str(self.here["params"].get("id"))
        exchange = self.walk.ask(_ORDER, **self.here)
        wanted = {"_id": id, "status": self.status}
        seen = at(body_of(exchange), "entity")
        self.walk.same(wanted, seen, _DECIDE, "read otherwise than decided", exchange)
        for name, path in (("getAllOrders", "data"), ("getAllRequests", "results")):
            if self.walk.can(name):
                exchange = self.walk.ask(name)
                listed = by_id(rows(body_of(exchange), path), "_id")
                others = {one: order for one, order in self.orders.items() if one != id}
                self.walk.same(
                    {**others, id: wanted}, listed, name, "listed otherwise than decided", exchange
                )


class WorkflowStep(Machine):
    """A workflow step is completed, and stays so."""

    needs_world = True

    def begin(self) -> None:
        self.case = self.context.case(_DONE).params
        self.opportunities = rows(body_of(self.walk.ask("getAllOpportunities")), "data")
        for one in self.opportunities:
            self.walk.ask(_FLOWS, params={"slug": "opportunity", "id": one.get("_id")})

    @step(_DONE, "getAllOpportunities", which=WHICH)
    def complete(self, which: int) -> None:
        answer = self.walk.must(_DONE)
        wanted = {"id": self.case.get("step_id"), "status": "COMPLETED"}
        self.walk.same(wanted, answer, _DONE, "answered otherwise than done", self.walk.writes[-1])
        self._agree(answer)

    @step(_DONE, which=WHICH)
    def complete_nothing(self, which: int) -> None:
        for name in ("step_id", "workflow_id"):
            how: Any = {"params": {name: "no-such-thing"}}
            self.walk.refused(_DONE, f"unknown {name}", f"an unknown {name}", **how)

    def _agree(self, answer: Record) -> None:
        for one in self.opportunities:
            params = {"slug": "opportunity", "id": one.get("_id")}
            exchange = self.walk.ask(_FLOWS, params=params)
            flows = by_id(rows(body_of(exchange), "workflow_executions"))
            flow = flows.get(str(self.case.get("workflow_id")))
            if flow is not None:
                steps = [each for item in rows(flow, "flow") for each in (rows(item, "steps") or [item])]
                seen = by_id(steps).get(str(self.case.get("step_id")))
                self.walk.same(answer, seen, _DONE, f"shown otherwise than done: {_FLOWS}", exchange)


class Outreach(Machine):
    """A campaign's recipient moves forward only; notifications are marked all together or not at all."""

    needs_world = True

    def begin(self) -> None:
        if not self.context.populated:
            raise Ended
        self.status = ""

    @step(_CAMPAIGN, which=WHICH)
    def move(self, which: int) -> None:
        status = ("seen", "seen", "dismissed", "clicked")[which % 4]
        body = {**(self.context.case(_CAMPAIGN).body or {}), "status": status}
        refs = [*rows(body, "entity_refs"), {"entity_id": _NOBODY, "entity_schema": "contact"}]
        back = self.status and status != self.status and _RANKS[status] <= _RANKS[self.status]
        good = 0 if back else len(refs) - 1
        for sent in (refs, refs[:-1]):
            answer = self.walk.must(_CAMPAIGN, body={**body, "entity_refs": sent})
            if not self.status and not answer.get("updated"):
                raise Ended
            wanted = {
                "updated": good,
                "failed": len(sent) - good,
                "total": len(sent),
                "success": good == len(sent),
            }
            write = self.walk.writes[-1]
            self.walk.same(wanted, answer, _CAMPAIGN, "answered otherwise than moved", write)
        self.status = status if good else self.status

    @step(_CAMPAIGN, which=WHICH)
    def move_nobody(self, which: int) -> None:
        body = self.context.case(_CAMPAIGN).body or {}
        self.walk.refused(_CAMPAIGN, "empty", "no references", body={**body, "entity_refs": []})
        self.walk.refused(_CAMPAIGN, "unknown", "an unknown campaign", params={"campaign_id": _NOBODY})

    @step(_NOTES, which=WHICH)
    def mark(self, which: int) -> None:
        body: Json = self.context.case(_NOTES).body
        for _ in range(2):
            self.walk.must(_NOTES)
        unknown = [*rows(body, "notifications"), {"id": _NOBODY, "status": "read"}]
        self.walk.refused(_NOTES, "unknown", "an unknown notification", body={"notifications": unknown})
        self.walk.refused(_NOTES, "empty", "no notifications", body={"notifications": []})


class Claim(Machine):
    """A contract is claimed by what is printed on it, and is there from then on."""

    needs_world = True

    def begin(self) -> None:
        self.contracts = self._listed()
        self.claimed: Record = {}

    @step(_CLAIM, _CONTRACTS, which=WHICH)
    def claim(self, which: int) -> None:
        answer = self.walk.must(_CLAIM)
        write = self.walk.writes[-1]
        found = by_id(rows(answer, "data"), "_id")
        if not found:
            raise Ended
        message = f"hits is {answer.get('hits')}, and there are {len(found)}"
        self.walk.expect(answer.get("hits") == len(found), _CLAIM, "hits", message, write)
        self.claimed |= {id: {"_id": id} for id in found}
        self._agree()

    @step(_CLAIM, which=WHICH)
    def claim_nothing(self, which: int) -> None:
        asked: Json = self.context.case(_CLAIM).body or {}
        body = {slug: dict.fromkeys(names, f"{self.walk.world}-{which}") for slug, names in asked.items()}
        answer = self.walk.must(_CLAIM, body=body)
        hits = answer.get("hits")
        self.walk.expect(hits == 0, _CLAIM, "found nothing", f"hits is {hits} for a number that nobody has")
        self._agree()

    def _agree(self) -> None:
        exchange = self.walk.ask(_CONTRACTS)
        wanted = {**self.contracts, **self.claimed}
        listed = by_id(rows(body_of(exchange), "data"), "_id")
        self.walk.same(wanted, listed, _CLAIM, f"shown otherwise: {_CONTRACTS}", exchange)
        strangers = sorted(listed.keys() - wanted.keys())
        self.walk.expect(
            not strangers, _CLAIM, "too many", f"{', '.join(strangers)} was not claimed", exchange
        )
        if self.walk.can("getContract"):
            for id in self.claimed:
                exchange = self.walk.ask("getContract", params={"id": id})
                seen = at(body_of(exchange), "entity")
                self.walk.same({"_id": id}, seen, _CLAIM, "shown otherwise: getContract", exchange)

    def _listed(self) -> dict[str, Record]:
        return by_id(rows(body_of(self.walk.ask(_CONTRACTS)), "data"), "_id")


OFFER = journey(Offer, _DECIDE, _ORDER, "getAllOrders", walks=4, steps=5)
STEP = journey(WorkflowStep, _DONE, "getAllOpportunities", _FLOWS, walks=2, steps=3)
OUTREACH = journey(Outreach, _CAMPAIGN, _NOTES, walks=4, steps=8)
CLAIM = journey(Claim, _CLAIM, _CONTRACTS, walks=2, steps=4)
