"""Records that would break an answer are refused where they come in."""

from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.mock import Mock, Setup
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.metering.measuring import SET_UPS
from mockportal.spec.spec import Spec
from mockportal.state.record_check import kinds_in, record_violations
from mockportal.state.scenario import load_scenario, scenario_findings
from tests.state.test_scenario import BASE

REFUSED = [
    ("contract", "{status: aktiv}", "/status", "did you mean 'active'?"),
    ("contract", "{installment_amount: 84.5}", "/installment_amount", "84.5"),
    ("contract", "{branch: strom}", "/branch", "'strom' is not one of"),
    ("contract", "{end_date: 15.06.2026}", "/end_date", "'15.06.2026' is not a 'date or date-time'"),
    ("contract", "{move_out_date: 2026-02-30}", "/move_out_date", "'2026-02-30' is not a 'date or date-time'"),
    ("contract", "{termination_date: morgen}", "/termination_date", "'morgen' is not a 'date or date-time'"),
    ("contract", "{start_date: 0000-01-01}", "/start_date", "'0000-01-01' is not a 'date or date-time'"),
    ("contract", "{_schema: order}", "/_schema", "'order' is not one of ['contract']"),
    ("contract", "{customer: contact/anna}", "/customer", "a scenario names one as `!rel contact/anna`"),
    ("contract", "{customer: !id contact/anna}", "/customer", "is not a relation"),
    ("contract", "{customer: !rel portal_user/anna}", "/customer", "names a record of portal_user; it has to be contact or account"),
    ("contract", "{customer: {$relation: [{}]}}", "/customer/$relation/0", "'entity_id' is a required property"),
    ("contact", "{first_name: 5}", "/first_name", "5 is not of type 'string'"),
    ("contact", "{birthdate: 12.3.1986}", "/birthdate", "'12.3.1986' is not a 'date or date-time'"),
    ("order", "{status: open}", "/status", "'open' is not one of"),
    ("order", "{expires_at: tomorrow}", "/expires_at", "'tomorrow' is not a 'date or date-time'"),
    ("order", "{expires_at: 5}", "/expires_at", "5 is not of type 'string', 'null'"),
    ("meter", "{status: removed}", "/status", "'removed' is not one of"),
    ("meter_counter", "{conversion_factor: a lot}", "/conversion_factor", "'a lot' is not of type 'number'"),
    ("meter_counter", "{series: prosumr}", "/series", "did you mean 'prosumer'?"),
    ("meter_reading", "{value: 5, meter_id: x, source: ERP, timestamp: gestern}", "/timestamp", "'gestern' is not a"),
    ("meter_reading", "{value: 5, meter_id: !id contact/anna, source: ERP}", "/meter_id", "names a record of contact"),
    ("portal_user", "{email: a@b.test, portal_id: !id contact/anna}", "/portal_id", "it has to be portal"),
    ("portal_user", "{email: a@b.test, portal_id: !id portal/p1, expires_at: soon}", "/expires_at", "'soon' is not a"),
    ("portal_user", "{portal_id: !id portal/p1}", "", "'email' is a required property"),
    ("billing_event", "{type: installment, contract: !rel contact/anna, due_date: 2026-06-01}", "/contract", "it has to be contract"),
    ("price", "{unit_amount_decimal: 12 ct}", "/unit_amount_decimal", "does not match"),
    ("file", "{file_date: heute}", "/file_date", "'heute' is not a 'date"),
    ("organization", "{env: {A: {value: 5}}}", "/env/A/value", "5 is not of type 'string'"),
    ("organization", "{settings: {sso: true}}", "/settings/sso", "True is not of type 'object'"),
    ("schema", "{attributes: [{label: Name}]}", "/attributes/0", "is a required property"),
    ("integration", "{use_cases: {bill: {success: true}}}", "/use_cases/bill", "is not of type 'array'"),
    ("confirmation", "{purpose: registration, portal_user_id: x, expires_at: never}", "/expires_at", "'never' is not a"),
    ("confirmation", "{purpose: oidc_code, expires_at: 2026-06-16}", "", "is a required property"),
    ("confirmation", "{portal_user_id: x, expires_at: 2026-06-16}", "", "'purpose' is a required property"),
    ("campaign", "{recipients: [anna]}", "/recipients/0", "'anna' is not of type 'object'"),
    ("credential", "{portal_user_id: x}", "", "'password' is a required property"),
    ("download", "{portal_user_id: x}", "", "'file_id' is a required property"),
    ("edit", "{entity_id: x, attributes: payment, at: 2026-06-15}", "/attributes", "is not of type 'array'"),
    ("interest", "{changed_at: neulich}", "/changed_at", "'neulich' is not a"),
    ("mail", "{to: 5}", "/to", "5 is not of type 'string'"),
    ("notification", "{}", "", "'portal_user_id' is a required property"),
    ("session", "{family: x}", "", "'portal_user_id' is a required property"),
    ("target", "{filters: {term: {}}}", "/filters", "is not of type 'array'"),
    ("workflow", "{flow: [a]}", "/flow/0", "'a' is not of type 'object'"),
    ("workflow", "{status: RUNNING}", "/status", "'RUNNING' is not one of"),
    ("revocation", "{at: 5}", "/at", "5 is not of type 'string'"),
    ("resource", "{path: 5, value: 1}", "/path", "5 is not of type 'string'"),
]  # fmt: skip


