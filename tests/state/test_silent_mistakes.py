"""What a scenario can get wrong without anything breaking is told: as a mistake, or as a note."""

from pathlib import Path

import pytest

from mockportal.files.inline import inline_file
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.scenario import load_scenario, scenario_findings

BASE = """\
about: Base.
entities:
  organization: {"500001": {name: Musterau}}
  portal: {p1: {name: One, origin: X, domain: one.test, identity_providers: [{slug: musterau-id, display_name: M, provider_type: OIDC}]}}
  contact: {anna: {first_name: Anna, last_name: Berger, customer_number: KD-1}}
  contract:
    v-900001: {contract_name: Power, contract_number: V-900001, status: active, branch: power, customer: !rel contact/anna}
  portal_user: {anna: {email: anna@example.org, portal_id: !id portal/p1, mapped_contact: !rel contact/anna}}
tokens:
  dev-anna: {user: portal_user/anna}
"""
Found = tuple[list[str], list[str]]


@pytest.fixture
def found(tmp_path: Path, spec: Spec, request: pytest.FixtureRequest) -> Found:
    """Mistakes and notes on a scenario that extends the small one above."""
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "over.yaml").write_text(f"extends: base\n{request.param}\n")
    mistakes, notes = scenario_findings("over", (tmp_path,), spec, COLLECTIONS)
    return [str(one).partition("over.yaml:")[2] for one in mistakes], [
        str(one).partition("over.yaml:")[2] for one in notes
    ]


MISTAKES = [
    ("entities: {contract: {v-90001: !patch {status: terminated}}}",
     "2:23: /entities/contract/v-90001: there is no contract/v-90001 to patch; did you mean 'v-900001'?"),
    ("entities: {ticket: {x: {subject: !patch {a: 1}}}}", "2:25: /entities/ticket/x/subject: !patch changes a whole record or token; it cannot stand here"),
    ("entities: {contract: {v-900001: !patch terminated}}", "2:23: /entities/contract/v-900001: 'terminated' is no record: write its attributes as keys, or `!drop`"),
    ("rules: [{operation: getContact, when: {as: dev-ana}, delay: 1s}]", "2:40: /rules/0/when/as: there is no token 'dev-ana'; did you mean 'dev-anna'?"),
    ("rules: [{operation: getContract, when: {params: {contract_id: x}}, delay: 1s}]", "2:50: /rules/0/when/params/contract_id: there is no parameter 'contract_id' of getContract"),
    ("rules: [{operation: '*', when: {params: {contractid: x}}, delay: 1s}]", "/rules/0/when/params/contractid: there is no parameter 'contractid' of any of these operations"),
    ("rules: [{operation: getAllContracts, when: {params: {size: ten}}, delay: 1s}]", "/rules/0/when/params/size: can never be sent: 'ten' is not of type 'integer'"),
    ("rules: [{operation: getContact, when: {body: {x: 1}}, delay: 1s}]", "/rules/0/when/body: there is no body of getContact"),
    ("rules: [{operation: getContact, delay: {median: 2s, p99: 1s}}]", "/rules/0/delay/p99: is shorter than the median"),
    ("rules: [{operation: getContact, delay: 10m}]", "/rules/0/delay: is longer than 120 seconds, the longest delay"),
    ("rules: [{operation: getContact, delay: {median: 1s, p99: 3m}}]", "/rules/0/delay: is longer than 120 seconds"),
    ("rules: [{id: a, operation: getContact, delay: 1s, times: 1}, {id: a, operation: getOrder, delay: 1s}]",
     "/rules/1/id: another rule has the id 'a'; they would count their hits together"),
    ("tokens: {dev-x: {oidc: musterau-di}}", "2:10: /tokens/dev-x: no portal has the provider 'musterau-di'; did you mean 'musterau-id'?"),
]  # fmt: skip
NOTES = [
    ("entities: {contract: {v-90001: {status: terminated}}}",
     "2:23: /entities/contract/v-90001: is a new contract; did you mean 'v-900001'? `!patch` makes sure of it"),
    ("entities: {contract: {v-900001: {instalment_amount: 5}}}",
     "2:34: /entities/contract/v-900001/instalment_amount: contract has no attribute 'instalment_amount'; did you mean 'installment_amount'?"),
    ("entities: {contact: {anna: {firstname: Anna}}}", "contact has no attribute 'firstname'; did you mean 'first_name'?"),
    ("entities: {target: {t: {filter: []}}}", "target has no attribute 'filter'; did you mean 'filters'?"),
    ("entities: {ticket: {t: {subject: contact/anna}}}",
     "/entities/ticket/t/subject: 'contact/anna' is a text; write `!rel contact/anna` for a relation, `!id contact/anna` for an id"),
    ("rules: [{operation: '*', delay: 1s}, {id: late, operation: getContact, fault: {status: 503}}]",
     "2:38: /rules/1: never fires: the rule 'rule-0' above it takes every request first"),
    ("rules: [{id: a, operation: getContact, when: {as: dev-anna}, delay: 1s}, {operation: getContact, when: {as: dev-anna}, delay: 1s}]",
     "/rules/1: never fires: the rule 'a' above it takes every request first"),
    ("expect: [{as: dev-ana, operation: getContact, status: 200}]", "2:11: /expect/0/as: there is no token 'dev-ana'; did you mean 'dev-anna'?"),
    ("expect: [{as: dev-anna, operation: getAllContracts, params: {sise: 5}, status: 200}]",
     "/expect/0/params/sise: getAllContracts has no parameter 'sise'; did you mean 'size'?"),
    ("expect: [{as: dev-anna, operation: getAllOrders, status: 200, save: {order: /data}}, {as: dev-anna, operation: getOrder, params: {id: $ordr}, status: 200}]",
     "/expect/1/params/id: no entry above saves 'ordr', so it is sent as it is; did you mean 'order'?"),
]  # fmt: skip
SILENT = [
    "entities: {contract: {v-900001: !patch {status: terminated}}}",
    "entities: {contract: {w-700700: {status: active}}}",
    "rules: [{operation: '*', when: {as: dev-anna}, delay: 1s}, {operation: getContact, delay: 1s}]",
    "rules: [{operation: '*', times: 3, delay: 1s}, {operation: getContact, delay: 1s}]",
    "rules: [{operation: getContact, delay: 1s}, {operation: '*', delay: 2s}]",
    "rules: [{operation: [getContact, getContract], when: {params: {id: !id contract/v-900001}}, delay: 120s}]",
    "expect: [{as: nobody, operation: getContact, status: 401}, {as: something-else, operation: getContact, status: 401}]",
    "tokens: {dev-x: {oidc: musterau-id}}",
]


