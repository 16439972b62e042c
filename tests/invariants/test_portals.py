"""A portal is read, listed and reached by its domain until it is deleted, by v2 or by v3."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mockportal.values import Record
from tests.support.machines import Machine, chosen, walk

PICK = st.integers(0, 99)
DOMAIN = st.sampled_from(["a.musterau.test", "b.musterau.test", "c.musterau.test", "Mein.SW-Musterau.test"])
ORIGIN = st.sampled_from(["SHOP", "CLUB"])
NAME = st.sampled_from(["Laden", "Verein", "Haus"])
WIDGETS = st.lists(st.sampled_from(["TEASER_WIDGET", "CONTENT_WIDGET", "ACTION_WIDGET"]), max_size=3)


class Portals(Machine):
    """`portals` is `{portal id: {"name": …, "domain": …, "origin": …, "widgets": types}}`, oldest first."""

    portals: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        self.portals = {}
        self.others = {portal["portal_id"] for portal in self.admin.call("listAllPortalConfigs")["data"]}

    @rule(name=NAME, domain=DOMAIN)
    def create(self, name: str, domain: str) -> None:
        body = {"name": name, "domain": domain, "origin": "SHOP", "pages": []}
        if self._is_taken(domain):
            self.admin.call("createPortalConfig", body=body, status=409)
            return
        portal = self.admin.call("createPortalConfig", body=body, status=201)
        self._add(portal["portal_id"], name, domain, "SHOP", [])

    @rule(name=NAME, origin=ORIGIN)
    def upsert(self, name: str, origin: str) -> None:
        known = self._default(origin)
        status = 201 if known is None else 200
        portal = self.admin.call("upsertPortal", origin=origin, body={"name": name}, status=status)
        if known is None:
            self._add(portal["portal_id"], name, portal["epilot_domain"], origin, [])
        else:
            assert portal["portal_id"] == known
            self.portals[known]["name"] = name

    @precondition(lambda self: self.portals)
    @rule(pick=PICK)
    def clone(self, pick: int) -> None:
        id = chosen(self.portals, pick)
        source = self.portals[id]
        portal = self.admin.call("clonePortalConfig", body={"source_portal_id": id}, status=201)
        name = f"Copy of {source['name']}"
        self._add(portal["portal_id"], name, portal["domain"], source["origin"], source["widgets"])

    @precondition(lambda self: self.portals)
    @rule(pick=PICK, name=NAME, domain=DOMAIN)
    def change(self, pick: int, name: str, domain: str) -> None:
        id = chosen(self.portals, pick)
        body = {"name": name, "domain": domain}
        if self._is_taken(domain, by_other_than=id):
            self.admin.call("putPortalConfig", portal_id=id, body=body, status=400)
            return
        self.admin.call("putPortalConfig", portal_id=id, body=body)
        self.portals[id] |= body

    @precondition(lambda self: self.portals)
    @rule(pick=PICK, types=WIDGETS)
    def replace_widgets(self, pick: int, types: list[str]) -> None:
        id = chosen(self.portals, pick)
        widgets = [{"id": f"w{n}", "type": type, "listIndex": -n} for n, type in enumerate(types)]
        self.admin.call("upsertPortalWidgetV3", portal_id=id, body={"widgets": widgets}, status=201)
        self.portals[id]["widgets"] = types[::-1]

    @precondition(lambda self: len(self.portals) > 1)
    @rule(pick=PICK, by=PICK)
    def swap_domains(self, pick: int, by: int) -> None:
        one, other = chosen(self.portals, pick), chosen(self.portals, by)
        body = {"source_portal_id": one, "target_portal_id": other, "items_to_swap": ["domain"]}
        if one == other:
            self.admin.call("swapPortalConfig", body=body, status=400)
            return
        self.admin.call("swapPortalConfig", body=body)
        domains = self.portals[one]["domain"], self.portals[other]["domain"]
        self.portals[other]["domain"], self.portals[one]["domain"] = domains

    @precondition(lambda self: self.portals)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        id = chosen(self.portals, pick)
        self.admin.call("deletePortalConfig", portal_id=id, status=204)
        self._check_gone(id)

    @rule(origin=ORIGIN)
    def delete_by_origin(self, origin: str) -> None:
        id = self._default(origin)
        if id is None:
            self.admin.call("deletePortal", origin=origin, status=404)
            return
        self.admin.call("deletePortal", origin=origin, status=204)
        self._check_gone(id)

    @invariant()
    def lists_and_reads_agree(self) -> None:
        v3 = {portal["portal_id"]: portal for portal in self.admin.call("listAllPortalConfigs")["data"]}
        v2 = [portal["portal_id"] for portal in self.admin.call("getAllPortalConfigs")["data"]]
        assert v2 == list(v3)
        assert v3.keys() - self.others == self.portals.keys()
        for id, expected in self.portals.items():
            portal = self.admin.call("getPortalConfigV3", portal_id=id)
            assert portal == v3[id]
            assert (portal["name"], portal["origin"]) == (expected["name"], expected["origin"])
            public = self.nobody.call("getPortalConfigByDomain", domain=expected["domain"])
            assert public["portal_id"] == id
            widgets = self.admin.call("getPortalWidgetsV3", portal_id=id)["widgets"]
            assert [widget["type"] for widget in widgets] == expected["widgets"]

    def _add(self, id: str, name: str, domain: str, origin: str, widgets: list[str]) -> None:
        self.portals[id] = {"name": name, "domain": domain, "origin": origin, "widgets": widgets}

    def _check_gone(self, id: str) -> None:
        portal = self.portals.pop(id)
        for operation in ("getPortalConfigV3", "getOrgPortalConfigV3", "getPortalWidgetsV3"):
            self.admin.call(operation, portal_id=id, status=404)
        self.admin.call("deletePortalConfig", portal_id=id, status=404)
        self.nobody.call("getPortalConfigByDomain", domain=portal["domain"], status=404)

    def _default(self, origin: str) -> str | None:
        """The oldest portal of an origin."""
        return next((id for id, portal in self.portals.items() if portal["origin"] == origin), None)

    def _is_taken(self, domain: str, by_other_than: str = "") -> bool:
        used = {portal["domain"].lower() for id, portal in self.portals.items() if id != by_other_than}
        return domain.lower() in used | {"mein.sw-musterau.test"}


def test_portal_with_its_domain_and_widgets_is_there_until_it_is_deleted() -> None:
    walk(Portals)
