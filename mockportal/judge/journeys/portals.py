"""Portals are created, changed, copied, swapped and deleted; lists, the public and pages follow."""

from typing import Any

from mockportal.json_tree import at, by_id, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, pick, step
from mockportal.judge.journeys.walk.values import FILLED, TEXTS, WHICH
from mockportal.judge.journeys.walk.walk import Skipped, agree, in_turn
from mockportal.judge.model import body_of
from mockportal.values import Json, Record

_CREATE, _SHOW, _PUT = "createPortalConfig", "getPortalConfigV3", "putPortalConfig"
_DELETE, _LIST, _CLONE, _SWAP = (
    "deletePortalConfig",
    "listAllPortalConfigs",
    "clonePortalConfig",
    "swapPortalConfig",
)
_LISTS = (_LIST, "getAllPortalConfigs")
_PAGE = {"slug": "start", "order": 1, "is_public": True, "content": {"title": "Start"}}
_TEMPLATES = ("6f1c1c7e-3f0a-4c0e-9f4e-0d7a3a1b2c01", "6f1c1c7e-3f0a-4c0e-9f4e-0d7a3a1b2c02")


class Portals(Machine):
    """The model holds what was said of each portal; one that was there before must not change."""

    def begin(self) -> None:
        self.admin: dict[str, Any] = {"token": self.context.token("EpilotAuth")}
        before = rows(body_of(self.walk.ask(_LIST, **self.admin)), "data")
        self.before = by_id(before, "portal_id") if self.walk.isolated else {}
        self.portals: dict[str, Record] = {}
        self.gone: set[str] = set()
        self.number = 0

    @step(_CREATE, _SHOW, name=TEXTS, days=WHICH)
    def create(self, name: str, days: int) -> None:
        body = self._body(name) | {"meter_reading_grace_period": days}
        portal = self.walk.must(_CREATE, body=body)
        self._made(_CREATE, body, portal)
        self._agree()

    @step(_CREATE, _PUT, _SHOW, name=TEXTS, which=WHICH)
    def change(self, name: str, which: int) -> None:
        """Attributes that are not sent stay as they are, the domain included."""
        id = pick(list(self.portals), which)
        body = {"name": name, "prevent_search_engine_indexing": bool(which % 2)}
        for _ in range(2):
            portal = self.walk.must(_PUT, params={"portal_id": id}, body=body)
            self.portals[id] |= body
            wanted = self.portals[id] if self.context.populated else {**body, "portal_id": id}
            self.walk.same(wanted, portal, _PUT, "answered otherwise than written", self.walk.writes[-1])
        self._read(_PUT, id)
        self._agree()

    @step(_CREATE, _PUT, which=WHICH)
    def take_a_domain(self, which: int) -> None:
        """A domain in use is refused, as often as it is tried, and whether or not anything was read in between."""
        id = pick(list(self.portals), which)
        body = {**self._body("twice"), "domain": self.portals[id]["domain"]}
        for _ in range(2):
            exchange = self.walk.refused(
                _CREATE, "domain in use", "a domain that another portal has", body=body
            )
            message = f"a domain in use is answered with {exchange.status} instead of 409"
            self.walk.expect(exchange.status == 409, _CREATE, "no conflict", message)
            self._agree()
        other = pick([one for one in self.portals if one != id], which)
        how: Any = {"params": {"portal_id": other}, "body": {"domain": body["domain"]}}
        self.walk.refused(_PUT, "domain in use", "a domain that another portal has", **how)
        self._agree()

    @step(_CREATE, _CLONE, _SHOW, name=FILLED, which=WHICH)
    def clone(self, name: str, which: int) -> None:
        id = pick(list(self.portals), which)
        portal = self.walk.must(_CLONE, body={"source_portal_id": id, "name": name})
        wanted = {"name": name, "origin": self.portals[id]["origin"], "domain": portal.get("domain")}
        self._made(_CLONE, wanted, portal)
        copy = str(portal.get("portal_id"))
        self.portals[copy]["email_templates"] = self.portals[id].get("email_templates", {})
        shared = self._page_ids(copy) & self._page_ids(id)
        message = f"pages {', '.join(sorted(shared))} belong to both portals"
        self.walk.chosen(not shared, _CLONE, "pages shared", message)
        same = {self.portals[copy]["domain"], self.portals[id]["domain"]}
        self.walk.expect(len(same) == 2, _CLONE, "domain shared", "the copy has the domain of its source")
        self._agree()

    @step(_CREATE, _SWAP, _SHOW, which=WHICH, other=WHICH)
    def swap(self, which: int, other: int) -> None:
        one = pick(list(self.portals), which)
        two = pick([id for id in self.portals if id != one], other)
        items = pick((["domain"], ["domain", "users"], ["all"]), which)
        body = {"source_portal_id": one, "target_portal_id": two, "items_to_swap": items}
        if not self._takes(body):  # some versions swap e-mail templates only
            raise Skipped
        self.walk.must(_SWAP, body=body)
        first, second = self.portals[one], self.portals[two]
        first["domain"], second["domain"] = second.get("domain"), first.get("domain")
        if "all" in items:
            first["email_templates"], second["email_templates"] = (
                second.get("email_templates", {}),
                first.get("email_templates", {}),
            )
        for id in (one, two):
            self._read(_SWAP, id)
        self._agree()
        how: Any = {"body": {**body, "target_portal_id": one}}
        self.walk.refused(_SWAP, "itself", "a portal swapped with itself", **how)

    @step(_CREATE, "upsertEmailTemplatesByPortalId", which=WHICH)
    def choose_templates(self, which: int) -> None:
        id = pick(list(self.portals), which)
        body = {"invitation": _TEMPLATES[which % 2]}
        self.walk.must("upsertEmailTemplatesByPortalId", params={"portal_id": id}, body=body)
        self.portals[id]["email_templates"] = body
        self._read("upsertEmailTemplatesByPortalId", id)
        self._agree()

    @step(_CREATE, _DELETE, _SHOW, which=WHICH)
    def delete(self, which: int) -> None:
        if len(self.portals) < 2 and which % 2:
            raise Skipped
        id = pick(list(self.portals), which)
        portal = self.portals.pop(id)
        self.walk.must(_DELETE, params={"portal_id": id})
        self.gone.add(id)
        self.walk.gone(_SHOW, _DELETE, params={"portal_id": id}, **self.admin)
        for name in (_DELETE, _PUT, "getEmailTemplatesByPortalId"):
            if self.walk.can(name):
                self.walk.gone(
                    name, _DELETE, params={"portal_id": id}, **({"body": {}} if name == _PUT else {})
                )
        for name in ("getPortalConfigByDomain", "getPublicPages"):
            if self.walk.can(name) and self.context.populated:
                self.walk.gone(name, _DELETE, params={"domain": portal["domain"]})
        self._agree()

    def _takes(self, body: Record) -> bool:
        asked = self.context.spec.operations[_SWAP].body
        return asked is None or all(validator.is_valid(body) for validator in asked.validators.values())

    def _body(self, name: str) -> Record:
        self.number += 1
        domain = f"{self.walk.world}-{self.number}.journeys.test"
        origin = at(self.context.case(_CREATE).body, "origin") or "END_CUSTOMER_PORTAL"
        return {"name": name, "origin": origin, "enabled": True, "domain": domain, "pages": [_PAGE]}

    def _made(self, operation: str, body: Record, portal: Json) -> None:
        id = str(portal.get("portal_id"))
        fresh = id not in {*self.portals, *self.gone, *self.before}
        self.walk.expect(fresh, operation, "id used before", f"the id {id} was used before")
        wanted = {name: value for name, value in body.items() if name != "pages"} | {"portal_id": id}
        self.walk.same(wanted, portal, operation, "answered otherwise than written", self.walk.writes[-1])
        self.portals[id] = wanted
        self.walk.undo.append(lambda: self.walk.ask(_DELETE, params={"portal_id": id}))
        self._read(operation, id)

    def _read(self, operation: str, id: str) -> None:
        exchange = self.walk.ask(_SHOW, params={"portal_id": id}, **self.admin)
        wanted = self.portals[id]
        self.walk.same(wanted, body_of(exchange), operation, "read otherwise than written", exchange)
        if not self.walk.can("getPortalConfigByDomain") or not wanted.get("domain"):
            return
        exchange = self.walk.ask("getPortalConfigByDomain", params={"domain": wanted["domain"]})
        public = {name: wanted[name] for name in ("portal_id", "name", "domain")}
        self.walk.same(public, body_of(exchange), operation, "shown otherwise to the public", exchange)

    def _page_ids(self, id: str) -> set[str]:
        exchange = self.walk.ask(_SHOW, params={"portal_id": id}, **self.admin)
        return {str(page.get("id")) for page in rows(body_of(exchange), "pages")}

    def _agree(self) -> None:
        """The lists, in turn, show every portal."""
        whole = self.walk.isolated
        for name in in_turn(self.walk, _LISTS):
            if self.walk.can(name):
                exchange = self.walk.ask(name, **self.admin)
                before = self.before if name == _LIST else {id: {} for id in self.before}
                wanted = {**before, **self.portals}
                listed = rows(body_of(exchange), "data")
                agree(self.walk, name, exchange, listed, wanted, self.gone, key="portal_id", whole=whole)


PORTALS = journey(Portals, _CREATE, _SHOW, _DELETE, walks=3, steps=6)
