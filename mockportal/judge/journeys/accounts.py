"""Somebody registers, confirms, changes the address, logs out and leaves."""

from typing import Any

from mockportal.json_tree import at
from mockportal.judge.journeys.walk.machine import Machine, journey, pick, step
from mockportal.judge.journeys.walk.values import WHICH
from mockportal.judge.journeys.walk.walk import Ended, Skipped
from mockportal.judge.model import body_of
from mockportal.values import Record

_REGISTER = ("createUser", "createUserV3")
_EXISTS = ("userExists", "userExistsV3")
_ENTRY, _RESEND, _CONFIRM_ID = "getUserEntryPoint", "resendConfirmationEmail", "confirmUserWithUserId"
_CONFIRM, _ME = "confirmUser", "getPortalUser"


class Registration(Machine):
    """The model holds the addresses that are taken, with the ids of their users."""

    needs_world = True

    def begin(self) -> None:
        self.users: dict[str, str] = {}
        self.confirmed: set[str] = set()
        self.number = 0

    @step(_REGISTER[0], which=WHICH)
    def register(self, which: int) -> None:
        self._register(_REGISTER[0], which)

    @step(_REGISTER[1], which=WHICH)
    def register_by_id(self, which: int) -> None:
        self._register(_REGISTER[1], which)

    @step(*_REGISTER, which=WHICH)
    def register_twice(self, which: int) -> None:
        """An address in use is refused by both operations, whether or not anybody asked for it in between."""
        email = pick(list(self.users), which)
        for _ in range(2):
            for name in _REGISTER:
                body = self._body(name, email)
                self.walk.refused(name, "address in use", "an address that has a user", body=body)
        self._agree()

    @step(_REGISTER[1], which=WHICH)
    def register_badly(self, which: int) -> None:
        email = self._email()
        for signature, changes in (("password", {"password": "x"}), ("address", {"email": "nobody"})):
            body = {**self._body(_REGISTER[1], email), **changes}
            if self.context.populated:
                self.walk.refused(_REGISTER[1], signature, f"a bad {signature}", body=body)
        self._exists(_REGISTER[1], email, False)

    @step(_REGISTER[1], _RESEND, which=WHICH)
    def resend(self, which: int) -> None:
        id = self._pending(which)
        self.walk.must(_RESEND, params={"id": id})

    @step(_REGISTER[1], _RESEND, _CONFIRM_ID, which=WHICH)
    def confirm(self, which: int) -> None:
        id = self._pending(which)
        for _ in range(2):
            self.walk.must(_CONFIRM_ID, params={"id": id})
        self.confirmed.add(id)
        self.walk.refused(_RESEND, "confirmed", "a user who has nothing to confirm", params={"id": id})
        self._agree()

    @step(_CONFIRM, which=WHICH)
    def confirm_by_link(self, which: int) -> None:
        """The link works once; then it says that it did."""
        if not self.context.populated or _CONFIRM in self.confirmed:
            raise Skipped
        self.confirmed.add(_CONFIRM)
        params = {"use_redirect": False}
        for already in (False, True, True):
            answer = self.walk.must(_CONFIRM, params=params)
            wanted = {"confirmed": True, "user_already_confirmed": already}
            self.walk.same(wanted, answer, _CONFIRM, f"confirmed {'again' if already else 'first'}")
        how: Any = {"params": {**params, "confirmation_link_token": "no-such-token"}}
        self.walk.refused(_CONFIRM, "unknown", "a token that nobody issued", **how)

    def _register(self, operation: str, which: int) -> None:
        email = self._email()
        self._exists("", email, False)
        answer = self.walk.must(operation, body=self._body(operation, email))
        self.users[email] = str(at(answer, "response", "_id"))
        if self.context.populated:
            ids = list(self.users.values())
            message = f"the id {ids[-1]} was used before"
            self.walk.expect(ids.count(ids[-1]) == 1, operation, "id used before", message)
        self._exists(operation, email, True)
        self._agree()

    def _agree(self) -> None:
        for email in self.users:
            self._exists(_REGISTER[0], email, True)
        self._exists("", self._email(), False)

    def _exists(self, operation: str, email: str, wanted: bool) -> None:
        """`operation` is to blame if they say otherwise, each itself ("") where nothing was done with the address."""
        for name in _EXISTS:
            if self.walk.can(name):
                exchange = self.walk.ask(name, params={"email": email})
                seen = at(body_of(exchange), "exists")
                message = f"{name} says {seen} of an address that has {'a' if wanted else 'no'} user"
                self.walk.expect(
                    seen is wanted, operation or name, f"{name} is not {wanted}", message, exchange
                )
        if self.walk.can(_ENTRY) and self.context.populated:
            exchange = self.walk.ask(_ENTRY, params={"email": email})
            wanted_answer = {"user_exists": wanted, "is_soft_deleted": False}
            self.walk.same(
                wanted_answer, body_of(exchange), operation or _ENTRY, f"{_ENTRY} is not {wanted}", exchange
            )

    def _pending(self, which: int) -> str:
        waiting = [id for id in self.users.values() if id not in self.confirmed and id != "None"]
        return str(pick(waiting, which))

    def _email(self) -> str:
        self.number += 1
        return f"{self.walk.world}+{self.number}@example.org"

    def _body(self, operation: str, email: str) -> Record:
        return {**(self.context.case(operation).body or {}), "email": email}


