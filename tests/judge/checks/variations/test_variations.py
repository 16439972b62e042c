"""Input that is nearly right is refused, input that is right is not; both are told apart by the schema alone."""

import pytest

from contracts.mutants import MUTANTS, mutated
from mockportal.judge.checks.variations.acceptance import valid_body_is_accepted, valid_query_is_accepted
from mockportal.judge.checks.variations.negatives import wrong_input_is_refused
from mockportal.judge.checks.variations.variations import ABSENT, put
from mockportal.judge.knowledge import knowledge
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock, Setup, load_mock
from mockportal.values import Json
from tests.support.faulty_transports import demanding, hearing, instead, refusing, without
from tests.support.runs import findings_of


@pytest.fixture(scope="module")
def mock() -> Mock:
    return load_mock(Setup())


def test_the_mock_refuses_every_fault(mock: Mock) -> None:
    assert findings_of(mock, wrong_input_is_refused) == []


@pytest.mark.parametrize("check", [valid_query_is_accepted, valid_body_is_accepted])
def test_the_mock_accepts_what_is_valid(mock: Mock, check: object) -> None:
    chosen = valid_query_is_accepted if check is valid_query_is_accepted else valid_body_is_accepted

    assert findings_of(mock, chosen) == []


@pytest.mark.parametrize(
    ("operation", "name", "good", "expected"),
    [
        ("getConsumption", "interval", "P1D", {"query.interval enum"}),
        ("getPrices", "from", "2026-05-01T00:00:00Z", {"query.from format"}),
        ("getAllFiles", "size", "10", {"query.size type", "query.size minimum", "query.size fraction"}),
        (
            "postOrderAcceptance",
            "decision",
            "accept",
            {"body.decision enum", "body.decision type", "body.decision null"},
        ),
        ("createMeterReading", "value", 25102.4, {"body.value type", "body.value null"}),
    ],
)
def test_a_value_that_is_not_checked_is_found(
    mock: Mock, operation: str, name: str, good: Json, expected: set[str]
) -> None:
    blind = hearing(mock, operation, instead(name, lambda _: good))

    found = findings_of(mock, wrong_input_is_refused, operations=[operation], transport=blind)

    assert {finding.signature for finding in found} == expected


@pytest.mark.parametrize(
    ("operation", "name", "expected"),
    [
        ("getBillingEvents", "entity_id", {"query.entity_id item format", "query.entity_id uniqueItems"}),
        ("getAllFiles", "file_types", {"query.file_types uniqueItems"}),
        ("getEntityActivityFeed", "from", {"query.from fraction", "query.from minimum", "query.from type"}),
    ],
)
def test_a_parameter_that_is_not_looked_at_is_found(
    mock: Mock, operation: str, name: str, expected: set[str]
) -> None:
    deaf = hearing(mock, operation, without(name))

    found = findings_of(mock, wrong_input_is_refused, operations=[operation], transport=deaf)

    assert {finding.signature for finding in found} == expected


@pytest.mark.parametrize("operation", ["createPortalPage", "updateNotificationsStatus"])
def test_a_property_that_may_be_missing_is_found(mock: Mock, operation: str) -> None:
    def accepts(status: int, body: Json) -> tuple[int, Json]:
        return (200, {}) if status == 400 and "required" in body["message"] else (status, body)

    found = findings_of(mock, wrong_input_is_refused, {operation: accepts}, [operation])

    assert any(finding.signature.endswith(" missing") for finding in found)


@pytest.mark.parametrize(
    ("operation", "text", "signature"),
    [
        ("getConsumption", "interval=PT1H", "query.interval enum PT1H"),
        ("getConsumption", "%2B02%3A00", "query.from date-time"),
        ("getBillingEvents", "size=1000", "query.size maximum"),
        ("getBillingEvents", "paid=false", "query.paid boolean false"),
        ("getPortalWidgets", "contract_id=", "query.contract_id given"),
    ],
)
def test_a_query_that_is_refused_without_reason_is_found(
    mock: Mock, operation: str, text: str, signature: str
) -> None:
    strict = refusing(mock, operation, text)

    found = findings_of(mock, valid_query_is_accepted, operations=[operation], transport=strict)

    assert signature in {finding.signature for finding in found}


@pytest.mark.parametrize(
    ("operation", "text", "signature"),
    [
        ("postOrderAcceptance", '"decline"', "body.decision enum decline"),
        ("clonePortalConfig", "Łukasz", "body.name unicode text"),
        ("createMeterReading", '"reason":"irregular"', "body.reason enum irregular"),
    ],
)
def test_a_body_that_is_refused_without_reason_is_found(
    mock: Mock, operation: str, text: str, signature: str
) -> None:
    strict = refusing(mock, operation, text)

    found = findings_of(mock, valid_body_is_accepted, operations=[operation], transport=strict)

    assert [finding.signature for finding in found] == [signature]


def test_every_exception_names_its_reason() -> None:
    rules = knowledge("variations")

    assert all(entry["reason"] for entry in (*rules["accepted"], *rules["refused"]))


def test_one_place_is_changed_and_the_rest_is_kept() -> None:
    body = {"files": [{"name": "a", "size": 1}, {"name": "b"}]}

    assert put(body, ("files", 0, "name"), ABSENT) == {"files": [{"size": 1}, {"name": "b"}]}
    assert put(body, ("files", 1, "name"), None) == {"files": [{"name": "a", "size": 1}, {"name": None}]}
    assert body == {"files": [{"name": "a", "size": 1}, {"name": "b"}]}


@pytest.mark.parametrize(
    ("operation", "text", "signature"),
    [
        ("updateOrder", "東京", "body.some_attribute unicode text"),
        ("updateContact", "Lindenallee Lindenallee", "body.first_name long text"),
        ("createMeterReading", "東京", "body.remark unicode text"),
    ],
)
def test_a_text_that_is_refused_where_any_may_be_is_found(
    mock: Mock, operation: str, text: str, signature: str
) -> None:
    found = findings_of(
        mock, valid_body_is_accepted, operations=[operation], transport=refusing(mock, operation, text)
    )

    assert signature in {finding.signature for finding in found}


@pytest.mark.parametrize("operation", ["updateContact", "ssoLogin"])
def test_a_body_that_may_be_left_out_and_is_demanded_is_found(mock: Mock, operation: str) -> None:
    found = findings_of(
        mock, valid_body_is_accepted, operations=[operation], transport=demanding(mock, operation)
    )

    assert {finding.signature for finding in found} == {"body left out"}


@pytest.mark.parametrize("id", ["updateContact-visible", "updateOpportunity-alike"])
def test_texts_that_are_kept_in_another_form_are_found(mock: Mock, id: str) -> None:
    mutant = next(one for one in MUTANTS if one.id == id)
    changed, operations = in_process(mutated(mock, [mutant])), sorted(mutant.seeded)

    found = findings_of(mock, valid_body_is_accepted, operations=operations, transport=changed)

    assert {one.operation for one in found} == mutant.seeded
    assert all(one.signature.endswith(" changed") for one in found)
