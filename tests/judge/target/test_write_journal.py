"""Writing to a deployment: only what a file allows, to the right tenant, and everything made is taken away again."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mockportal.errors import FileError, UsageError
from mockportal.judge.fuzz import Fuzzing, run_fuzzing
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Interaction, Received
from mockportal.judge.target.profiles import PROFILES
from mockportal.judge.target.targets import Target
from mockportal.judge.target.write_journal import WriteJournal, address_of, clean_up
from mockportal.judge.target.write_permissions import WritePermission, check_tenants, load_write_permissions
from mockportal.judge.wire.gate import Blocked, Gate, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import NoAnswer, Transport, in_process
from mockportal.mock import Mock
from mockportal.portal import API
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.places import without_column
from tests.support.runs import target_of

URL = "https://portal.example.test/api"
TENANT = "tenant: {operation: getPortalPages, expect: {/0/slug: login}}"
PAGE = (
    f"{{operation: createPortalPage, {TENANT}, cleanup: {{operation: deletePortalPage, id: /id, param: id}}}}"
)
BLOCK = f"{{operation: createPortalPageBlock, {TENANT}, cleanup: {{operation: deletePortalPageBlock, id: /id, param: block_id}}}}"
REMOVAL = (
    f"{{operation: deletePortalPage, {TENANT}, cleanup: none, reason: It removes what the run has made.}}"
)
ADMIN = "$MOCKPORTAL_TOKEN_EPILOTAUTH"
JSON = (("content-type", "application/json"),)


@pytest.fixture
def target(mock: Mock) -> Target:
    return replace(target_of(mock), isolation="")


def file(folder: Path, *entries: str) -> Path:
    path = folder / "writes.yaml"
    path.write_text("writes:\n" + "".join(f"  - {entry}\n" for entry in entries))
    return path


class Deployment:
    """A world of its own; `seen` are the methods and paths that arrived, `instead` answers in its place."""

    def __init__(self, mock: Mock, world: str) -> None:
        self._behind = in_process(create_app(mock))
        self._world = {"x-mockportal-world": world}
        self.seen: list[str] = []
        self.instead: dict[str, Received | None] = {}

    async def __call__(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        self.seen.append(f"{method} {target.partition('?')[0]}")
        known = next((self.instead[start] for start in self.instead if self.seen[-1].startswith(start)), ...)
        if known is None:
            raise NoAnswer("gives no answer")
        if known is not ...:
            return known
        return await self._behind(method, target, {**headers, **self._world}, body)

    def writes(self) -> list[str]:
        return [one for one in self.seen if not one.startswith("GET ")]


@pytest.fixture
def deployment(mock: Mock, request: pytest.FixtureRequest) -> Deployment:
    return Deployment(mock, f"writes-{sha256(request.node.name.encode()).hexdigest()[:12]}")


@contextmanager
def writing(
    spec: Spec, target: Target, transport: Transport, folder: Path, *entries: str
) -> Iterator[tuple[Sender, Path]]:
    """A sender of profile remote-write, and its journal."""
    allowances = load_write_permissions(file(folder, *entries), spec)
    profile = replace(PROFILES["remote-write"], allowed=frozenset(allowances), rate=0)
    journal = folder / "journal.jsonl"
    with WriteJournal(journal, spec, target, allowances, URL) as witness:
        gate = Gate(
            spec, transport, profile.limits(spec, target.side_effects), target.variables(), witness=witness
        )
        with Sender(gate) as sender:
            yield sender, journal


def call(sender: Sender, target: Target, name: str, **params: str) -> Interaction:
    case = target.cases[name]
    return sender.call(name, {**case.params, **params}, case.body, token=ADMIN)


def lines(journal: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in journal.read_text().splitlines()]


def pages(deployment: Deployment, spec: Spec, target: Target) -> set[str]:
    with Sender(Gate(spec, deployment, tokens=target.variables())) as sender:
        received = call(sender, target, "getPortalPages").received
    assert received is not None
    return {page["id"] for page in json.loads(received.body)}


def test_what_was_made_is_removed_last_first(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    before = pages(deployment, spec, target)
    with writing(spec, target, deployment, tmp_path, PAGE, BLOCK) as (sender, journal):
        received = call(sender, target, "createPortalPage").received
        assert received is not None
        page = json.loads(received.body)["id"]
        block = call(sender, target, "createPortalPageBlock", id=page)
        assert block.status < 300
        deployment.seen.clear()

        left = clean_up(journal, spec, target, deployment, URL, rate=0)

    made = json.loads(block.received.body)["id"]  # type: ignore[union-attr]
    assert left == []
    assert deployment.writes() == [
        f"DELETE /v2/portal/pages/{page}/blocks/{made}",
        f"DELETE /v2/portal/pages/{page}",
    ]
    assert pages(deployment, spec, target) == before


def test_journal_holds_names_of_tokens_and_no_token(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    secret = replace(target, tokens={**target.tokens, "EpilotAuth": "dev-admin"})
    with writing(spec, secret, deployment, tmp_path, PAGE) as (sender, journal):
        call(sender, target, "createPortalPage")

    entries = lines(journal)
    assert [next(iter(entry)) for entry in entries] == ["journal", "sending", "status"]
    assert entries[2]["token"] == ADMIN
    assert "dev-admin" not in journal.read_text()
    assert journal.stat().st_mode & 0o777 == 0o600


def test_write_is_noted_before_it_leaves(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    noted: list[object] = []

    async def looking(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Received:
        noted.append(lines(tmp_path / "journal.jsonl")[-1])
        return await deployment(method, path, headers, body)

    with writing(spec, target, looking, tmp_path, PAGE) as (sender, _):
        call(sender, target, "createPortalPage")

    assert noted == [{"sending": 1, "operation": "createPortalPage", "cleanup": True}]


def test_clean_up_goes_on_after_a_crash_and_can_be_repeated(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    before = pages(deployment, spec, target)
    with writing(spec, target, deployment, tmp_path, PAGE) as (sender, journal):
        for _ in range(3):
            call(sender, target, "createPortalPage")
    with journal.open("ab") as crashed:
        crashed.write(b'{"sending": 4, "oper')
    first = json.loads(journal.read_text().splitlines()[2])["params"]["id"]
    deployment.instead[f"DELETE /v2/portal/pages/{first}"] = Received(500, JSON, b"{}")

    left = clean_up(journal, spec, target, deployment, URL, rate=0)
    deployment.instead.clear()
    again = clean_up(journal, spec, target, deployment, URL, rate=0)
    sent = len(deployment.seen)
    third = clean_up(journal, spec, target, deployment, URL, rate=0)

    assert left == [f"deletePortalPage id={first}: answered 500"]
    assert (again, third, len(deployment.seen)) == ([], [], sent)
    assert pages(deployment, spec, target) == before


def test_what_is_gone_already_counts_as_removed(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    with writing(spec, target, deployment, tmp_path, PAGE, REMOVAL) as (sender, journal):
        received = call(sender, target, "createPortalPage").received
        assert received is not None
        removed = call(sender, target, "deletePortalPage", id=json.loads(received.body)["id"])

    assert removed.status == 204
    assert clean_up(journal, spec, target, deployment, URL, rate=0) == []


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (None, ["createPortalPage: answered nothing; look for what it may have made"]),
        (Received(502, JSON, b"{}"), ["createPortalPage: answered 502; look for what it may have made"]),
        (
            Received(201, JSON, b'{"page": 1}'),
            ["createPortalPage: answered 201; look for what it may have made"],
        ),
        (Received(400, JSON, b"{}"), []),
    ],
)
def test_write_with_an_unclear_end_is_left_for_people(
    spec: Spec,
    target: Target,
    deployment: Deployment,
    tmp_path: Path,
    answer: Received | None,
    left: list[str],
) -> None:
    deployment.instead["POST /v2/portal/pages"] = answer
    with writing(spec, target, deployment, tmp_path, PAGE) as (sender, journal):
        call(sender, target, "createPortalPage")

    assert clean_up(journal, spec, target, deployment, URL, rate=0) == left


def test_write_that_was_cut_off_by_a_crash_is_left_for_people(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    with writing(spec, target, deployment, tmp_path, PAGE) as (sender, journal):
        call(sender, target, "createPortalPage")
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:2]))

    left = clean_up(journal, spec, target, deployment, URL, rate=0)

    assert left == ["createPortalPage: was sent, and nobody saw the answer; look for what it may have made"]


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("deletePortalPage", {}),
        ("createPortalPageBlock", {}),
        ("updatePortalPage", {}),
        ("deletePortalUser", {}),
        ("confirmUser", {}),
    ],
)
def test_nothing_else_is_written(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path, name: str, params: dict[str, str]
) -> None:
    with writing(spec, target, deployment, tmp_path, PAGE, REMOVAL) as (sender, journal):
        call(sender, target, "createPortalPage")
        deployment.seen.clear()

        with pytest.raises(Blocked):
            call(sender, target, name, **params)

    assert deployment.seen == []
    assert len(lines(journal)) == 3


def test_existing_things_are_touched_only_where_the_file_says_so(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    entry = REMOVAL.replace("cleanup:", "existing: true, cleanup:")
    with writing(spec, target, deployment, tmp_path, entry) as (sender, _):
        exchange = call(sender, target, "deletePortalPage")

    assert exchange.status == 204


def test_no_journal_no_write(spec: Spec, target: Target, deployment: Deployment, tmp_path: Path) -> None:
    with writing(spec, target, deployment, tmp_path, PAGE) as (sender, _):
        witness = sender.gate.witness
        assert isinstance(witness, WriteJournal)
        witness.__exit__()

        with pytest.raises(Stopped, match="cannot be written"):
            call(sender, target, "createPortalPage")

    assert deployment.seen == []


def allowance(
    spec: Spec, folder: Path, expect: str, operation: str = "getPortalPages"
) -> list[WritePermission]:
    entry = PAGE.replace(TENANT, f"tenant: {{operation: {operation}, expect: {expect}}}")
    return [*load_write_permissions(file(folder, entry), spec).values()]


@pytest.mark.parametrize(
    ("expect", "operation", "problem"),
    [
        ("{/0/slug: dashboard}", "getPortalPages", "wrong tenant: /0/slug is 'login' instead of 'dashboard'"),
        ("{/0/slug: login, /0/order: '1'}", "getPortalPages", "wrong tenant: /0/order is "),
        ("{/nothing: x}", "getPortalPages", "wrong tenant: /nothing is None instead of 'x'"),
        ("{/0/slug: login}", "getContact", "the tenant is unknown: answers 401"),
    ],
)
def test_wrong_tenant_stops_the_run_before_anything_is_written(
    spec: Spec,
    target: Target,
    deployment: Deployment,
    tmp_path: Path,
    expect: str,
    operation: str,
    problem: str,
) -> None:
    limits = PROFILES["remote-readonly"].limits(spec)

    gate = Gate(spec, deployment, replace(limits, rate=0), target.variables())
    allowed = allowance(spec, tmp_path, expect, operation)
    with Sender(gate) as sender, pytest.raises(UsageError) as wrong:
        check_tenants(sender, target, allowed)

    assert str(wrong.value).startswith(f"{operation} (before createPortalPage may write): {problem}")
    assert deployment.writes() == []


def test_right_tenant_is_asked_for_with_the_token_of_the_write(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    exchanges: list[Interaction] = []
    gate = Gate(spec, deployment, tokens=target.variables(), watchers=[exchanges.append])

    with Sender(gate) as sender:
        check_tenants(sender, target, allowance(spec, tmp_path, "{/0/slug: login}"))

    assert [one.sent.headers["authorization"] for one in exchanges] == [f"Bearer {ADMIN}"]


def test_clean_up_removes_nothing_at_another_target_or_tenant(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    with writing(spec, target, deployment, tmp_path, PAGE) as (sender, journal):
        call(sender, target, "createPortalPage")
    deployment.seen.clear()

    with pytest.raises(
        UsageError, match=r"is about https://portal\.example\.test/api, and not about https://x"
    ):
        clean_up(journal, spec, target, deployment, "https://x.example.test", rate=0)
    deployment.instead["GET /v2/portal/pages"] = Received(200, JSON, b'[{"slug": "other"}]')
    with pytest.raises(UsageError, match="wrong tenant"):
        clean_up(journal, spec, target, deployment, URL, rate=0)

    assert deployment.writes() == []
    assert address_of(journal) == URL


def test_journal_with_things_left_is_not_overwritten(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    with writing(spec, target, deployment, tmp_path, PAGE) as (sender, journal):
        call(sender, target, "createPortalPage")

    with pytest.raises(UsageError, match="holds what another run has left behind"):
        WriteJournal(journal, spec, target, {}, URL)
    clean_up(journal, spec, target, deployment, URL, rate=0)
    WriteJournal(journal, spec, target, {}, URL).__exit__()

    assert lines(journal) == [{"journal": 1, "target": URL}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ": is not a journal of writes"),
        ("hello\n", ":1: is not a line of a journal"),
        ('{"a": 1}\n', ": is not a journal of writes"),
        ('{"journal": 1, "target": "x"}\n{"sending": 1}\n', ": is not a journal of writes"),
        ('{"journal": 1, "target": "x"}\n[]\n', ":2: is not a line of a journal"),
    ],
)
def test_file_that_is_no_journal_is_refused(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text)

    with pytest.raises(UsageError) as refused:
        clean_up(path, spec, target, deployment, URL)

    assert without_column(str(refused.value)).startswith(f"{path}{problem}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", ":1: /: [] is not of type 'object'"),
        ("{}", ":1: /: 'writes' is a required property"),
        ("writes: []", ":1: /writes: [] should be non-empty"),
        ("writes: [{}]\nspeed: 3", ":2: /speed: unknown key 'speed'"),
        ("writes: [a]", ":1: /writes/0: 'a' is not of type 'object'"),
        ("writes: [{operaton: x}]", ":1: /writes/0/operaton: unknown key 'operaton'; did you mean 'operation'?"),
        ("writes: [{operation: createPortalPage}]", ":1: /writes/0: 'tenant' is a required property"),
        (f"writes: [{{operation: createPortalPge, {TENANT}}}]", ":1: /writes/0/operation: unknown operation 'createPortalPge'; did you mean 'createPortalPage'?"),
        (f"writes: [{{operation: getContact, {TENANT}, cleanup: none, reason: x}}]", ":1: /writes/0/operation: getContact only reads; it needs no entry"),
        (f"writes: [{{operation: createPortalPage, {TENANT}}}]", ":1: /writes/0: 'cleanup' is a required property"),
        (f"writes: [{{operation: createPortalPage, {TENANT}, cleanup: none}}]", ":1: /writes/0: has no clean-up and needs 'reason'"),
        (f"writes: [{{operation: createPortalPage, {TENANT}, cleanup: later}}]", ":1: /writes/0/cleanup: unknown value 'later'"),
        (f"writes: [{{operation: createPortalPage, {TENANT}, cleanup: {{operation: getPortalPage, id: /id, param: id}}}}]", ":1: /writes/0/cleanup/operation: getPortalPage only reads"),
        (f"writes: [{{operation: createPortalPage, {TENANT}, cleanup: {{operation: deletePortalPage, id: id, param: id}}}}]", ":1: /writes/0/cleanup/id: 'id' is not a JSON pointer"),
        (f"writes: [{{operation: createPortalPage, {TENANT}, cleanup: {{operation: deletePortalPage, id: /id, param: ids}}}}]", ":1: /writes/0/cleanup/param: deletePortalPage has no parameter 'ids'; did you mean 'id'?"),
        (f"writes: [{PAGE}, {PAGE}]", ":1: /writes/1/operation: createPortalPage has an entry already"),
        ("writes: [{operation: createPortalPage, tenant: {operation: confirmUser, expect: {/a: b}}, cleanup: none, reason: x}]", ":1: /writes/0/tenant/operation: confirmUser is not a GET that only reads"),
        ("writes: [{operation: createPortalPage, tenant: {operation: updateContact, expect: {/a: b}}, cleanup: none, reason: x}]", ":1: /writes/0/tenant/operation: updateContact is not a GET that only reads"),
        ("writes: [{operation: createPortalPage, tenant: {operation: getContact, expect: {}}, cleanup: none, reason: x}]", ":1: /writes/0/tenant/expect: {} should be non-empty"),
        ("writes: [{operation: createPortalPage, tenant: {operation: getContact, expect: {a: b}}, cleanup: none, reason: x}]", ":1: /writes/0/tenant/expect/a: 'a' is not a JSON pointer"),
        ("writes: [{operation: createPortalPage, tenant: {operation: getContact, expect: {/a: null}}, cleanup: none, reason: x}]", ":1: /writes/0/tenant/expect/~1a: has no value; one of type 'string' or 'integer' or 'boolean' is expected"),
        (f"writes: [{{operation: createPortalPage, {TENANT}, existing: maybe, cleanup: none, reason: x}}]", ":1: /writes/0/existing: 'maybe' is not of type 'boolean'"),
        ("writes: [{operation: a, operation: b}]", ":1: /writes/0: has the key 'operation' twice"),
    ],
)  # fmt: skip
def test_file_of_writes_is_read_strictly(spec: Spec, tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "writes.yaml"
    path.write_text(text)

    with pytest.raises(FileError) as refused:
        load_write_permissions(path, spec, API.side_effects)

    assert without_column(str(refused.value)).startswith(f"{path}{problem}")


def test_file_of_writes_that_is_no_yaml_or_not_there_is_refused(spec: Spec, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("writes: [")

    with pytest.raises(FileError, match="is not YAML"):
        load_write_permissions(tmp_path / "bad.yaml", spec)
    with pytest.raises(FileError, match="cannot be read"):
        load_write_permissions(tmp_path / "none.yaml", spec)


def test_nothing_is_left_of_a_whole_run(
    spec: Spec, target: Target, deployment: Deployment, tmp_path: Path
) -> None:
    before = pages(deployment, spec, target)
    names = ("createPortalPage", "createPortalPageBlock")
    fuzzing = Fuzzing(("examples",), positive=True, operations=names, schemes=("EpilotAuth",))
    with writing(spec, target, deployment, tmp_path, PAGE, BLOCK) as (sender, journal):
        ledger = Ledger(spec.operations[name] for name in names)
        problem = run_fuzzing(spec, spec.document, sender.gate, ledger, fuzzing, lambda stage, what: None)
        made = [entry["remove"] for entry in lines(journal) if "made" in entry]
        deployment.seen.clear()

        left = clean_up(journal, spec, target, deployment, URL, rate=0)

    assert (problem, left) == ("", [])
    assert {*made} == {"deletePortalPage", "deletePortalPageBlock"}
    assert [one.partition(" ")[0] for one in deployment.writes()] == ["DELETE"] * len(made)
    assert pages(deployment, spec, target) == before