class Account(Machine):
    """The user of a token changes the address, and in the end logs out or leaves."""

    needs_world = True

    def begin(self) -> None:
        self.me = at(body_of(self.walk.ask(_ME)), "data") or {}
        self.alive = isinstance(self.me, dict) and bool(self.me)
        if not self.alive or not self.context.populated:
            raise Ended
        self.turn = self.walk.world[-1] in "13579"

    @step("updatePortalUserEmail", which=WHICH)
    def change_address(self, which: int) -> None:
        """The old address stays until the new one is confirmed, and the new one is nobody else's."""
        if not self.alive:
            raise Skipped
        body = {
            **self.context.case("updatePortalUserEmail").body,
            "email": f"{self.walk.world}-{which}@example.org",
        }
        how: Any = {"body": {**body, "password": "wrong"}}
        self.walk.refused("updatePortalUserEmail", "password", "a wrong password", **how)
        self.walk.must("updatePortalUserEmail", body=body)
        me = at(body_of(self.walk.ask(_ME)), "data")
        wanted = {"email": self.me.get("email"), "registration_status": "Email Update In Progress"}
        self.walk.same(wanted, me, "updatePortalUserEmail", "read otherwise than expected")
        if self.walk.can(_REGISTER[1]):
            taken = {**(self.context.case(_REGISTER[1]).body or {}), "email": body["email"]}
            self.walk.refused(_REGISTER[1], "reserved", "an address that somebody is changing to", body=taken)

    @step("revokeToken", "validateToken", which=WHICH)
    def log_out(self, which: int) -> None:
        if not self.alive or not self.turn:
            raise Skipped
        how: Any = {"body": {"refresh_token": "no-such-token"}}
        self.walk.refused("revokeToken", "unknown", "a refresh token that nobody issued", **how)
        self.walk.must("validateToken")
        self.walk.must("revokeToken")
        self._out("revokeToken")

    @step("deletePortalUser", which=WHICH)
    def leave(self, which: int) -> None:
        if not self.alive or self.turn:
            raise Skipped
        answer = self.walk.must("deletePortalUser")
        wanted = {"data": self.me.get("_id")}
        self.walk.same(wanted, answer, "deletePortalUser", "answered otherwise", self.walk.writes[-1])
        self._out("deletePortalUser")
        for name in _EXISTS:
            if self.walk.can(name):
                exchange = self.walk.ask(name, params={"email": self.me.get("email")})
                message = f"{name} still says that there is this user"
                gone = at(body_of(exchange), "exists") is False
                self.walk.expect(gone, "deletePortalUser", f"still there: {name}", message, exchange)

    @step(_ME, which=WHICH)
    def look(self, which: int) -> None:
        if self.alive:
            self.walk.must(_ME)
        else:
            self._out(_ME)

    def _out(self, operation: str) -> None:
        """The token is good for nothing any more: not for `operation` to be done, nor for any other to be called."""
        self.alive = False
        first = [
            name for name in ("validateToken", _ME, "getContact", "deletePortalUser") if self.walk.can(name)
        ]
        own = self.context.case(_ME).token
        others = [
            name
            for name, other in self.context.operations.items()
            if name not in first and other.security and self.context.case(name).token == own
        ]
        for name in (*first, *filter(self.walk.can, others)):
            exchange = self.walk.ask(name)
            message = f"{name} is answered with {exchange.status} instead of 401"
            blamed = operation if name in first else name
            self.walk.expect(exchange.status == 401, blamed, f"still in: {name}", message, exchange)


REGISTRATION = journey(Registration, _REGISTER[1], _EXISTS[1], walks=3, steps=8)
ACCOUNT = journey(Account, _ME, walks=4, steps=5)
