"""Users and partners exist, and may log in, from their registration or invitation until they are deleted."""

from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mockportal.engine.signing import sign
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.machines import Machine, chosen, walk

PICK = st.integers(0, 99)
EMAILS = ("ada@example.org", "ben@example.org", "cem@example.org")
EMAIL = st.sampled_from(EMAILS)
DOMAIN = "mein.sw-musterau.test"
PORTAL: Record = {"org_id": "500001", "origin": "END_CUSTOMER_PORTAL"}
PASSWORD = "Musterau!2026"
ANNA: Record = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}


@cache
def token_of(user_id: str) -> str:
    """A token that never expires, of no session."""
    return sign({"sub": user_id, "token_type": "portal", "exp": 2**31})


class Users(Machine):
    """`users` is `{e-mail: {"id": …, "registered": …, "new_email": …}}` of those who are not deleted."""

    users: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        self.users = {}
        self.deleted: set[str] = set()  # addresses
        self.known = len(self.world.draft().collection("portal_user"))

    @rule(email=EMAIL, is_v3=st.booleans())
    def register(self, email: str, is_v3: bool) -> None:
        body: Record = {"email": email, "orgId": "500001", "password": PASSWORD}
        body |= {
            "registration_identifiers": ANNA,
            "additional_contact_attributes": {"first_name": "A", "last_name": "B"},
        }
        operation = "createUserV3" if is_v3 else "createUser"
        portal = {"domain": DOMAIN} if is_v3 else {"origin": "END_CUSTOMER_PORTAL"}
        if email in self._used():
            self.nobody.call(operation, body=body, status=400, **portal)
            return
        answer = self.nobody.call(operation, body=body, status=201, **portal)
        self.users[email] = {"id": answer["response"]["_id"], "registered": False, "new_email": None}
        self._client(self.users[email]).call("validateToken")

    @precondition(lambda self: self.users)
    @rule(pick=PICK)
    def confirm(self, pick: int) -> None:
        email = chosen(self.users, pick)
        user = self.users[email]
        token = self._token(user)
        if user["registered"] and user["new_email"] is None:
            return
        assert self._confirmed(token) == {"confirmed": True, "user_already_confirmed": False}
        assert self._confirmed(token) == {"confirmed": True, "user_already_confirmed": True}
        if user["new_email"] is not None:
            self.users[user["new_email"]] = {**self.users.pop(email), "new_email": None}
        user["registered"] = True

    @precondition(lambda self: self.users)
    @rule(pick=PICK)
    def resend(self, pick: int) -> None:
        user = self.users[chosen(self.users, pick)]
        if user["registered"] and user["new_email"] is None:
            self.admin.call("resendConfirmationEmail", id=user["id"], status=400)
            return
        old = self._token(user)
        self.admin.call("resendConfirmationEmail", id=user["id"])
        query: Record = {"confirmation_link_token": old, "use_redirect": False}
        assert self.nobody.call("confirmUser", status=400, **query)["reason"] == "invalid_token"

    @precondition(lambda self: any(user["registered"] for user in self.users.values()))
    @rule(pick=PICK, email=EMAIL)
    def change_email(self, pick: int, email: str) -> None:
        old = chosen([email for email, user in self.users.items() if user["registered"]], pick)
        user = self.users[old]
        body = {"email": email, "password": PASSWORD}
        if email in self._used() - {user["new_email"]}:
            self._client(user).call("updatePortalUserEmail", body=body, status=400)
            return
        self._client(user).call("updatePortalUserEmail", body=body)
        user["new_email"] = email

    @precondition(lambda self: self.users)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        email = chosen(self.users, pick)
        user = self.users.pop(email)
        client = self._client(user)
        assert client.call("deletePortalUser")["data"] == user["id"]
        self.deleted.add(email)
        for operation in ("getPortalUser", "validateToken", "deletePortalUser", "getContact"):
            client.call(operation, status=401)
        self.admin.call("resendConfirmationEmail", id=user["id"], status=404)

    @invariant()
    def whoever_exists_is_found(self) -> None:
        for email in EMAILS:
            exists = {"exists": email in self._used()}
            for operation, portal in (("userExists", PORTAL), ("userExistsV3", {"domain": DOMAIN})):
                assert self.nobody.call(operation, email=email.upper(), **portal) == exists
            entry = self.nobody.call("getUserEntryPoint", email=email, domain=DOMAIN)
            assert entry["user_exists"] is (email in self.users)
            assert entry["is_soft_deleted"] is (email in self.deleted - self.users.keys())
        related = self.admin.call(
            "fetchPortalUsersByRelatedEntity", slug="contact", entity_id=self.id_of("contact/anna")
        )
        found = {user["_id"]: user["email"] for user in related["portalUsers"]}
        expected = {user["id"]: email for email, user in self.users.items()}
        assert found == {**expected, self.id_of("portal_user/anna"): "anna.berger@example.org"}
        for email, user in self.users.items():
            assert self._client(user).call("getPortalUser")["data"]["email"] == email

    def _used(self) -> set[str]:
        """The addresses that somebody has, or is about to have."""
        return {*self.users, *(user["new_email"] for user in self.users.values())} - {None}

    def _token(self, user: Record) -> str:
        """The last one that was sent to a user."""
        sent = self.world.draft().collection("confirmation").where(portal_user_id=user["id"])
        return str(sent[-1]["token"])

    def _confirmed(self, token: str) -> Any:
        query: Record = {"confirmation_link_token": token, "use_redirect": False}
        return self.nobody.call("confirmUser", **query)

    def _client(self, user: Record) -> Client:
        return self.nobody.as_(token_of(user["id"]))


