"""Nothing that belongs to one user alone is in any answer to another, whatever the other asks for.

Every operation that takes a user's token is called by a stranger: as it is, and with the owner's ids wherever an id
can stand. Then the stranger writes the owner's ids wherever something can be written, and asks again.
"""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.cases import Case, cases
from tests.support.machines import the_mock
from tests.support.ownership import Belongings, belongings, marks

IS_LONG = settings.default is not None and settings.default.stateful_step_count > 100
APART = [("anna", "mehmet"), ("sabine", "hoffmann"), ("marek", "anna")]  # they share nothing
PAIRS = [*APART, ("hoffmann", "marek"), ("jonas", "petra")] if IS_LONG else APART
DIRECTIONS = [*PAIRS, *((stranger, owner) for owner, stranger in PAIRS)]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
ENERGY = {"app_id": "musterau-energiedaten", "extension_id": "energy-data", "hook_id": "export"}
PORTRAIT = " ".join(
    "{{" + path + "}}"
    for path in (
        "contact.first_name",
        "contact.customer_number",
        "contact.contracts.contract_number",
        "contract.customer.last_name",
        "contract.contract_number",
        "order.customer._title",
        "opportunity.customer._title",
        "opportunity.items.order_number",
        "portal_user.friend._title",
        "meter.contract.contract_number",
        "account.contacts._title",
    )
)
ENDING = frozenset(("deletePortalUser", "revokeToken"))  # nobody could ask on after them
READING = ("get", "list", "search")  # what the operations that only read begin with
# These tell a contact of another account (403) from one that does not exist (404).
KNOWING = frozenset(("disablePartner", "enablePartner", "resendPartnerInvitation", "revokePartner"))


def operations() -> list[Operation]:
    """What takes a user's token: the portal's own operations, those for either token, those without a scheme."""
    schemes = {"PortalAuth", "EitherAuth"}
    return [
        operation
        for operation in the_mock().spec.operations.values()
        if any(alternative & schemes for alternative in operation.security)
    ]


def params_of(operation: Operation, kind: str, id: str) -> Record:
    """The id, and what it is the id of, in every parameter that can say so."""
    reference = [{"entity_schema": kind, "entity_id": id}]
    values: Record = dict.fromkeys(
        (
            "id",
            "entity_id",
            "meter_id",
            "contract_id",
            "contactId",
            "partner_id",
            "workflow_id",
            "block_id",
            "campaign_id",
        ),
        id,
    )
    values |= {
        "entity_ids": [id],
        "entities": [id],
        "context_entities": reference,
        "slug": kind,
        "schema": kind,
    }
    values |= {"include_relations": True}
    return {one.name: values[one.name] for one in operation.parameters if one.name in values}