@pytest.mark.parametrize(("found", "mistake"), MISTAKES, indirect=["found"])
def test_mistake_that_was_taken_silently_is_told(found: Found, mistake: str) -> None:
    assert [one for one in found[0] if mistake in one] != [], found


@pytest.mark.parametrize(("found", "note"), NOTES, indirect=["found"])
def test_doubtful_place_is_a_note(found: Found, note: str) -> None:
    assert found[0] == []
    assert [one for one in found[1] if note in one] != [], found


@pytest.mark.parametrize("found", SILENT, indirect=True)
def test_right_scenario_has_no_findings(found: Found) -> None:
    assert found == ([], [])


def test_rule_over_an_inherited_one_is_no_note(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "base.yaml").write_text("rules: [{id: slow, operation: getContact, delay: 1s}]")
    (tmp_path / "over.yaml").write_text("extends: base\nrules: [{id: quick, operation: '*', delay: 0}]")

    _, notes = scenario_findings("over", (tmp_path,), spec, COLLECTIONS)

    assert [note.place.file for note in notes if note.place and note.place.file.endswith("over.yaml")] == []


@pytest.mark.parametrize(
    "found",
    [
        "expect: [{as: dev-anna, operation: getContact, status: 200, save: {mine: /data/_id}},"
        " {as: dev-anna, operation: getContract, params: {id: $mine}, status: 404}]",
        "rules: [{operation: validateToken, reply: {status: 204}}]",
        "rules: [{operation: getTriggeredJourney, when: {params: {context_entities: {entity_id: x}}}, delay: 1s}]",
    ],
    indirect=True,
)
def test_what_is_right_is_not_told(found: Found) -> None:
    assert found == ([], [])


def test_mistake_inside_a_token_is_told_once(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "x.yaml").write_text("tokens: {t: {user: !id portal_user/nobody}}\n")

    mistakes, _ = scenario_findings("x", (tmp_path,), spec, COLLECTIONS)

    assert [str(one).partition("x.yaml:")[2] for one in mistakes] == [
        "1:14: /tokens/t/user: no `extends`, so there is no portal_user/nobody"
    ]


def test_mistake_of_a_scenario_that_comes_in_a_request_is_told_with_its_pointer(spec: Spec) -> None:
    mistakes, notes = scenario_findings(inline_file("inline", {"entitys": {}}), (), spec, COLLECTIONS)

    assert [str(one).partition(" (known")[0] for one in mistakes] == [
        "inline: /entitys: unknown key 'entitys'; did you mean 'entities'?"
    ]
    assert notes == []


def test_drop_of_what_was_not_inherited_is_a_mistake(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "x.yaml").write_text("entities: {contact: {anna: {first_name: [!drop ]}}}\n")

    mistakes, _ = scenario_findings("x", (tmp_path,), spec, COLLECTIONS)

    assert str(mistakes[0]).partition(": ")[2] == (
        "/entities/contact/anna/first_name/0: !drop removes something inherited; there is nothing here"
    )


def test_place_of_a_rule_is_in_the_file_that_has_it(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "base.yaml").write_text("rules:\n - {operation: getContact, delay: 1s}\n")
    (tmp_path / "x.yaml").write_text("extends: base\nrules:\n - {operation: getOrder, delay: 1s}\n")
    plan = load_scenario("x", (tmp_path,), spec, COLLECTIONS)

    places = [Path(plan.where(f"/rules/{number}").split(":")[0]).name for number in range(3)]

    assert places == ["x.yaml", "base.yaml", "x.yaml"]
