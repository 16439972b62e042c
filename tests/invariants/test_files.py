"""Files are counted, listed and bundled alike; a file is there from its upload until it is deleted."""

from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.machines import Machine, chosen, walk

PICK = st.integers(0, 99)
# person → what they may attach files to, and the operation that shows it with its files
HOLDERS = {
    "anna": {
        "contract/v-900001": "getContract",
        "contract/v-900002": "getContract",
        "order/an-2026-00431": "getOrder",
        "opportunity/op-3004": "getOpportunity",
        "contact/anna": "getContact",
        "meter/1tst0010000001": "",
    },
    "mehmet": {"contract/v-900003": "getContract", "contract/v-900004": "getContract"},
}
NAMES = st.lists(st.sampled_from(["rechnung.pdf", "foto.jpg", "werte.csv"]), min_size=1, max_size=3)
PERSON = st.sampled_from([*HOLDERS])


class Files(Machine):
    """`files` is `{person: {file id: holder}}` of what was uploaded, `opened` the ids that a person has opened."""

    files: dict[str, dict[str, str]]

    @initialize()
    def begin(self) -> None:
        self.files = {person: {} for person in HOLDERS}
        self.before = {person: self._counts(self.as_(person)) for person in HOLDERS}

    @rule(person=PERSON, pick=PICK, names=NAMES)
    def upload(self, person: str, pick: int, names: list[str]) -> None:
        holder = chosen(HOLDERS[person], pick)
        files = [{"filename": name, "s3ref": {"bucket": "b", "key": name}} for name in names]
        answer = self.as_(person).call(
            "saveEntityFile", body={**self._entity(holder), "files": files}, status=201
        )
        assert [file["filename"] for file in answer["createdFiles"]] == names
        for file in answer["createdFiles"]:
            self.files[person][file["_id"]] = holder
            shown = self.as_(person).call("getFileById", id=file["_id"])["file"]
            assert shown == file
            assert shown["is_new"] is False

    @rule(person=PERSON)
    def upload_of_an_unwanted_kind_is_refused(self, person: str) -> None:
        holder = chosen(HOLDERS[person], 0)
        files = [
            {"filename": name, "s3ref": {"bucket": "b", "key": "k"}} for name in ("gut.pdf", "nicht.exe")
        ]
        self.as_(person).call("saveEntityFile", body={**self._entity(holder), "files": files}, status=400)

    @precondition(lambda self: any(self.files.values()))
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        person, id = chosen(self._uploaded(), pick)
        client = self.as_(person)
        body = {**self._entity(self.files[person].pop(id)), "file_entity_ids": [id]}
        assert client.call("deleteEntityFile", body=body, status=202) == {"deletedFiles": [id]}
        client.call("getFileById", id=id, status=404)
        client.call("trackFileDownloaded", id=id, status=404)
        client.call("deleteEntityFile", body=body, status=404)

    @precondition(lambda self: any(self.files.values()))
    @rule(pick=PICK)
    def download(self, pick: int) -> None:
        person, id = chosen(self._uploaded(), pick)
        assert self.as_(person).call("trackFileDownloaded", id=id)["file"]["is_new"] is False

    @precondition(lambda self: any(self.files.values()))
    @rule(pick=PICK)
    def another_customer_does_not_find_it(self, pick: int) -> None:
        person, id = chosen(self._uploaded(), pick)
        [other] = [one for one in HOLDERS if one != person]
        body = {**self._entity(self.files[person][id]), "file_entity_ids": [id]}
        self.as_(other).call("getFileById", id=id, status=404)
        self.as_(other).call("deleteEntityFile", body=body, status=404)

    @invariant()
    def counts_lists_and_bundles_agree(self) -> None:
        for person, holders in HOLDERS.items():
            client = self.as_(person)
            counts = self._counts(client)
            expected = dict(self.before[person])
            for holder in self.files[person].values():
                id = self.id_of(holder)
                expected[id] = expected.get(id, 0) + 1
            assert counts == expected
            for holder, operation in holders.items():
                id = self.id_of(holder)
                listed = self._listed(client, entity_ids=[id])
                assert len(listed) == counts.get(id, 0)
                if operation:
                    named: Record = {} if operation == "getContact" else {"id": id}
                    bundled = [file["_id"] for file in client.call(operation, **named)["files"]]
                    assert sorted(bundled) == sorted(listed)
            uploaded = {file for file in self._listed(client) if file in self.files[person]}
            assert uploaded == self.files[person].keys()

    def _entity(self, holder: str) -> Record:
        return {"entity_id": self.id_of(holder), "entity_type": holder.partition("/")[0]}

    def _uploaded(self) -> Iterator[tuple[str, str]]:
        return ((person, id) for person, files in self.files.items() for id in files)

    def _counts(self, client: Client) -> dict[str, int]:
        return {one["entity_id"]: one["file_count"] for one in client.call("getFilesCountByEntity")}

    def _listed(self, client: Client, **query: list[str]) -> list[str]:
        page: Record = {"from": 0, "size": 1000, **query}
        answer = client.call("getAllFiles", **page)
        assert answer["hits"] == len(answer["results"])
        return [file["_id"] for file in answer["results"]]


def test_file_is_counted_listed_and_bundled_until_it_is_deleted() -> None:
    walk(Files)