def bodies_of(name: str, kind: str, id: str, record: Record, own: Record) -> Iterator[Json]:
    """Bodies with somebody else's id. `own` is an entity of the caller, to write to."""
    relation = {"$relation": [{"entity_id": id}]}
    reference = {"entity_schema": kind, "entity_id": id}
    title = str(record.get("_title", "Berger"))
    if name.startswith("update"):
        yield {"friend": relation}
        yield {
            "customer": relation,
            "account": relation,
            "represents": relation,
            "_files": relation,
            "order": relation,
        }
        yield {"payment": {"$relation_ref": [{"entity_id": id, "path": "payment"}]}, "description": PORTRAIT}
        yield {"notes": f"[{id}]({PORTRAIT})"}
    listing: dict[str, tuple[Json, ...]] = {
        "getPortalUserEntity": (
            {"slug": kind, "entity_id": id, "hydrate": True},
            {"slug": kind, "filters": [{"term": {"_title": title}}], "templates": {"text": PORTRAIT}},
            {"slug": "portal_user", "hydrate": True, "templates": {"text": PORTRAIT}},
            {"slug": "contact", "hydrate": True},
        ),
        "searchPortalUserEntities": (
            {"slug": kind, "hydrate": True, "templates": {"text": PORTRAIT}, "include": ["active_workflow"]},
            {"slug": kind, "filters": [{"ids": {"values": [id]}}]},
            {"slug": kind, "filters_context": [{kind: id}], "hydrate": True},
            {"slug": kind, "q": title, "highlight": {}},
            {"slug": ["contract", "order", "opportunity", "file", "contact"], "hydrate": True},
            {"slug": "contract", "group": "customer._title", "group_title": PORTRAIT, "filters": [{"$or": [{"exists": {"field": "_id"}}]}]},
        ),
        "prepareVisualizationExport": ({**ENERGY, "context_entities": [reference]}, {**ENERGY, "meter_id": id}),
        "getSearchResultsForOpportunities": ({"customers": [id, title]}, {"addresses": [], "purposes": []}),
        "addContractByIdentifiers": ({"contract": {"contract_number": title}, "meter": {"meter_number": "1"}},),
        "saveEntityFile": (
            {"entity_id": id, "entity_type": kind, "files": [{"filename": "a.pdf", "s3ref": {"bucket": "b", "key": id}}]},
        ),
        "deleteEntityFile": (
            {"entity_id": id, "entity_type": kind, "file_entity_ids": [id]},
            {"entity_id": own["_id"], "entity_type": own["_schema"], "file_entity_ids": [id]},
        ),
        "uploadMeterReadingPhoto": ({"filename": "zaehler-ok.jpg", "mime_type": "image/jpeg", "contents": "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==", "meter_id": id},),
        "createMeterReading": ({"meter_id": id, "value": 99_999, "source": "ECP"},),
        "getMeterReadings": ({"meter_id": id, "counter_id": id, "templates": {"text": PORTRAIT}},),
        "interpolatePortalPages": (
            {"pages": [{"slug": "a", "order": 1, "content": {"text": PORTRAIT}}], "context_entities": [reference]},
        ),
        "updateCampaignPortalBlockStatus": ({"status": "seen", "entity_refs": [reference]},),
        "updateNotificationsStatus": ({"notifications": [{"id": id, "status": "read"}]},),
        "invitePartner": ({"email": "spion@example.org", "represents_contact_list": [id], "portal_user_data": {"friend": id}},),
        "postOrderAcceptance": ({"decision": "accept"},),
        "createCustomEntityActivity": ({"type": "PortalUserResetPassword"},),
        "updatePortalUserEmail": ({"email": str(record.get("email", "x@example.org")), "password": "Musterau!2026"},),
    }  # fmt: skip
    yield from listing.get(name, ())


class Stranger:
    """Asks, and remembers every answer that says what it should not."""

    def __init__(self, world: World, name: str, forbidden: set[str]) -> None:
        self.client = Client(the_mock(), world, f"dev-{name}")
        self.forbidden = forbidden
        self.leaks: list[tuple[str, int, str, bytes, list[str]]] = []
        self.asked = 0

    def ask(self, operation: str, case: Case, body: Json, params: Record) -> Exchange:
        exchange = self.client.exchange(operation, body=body, media_type=case.media_type, **params)
        request = exchange.request
        said = f"{params} {request.query} {request.body.decode()}"
        content = exchange.content.decode()
        told = [mark for mark in self.forbidden if mark in content and mark not in said]
        if told:
            self.leaks.append((operation, exchange.reply.status, request.query, request.body, told))
        self.asked += 1
        return exchange


def sample(owned: Belongings, other: Belongings) -> list[tuple[str, str, Record]]:
    """What the owner alone has: all of it, or in a short run one of each kind; and the ids of bank accounts."""
    alone = [(kind, key, record) for key, (kind, record) in owned.items() if key not in other]
    payments = [("payment", str(one["_id"]), one) for _, _, record in alone for one in _payments(record)]
    found = alone if IS_LONG else list({kind: (kind, key, record) for kind, key, record in alone}.values())
    return [*found, *payments]


def _payments(record: Record) -> list[Record]:
    value = record.get("payment")
    return [one for one in value if "_id" in one] if isinstance(value, list) else []


