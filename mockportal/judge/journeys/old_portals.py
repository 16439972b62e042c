"""A portal is made, changed and deleted by its origin, as the second version of the API has it."""

from typing import Any

from mockportal.json_tree import rows
from mockportal.judge.journeys.walk.machine import Machine, journey, step
from mockportal.judge.journeys.walk.values import TEXTS, WHICH
from mockportal.judge.journeys.walk.walk import Skipped, agree, in_turn
from mockportal.judge.model import body_of
from mockportal.values import Record

_LISTS = ("listAllPortalConfigs", "getAllPortalConfigs")
_SHOWS = ("getPortalConfig", "getOrgPortalConfig", "getPublicPortalConfig")


class OldPortals(Machine):
    """A portal is made, changed and deleted by its origin, and seen under its id."""

    def begin(self) -> None:
        self.origin = f"JOURNEY_{self.walk.world.replace('-', '_').upper()}"
        self.admin: dict[str, Any] = {"token": self.context.token("EpilotAuth")}
        self.here: dict[str, Any] = {"params": {"origin": self.origin}}
        self.portal: Record = {}
        self.gone: set[str] = set()

    @step("upsertPortal", name=TEXTS, which=WHICH)
    def upsert(self, name: str, which: int) -> None:
        body = {"name": name, "enabled": True}
        if which % 2 or not self.portal:
            body["domain"] = f"{self.walk.world}.journeys.test"
        portal = self.walk.must("upsertPortal", body=body, **self.here)
        write = self.walk.writes[-1]
        wanted = 200 if self.portal else 201
        message = f"answered with {write.status} instead of {wanted}"
        self.walk.expect(write.status == wanted, "upsertPortal", "new or not", message, write)
        id = str(portal.get("portal_id"))
        self.walk.expect(
            id not in self.gone, "upsertPortal", "id used before", f"the id {id} was used before"
        )
        self.portal = {
            **self.portal,
            **body,
            "origin": self.origin,
            "portal_id": self.portal.get("portal_id", id),
        }
        self.walk.same(self.portal, portal, "upsertPortal", "answered otherwise than written", write)
        if len(self.walk.undo) == 0:
            self.walk.undo.append(lambda: self.walk.ask("deletePortal", **self.here))
        self._agree()

    @step("upsertPortal", which=WHICH)
    def upsert_again(self, which: int) -> None:
        if not self.portal:
            raise Skipped
        body = {name: self.portal[name] for name in ("name", "enabled", "domain")}
        portal = self.walk.must("upsertPortal", body=body, **self.here)
        write = self.walk.writes[-1]
        self.walk.same(self.portal, portal, "upsertPortal", "not the same when repeated", write)
        self._agree()

    @step("upsertPortal", "deletePortal", which=WHICH)
    def delete(self, which: int) -> None:
        if not self.portal:
            raise Skipped
        self.walk.must("deletePortal", **self.here)
        self.gone.add(self.portal["portal_id"])
        self.portal = {}
        self.walk.gone("deletePortal", "deletePortal", **self.here)
        if self.walk.can("getPortalConfig"):
            self.walk.gone("getPortalConfig", "deletePortal", **self.here, **self.admin)
        self._agree()

    def _agree(self) -> None:
        wanted = {self.portal["portal_id"]: self.portal} if self.portal else {}
        for name in in_turn(self.walk, _LISTS):
            if self.walk.can(name):
                exchange = self.walk.ask(name, **self.admin)
                agree(
                    self.walk, name, exchange, rows(body_of(exchange), "data"), wanted, self.gone, "portal_id"
                )
        for name in in_turn(self.walk, _SHOWS):
            if self.portal and self.walk.can(name):
                token = None if name == "getPublicPortalConfig" else self.admin["token"]
                exchange = self.walk.ask(name, token=token, **self.here)
                self.walk.same(
                    self.portal, body_of(exchange), "upsertPortal", f"shown otherwise: {name}", exchange
                )


OLD_PORTALS = journey(OldPortals, "upsertPortal", "deletePortal", walks=4, steps=6)
