"""The selections of a portal, widgets and e-mail templates, are written by v2 or v3 and shown by both."""

from typing import Any

from hypothesis import strategies as st

from mockportal.json_tree import at, difference, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, step
from mockportal.judge.journeys.walk.values import TEXTS, WHICH
from mockportal.judge.journeys.walk.walk import Ended
from mockportal.judge.model import body_of
from mockportal.values import Json, Record

_PUBLIC = ("ACTION_WIDGET", "CONTENT_WIDGET", "TEASER_WIDGET")
_KINDS = ("CONTENT_WIDGET", "TEASER_WIDGET", "DOCUMENT_WIDGET", "PAYMENT_WIDGET", "ENTITY_WIDGET")
_IDS = [f"0b6c1f0e-8a57-4a3c-9a39-5f3a1c0d7e{number:02}" for number in range(4)]
_SLOTS = ("confirmAccount", "invitation", "partnerInvitation", "onDocUpload", "onNewQuote", "forgotPassword")


class Widgets(Machine):
    """The model is the list that was written last."""

    def begin(self) -> None:
        self.admin: dict[str, Any] = {"token": self.context.token("EpilotAuth")}
        found = body_of(self.walk.ask("getPortalWidgetsV3", **self.admin))
        if not isinstance(at(found, "widgets"), list):
            raise Ended
        self.widgets: list[Record] = rows(found, "widgets")
        self.has_twin = self.walk.can("getPortalWidgets") and not difference(
            self.widgets, at(body_of(self.walk.ask("getPortalWidgets", **self._of_v2())), "widgets")
        )
        body = {"widgets": self.widgets}
        self.walk.undo.append(lambda: self.walk.ask("upsertPortalWidgetV3", body=body))

    @step(
        "upsertPortalWidgetV3",
        "getPortalWidgetsV3",
        kinds=st.lists(st.sampled_from(_KINDS), max_size=4),
        text=TEXTS,
    )
    def replace(self, kinds: list[str], text: str) -> None:
        self._write("upsertPortalWidgetV3", kinds, text)

    @step(
        "upsertPortalWidget",
        "getPortalWidgets",
        kinds=st.lists(st.sampled_from(_KINDS), max_size=4),
        text=TEXTS,
    )
    def replace_by_origin(self, kinds: list[str], text: str) -> None:
        if self.has_twin:
            self._write("upsertPortalWidget", kinds, text)

    @step("upsertPortalWidgetV3", which=WHICH)
    def send_nonsense(self, which: int) -> None:
        body = {"widgets": [{"id": "x", "type": "CONTENT_WIDGET", "listIndex": "first"}]}
        self.walk.refused("upsertPortalWidgetV3", "invalid", "a listIndex that is no number", body=body)
        self._agree("upsertPortalWidgetV3")

    def _write(self, operation: str, kinds: list[str], text: str) -> None:
        self.widgets = [
            {
                "id": f"{kind.lower()}-{at}",
                "type": kind,
                "listIndex": 10 - at,
                "headline": {"de": text, "en": f"{text}!"},
                **({"content": f"<p>{text}</p>"} if kind == "CONTENT_WIDGET" else {}),
                **({"schema": "contract"} if kind == "ENTITY_WIDGET" else {}),
            }
            for at, kind in enumerate(kinds)
        ]
        for _ in range(2):
            answer = self.walk.must(operation, body={"widgets": self.widgets})
            write = self.walk.writes[-1]
            problem = difference(_by_index(self.widgets), _by_index(rows(answer, "widgets")))
            self.walk.expect(not problem, operation, "answered otherwise than written", problem, write)
            self._agree(operation)

    def _agree(self, operation: str) -> None:
        names = ["getPortalWidgetsV3", *(["getPortalWidgets"] if self.has_twin else ())]
        for name in names:
            how = self._of_v2() if name == "getPortalWidgets" else self.admin
            exchange = self.walk.ask(name, **how)
            seen = at(body_of(exchange), "widgets")
            self.walk.same(_by_index(self.widgets), seen, operation, f"shown otherwise: {name}", exchange)
        self._agree_in_public(operation)

    def _agree_in_public(self, operation: str) -> None:
        public = _by_index([one for one in self.widgets if one["type"] in _PUBLIC])
        stripped = [{k: v for k, v in one.items() if k != "actions"} for one in public]
        for name in ("getPublicPortalWidgets", "getPublicPortalWidgetsV3"):
            if self.walk.can(name) and self.context.populated:
                exchange = self.walk.ask(name)
                seen = at(body_of(exchange), "widgets")
                self.walk.same(stripped, seen, operation, f"shown otherwise: {name}", exchange)

    def _of_v2(self) -> dict[str, Any]:
        return {"params": self.context.case("upsertPortalWidget").params, **self.admin}


