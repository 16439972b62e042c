"""The pipeline as a whole: rules, faults, preferences, audit, commit, journal."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.config import LIMITS, content
from mockportal.engine.answers.responders import Responders
from mockportal.engine.api import Api, Behaviour, load_api
from mockportal.engine.call import Reply, Request, request_for
from mockportal.engine.engine import Engine
from mockportal.engine.journal import brief
from mockportal.engine.world import World
from mockportal.errors import BehaviourError, Conflict
from mockportal.mock import Mock, Setup
from mockportal.spec.document import load_document
from mockportal.spec.spec import Spec, compile_spec
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.cases import cases, tokens_by_scheme

Ruled = Callable[[str], Client]


@pytest.fixture
def ruled(spec: Spec, tmp_path: Path) -> Ruled:
    """Anna in a world with these rules on top of the default scenario."""

    def make(rules: str) -> Client:
        (tmp_path / "ruled.yaml").write_text(f"extends: default\nrules:\n{rules}")
        mock = Mock(Setup(scenario="ruled", scenarios=tmp_path), spec)
        return Client(mock, mock.world(), "dev-anna")

    return make


def test_rule_answers_the_first_times_then_the_behaviour(ruled: Ruled) -> None:
    anna = ruled(" - {operation: getPortalUser, times: 2, reply: {status: 500, body: {message: down}}}")

    replies = [anna.exchange("getPortalUser").reply for _ in range(3)]

    assert [(reply.status, reply.answered_by) for reply in replies] == [
        (500, "rule"),
        (500, "rule"),
        (200, "behaviour"),
    ]


def test_rule_looks_at_body_params_and_caller(ruled: Ruled) -> None:
    anna = ruled(
        " - {operation: revokeToken, when: {as: dev-anna, body: {refresh_token: x}}, fault: {status: 503}}"
    )

    assert anna.exchange("revokeToken", body={"refresh_token": "x"}).reply.status == 503
    assert anna.exchange("revokeToken", body={"refresh_token": "y"}).reply.status == 401
    assert anna.as_("dev-tom").exchange("revokeToken", body={"refresh_token": "x"}).reply.status == 401


def test_every_nth_answer_is_a_fault_and_the_others_wait(ruled: Ruled) -> None:
    anna = ruled(" - {operation: '*', every: 3, fault: {body: truncated}}\n - {operation: '*', delay: 200ms}")

    replies = [anna.exchange("getPortalUser").reply for _ in range(3)]

    assert [(reply.status, reply.delay, reply.fault) for reply in replies] == [
        (200, 0.2, ""),
        (200, 0.2, ""),
        (200, 0.0, "truncated"),
    ]


def test_rules_come_after_the_guard(ruled: Ruled) -> None:
    client = ruled(" - {operation: getPortalUser, fault: {status: 503}}").as_("")

    assert client.exchange("getPortalUser").reply.status == 401


def preferring(client: Client, prefer: str) -> Reply:
    operation = client.mock.spec.operations["getPortalUser"]
    headers = {"authorization": "Bearer dev-anna", "prefer": prefer}
    return client.mock.engine.answer(
        operation, Request("GET", operation.path, headers=headers), client.world
    ).reply


def test_preference_picks_a_documented_answer(anna: Client) -> None:
    assert (preferring(anna, "code=401").status, preferring(anna, "code=401").answered_by) == (401, "prefer")
    assert (preferring(anna, "delay=2s").status, preferring(anna, "delay=2s").delay) == (200, 2.0)
    assert preferring(anna, "respond-async, wait=10").answered_by == "behaviour"


@pytest.mark.parametrize("prefer", ["code=418", "code=x", "delay=soon", "example=nothing"])
def test_preference_for_what_is_not_there_is_refused(anna: Client, prefer: str) -> None:
    assert preferring(anna, prefer).status == 400


def engine_with(mock: Mock, spec: Spec, **behaviours: Behaviour) -> Engine:
    return Engine(spec, Responders(spec, Api(behaviours=behaviours)))


def test_answer_that_breaks_the_contract_is_a_500_that_says_where(
    mock: Mock, spec: Spec, world: World
) -> None:
    engine = engine_with(mock, spec, userExists=lambda call, state: {"exists": "yes"})
    operation = spec.operations["userExists"]
    before = world.state

    exchange = engine.answer(operation, Request("GET", operation.path, "email=a&org_id=1"), world)

    assert exchange.reply.status == 500
    assert exchange.reply.answered_by == "audit"
    assert exchange.reply.body["operation"] == "userExists"
    assert exchange.reply.body["pointer"] == "/exists"
    assert exchange.reply.body["rule"].startswith(
        "/paths/~1v2~1portal~1public~1user~1exists/get/responses/200"
    )
    assert world.state is before


def test_without_overlay_the_audit_reports_and_lets_pass(mock: Mock, world: World) -> None:
    raw = compile_spec(load_document(content("openapi.json")), [], "openapi.json")
    engine = engine_with(mock, raw, userExists=lambda call, state: {"exists": "yes"})
    operation = raw.operations["userExists"]

    exchange = engine.answer(operation, Request("GET", operation.path, "email=a&org_id=1"), world)

    assert exchange.reply.status == 200
    assert [violation.path for violation in exchange.violations] == ["/exists"]


def test_undocumented_status_and_missing_header_are_noticed(mock: Mock, spec: Spec, world: World) -> None:
    engine = engine_with(mock, spec, userExists=lambda call, state: Reply(418, {}))
    operation = spec.operations["userExists"]

    exchange = engine.answer(operation, Request("GET", operation.path, "email=a&org_id=1"), world)

    assert "418 is not documented" in exchange.reply.body["message"]


def test_refused_request_changes_nothing(mock: Mock, spec: Spec, world: World) -> None:
    def fail(call: object, state: object) -> None:
        state.collection("ticket").put({"_id": "x"})  # type: ignore[attr-defined]
        raise Conflict("not now")

    engine = engine_with(mock, spec, userExists=fail)
    operation = spec.operations["userExists"]
    before = world.state

    exchange = engine.answer(operation, Request("GET", operation.path, "email=a&org_id=1"), world)

    assert (exchange.reply.status, exchange.reply.body) == (400, {"message": "not now"})
    assert world.state is before is exchange.after


def test_head_runs_and_changes_nothing(anna: Client, world: World) -> None:
    operation = anna.mock.spec.operations["getPortalUser"]
    request = Request("HEAD", operation.path, headers={"authorization": "Bearer dev-anna"})

    exchange = anna.mock.engine.answer(operation, request, world)

    assert exchange.reply.status == 200
    assert exchange.after is exchange.before


def test_journal_keeps_before_and_after_and_forgets_the_oldest(anna: Client, world: World) -> None:
    anna.call("updatePortalUser", body={"language": "en"})
    anna.exchange("getPortalUser")

    first = world.journal.find(1)
    assert first is not None
    assert first.before is not first.after
    assert brief(first)["operation"] == "updatePortalUser"
    object.__setattr__(LIMITS, "journal_entries", 2)
    try:
        anna.exchange("getPortalUser")
    finally:
        object.__setattr__(LIMITS, "journal_entries", 1_000)
    assert [exchange.n for exchange in world.journal] == [2, 3]
    assert world.journal.find(1) is None
    world.journal.clear()
    assert (len(world.journal), world.journal.last, world.journal.find(3)) == (0, 3, None)


def test_journal_is_bounded_in_bytes(anna: Client, world: World) -> None:
    object.__setattr__(LIMITS, "journal_bytes", 5_000)
    try:
        for _ in range(10):
            anna.exchange("getPortalUser")
    finally:
        object.__setattr__(LIMITS, "journal_bytes", 16 * 1024 * 1024)

    assert 1 <= len(world.journal) < 5


def test_broken_encoding_is_a_clear_400_for_every_operation(spec: Spec, nobody: Client) -> None:
    """Also where no 400 is documented: like 415, it is said by HTTP and not by the API."""
    known, tokens = cases(spec, nobody.mock.scenario(None)), tokens_by_scheme()
    for query in ("%zz", "x=%ff", "a=1&%"):
        for operation in filter(lambda one: one.parameters, spec.operations.values()):
            paths = {one.name: "x" for one in operation.parameters if one.location == "path"}
            schemes = [scheme for alternative in operation.security for scheme in alternative]
            token = known[operation.id].token or (tokens.get(schemes[0], "") if schemes else "")
            case = known[operation.id]
            sent = request_for(operation, case.params | paths, case.body, token, case.media_type)
            request = replace(sent, query="&".join(filter(None, [sent.query, query])))

            reply = nobody.mock.engine.answer(operation, request, nobody.world).reply

            assert (reply.status, reply.answered_by) == (400, "read"), (operation.id, query, reply.body)
            assert reply.body["errors"][0]["in"] == "query"


def test_ignored_names_go_with_the_exchange_also_when_it_is_remembered(anna: Client) -> None:
    operation = anna.mock.spec.operations["getPortalUser"]
    request = request_for(operation, {"colour": "red"}, token="dev-anna")

    exchanges = [anna.mock.engine.answer(operation, request, anna.world) for _ in range(2)]

    assert [exchange.ignored for exchange in exchanges] == [("colour",), ("colour",)]


@pytest.mark.parametrize(
    ("operation", "params", "body", "ignored"),
    [
        ("updatePortalUser", {}, {"language": "de", "email": "x@example.org", "_id": "x"}, ("_id", "email")),
        ("updateContact", {}, {"first_name": "Anna", "_org": "1", "customer": "x"}, ("_org",)),
        ("updateContract", {"id": "contract/v-900001"}, {"status": "x", "contract_number": "y", "customer": []}, ("contract_number", "customer", "status")),
    ],
)  # fmt: skip
def test_body_keys_that_an_operation_ignores_are_named(
    anna: Client, operation: str, params: Record, body: Record, ignored: tuple[str, ...]
) -> None:
    ids = {name: anna.world.scenario.id_of(*value.split("/")) for name, value in params.items()}

    exchange = anna.exchange(operation, body=body, **ids)

    assert (exchange.reply.status, tuple(sorted(exchange.ignored))) == (200, ignored)


def test_unknown_operation_of_a_behaviour_is_a_start_error(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "acme_bad.py").write_text(
        "from mockportal.engine.api import operation\n\n\n"
        "@operation('getPortalUsr')\ndef show(call, state):\n    return {}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BehaviourError) as caught:
        load_api("acme_bad", spec)

    assert (
        str(caught.value)
        == "acme_bad.show: the spec has no operation 'getPortalUsr'; did you mean 'getPortalUser'?"
    )
    with pytest.raises(BehaviourError, match="cannot be imported"):
        load_api("acme_missing", spec)


def test_operation_with_two_behaviours_is_a_start_error(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "acme_twice.py").write_text(
        "from mockportal.engine.api import operation\n\n\n"
        "@operation('getPortalUser', 'getPortalUser')\ndef show(call, state):\n    return {}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BehaviourError, match=r"is answered by acme_twice\.show already"):
        load_api("acme_twice", spec)


ITEM = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}


def crud_spec() -> Spec:
    body = {"requestBody": {"content": {"application/json": {"schema": ITEM}}}}
    one = {"200": {"description": "", "content": {"application/json": {"schema": ITEM}}}}
    many = {
        "200": {
            "description": "",
            "content": {"application/json": {"schema": {"type": "array", "items": ITEM}}},
        }
    }
    missing = {"404": {"description": ""}, "400": {"description": ""}}
    key = {"parameters": [{"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}]}
    return compile_spec(
        {
            "openapi": "3.1.0",
            "paths": {
                "/things": {
                    "get": {"operationId": "list", "responses": many},
                    "post": {"operationId": "create", **body, "responses": one},
                },
                "/things/{id}": {
                    **key,
                    "get": {"operationId": "read", "responses": one | missing},
                    "put": {"operationId": "replace", **body, "responses": one | missing},
                    "patch": {"operationId": "merge", **body, "responses": one | missing},
                    "delete": {"operationId": "drop", "responses": {"204": {"description": ""}} | missing},
                },
                "/lone": {"get": {"operationId": "lone", "responses": one}},
            },
        },
        [],
        "things.json",
    )


def test_resource_of_another_api_remembers(mock: Mock) -> None:
    spec = crud_spec()
    engine = engine_with(mock, spec)
    world = World("other", mock.scenario(None))
    client = Client(mock, world)
    client.mock = type("Other", (), {"spec": spec, "engine": engine})()

    made = client.call("create", body={"name": "one"})
    assert client.call("read", id=made["id"]) == made
    assert client.call("merge", id=made["id"], body={"name": "two"}) == {"id": made["id"], "name": "two"}
    assert client.call("replace", id=made["id"], body={}) == {"id": made["id"]}
    assert client.call("list") == [{"id": made["id"]}]
    client.call("drop", id=made["id"])
    assert client.exchange("read", id=made["id"]).reply.status == 404
    assert client.exchange("drop", id="x").reply.answered_by == "behaviour"
    assert client.exchange("lone").reply.answered_by == "example"
    answered = {
        operation.id: engine.responders.answered_by(operation) for operation in spec.operations.values()
    }
    assert answered == dict.fromkeys(("list", "create", "read", "replace", "merge", "drop"), "resource") | {
        "lone": "example"
    }
