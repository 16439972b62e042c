"""Records that their owner may change are changed piece by piece, and read everywhere they are shown."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from mockportal.json_tree import at, by_id, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, step
from mockportal.judge.journeys.walk.values import TEXTS, TYPED, WHICH
from mockportal.judge.journeys.walk.walk import Ended, Skipped, agree
from mockportal.judge.model import body_of
from mockportal.values import Json, Record

_NOTE = "journey_note"  # an attribute that nobody else has; entities are open
_MOVING = frozenset(("_updated_at", "_title", _NOTE))
_FEED, _GET, _SEARCH = "getEntityActivityFeed", "getPortalUserEntity", "searchPortalUserEntities"
_NOBODY = "00000000-0000-4000-8000-000000000000"


class EditableKind(NamedTuple):
    """The operations for records of one kind.

    `inside` is the place of the record in the answer of its detail operation, and `lists` names the operations that
    list it, with the place of the list in each answer.
    """

    slug: str
    update: str
    show: str
    inside: str = "entity"
    lists: tuple[tuple[str, str], ...] = ()


class Entity(Machine):
    """The model is the record as its detail operation last showed it."""

    kind: ClassVar[EditableKind]

    def begin(self) -> None:
        kind = self.kind
        self.token: dict[str, Any] = {
            "token": self.context.target.variable_of(self.context.spec.operations[kind.update])
        }
        params = self.context.case(kind.update).params
        self.here: dict[str, Any] = {"params": params, **self.token}
        self.record = self._shown()
        if not self.record or self.record.get("_schema") not in (None, kind.slug):
            raise Ended
        self.id = str(self.record.get("_id"))
        self.body: Record = self.context.case(kind.update).body or {}
        self.latest = str(self.record.get("_updated_at", ""))
        old = {name: self.record.get(name) for name in self.body}
        self.walk.undo.append(lambda: self.walk.ask(kind.update, body=old, **self.here))

    @step(which=WHICH)
    def write_the_case(self, which: int) -> None:
        self._write(self.body)

    @step(text=TEXTS, note=TYPED)
    def write(self, text: str, note: Record) -> None:
        texts = {
            name: text for name, value in self.body.items() if value.__class__ is str and len(value) > 15
        }
        more = {_NOTE: {**note, "text": text}} if self.context.populated else {}
        if texts or more:
            self._write({**texts, **more})

    @step(one=TEXTS, two=TYPED)
    def merge(self, one: str, two: Record) -> None:
        """A patch of a nested value leaves what it does not name, and replaces lists."""
        if self.context.populated:
            self._write({_NOTE: {"one": one, "both": {"first": one}}})
            self._write({_NOTE: {"both": {"second": two}, "items": [one, one]}})

    @step(which=WHICH)
    def remove(self, which: int) -> None:
        if self.context.populated and isinstance(self.record.get(_NOTE), dict):
            names = list(self.record[_NOTE])
            self._write({_NOTE: {names[which % len(names)]: None} if names and which % 2 else None})

    @step(which=WHICH)
    def write_what_is_not_theirs(self, which: int) -> None:
        """Ids and owners stay, whether such a patch is refused or passed over."""
        if not self.walk.isolated:
            raise Skipped
        name = ("_id", "_org", "_schema", "_created_at")[which % 4]
        self.walk.ask(self.kind.update, body={name: "2001-01-01T00:00:00.000Z"}, **self.here)
        self._unchanged("a system field was written")

    @step(which=WHICH)
    def send_nonsense(self, which: int) -> None:
        self.walk.refused(self.kind.update, "invalid", "a list", body=[{_NOTE: 1}], **self.here)
        if "id" in self.here["params"]:
            how: Any = {"params": {"id": _NOBODY}, "body": {"description": "x"}, **self.token}
            self.walk.refused(self.kind.update, "unknown", "an unknown id", **how)
        self._unchanged("a refused patch changed something")

    @step(text=TEXTS)
    def let_a_stranger_write(self, text: str) -> None:
        """A caller who may not read a record may not change it."""
        if "id" not in self.here["params"] or not self.walk.isolated:
            raise Skipped
        for token in sorted(self.context.target.variables()):
            how: Any = {"params": self.here["params"], "token": token}
            if self.walk.ask(self.kind.show, **how).status in (403, 404):
                exchange = self.walk.ask(self.kind.update, body={"description": text}, **how)
                message = f"somebody who may not read it changes it, answered with {exchange.status}"
                self.walk.expect(exchange.status >= 400, self.kind.update, "written by a stranger", message)
        self._unchanged("a stranger's patch changed something")

    def _write(self, patch: Record) -> None:
        kind, before, others = self.kind, self.record, self._others()
        feed = self._activities()
        answer = at(self.walk.must(kind.update, body=patch, **self.here), "data")
        write = self.walk.writes[-1]
        wanted = merged({name: before.get(name) for name in patch}, patch)
        self.walk.same(wanted, answer, kind.update, "answered otherwise than written", write)
        self.record = self._shown()
        self.walk.same(wanted, self.record, kind.update, "read otherwise than written")
        self._removed(patch, before)
        kept = {name: value for name, value in before.items() if name not in {*patch, *_MOVING}}
        steady = {name: value for name, value in kept.items() if name not in self._following(patch)}
        self.walk.same(steady, self.record, kind.update, "changed what was not sent")
        self._moved(wanted, before, feed)
        self._agree(wanted, others)

    def _removed(self, patch: Record, before: Record) -> None:
        """An attribute that a patch sets to null is gone."""
        left = [name for name, value in patch.items() if value is None and self.record.get(name) is not None]
        note, mine = patch.get(_NOTE), self.record.get(_NOTE)
        if isinstance(note, dict) and isinstance(mine, dict):
            left += [name for name, value in note.items() if value is None and mine.get(name) is not None]
        message = f"{', '.join(left)} was set to null, and is still there"
        self.walk.chosen(not left, self.kind.update, "null removes nothing", message)

    def _following(self, patch: Record) -> set[str]:
        """The attributes that may change by themselves when these are written."""
        return {name for name in self.record if any(name.startswith(sent) for sent in patch)}

    def _moved(self, wanted: Record, before: Record, feed: int) -> None:
        kind, at_ = self.kind, str(self.record.get("_updated_at", ""))
        changed = any(before.get(name) != value for name, value in wanted.items())
        message = f"_updated_at went from {self.latest} to {at_}"
        self.walk.chosen(at_ >= self.latest, kind.update, "_updated_at goes back", message)
        if changed and self.walk.isolated:
            still = at_ == before.get("_created_at") and len(self.walk.writes) == 1
            message = "_updated_at is still that of the creation"
            self.walk.chosen(not still, kind.update, "_updated_at stands still", message)
        self.latest = at_
        now = self._activities()
        message = f"the feed has {now} activities after the change, and had {feed}"
        self.walk.chosen(not changed or feed < 0 or now > feed, _FEED, "no activity", message)

    def _agree(self, wanted: Record, others: dict[str, dict[str, Record]]) -> None:
        """Every list shows the change, and nothing else has changed."""
        for name, path in self.kind.lists:
            if self.walk.can(name):
                exchange = self.walk.ask(name, **self.token)
                listed = rows(body_of(exchange), path)
                rest = others.get(name, {}) if self.walk.isolated else {}
                agree(self.walk, name, exchange, listed, {**rest, self.id: wanted}, key="_id")
        self._agree_in_twins(wanted)

    def _agree_in_twins(self, wanted: Record) -> None:
        if self.kind.slug == "portal_user" or not self.context.populated:
            return
        wanted = {name: value for name, value in wanted.items() if name in self.body or name == _NOTE}
        queries: tuple[tuple[str, Record, Callable[[Json], Json]], ...] = (
            (_GET, {"slug": self.kind.slug, "entity_id": self.id}, lambda body: at(body, "result")),
            (_SEARCH, {"slug": self.kind.slug, "from": 0, "size": 100}, self._among_results),
        )
        for name, body, chosen in queries:
            if self.walk.can(name):
                exchange = self.walk.ask(name, body=body, **self.token)
                self.walk.same(
                    wanted, chosen(body_of(exchange)), name, "shown otherwise than written", exchange
                )
        if self.kind.slug == "contact" and self.walk.can("getECPContact"):
            exchange = self.walk.ask("getECPContact", params={"id": self.id})
            seen = at(body_of(exchange), "data")
            self.walk.same(wanted, seen, "getECPContact", "shown otherwise than written", exchange)

    def _among_results(self, body: Json) -> Json:
        return by_id(rows(body, "results"), "_id").get(self.id)

    def _unchanged(self, why: str) -> None:
        wanted = {name: value for name, value in self.record.items() if name != "_updated_at"}
        self.walk.same(wanted, self._shown(), self.kind.update, why, *self.walk.writes[-1:])

    def _others(self) -> dict[str, dict[str, Record]]:
        """The other records in each list."""
        found = {}
        for name, path in self.kind.lists:
            if self.walk.can(name) and self.walk.isolated:
                listed = by_id(rows(body_of(self.walk.ask(name, **self.token)), path), "_id")
                found[name] = {id: record for id, record in listed.items() if id != self.id}
        return found

    def _shown(self) -> Record:
        params = {name: value for name, value in self.here["params"].items() if name == "id"}
        found = at(body_of(self.walk.ask(self.kind.show, params=params, **self.token)), self.kind.inside)
        return found if isinstance(found, dict) else {}

    def _activities(self) -> int:
        """The number of activities of the record; -1 if it cannot be asked for."""
        if not self.context.populated or not self.walk.can(_FEED) or self.kind.slug == "portal_user":
            return -1
        params = {"slug": self.kind.slug, "id": self.id}
        total = at(body_of(self.walk.ask(_FEED, params=params, **self.token)), "total")
        return total if isinstance(total, int) else -1


def merged(record: Json, patch: Json) -> Json:
    """A merge patch (RFC 7396); what it removes is null here."""
    if not isinstance(patch, dict):
        return patch
    known = record if isinstance(record, dict) else {}
    return {**known, **{name: merged(known.get(name), value) for name, value in patch.items()}}


def _journey(kind: EditableKind) -> Any:
    machine = type(f"{kind.slug.title()}Entity", (Entity,), {"kind": kind})
    return journey(machine, kind.update, kind.show, walks=3, steps=5)


ENTITIES = {
    kind.slug: _journey(kind)
    for kind in (
        EditableKind(
            "order",
            "updateOrder",
            "getOrder",
            lists=(("getAllOrders", "data"), ("getAllRequests", "results")),
        ),
        EditableKind(
            "opportunity",
            "updateOpportunity",
            "getOpportunity",
            lists=(("getAllOpportunities", "data"), ("getAllRequests", "results")),
        ),
        EditableKind("contract", "updateContract", "getContract", lists=(("getAllContracts", "data"),)),
        EditableKind("contact", "updateContact", "getContact"),
        EditableKind("portal_user", "updatePortalUser", "getPortalUser", inside="data"),
    )
}
