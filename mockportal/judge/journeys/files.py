"""Files are attached to an entity, read, downloaded and removed; lists and counts follow."""

from functools import partial
from typing import Any

from hypothesis import strategies as st

from mockportal.json_tree import at, by_id, difference, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, pick, step
from mockportal.judge.journeys.walk.values import WHICH
from mockportal.judge.journeys.walk.walk import Ended, agree
from mockportal.judge.model import body_of
from mockportal.values import Json, Record

_SAVE, _DELETE, _LIST, _SHOW = "saveEntityFile", "deleteEntityFile", "getAllFiles", "getFileById"
_TRACK, _COUNT = "trackFileDownloaded", "getFilesCountByEntity"
_NAMES = ("Protokoll.pdf", "Übergabe „Zähler“ 🏡.pdf", "a b+c%20d.pdf", "Protokoll.pdf", "名前.pdf")
_NOBODY = "00000000-0000-4000-8000-000000000000"
_PORTAL = ("savePortalFiles", "savePortalFilesV3")


class Files(Machine):
    """The model holds the files that were attached, as they were answered."""

    def begin(self) -> None:
        case = self.context.case(_SAVE)
        self.token: dict[str, Any] = {
            "token": self.context.target.variable_of(self.context.spec.operations[_SAVE])
        }
        self.holder = {name: at(case.body, name) for name in ("entity_id", "entity_type")}
        if not all(self.holder.values()):
            raise Ended
        self.before = by_id(self._listed()[1], "_id") if self.walk.isolated else {}
        self.files: dict[str, Record] = {}
        self.gone: set[str] = set()
        self.count = self._counted()

    @step(_SAVE, _LIST, names=st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3))
    def attach(self, names: list[str]) -> None:
        sent = [self._file(name) for name in names]
        answer = self.walk.must(_SAVE, body={**self.holder, "files": sent})
        write = self.walk.writes[-1]
        made = rows(answer, "createdFiles")
        self.walk.same(sent, made, _SAVE, "answered otherwise than written", write)
        ids = {str(file.get("_id")) for file in made}
        fresh = len(ids) == len(made) and not ids & {*self.files, *self.gone, *self.before}
        self.walk.expect(fresh, _SAVE, "id used before", "an id was used before", write)
        self.files |= by_id(made, "_id")
        for id in ids:
            self.walk.undo.append(partial(self._delete, id))
        self._agree(_SAVE, len(made))

    @step(_SAVE, _TRACK, which=WHICH)
    def download(self, which: int) -> None:
        new = [id for id, file in self.before.items() if file.get("is_new")]
        id = pick(new or [*self.files, *self.before], which)
        for _ in range(2):
            answer = self.walk.must(_TRACK, params={"id": id}, **self.token)
            self.walk.same({"_id": id, "is_new": False}, at(answer, "file"), _TRACK, "answered as new")
            known = self.files if id in self.files else self.before
            known[id] = {**known[id], "is_new": False}
            known[id].pop("_updated_at", None)
        self._agree(_TRACK, 0)

    @step(_SAVE, _DELETE, which=WHICH)
    def send_nonsense(self, which: int) -> None:
        unknown = {**self.holder, "entity_id": _NOBODY, "files": [self._file("x.pdf")]}
        self.walk.refused(_SAVE, "unknown", "an entity that is not there", body=unknown)
        self.walk.refused(_SAVE, "invalid", "a file without a reference", body={**self.holder, "files": [{}]})
        ids = [pick(list(self.files), which), _NOBODY]
        body = {**self.holder, "file_entity_ids": ids}
        self.walk.refused(_DELETE, "unknown", "a file that is not there, beside one that is", body=body)
        self._agree(_DELETE, 0)

    @step(_SAVE, _DELETE, which=WHICH)
    def remove(self, which: int) -> None:
        id = pick(list(self.files), which)
        deleted = at(self.walk.must(_DELETE, body={**self.holder, "file_entity_ids": [id]}), "deletedFiles")
        self.walk.same([id], deleted, _DELETE, "answered otherwise than asked", self.walk.writes[-1])
        del self.files[id]
        self.gone.add(id)
        if self.walk.can(_SHOW):
            self.walk.gone(_SHOW, _DELETE, params={"id": id}, **self.token)
        self.walk.gone(_DELETE, _DELETE, body={**self.holder, "file_entity_ids": [id]})
        self._agree(_DELETE, -1)

    def _agree(self, operation: str, more: int) -> None:
        exchange, listed = self._listed()
        self._show(operation, by_id(listed, "_id"))
        wanted = {**self.before, **self.files}
        agree(self.walk, _LIST, exchange, listed, wanted, self.gone, "_id", whole=self.walk.isolated)
        hits = at(body_of(exchange), "hits")
        if self.walk.isolated:
            message = f"hits is {hits}, and there are {len(wanted)}"
            self.walk.expect(hits == len(wanted), _LIST, "hits", message, exchange)
        dates = [str(file.get("file_date", "")) for file in listed if file.get("_id") in self.files]
        in_order = dates == sorted(dates, reverse=True)
        self.walk.chosen(in_order, _LIST, "out of order", "the newest is not first", exchange)
        self._agree_around(operation, more)

    def _show(self, operation: str, listed: dict[str, Record]) -> None:
        """Each file is read as it was written. If only that is wrong, and the list is right, reading is to blame."""
        for id, file in self.files.items() if self.walk.can(_SHOW) else ():
            exchange = self.walk.ask(_SHOW, params={"id": id}, **self.token)
            blamed = operation if difference(file, listed.get(id)) else _SHOW
            seen = at(body_of(exchange), "file")
            self.walk.same(file, seen, blamed, "read otherwise than written", exchange)

    def _agree_around(self, operation: str, more: int) -> None:
        """The count and the entity itself follow."""
        count = self._counted()
        if self.walk.isolated and self.count >= 0:
            message = f"{count} files are counted, and {self.count} before"
            self.walk.expect(
                count == self.count + more, _COUNT, "miscounted", message, *self.walk.writes[-1:]
            )
        self.count = count
        if self.holder["entity_type"] == "contract" and self.walk.can("getContract"):
            how: Any = {"params": {"id": self.holder["entity_id"]}, **self.token}
            exchange = self.walk.ask("getContract", **how)
            wanted = {id: {"filename": file.get("filename")} for id, file in self.files.items()}
            shown = rows(body_of(exchange), "files")
            agree(self.walk, "getContract", exchange, shown, wanted, self.gone, "_id")

    def _listed(self) -> tuple[Any, list[Record]]:
        params = {"from": 0, "size": 1000, "entity_ids": None, "file_types": None}
        exchange = self.walk.ask(_LIST, params=params, **self.token)
        return exchange, rows(body_of(exchange), "results")

    def _counted(self) -> int:
        """The number of files of the entity; -1 if it cannot be asked for."""
        if not self.walk.can(_COUNT):
            return -1
        counts = by_id(rows(body_of(self.walk.ask(_COUNT, **self.token))), "entity_id")
        count: Json = counts.get(self.holder["entity_id"], {}).get("file_count", 0)
        return count if isinstance(count, int) else -1

    def _file(self, name: str) -> Record:
        known = rows(self.context.case(_SAVE).body, "files")
        return {"filename": name, "s3ref": at(known[0], "s3ref") if known else {"bucket": "b", "key": "k"}}

    def _delete(self, id: str) -> None:
        self.walk.ask(_DELETE, body={**self.holder, "file_entity_ids": [id]})


