"""Some things are made anew each time; others stay the same however often they are asked for."""

from typing import Any

from mockportal.json_tree import at, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, step
from mockportal.judge.journeys.walk.values import WHICH
from mockportal.judge.journeys.walk.walk import Ended, Skipped
from mockportal.judge.model import body_of
from mockportal.values import Json

_ACTIVITY, _FEED = "createCustomEntityActivity", "getEntityActivityFeed"
_LEAVE, _INTEREST = "deRegisterMLoginUser", "notifyMLoginInterestChange"
# operation → where its answer has what is new each time
_MINTED = (
    ("triggerEntityAccessEvent", "eventId"),
    ("triggerEntityAccessEventV3", "eventId"),
    ("loginToPortalAsUser", "login_as_token"),
    ("ssoLogin", "token"),
    ("ssoLoginV3", "token"),
)
_STEADY = (
    ("configureDistribution", "configureDistributionV3"),
    ("validateCaaRecords", "validateCaaRecordsV3"),
    ("verifyDns",),
    ("replaceECPTemplateVariables",),
    ("getRecipientsToNotifyOnAutomation",),
    ("canTriggerPortalFlow",),
    ("checkContactExists", "checkContactExistsV3"),
    ("checkAccountExists",),
    ("getSearchResultsForOpportunities",),
    ("portalProxyExecute",),
)


class Activities(Machine):
    """Activities are on the feed of the contact, the newest first."""

    needs_world = True

    def begin(self) -> None:
        contact = at(body_of(self.walk.ask("getContact")), "entity", "_id")
        if not isinstance(contact, str) or not self.context.populated:
            raise Ended
        self.here: dict[str, Any] = {"params": {"slug": "contact", "id": contact}}
        self.token: dict[str, Any] = {
            "token": self.context.target.variable_of(self.context.spec.operations[_ACTIVITY])
        }
        self.feed, self.total = self._shown()[1:]

    @step(_ACTIVITY, _FEED, which=WHICH)
    def record(self, which: int) -> None:
        answer = self.walk.must(_ACTIVITY)
        write = self.walk.writes[-1]
        wanted = {"type": at(self.context.case(_ACTIVITY).body, "type")}
        self.walk.same(wanted, answer, _ACTIVITY, "answered otherwise than written", write)
        id = str(answer.get("_id"))
        fresh = id not in {one.get("_id") for one in self.feed}
        self.walk.expect(fresh, _ACTIVITY, "id used before", f"the id {id} was used before", write)
        self.feed, self.total = [answer, *self.feed], self.total + 1
        self._agree()

    @step(_ACTIVITY, _FEED, which=WHICH)
    def record_nonsense(self, which: int) -> None:
        self.walk.refused(_ACTIVITY, "type", "a type that is none", body={"type": "SomethingElse"})
        self._agree()

    def _agree(self) -> None:
        exchange, feed, total = self._shown()
        message = f"total is {total} instead of {self.total}"
        self.walk.expect(total == self.total, _FEED, "total", message, exchange)
        self.walk.same(self.feed[:100], feed, _FEED, "listed otherwise than written", exchange)

    def _shown(self) -> tuple[Any, list[Any], int]:
        params = {**self.here["params"], "size": 100}
        exchange = self.walk.ask(_FEED, params=params, **self.token)
        body = body_of(exchange)
        total = at(body, "total")
        return exchange, rows(body, "results"), total if isinstance(total, int) else -1


class Repeated(Machine):
    """The same question is answered the same, by both versions; what is minted is new each time."""

    needs_world = True

    def begin(self) -> None:
        self.minted: set[str] = set()

    @step(which=WHICH)
    def mint(self, which: int) -> None:
        for name, field in _MINTED:
            if self.walk.can(name):
                answer = self.walk.must(name)
                made = str(answer.get(field))
                fresh = made not in self.minted
                self.walk.expect(fresh, name, "used before", f"{field} is one that was given before")
                self.minted.add(made)

    @step(which=WHICH)
    def ask_twice(self, which: int) -> None:
        for names in _STEADY:
            asked = [name for name in names if self.walk.can(name)]
            answers: list[Json] = []
            for name in [*asked, *asked]:
                exchange = self.walk.ask(name)
                body = body_of(exchange)
                if exchange.status == 200 and isinstance(body, dict):
                    answers.append({key: value for key, value in body.items() if key not in ("accountId",)})
                    message = "the same question is answered otherwise"
                    same = answers[0] == answers[-1] or not self.context.populated
                    self.walk.expect(same, name, "not the same when repeated", message, exchange)

    @step(_LEAVE, _INTEREST, which=WHICH)
    def tell_of_an_identity(self, which: int) -> None:
        """Both may be said again."""
        if not self.context.populated:
            raise Skipped
        for name in (_INTEREST, _INTEREST, _LEAVE, _LEAVE):
            self.walk.must(name)
        for name in (_INTEREST, _LEAVE):
            how: Any = {"params": {"client_id": "no-such-client"}}
            self.walk.refused(name, "client", "a client that no portal has", **how)

    @step("ssoCallback", which=WHICH)
    def redeem(self, which: int) -> None:
        """A code is good once."""
        if not self.context.populated or "code" in self.minted:
            raise Skipped
        self.minted.add("code")
        self.walk.must("ssoCallback")
        self.walk.refused("ssoCallback", "code", "a code that was used already")


ACTIVITIES = journey(Activities, _ACTIVITY, _FEED, "getContact", walks=2, steps=5)
REPEATED = journey(Repeated, walks=2, steps=3)
