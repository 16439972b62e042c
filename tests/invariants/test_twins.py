"""A v2 operation and its v3 twin are one: they do the same, answer the same, and each sees what the other wrote."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Json, Record, decode, encode
from tests.support.machines import Machine, chosen, fork_of, walk

PICK = st.integers(0, 99)
PORTALS: dict[str, Record] = {
    "p1": {"origin": "END_CUSTOMER_PORTAL", "domain": "mein.sw-musterau.test", "user": "anna"},
    "p2": {"origin": "INSTALLER_PORTAL", "domain": "partner.sw-musterau.test", "user": "marek"},
}
LINKS = ("bd150428-8f6b-5c63-97ec-ffedf1145115", "7b362e68-3629-5934-ab40-4a025399f090")
SLOTS = ("invitation", "forgotPassword", "onNewQuote")
TEMPLATES = (None, "6e6bbcbd-9781-5487-83b2-d280d5e00658", "443c0995-0723-5bd3-a3ab-113af3f5b76c")
CHECK = {"app_id": "musterau-energiedaten", "extension_id": "energy-data", "hook_id": "plausi-check"}
PROVIDER = {"slug": "neu-id", "display_name": "Neu", "oidc_config": {"client_id": "c", "client_secret": "s"}}
SETTINGS: tuple[Record, ...] = (
    {"name": "Neu"},
    {"name": "Alt", "enabled": True},
    {"name": "Aus", "enabled": False},
    {"extension_hooks": {"meterReadingPlausibilityCheck": CHECK}},
    {"extensions": [{"id": "energy-data", "status": "installed"}, {"id": "multi", "status": "enabled"}]},
    {"identity_providers": [PROVIDER]},
    {"registration_identifiers": [{"schema": "contact", "name": "customer_number"}]},
    {"meter_reading_grace_period": 3, "images": {"welcomeBanner": "https://musterau.test/b.png"}},
    {"domain": "MEIN.sw-musterau.test"},
)


class Pair(NamedTuple):
    """Two operations, who calls them ("user" is a user of the portal), and how each says which portal is meant."""

    v2: str
    v3: str
    caller: str
    v2_names: tuple[str, ...]
    v3_names: tuple[str, ...] = ("portal_id",)
    body: Callable[["Twins", str, int], Json] = lambda twins, portal, pick: None
    more: Record = {}  # noqa: RUF012 - never changed


def registration(twins: "Twins", portal: str, pick: int) -> Json:
    identifiers = {"contact": {"last_name": "Berger"}, "contract": {"contract_number": "V-900001"}}
    names = {"first_name": "Nina", "last_name": "Neu"}
    body = {"email": f"neu{pick}@example.org", "orgId": "500001", "password": "Musterau!2026"}
    return {**body, "registration_identifiers": identifiers, "additional_contact_attributes": names}


def identifiers(twins: "Twins", portal: str, pick: int) -> Json:
    values = {
        "contact": {"last_name": ("Berger", "Nowak")[pick % 2]},
        "contract": {"contract_number": "V-900001"},
    }
    return {"org_id": "500001", "registration_identifiers": values}


def settings(twins: "Twins", portal: str, pick: int) -> Json:
    if pick % 3:
        return {**chosen(SETTINGS, pick)}
    links = [
        {"id": link, "label": {"de": link}, "type": "link", "link": f"https://musterau.test/{pick}"}
        for link in LINKS[: pick % 4]
    ]
    return {"config": encode({"externalLinks": links}).decode()}


def templates(twins: "Twins", portal: str, pick: int) -> Json:
    return {SLOTS[pick % len(SLOTS)]: chosen(TEMPLATES, pick // len(SLOTS))}


def widgets(twins: "Twins", portal: str, pick: int) -> Json:
    types = ("TEASER_WIDGET", "ENTITY_WIDGET", "ACTION_WIDGET")[: pick % 4]
    return {"widgets": [{"id": f"w{n}", "type": type, "listIndex": n} for n, type in enumerate(types)]}


def files(twins: "Twins", portal: str, pick: int) -> Json:
    place = ("welcomeBanner", "orderLeftTeaser", "other")[pick % 3]
    file = {"filename": f"{pick}.png", "file_type": place, "s3ref": {"bucket": "b", "key": f"k/{pick}"}}
    return {"origin": PORTALS[portal]["origin"], "files": [file]}


ORG_ORIGIN = ("org_id", "origin")
ORG_ID = ("org_id", "portal_id")
PAIRS = (
    Pair("getPublicPortalConfig", "getPublicPortalConfigV3", "", ORG_ORIGIN, ORG_ID),
    Pair("getPublicPortalExtensionDetails", "getPublicPortalExtensionDetailsV3", "", ORG_ORIGIN, ORG_ID),
    Pair("getPublicPortalWidgets", "getPublicPortalWidgetsV3", "", ORG_ORIGIN, ORG_ID),
    Pair("getSchemasByDomain", "getPublicSchemasV3", "", ("domain",), ORG_ID),
    Pair("userExists", "userExistsV3", "", ORG_ORIGIN, ORG_ID, more={"email": "anna.berger@example.org"}),
    Pair("checkContactExists", "checkContactExistsV3", "", ("origin",), body=identifiers),
    Pair("createUser", "createUserV3", "", ("origin",), body=registration),
    Pair(
        "ssoLogin", "ssoLoginV3", "oidc-lea", ORG_ORIGIN, ORG_ID, lambda *_: {"provider_slug": "musterau-id"}
    ),
    Pair("upsertPortal", "putPortalConfig", "admin", ("origin",), body=settings),
    Pair("getPortalConfig", "getPortalConfigV3", "admin", ("origin",)),
    Pair("deletePortal", "deletePortalConfig", "admin", ("origin",)),
    Pair("getOrgPortalConfig", "getOrgPortalConfigV3", "admin", ("origin",)),
    Pair("getAllPortalConfigs", "listAllPortalConfigs", "admin", (), ()),
    Pair("upsertEmailTemplates", "upsertEmailTemplatesByPortalId", "admin", ("origin",), body=templates),
    Pair("getEmailTemplates", "getEmailTemplatesByPortalId", "admin", ("origin",)),
    Pair("upsertPortalWidget", "upsertPortalWidgetV3", "admin", ("origin",), body=widgets),
    Pair("getPortalWidgets", "getPortalWidgetsV3", "user", ("origin",)),
    Pair("savePortalFiles", "savePortalFilesV3", "admin", (), body=files),
    Pair("getPortalExtensions", "getPortalExtensionsV3", "admin", ("origin",)),
    Pair("validateCaaRecords", "validateCaaRecordsV3", "admin", ("origin",)),
    Pair("configureDistribution", "configureDistributionV3", "admin", ("origin",)),
    Pair(
        "triggerEntityAccessEvent",
        "triggerEntityAccessEventV3",
        "user",
        ("origin",),
        more={"schema": "contact"},
    ),
    Pair("getExternalLinks", "getExternalLinksV3", "user", ("origin",)),
    Pair("getResolvedExternalLink", "getResolvedExternalLinkV3", "user", ("origin",), more={"id": LINKS[0]}),
)


class Twins(Machine):
    """`written` is `{portal: {"name": …, "templates": {slot: id}, "widgets": ids, "links": ids}}`."""

    written: dict[str, Record]

    @initialize()
    def begin(self) -> None:
        self.ids = {portal: self.id_of(f"portal/{portal}") for portal in PORTALS}
        self.written = {}
        for portal, id in self.ids.items():
            config = self.admin.call("getPortalConfigV3", portal_id=id)
            self.written[portal] = {
                "name": config["name"],
                "templates": config["email_templates"],
                "widgets": [
                    each["id"] for each in self.admin.call("getPortalWidgetsV3", portal_id=id)["widgets"]
                ],
                "links": _links(config["config"]),
            }

    @rule(
        v2=st.sampled_from([pair.v2 for pair in PAIRS]),
        portal=st.sampled_from([*PORTALS]),
        pick=PICK,
        keep_v3=st.booleans(),
    )
    def do_both(self, v2: str, portal: str, pick: int, keep_v3: bool) -> None:
        """The same call by v2 in one world and by v3 in another, in which everything is the same."""
        pair = next(pair for pair in PAIRS if pair.v2 == v2)
        body = pair.body(self, portal, pick)
        one, other = self._as(pair, portal), self._as(pair, portal)
        left = one.exchange(pair.v2, body=body, **self._params(pair.v2_names, portal), **pair.more).reply
        right = other.exchange(pair.v3, body=body, **self._params(pair.v3_names, portal), **pair.more).reply
        cannot_say_so = not self.admin.mock.spec.operations[v2].documents(
            right.status
        )  # getSchemasByDomain: 403
        assert left.status == right.status or cannot_say_so, (left, right)
        assert "audit" not in (left.answered_by, right.answered_by), (left, right)
        assert max(left.status, right.status) >= 400 or _same(left.body) == _same(right.body)
        assert one.world.state.tables == other.world.state.tables
        if v2 != "deletePortal":
            self.world.state = (other if keep_v3 else one).world.state
            self._note(pair, portal, body, left.status)

    @invariant()
    def both_read_what_either_wrote(self) -> None:
        for portal, written in self.written.items():
            by_origin: Record = {"origin": PORTALS[portal]["origin"]}
            by_id: Record = {"portal_id": self.ids[portal]}
            for operation in ("getPortalConfig", "getOrgPortalConfig"):
                assert self.admin.call(operation, **by_origin)["name"] == written["name"]
                assert self.admin.call(f"{operation}V3", **by_id)["name"] == written["name"]
            templates = self.admin.call("getEmailTemplates", **by_origin)
            assert templates == written["templates"]
            assert self.admin.call("getEmailTemplatesByPortalId", **by_id) == templates
            for operation, kind in (("getPortalWidgets", "widgets"), ("getExternalLinks", "links")):
                v2, v3 = self.admin.call(operation, **by_origin), self.admin.call(f"{operation}V3", **by_id)
                assert v2 == v3
                listed = v2["widgets"] if kind == "widgets" else v2
                assert [each["id"] for each in listed] == written[kind]

    def _as(self, pair: Pair, portal: str) -> Client:
        """Somebody with the right token in a copy of the world."""
        person = PORTALS[portal]["user"] if pair.caller == "user" else pair.caller
        return Client(self.admin.mock, fork_of(self.world), f"dev-{person}" if person else "")

    def _params(self, names: tuple[str, ...], portal: str) -> Record:
        known = {"org_id": "500001", "portal_id": self.ids[portal], **PORTALS[portal]}
        return {name: known[name] for name in names}

    def _note(self, pair: Pair, portal: str, body: Any, status: int) -> None:
        written = self.written[portal]
        if status >= 400:
            return
        if pair.v2 == "upsertPortal":
            written["name"] = body.get("name", written["name"])
            written["links"] = _links(body["config"]) if "config" in body else written["links"]
        if pair.v2 == "upsertEmailTemplates":
            merged = {**written["templates"], **body}
            written["templates"] = {slot: id for slot, id in merged.items() if id is not None}
        if pair.v2 == "upsertPortalWidget":
            written["widgets"] = [widget["id"] for widget in body["widgets"]]


def _links(config: str) -> list[str]:
    links: list[Record] = decode(config.encode())["externalLinks"]
    return [link["id"] for link in links]


def _same(body: Any) -> Any:
    """What v2 and v3 spell in two ways, in one: pages by id, providers by slug, no `id` beside `portal_id`."""
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("data"), list):
        return [_same(each) for each in body["data"]]
    if "portal_id" not in body or "pages" not in body:
        return body
    pages = body["pages"].values() if isinstance(body["pages"], dict) else body["pages"]
    known = {name: value for name, value in body.items() if name != "id"}
    slugs = [provider["slug"] for provider in body.get("identity_providers", ())]
    return {**known, "pages": {page["id"]: page for page in pages}, "identity_providers": slugs}


def test_there_are_twenty_four_pairs(spec: Spec) -> None:
    names = [name for pair in PAIRS for name in (pair.v2, pair.v3)]

    assert len(set(names)) == 48
    assert set(names) <= spec.operations.keys()
    assert {name for name in spec.operations if name.endswith("V3")} <= set(names)


def test_twins_do_the_same() -> None:
    walk(Twins)