def calls(
    known: dict[str, Case], foreign: list[tuple[str, str, Record]], own: Record
) -> Iterator[tuple[Case, Json, Record]]:
    """Every operation as it is, and with each of the foreign ids."""
    for operation in operations():
        if operation.id not in known:
            continue
        case = known[operation.id]
        required = {one.name for one in operation.parameters if one.required}
        case_params = {name: value for name, value in case.params.items() if name in required}
        if operation.id not in ENDING:
            yield case, case.body, case_params
        for kind, id, record in foreign:
            given = params_of(operation, kind, id)
            bodies = [*bodies_of(operation.id, kind, id, record, own)] or [case.body]
            for body in bodies if operation.id not in ENDING else ():
                yield case, body, {**case_params, **given}
                if (
                    operation.id.startswith("update")
                    and "id" in given
                    and own["_schema"] == operation.id[6:].lower()
                ):
                    yield case, body, {**case_params, "id": own["_id"]}


def strangers(
    world: World, owner: str, stranger: str
) -> tuple[Stranger, list[tuple[str, str, Record]], Record]:
    owned, other = belongings(world, owner), belongings(world, stranger)
    own = [record for kind, record in other.values() if kind in ("contract", "order", "opportunity")]
    return Stranger(world, stranger, marks(world, owned, other)), sample(owned, other), own[0]


@pytest.mark.parametrize(("owner", "stranger"), DIRECTIONS)
def test_no_answer_tells_a_stranger_anything(world: World, owner: str, stranger: str) -> None:
    asker, foreign, own = strangers(world, owner, stranger)
    known = cases(the_mock().spec, world.scenario)
    before = world.state

    for case, body, params in calls(known, foreign, own):
        asker.ask(case.operation, case, body, params)
        world.state = before

    assert len(asker.forbidden) > 20
    assert asker.leaks == []


@pytest.mark.parametrize(("owner", "stranger"), DIRECTIONS)
def test_nothing_that_a_stranger_writes_opens_a_view(world: World, owner: str, stranger: str) -> None:
    asker, foreign, own = strangers(world, owner, stranger)
    known = cases(the_mock().spec, world.scenario)
    ids = {key for _, key, _ in foreign}
    sent = " ".join([*ids, *(str(case.body) for case in known.values())])
    asker.forbidden = {
        mark for mark in asker.forbidden if mark not in sent
    }  # what one has written comes back
    mine = belongings(world, owner)

    writes_first = sorted(calls(known, foreign, own), key=lambda one: one[0].operation.startswith(READING))
    for case, body, params in writes_first:
        asker.ask(case.operation, case, body, params)

    assert asker.leaks == []
    shared, after = belongings(world, stranger), belongings(world, owner)
    assert {key: after[key] for key in mine if key not in shared} == {
        key: mine[key] for key in mine if key not in shared
    }


@pytest.mark.parametrize(("owner", "stranger"), [*APART, ("mehmet", "anna")] if IS_LONG else APART[:1])
def test_what_is_not_theirs_is_to_strangers_as_if_it_did_not_exist(
    world: World, owner: str, stranger: str
) -> None:
    asker, foreign, own = strangers(world, owner, stranger)
    known = {
        name: case for name, case in cases(the_mock().spec, world.scenario).items() if name not in KNOWING
    }
    before = world.moment()

    for kind, id, record in foreign:
        if len(id) != len(UNKNOWN):
            continue
        untitled = {**record, "_title": "nobody's", "email": "nobody@example.org"}
        pairs = zip(
            calls(known, [(kind, id, untitled)], own),
            calls(known, [(kind, UNKNOWN, untitled)], own),
            strict=True,
        )
        for (case, body, params), (_, other_body, other_params) in pairs:
            foreign_one = asker.ask(case.operation, case, body, params)
            world.go_to(before)
            unknown = asker.ask(case.operation, case, other_body, other_params)
            world.go_to(before)
            assert foreign_one.reply.status == unknown.reply.status, (case.operation, params)
            told = [one.content.replace(id.encode(), UNKNOWN.encode()) for one in (foreign_one, unknown)]
            assert told[0] == told[1], (case.operation, params)
