"""Partners are invited, suspended, let in again and sent away; the list follows."""

from mockportal.json_tree import by_id, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, pick, step
from mockportal.judge.journeys.walk.values import FILLED, WHICH
from mockportal.judge.journeys.walk.walk import Ended, agree
from mockportal.judge.model import body_of
from mockportal.values import Record

_LIST, _INVITE, _RESEND = "listBusinessPartners", "invitePartner", "resendPartnerInvitation"
_DISABLE, _ENABLE, _REVOKE = "disablePartner", "enablePartner", "revokePartner"
_NOBODY = "00000000-0000-4000-8000-000000000000"


class Partners(Machine):
    """The model is the list of partners by id."""

    needs_world = True

    def begin(self) -> None:
        self.partners = self._listed()
        self.number = 0

    @step(_INVITE, name=FILLED, which=WHICH)
    def invite(self, name: str, which: int) -> None:
        self.number += 1
        email = f"{self.walk.world}-{self.number}@example.org"
        names = {"first_name": name, "last_name": "Krause"}
        body = {"email": email, "contact_data": names}
        self.walk.must(_INVITE, body=body)
        new = {id: one for id, one in self._listed().items() if id not in self.partners}
        message = f"{len(new)} partners are new"
        self.walk.expect(len(new) == 1, _INVITE, "not one new partner", message, *self.walk.writes[-1:])
        for id, one in new.items():
            wanted = {"email": email, "has_portal_user": True, "access_status": True, **names}
            self.walk.same(wanted, one, _INVITE, "listed otherwise than written")
            self.partners[id] = one
        self._agree()
        self.walk.refused(_INVITE, "invited", "somebody who is invited already", body=body)
        self._agree()

    @step(_DISABLE, _ENABLE, which=WHICH)
    def suspend(self, which: int) -> None:
        id = self._with_access(which)
        allowed = self.partners[id].get("access_status", True)
        there, back = (_DISABLE, _ENABLE) if allowed else (_ENABLE, _DISABLE)
        for operation, status in ((there, not allowed), (back, allowed))[: 1 + which % 2]:
            self.walk.must(operation, params={"partner_id": id})
            self.partners[id] = {**self.partners[id], "access_status": status}
            self._agree()
            if self.context.populated:
                self.walk.refused(operation, "already", "what is so already", params={"partner_id": id})
                self._agree()

    @step(_RESEND, which=WHICH)
    def resend(self, which: int) -> None:
        id = self._with_access(which)
        if self.partners[id].get("registration_status") == "Registration Pending":
            self.walk.must(_RESEND, params={"partner_id": id})
        elif self.partners[id].get("registration_status") == "Registered":
            self.walk.refused(_RESEND, "registered", "somebody who has registered", params={"partner_id": id})
        self._agree()

    @step(_REVOKE, which=WHICH)
    def revoke(self, which: int) -> None:
        id = self._with_access(which)
        self.walk.must(_REVOKE, params={"partner_id": id})
        kept = {k: v for k, v in self.partners[id].items() if k in ("_id", "_title")}
        self.partners[id] = {**kept, "has_portal_user": False}
        self._agree()
        for name in (_REVOKE, _DISABLE, _ENABLE, _RESEND):
            if self.walk.can(name):
                self.walk.refused(name, "revoked", "somebody who has no access", params={"partner_id": id})
        self._agree()

    @step(which=WHICH)
    def name_nobody(self, which: int) -> None:
        for name in (_REVOKE, _DISABLE, _ENABLE, _RESEND):
            if self.walk.can(name):
                self.walk.refused(
                    name, "unknown", "a partner who is not there", params={"partner_id": _NOBODY}
                )
        self._agree()

    def _with_access(self, which: int) -> str:
        return str(pick([id for id, one in self.partners.items() if one.get("has_portal_user")], which))

    def _agree(self) -> None:
        exchange = self.walk.ask(_LIST)
        listed = rows(body_of(exchange), "data")
        agree(self.walk, _LIST, exchange, listed, self.partners, key="_id", whole=True)
        titles = [str(one.get("_title")).casefold() for one in listed]
        in_order = titles == sorted(titles)
        self.walk.chosen(in_order, _LIST, "out of order", f"the titles are {titles}", exchange)

    def _listed(self) -> dict[str, Record]:
        exchange = self.walk.ask(_LIST)
        if exchange.status != 200:
            raise Ended
        return by_id(rows(body_of(exchange), "data"), "_id")


PARTNERS = journey(Partners, _LIST, _INVITE, walks=4, steps=8)