class Templates(Machine):
    """The model holds the template of each slot."""

    def begin(self) -> None:
        self.admin: dict[str, Any] = {"token": self.context.token("EpilotAuth")}
        found = body_of(self.walk.ask("getEmailTemplatesByPortalId"))
        if not isinstance(found, dict):
            raise Ended
        self.slots: Record = found
        self.has_twin = self.walk.can("getEmailTemplates") and found == body_of(
            self.walk.ask("getEmailTemplates")
        )
        body = dict.fromkeys(_SLOTS) | found
        self.walk.undo.append(lambda: self.walk.ask("upsertEmailTemplatesByPortalId", body=body))

    @step(
        "upsertEmailTemplatesByPortalId",
        chosen=st.dictionaries(st.sampled_from(_SLOTS), st.sampled_from(_IDS)),
    )
    def choose(self, chosen: Record) -> None:
        self._write("upsertEmailTemplatesByPortalId", chosen)

    @step(
        "upsertEmailTemplates",
        chosen=st.dictionaries(st.sampled_from(_SLOTS), st.sampled_from(_IDS), min_size=1),
    )
    def choose_by_origin(self, chosen: Record) -> None:
        if self.has_twin:
            self._write("upsertEmailTemplates", chosen)

    @step("upsertEmailTemplatesByPortalId", slot=st.sampled_from(_SLOTS))
    def clear(self, slot: str) -> None:
        if self.context.populated:
            self._write("upsertEmailTemplatesByPortalId", {slot: None})

    @step("upsertEmailTemplatesByPortalId", which=WHICH)
    def send_nonsense(self, which: int) -> None:
        body = {_SLOTS[0]: "no id", _SLOTS[1]: _IDS[0]}
        self.walk.refused("upsertEmailTemplatesByPortalId", "invalid", "an id that is none", body=body)
        self._agree("upsertEmailTemplatesByPortalId")

    def _write(self, operation: str, chosen: Record) -> None:
        self.slots = {slot: id for slot, id in {**self.slots, **chosen}.items() if id is not None}
        for _ in range(2):
            answer = self.walk.must(operation, body=chosen)
            self._compare(operation, "answered", at(answer, "emailTemplates"))
        self._agree(operation)

    def _agree(self, operation: str) -> None:
        names = ["getEmailTemplatesByPortalId", *(["getEmailTemplates"] if self.has_twin else ())]
        for name in names:
            exchange = self.walk.ask(name)
            self._compare(operation, f"shown: {name}", body_of(exchange), exchange)
        if self.walk.can("getPortalConfigV3") and self.context.populated and len(self.walk.writes) % 3 == 0:
            exchange = self.walk.ask("getPortalConfigV3", **self.admin)
            seen = at(body_of(exchange), "email_templates")
            self._compare(operation, "shown: getPortalConfigV3", seen, exchange)

    def _compare(self, operation: str, where: str, seen: Json, *exchanges: Any) -> None:
        found = {k: v for k, v in seen.items() if v is not None} if isinstance(seen, dict) else seen
        problem = difference(self.slots, found) or difference(found, self.slots)
        signature = f"{where} otherwise than written"
        self.walk.expect(not problem, operation, signature, f"{signature}: {problem}", *exchanges)


def _by_index(widgets: list[Record]) -> list[Record]:
    return sorted(widgets, key=lambda one: str(one.get("listIndex")).zfill(9))


WIDGETS = journey(Widgets, "getPortalWidgetsV3", "upsertPortalWidgetV3")
TEMPLATES = journey(Templates, "getEmailTemplatesByPortalId", "upsertEmailTemplatesByPortalId")