class Partners(Machine):
    """`partners` is `{e-mail: {"id": contact, "status": invited|registered|None, "access": …}}`."""

    partners: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        self.sabine = self.as_("sabine")
        self.others = {partner["_id"] for partner in self.sabine.call("listBusinessPartners")["data"]}
        self.partners = {}

    @rule(email=EMAIL)
    def invite(self, email: str) -> None:
        known = self.partners.get(email)
        body = {"email": email, "contact_data": {"first_name": "Neu", "last_name": email[:3].title()}}
        if known is not None and known["status"] is not None:
            self.sabine.call("invitePartner", body=body, status=400)
            return
        self.sabine.call("invitePartner", body=body)
        listed = self.sabine.call("listBusinessPartners")["data"]
        [id] = [partner["_id"] for partner in listed if partner.get("email") == email]
        self.partners[email] = {"id": id, "status": "invited", "access": True}

    @precondition(lambda self: self.partners)
    @rule(pick=PICK)
    def register(self, pick: int) -> None:
        email = chosen(self.partners, pick)
        partner = self.partners[email]
        if partner["status"] != "invited":
            return
        body = {"email": email, "orgId": "500001", "password": PASSWORD}
        self.nobody.call("createUserV3", domain=DOMAIN, body=body, status=201)
        partner["status"] = "registered"

    @precondition(lambda self: self.partners)
    @rule(pick=PICK)
    def resend(self, pick: int) -> None:
        partner = self.partners[chosen(self.partners, pick)]
        status = 200 if partner["status"] == "invited" else 400
        self.sabine.call("resendPartnerInvitation", partner_id=partner["id"], status=status)

    @precondition(lambda self: self.partners)
    @rule(pick=PICK, access=st.booleans())
    def switch(self, pick: int, access: bool) -> None:
        partner = self.partners[chosen(self.partners, pick)]
        operation = "enablePartner" if access else "disablePartner"
        is_new = partner["status"] is not None and partner["access"] is not access
        self.sabine.call(operation, partner_id=partner["id"], status=200 if is_new else 400)
        partner["access"] = access if is_new else partner["access"]

    @precondition(lambda self: self.partners)
    @rule(pick=PICK)
    def revoke(self, pick: int) -> None:
        partner = self.partners[chosen(self.partners, pick)]
        client = self._client(partner)
        status = 400 if partner["status"] is None else 200
        self.sabine.call("revokePartner", partner_id=partner["id"], status=status)
        partner["status"] = None
        for operation in ("revokePartner", "disablePartner", "resendPartnerInvitation"):
            self.sabine.call(operation, partner_id=partner["id"], status=400)
        if client is not None:
            client.call("getPortalUser", status=401)

    @rule()
    def an_unknown_partner_is_not_found(self) -> None:
        for operation in ("revokePartner", "disablePartner", "enablePartner", "resendPartnerInvitation"):
            self.sabine.call(operation, partner_id=self.id_of("page/p1-login"), status=404)

    @invariant()
    def list_and_access_say_the_same(self) -> None:
        listed = {one["_id"]: one for one in self.sabine.call("listBusinessPartners")["data"]}
        assert listed.keys() - self.others == {partner["id"] for partner in self.partners.values()}
        for email, partner in self.partners.items():
            found = listed[partner["id"]]
            assert found["email"] == email
            assert found["has_portal_user"] is (partner["status"] is not None)
            exists = self.nobody.call("userExists", email=email, **PORTAL)["exists"]
            assert exists is (partner["status"] == "registered")
            client = self._client(partner)
            if client is not None:
                assert found["access_status"] is partner["access"]
                client.call("getContact", status=200 if partner["access"] else 403)

    def _client(self, partner: Record) -> Client | None:
        """Somebody with a token of the partner's live user."""
        users = self.world.draft().referring(partner["id"], "portal_user", "mapped_contact")
        live = [user["_id"] for user in users if "_deleted_at" not in user]
        return self.nobody.as_(token_of(live[0])) if live else None


def test_user_exists_from_the_registration_until_deleted() -> None:
    walk(Users)


def test_partner_has_access_from_the_invitation_until_revoked() -> None:
    walk(Partners)