class PortalFiles(Machine):
    """Images of a portal appear in its configuration; each upload makes new files."""

    needs_world = True

    def begin(self) -> None:
        self.ids: set[str] = set()

    @step(_PORTAL[0], which=WHICH)
    def save(self, which: int) -> None:
        self._save(_PORTAL[0], which)

    @step(_PORTAL[1], which=WHICH)
    def save_by_id(self, which: int) -> None:
        self._save(_PORTAL[1], which)

    def _save(self, operation: str, which: int) -> None:
        body: Json = self.context.case(operation).body
        kinds = ("welcomeBanner", "orderLeftTeaser", "orderRightTeaser")
        sent = [
            {**file, "file_type": kinds[which % 3], "filename": f"bild-{which}.png"}
            for file in rows(body, "files")
        ]
        made = rows(self.walk.must(operation, body={**body, "files": sent}), "createdFiles")
        write = self.walk.writes[-1]
        names = [{"filename": file["filename"], "s3ref": file.get("s3ref")} for file in sent]
        self.walk.same(names, made, operation, "answered otherwise than written", write)
        ids = {str(file.get("_id")) for file in made}
        fresh = len(ids) == len(made) and not ids & self.ids
        self.walk.expect(fresh, operation, "id used before", "an id was used before", write)
        self.ids |= ids
        if self.context.populated and self.walk.can("getPublicPortalConfigV3") and made:
            exchange = self.walk.ask("getPublicPortalConfigV3")
            wanted = {kinds[which % 3]: made[-1].get("public_url")}
            seen = at(body_of(exchange), "images")
            self.walk.same(wanted, seen, operation, "image shown otherwise than written", exchange)


FILES = journey(Files, _SAVE, _LIST, _DELETE, walks=4, steps=6)
PORTAL_FILES = journey(PortalFiles, _PORTAL[0], walks=3, steps=4)