def found(tmp_path: Path, spec: Spec, text: str) -> list[str]:
    """The mistakes of a scenario that extends a small one."""
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "over.yaml").write_text(f"extends: base\n{text}")
    mistakes, _ = scenario_findings("over", (tmp_path,), spec, COLLECTIONS)
    return [str(mistake).partition("over.yaml:")[2] for mistake in mistakes]


@pytest.mark.parametrize(("kind", "record", "path", "problem"), REFUSED)
def test_bad_record_is_refused_with_its_place(
    tmp_path: Path, spec: Spec, kind: str, record: str, path: str, problem: str
) -> None:
    mistakes = found(tmp_path, spec, f"entities:\n  {kind}:\n    mine: {record}\n")

    assert [one for one in mistakes if one.startswith("4:") and problem in one] != [] or path == ""
    assert [one for one in mistakes if f"/entities/{kind}/mine{path}: " in one and problem in one] != []


@pytest.mark.parametrize("end", ["2026-04-30", "2026-04-30T12:00:00Z", "2026-04-30T12:00:00+02:00", "null"])
def test_dates_that_behaviours_can_read_are_taken(tmp_path: Path, spec: Spec, end: str) -> None:
    assert found(tmp_path, spec, f"entities: {{contract: {{mine: {{end_date: {end}}}}}}}\n") == []


def test_every_collection_is_described() -> None:
    free = [kind.name for kind in COLLECTIONS.kinds.values() if not kind.attributes and kind.schema is None]

    assert free == []


def test_every_shipped_record_passes_every_schema_that_it_leaves_through(mock: Mock, spec: Spec) -> None:
    draft = mock.scenario(None).draft()

    wrong = [
        (kind.name, violation.path, violation.message)
        for kind in COLLECTIONS.kinds.values()
        for record in draft.collection(kind.name)
        for violation in record_violations(spec, COLLECTIONS, kind, record, kinds_in(draft))
    ]

    assert wrong == []


def test_series_are_those_that_the_mock_can_measure() -> None:
    declared = COLLECTIONS.kinds["meter_counter"].attributes["series"].schema["enum"]

    assert set(declared) == set(SET_UPS)


def test_relations_of_the_model_are_declared_with_their_targets() -> None:
    for targets in COLLECTIONS.relations_to.values():
        for one in targets:
            attribute = COLLECTIONS.kinds[one.kind].attributes[one.attribute]
            assert attribute.is_relation
            assert set(attribute.targets) == set(one.targets)


def test_two_aliases_with_one_id_are_a_mistake(tmp_path: Path, spec: Spec) -> None:
    id = "b3022fff-43bb-5c2a-8753-d7615ce57ff8"

    mistakes = found(tmp_path, spec, f"entities:\n  ticket:\n    a: {{_id: {id}}}\n    b: {{_id: {id}}}\n")

    assert mistakes == [f"5:9: /entities/ticket/b/_id: ticket/a has the id '{id}' already"]


def test_reload_of_a_bad_record_keeps_the_scenario_that_is_served(tmp_path: Path, spec: Spec) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: default\n")
    mock = Mock(Setup(scenario=str(path)), spec)
    before = mock.world().state

    path.write_text("extends: default\nentities: {contract: {v-900001: {status: aktiv}}}\n")
    with pytest.raises(FileError, match="'aktiv' is not one of"):
        mock.fresh(with_code=False)

    assert mock.world().state is before


def test_portal_without_an_organization_belongs_to_the_first_one(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "base.yaml").write_text(BASE)

    scenario = load_scenario("base", (tmp_path,), spec, COLLECTIONS).build()

    assert next(iter(scenario.draft().collection("portal")))["organization_id"] == "500001"
