"""Every journey ends well on the mock, and finds what is wrong with one that forgets, mixes up or makes up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from contracts.mutants import MUTANTS, mutated
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.json_tree import difference
from mockportal.judge.journeys import JOURNEYS
from mockportal.judge.model import Finding
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock, Setup
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record, decode, encode
from tests.support.runs import context_on

Answer = Callable[[Operation, Request, World], Exchange]
Wrap = Callable[[Answer], Answer]

_OTHER = "11111111-2222-4333-8444-555555555555"
_WRITES = {
    "pages": ("createPortalPage", "updatePortalPage", "deletePortalPage"),
    "blocks": ("createPortalPageBlock", "updatePortalPageBlock", "deletePortalPageBlock"),
    "portals": (
        "createPortalConfig",
        "putPortalConfig",
        "deletePortalConfig",
        "clonePortalConfig",
        "swapPortalConfig",
        "upsertEmailTemplatesByPortalId",
    ),
    "old_portals": ("upsertPortal", "deletePortal"),
    "widgets": ("upsertPortalWidget", "upsertPortalWidgetV3"),
    "email_templates": ("upsertEmailTemplates", "upsertEmailTemplatesByPortalId"),
    "order": ("updateOrder",),
    "opportunity": ("updateOpportunity",),
    "contract": ("updateContract",),
    "contact": ("updateContact",),
    "portal_user": ("updatePortalUser",),
    "files": ("saveEntityFile", "deleteEntityFile", "trackFileDownloaded"),
    "portal_files": ("savePortalFiles", "savePortalFilesV3"),
    "readings": ("createMeterReading", "uploadMeterReadingPhoto"),
    "registration": ("createUser", "createUserV3", "confirmUser", "confirmUserWithUserId"),
    "account": ("updatePortalUserEmail", "revokeToken", "deletePortalUser"),
    "partners": ("invitePartner", "disablePartner", "enablePartner", "revokePartner"),
    "offer": ("postOrderAcceptance",),
    "workflow_step": ("updateWorkflowStepAsDone",),
    "outreach": ("updateCampaignPortalBlockStatus",),
    "claim": ("addContractByIdentifiers",),
    "activities": ("createCustomEntityActivity",),
    "repeated": ("ssoCallback", "triggerEntityAccessEvent", "loginToPortalAsUser"),
}
_LISTS = {
    "pages": ("getPortalPages", "getPublicPages", "getPortalPage", "getPortalConfigV3"),
    "blocks": ("getPortalPageBlocks", "getPortalPageBlock", "getPortalPage"),
    "portals": (
        "listAllPortalConfigs",
        "getAllPortalConfigs",
        "getPortalConfigV3",
        "getPortalConfigByDomain",
    ),
    "old_portals": ("listAllPortalConfigs", "getPortalConfig", "getOrgPortalConfig", "getPublicPortalConfig"),
    "widgets": (
        "getPortalWidgets",
        "getPortalWidgetsV3",
        "getPublicPortalWidgets",
        "getPublicPortalWidgetsV3",
    ),
    "email_templates": ("getEmailTemplates", "getEmailTemplatesByPortalId", "getPortalConfigV3"),
    "order": (
        "getOrder",
        "getAllOrders",
        "getAllRequests",
        "getPortalUserEntity",
        "searchPortalUserEntities",
    ),
    "opportunity": ("getOpportunity", "getAllOpportunities", "getEntityActivityFeed"),
    "contract": ("getContract", "getAllContracts"),
    "contact": ("getContact", "getECPContact"),
    "portal_user": ("getPortalUser",),
    "files": ("getAllFiles", "getFilesCountByEntity", "getContract"),
    "portal_files": ("getPublicPortalConfigV3",),
    "readings": ("getMeterReadings", "getAllFiles"),
    "registration": ("userExists", "userExistsV3", "getUserEntryPoint"),
    "account": ("validateToken", "getPortalUser"),
    "partners": ("listBusinessPartners",),
    "offer": ("getAllOrders", "getOrder", "getAllRequests"),
    "workflow_step": ("getEntityWorkflows",),
    "claim": ("getAllContracts",),
    "activities": ("getEntityActivityFeed",),
}


def forgets(answer: Answer) -> Answer:
    """Says that it did it, and did not."""

    def forgetting(operation: Operation, request: Request, world: World) -> Exchange:
        exchange = answer(operation, request, world)
        world.state = exchange.before
        return exchange

    return forgetting


def is_stale(answer: Answer) -> Answer:
    """Answers a question for ever as it did the first time."""
    first: dict[tuple[str, ...], Exchange] = {}

    def stale(operation: Operation, request: Request, world: World) -> Exchange:
        exchange = answer(operation, request, world)
        key = (world.name, operation.id, request.path, request.query, request.body.decode("latin-1"))
        old = first.setdefault(key, exchange)
        return replace(exchange, reply=old.reply, content=old.content)

    return stale


def merges(answer: Answer) -> Answer:
    """Keeps what was sent earlier to the same address."""
    known: dict[str, Record] = {}

    def merging(operation: Operation, request: Request, world: World) -> Exchange:
        sent = decode(request.body)
        known[request.path] = {**known.get(request.path, {}), **sent}
        return answer(operation, replace(request, body=encode(known[request.path])), world)

    return merging


def replaces(answer: Answer) -> Answer:
    """Takes away what was sent earlier to the same address."""
    known: dict[str, set[str]] = {}

    def replacing(operation: Operation, request: Request, world: World) -> Exchange:
        sent = decode(request.body)
        if not isinstance(sent, dict):
            return answer(operation, request, world)
        body = {**dict.fromkeys(known.get(request.path, ())), **sent}
        known.setdefault(request.path, set()).update(sent)
        return answer(operation, replace(request, body=encode(body)), world)

    return replacing


def doubles(answer: Answer) -> Answer:
    """Lists the last of several twice."""

    def doubling(value: Json) -> Json:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [*value, value[-1]]
        if isinstance(value, dict):
            return {name: doubling(item) if isinstance(item, list) else item for name, item in value.items()}
        return value

    return _changing(answer, doubling)


def names_another(answer: Answer) -> Answer:
    """Answers with an id that is none."""

    def renaming(value: Json) -> Json:
        if isinstance(value, list):
            return [renaming(item) for item in value]
        if not isinstance(value, dict):
            return value
        inner = {
            name: renaming(item) if name in ("data", "createdFiles") else item for name, item in value.items()
        }
        return {**inner, **{name: _OTHER for name in ("id", "_id", "portal_id", "file_id") if name in value}}

    return _changing(answer, renaming)


def shortens(answer: Answer) -> Answer:
    """Leaves out the last of a list."""

    def shortening(value: Json) -> Json:
        if isinstance(value, list):
            return value[:-1]
        if isinstance(value, dict):
            return {name: item[:-1] if isinstance(item, list) else item for name, item in value.items()}
        return value

    return _changing(answer, shortening)


def talks_nonsense(answer: Answer) -> Answer:
    """Answers with values of the wrong types."""

    def garbling(value: Json) -> Json:
        if isinstance(value, dict):
            return {name: [item] if isinstance(item, str) else item for name, item in value.items()}
        return {"nonsense": [None, 1, value]}

    return _changing(answer, garbling)


@pytest.mark.parametrize("name", JOURNEYS)
def test_every_journey_ends_well_on_the_mock(mock: Mock, name: str) -> None:
    assert _found(mock, name) == []


@pytest.mark.parametrize(("name", "operation"), [(name, one) for name, all in _WRITES.items() for one in all])
def test_write_that_does_nothing_is_found(mock: Mock, name: str, operation: str) -> None:
    assert _found(mock, name, operation, forgets)


@pytest.mark.parametrize(("name", "operation"), [(name, one) for name, all in _LISTS.items() for one in all])
def test_read_that_does_not_follow_is_found(mock: Mock, name: str, operation: str) -> None:
    assert _found(mock, name, operation, is_stale)


@pytest.mark.parametrize(
    ("name", "operation"),
    [("pages", "updatePortalPage"), ("blocks", "updatePortalPageBlock")],
)
def test_replacement_that_merges_is_found(mock: Mock, name: str, operation: str) -> None:
    assert _found(mock, name, operation, merges)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("order", "updateOrder"),
        ("opportunity", "updateOpportunity"),
        ("contract", "updateContract"),
        ("portal_user", "updatePortalUser"),
        ("email_templates", "upsertEmailTemplates"),
        ("email_templates", "upsertEmailTemplatesByPortalId"),
    ],
)
def test_patch_that_replaces_is_found(mock: Mock, name: str, operation: str) -> None:
    assert _found(mock, name, operation, replaces)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("pages", "getPortalPages"),
        ("blocks", "getPortalPageBlocks"),
        ("portals", "listAllPortalConfigs"),
        ("files", "getAllFiles"),
        ("partners", "listBusinessPartners"),
        ("readings", "getMeterReadings"),
    ],
)
@pytest.mark.parametrize("wrap", [doubles, shortens])
def test_list_that_is_too_long_or_too_short_is_found(
    mock: Mock, name: str, operation: str, wrap: Wrap
) -> None:
    assert _found(mock, name, operation, wrap)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("pages", "createPortalPage"),
        ("pages", "updatePortalPage"),
        ("blocks", "createPortalPageBlock"),
        ("blocks", "updatePortalPageBlock"),
        ("portals", "createPortalConfig"),
        ("files", "saveEntityFile"),
        ("readings", "uploadMeterReadingPhoto"),
        ("activities", "createCustomEntityActivity"),
    ],
)
def test_answer_with_another_id_is_found(mock: Mock, name: str, operation: str) -> None:
    assert _found(mock, name, operation, names_another)


@pytest.mark.parametrize(
    ("name", "mutant", "blamed"),
    [
        ("blocks", "deletePortalPageBlock-all", "getPortalPageBlocks"),
        ("blocks", "updatePortalPageBlock-merges", "updatePortalPageBlock"),
        ("blocks", "getPortalPageBlock-stale", "getPortalPageBlock"),
        ("files", "saveEntityFile-id", "saveEntityFile"),
        ("registration", "createUser-plus", "createUser"),
        ("account", "getExternalLinks-revoked", "getExternalLinks"),
    ],
)
def test_whoever_is_wrong_is_blamed(mock: Mock, name: str, mutant: str, blamed: str) -> None:
    wrong = in_process(mutated(mock, [one for one in MUTANTS if one.id == mutant]))

    with context_on(mock, name, transport=wrong) as context:
        JOURNEYS[name].run(replace(context, layer="journeys"))

        assert {finding.operation for finding in context.ledger.findings} == {blamed}


@pytest.mark.parametrize("name", JOURNEYS)
def test_nonsense_breaks_no_journey(mock: Mock, name: str) -> None:
    for operation in (*_WRITES[name], *_LISTS.get(name, ())):
        _found(mock, name, operation, talks_nonsense)


def test_finding_is_reproduced_by_its_exchanges(mock: Mock) -> None:
    found = _found(mock, "pages", "deletePortalPage", forgets)

    assert [(one.operation, one.signature) for one in found] == [
        ("deletePortalPage", "still there: getPortalPage")
    ]
    names = [exchange.sent.operation for exchange in found[0].exchanges]
    assert names[0] == "createPortalPage"
    assert names[-2:] == ["deletePortalPage", "getPortalPage"]


def test_journey_needs_its_operations(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    with context_on(mock, "journey_pages") as context:
        JOURNEYS["pages"].run(replace(context, operations={}))

        assert context.sender.gate.traffic["sent"] == 0


def test_target_without_worlds_is_left_as_it_was(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    with context_on(mock, "journey_pages") as context:
        context.sender.gate.isolation = ""
        alone = replace(context, target=replace(context.target, isolation=""), populated=False)
        before = mock.world().state.counts()

        for name, journey in JOURNEYS.items():
            journey.run(replace(alone, check=f"journey_{name}"))

        found = context.ledger.findings
    after = mock.world().state.counts()
    assert found == []
    assert {kind: after[kind] for kind in ("page", "portal", "file", "meter_reading", "portal_user")} == {
        kind: before[kind] for kind in ("page", "portal", "file", "meter_reading", "portal_user")
    }


def test_difference_says_where_and_how() -> None:
    assert difference({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3}) == ""
    assert difference({"a": [{"b": 1}]}, {"a": [{"b": 2}]}) == "/a/0/b: expected 1, got 2"
    assert difference({"a": None}, {}) == ""
    assert difference(1, True) == "/: expected 1, got true"


def _found(
    mock: Mock, name: str, operation: str = "", wrap: Wrap | None = None, seed: int = 1
) -> list[Finding]:
    """What a journey finds in fresh worlds of a mock in which one operation is broken."""
    for world in [world.name for world in mock if world.name.startswith("journey")]:
        mock.worlds.remove(world)
    with _broken(mock, operation, wrap), context_on(mock, f"journey_{name}") as context:
        JOURNEYS[name].run(replace(context, seed=seed, layer="journeys"))
        return [one for one in context.ledger.findings if one.layer == "journeys"]


@contextmanager
def _broken(mock: Mock, operation: str, wrap: Wrap | None) -> Iterator[None]:
    whole = mock.engine.answer
    part = wrap(whole) if wrap is not None else whole

    def answer(asked: Operation, request: Request, world: World) -> Exchange:
        return (part if asked.id == operation else whole)(asked, request, world)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mock.engine, "answer", answer)
        yield


def _changing(answer: Answer, change: Callable[[Json], Json]) -> Answer:
    def changed(operation: Operation, request: Request, world: World) -> Exchange:
        exchange = answer(operation, request, world)
        if exchange.reply.status >= 400 or exchange.reply.body is None:
            return exchange
        body = change(exchange.reply.body)
        return replace(exchange, reply=replace(exchange.reply, body=body), content=encode(body))

    return changed
