"""Revoking, disabling, deleting, expiring and swapping change what the very next call with an old token answers."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from mockportal.engine.signing import sign
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.machines import Machine, walk

HOMES = {"anna": "p1", "mehmet": "p1", "lukas": "p1", "sabine": "p1", "marek": "p2"}
PERSON = st.sampled_from([*HOMES])
PORTAL = st.sampled_from(["p1", "p2"])
LIFETIME = timedelta(hours=1)
# what every user of either portal may call
ASKED = ("validateToken", "getPortalUser", "getContact", "getOrganizationSettings", "getSchemas")


class Tokens(Machine):
    """`users` is `{person: {"home": portal now, "gone": …, "revoked": …, "access": …}}`, `portals` says what is enabled."""

    users: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        self.users = {
            person: {"home": home, "gone": False, "revoked": False, "access": True}
            for person, home in HOMES.items()
        }
        self.portals = {"p1": True, "p2": True}
        self.minted: dict[str, tuple[str, int]] = {}

    @rule(person=PERSON)
    def revoke(self, person: str) -> None:
        status = self._status(person)
        self.as_(person).call("revokeToken", body={"refresh_token": f"refresh-{person}"}, status=status)
        self.users[person]["revoked"] |= status == 200

    @rule(person=PERSON, other=PERSON)
    def nobody_revokes_the_token_of_another(self, person: str, other: str) -> None:
        if person != other:
            status = max(self._status(person), 401)
            self.as_(person).call("revokeToken", body={"refresh_token": f"refresh-{other}"}, status=status)

    @rule(person=PERSON)
    def delete(self, person: str) -> None:
        status = self._status(person)
        self.as_(person).call("deletePortalUser", status=status)
        self.users[person]["gone"] |= status == 200

    @rule(access=st.booleans())
    def switch_partner(self, access: bool) -> None:
        lukas, status = self.users["lukas"], self._status("sabine")
        if status == 200 and (lukas["access"] is access or lukas["gone"]):
            status = 400
        operation = "enablePartner" if access else "disablePartner"
        if lukas["home"] != self.users["sabine"]["home"]:
            return
        self.as_("sabine").call(operation, partner_id=self.id_of("contact/lukas"), status=status)
        lukas["access"] = access if status == 200 else lukas["access"]

    @rule(portal=PORTAL, enabled=st.booleans())
    def switch_portal(self, portal: str, enabled: bool) -> None:
        status = 200 if portal in self.portals else 404
        id = self.id_of(f"portal/{portal}")
        self.admin.call("putPortalConfig", portal_id=id, body={"enabled": enabled}, status=status)
        if status == 200:
            self.portals[portal] = enabled

    @rule(items=st.sampled_from([None, ["users"], ["all"], ["domain"]]))
    def swap(self, items: list[str] | None) -> None:
        """Twice is as before: the old tokens work again."""
        body: Record = {
            "source_portal_id": self.id_of("portal/p1"),
            "target_portal_id": self.id_of("portal/p2"),
        }
        body |= {} if items is None else {"items_to_swap": items}
        status = 200 if len(self.portals) == 2 else 404
        self.admin.call("swapPortalConfig", body=body, status=status)
        if status == 200 and items != ["domain"]:
            for user in self.users.values():
                user["home"] = "p2" if user["home"] == "p1" else "p1"

    @rule()
    def delete_portal(self) -> None:
        """Rarely: only after half of a day of waiting."""
        if self.world.clock.now().hour < 19 or "p2" not in self.portals:
            return
        self.admin.call("deletePortalConfig", portal_id=self.id_of("portal/p2"))
        del self.portals["p2"]
        for user in self.users.values():
            user["gone"] |= user["home"] == "p2"

    @rule(person=PERSON)
    def mint(self, person: str) -> None:
        expires_at = int((self.world.clock.now() + LIFETIME).timestamp())
        claims = {"sub": self.id_of(f"portal_user/{person}"), "token_type": "portal", "exp": expires_at}
        claims["custom:portal_id"] = self.id_of(f"portal/{HOMES[person]}")
        self.minted[person] = (sign(claims), expires_at)

    @rule(minutes=st.sampled_from([1, 30, 60]))
    def wait(self, minutes: int) -> None:
        self.world.clock = self.world.clock.advanced(timedelta(minutes=minutes))

    @invariant()
    def the_next_call_knows(self) -> None:
        for person in self.users:
            self._check(self.as_(person), self._status(person))
        for person, (token, expires_at) in self.minted.items():
            is_expired = expires_at <= self.world.clock.now().timestamp()
            self._check(self.nobody.as_(token), 401 if is_expired else self._status(person, is_static=False))
        self.admin.call("getAllPortalConfigs")

    def _check(self, client: Client, status: int) -> None:
        for operation in ASKED:
            found = client.exchange(operation).reply.status
            assert found == (204 if (status, operation) == (200, "validateToken") else status), operation

    def _status(self, person: str, is_static: bool = True) -> int:
        user = self.users[person]
        if (user["revoked"] and is_static) or user["gone"] or user["home"] != HOMES[person]:
            return 401
        return 200 if self.portals[user["home"]] and user["access"] else 403


def test_the_next_call_with_an_old_token_knows_what_happened() -> None:
    walk(Tokens)
