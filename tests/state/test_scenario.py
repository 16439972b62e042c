from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.clock import clock_at
from mockportal.state.scenario import ScenarioPlan, load_scenario
from mockportal.state.scenario_files import scenario_names

BASE = """\
about: Base.
seed: 7
clock: 2026-06-15T09:00:00+02:00
entities:
  organization:
    "500001": {name: Musterau}
  portal:
    p1: {name: One, origin: END_CUSTOMER_PORTAL, domain: one.test}
  contact:
    anna: {first_name: Anna, tags: [a, b], address: {city: Musterau, zip: "12345"}}
  portal_user:
    anna: {email: anna@example.org, portal_id: !id portal/p1, mapped_contact: !rel contact/anna}
tokens:
  dev-anna: {user: portal_user/anna, refresh: refresh-anna}
  dev-admin: {admin: true, readonly: true}
  dev-oidc: {oidc: id, claims: {sub: x}}
"""

Load = Callable[[str], ScenarioPlan]


@pytest.fixture
def load(tmp_path: Path, spec: Spec) -> Load:
    """Loads the text as a scenario that stands beside `base`."""
    (tmp_path / "base.yaml").write_text(BASE)

    def run(text: str) -> ScenarioPlan:
        (tmp_path / "over.yaml").write_text(text)
        plan = load_scenario("over", (tmp_path,), spec, COLLECTIONS)
        plan.build()
        return plan

    return run


def test_ids_come_from_seed_kind_and_alias_not_from_the_scenario(load: Load) -> None:
    one, other = load("extends: base"), load("extends: base\nabout: Another.")

    assert one.build().aliases == other.build().aliases
    assert one.build(seed=8).id_of("contact", "anna") != one.build().id_of("contact", "anna")
    assert one.build().id_of("contact", "some-id") == "some-id"


def test_path_extends_what_stands_beside_it(load: Load, tmp_path: Path, spec: Spec) -> None:
    load("extends: base")

    assert load_scenario(str(tmp_path / "over.yaml"), (), spec, COLLECTIONS).build().seed == 7


def test_overlay_patches_records_and_replaces_lists(load: Load) -> None:
    scenario = load("extends: base\nentities: {contact: {anna: {tags: [c], address: {zip: !drop }}}}").build()

    record = scenario.state.tables["contact"][scenario.id_of("contact", "anna")].record

    assert record["tags"] == ["c"]
    assert record["address"] == {"city": "Musterau"}
    assert record["first_name"] == "Anna"
    assert record["_schema"] == "contact"
    assert record["_org"] == "500001"
    assert record["_created_at"] == "2026-06-15T07:00:00.000Z"


def test_drop_takes_a_record_away(load: Load) -> None:
    text = "extends: base\nentities: {portal_user: {anna: !drop }, contact: {anna: !drop }}\ntokens: {dev-anna: !drop }"

    assert load(text).build().state.counts() == {"organization": 1, "portal": 1}


def test_tags_are_resolved_against_seed_and_clock(load: Load) -> None:
    text = """\
extends: base
entities:
  contact:
    tom: {friend: !rel contact/anna, friend_id: !id contact/anna, due: !date -75d, at: !time -2h}
"""

    scenario = load(text).build(clock=clock_at(datetime(2026, 3, 29, 22, 30, tzinfo=UTC)))

    anna = scenario.id_of("contact", "anna")
    record = scenario.state.tables["contact"][scenario.id_of("contact", "tom")].record
    assert record["friend"] == {"$relation": [{"entity_id": anna}]}
    assert record["friend_id"] == anna
    assert record["due"] == "2026-01-13"
    assert record["at"] == "2026-03-29T20:30:00.000Z"


def test_file_tag_reads_beside_the_scenario_only(load: Load, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    scenario = load("extends: base\nentities: {contact: {tom: {note: !file note.txt}}}").build()
    assert scenario.state.tables["contact"][scenario.id_of("contact", "tom")].record["note"] == "hello"

    with pytest.raises(FileError, match="is not a file inside"):
        load("extends: base\nentities: {contact: {tom: {note: !file ../../etc/passwd}}}")


def test_tokens_know_their_class_and_session(load: Load) -> None:
    scenario = load("extends: base").build()

    kinds = {name: token.kind for name, token in scenario.tokens.items()}
    assert kinds == {"dev-anna": "portal", "dev-admin": "admin", "dev-oidc": "oidc"}
    assert scenario.tokens["dev-admin"].rights == "read"
    assert scenario.tokens["dev-oidc"].claims == {"sub": "x"}
    assert scenario.state.tables["session"]["refresh-anna"].record["family"] == "static:dev-anna"


def test_clock_may_tick(load: Load) -> None:
    text = "extends: base\nclock: {now: 2026-06-15T09:00:00Z, mode: ticking}"

    assert load(text).build().clock.ticking


def test_rules_of_the_overlay_come_first(load: Load) -> None:
    text = "extends: base\nrules: [{operation: getPortalUser, delay: 1s}, {id: mine, operation: '*', fault: {status: 503}}]"

    rules = load(text).build().rules

    assert [(rule.id, sorted(rule.operations)) for rule in rules] == [
        ("rule-0", ["getPortalUser"]),
        ("mine", []),
    ]


ERRORS = [
    ("extends: base\nentitties: {}", ":2:1: /entitties: unknown key 'entitties'; did you mean 'entities'?"),
    ("extends: base\nentities: {contcat: {}}", "unknown collection 'contcat'; did you mean 'contact'?"),
    ("extends: base\nrules: [{operation: getPortalUsr}]", "unknown operation 'getPortalUsr'; did you mean 'getPortalUser'?"),
    ("extends: base\nrules: [{operation: getPortalUser, reply: {staus: 200}}]", "unknown key 'staus'; did you mean 'status'?"),
    ("extends: base\nrules: [{operation: getPortalUser, delay: soon}]", ":2:36: /rules/0/delay: 'soon' is not a duration"),
    ("extends: base\nrules: [{operation: getPortalUser, reply: {status: 418}}]", "documents no 418; use `fault`"),
    ("extends: base\nrules:\n - operation: userExists\n   reply: {status: 200, body: {exists: 1}}", ":4:32: /rules/0/reply/body/exists: 1 is not of type 'boolean'"),
    ("extends: base\nentities:\n  contact:\n    tom: {friend: !id contact/ana}", ":4:11: /entities/contact/tom/friend: there is no contact/ana; did you mean 'anna'?"),
    ("extends: base\nentities: {contact: {tom: {friend: !id contcat/anna}}}", "'contcat/anna' names no collection; did you mean 'contact'?"),
    ("extends: base\nentities: {contact: {tom: {due: !date tomorrow}}}", "'tomorrow' is not a duration"),
    ("extends: base\nentities: {contact: {tom: {due: !drop }}}", None),
    ("extends: base\nentities: {contact: {tom: !drop }}", "there is no contact/tom to drop"),
    ("extends: base\nentities: {contact: {anna: {_title: 5}}}", ":2:29: /entities/contact/anna/_title: 5 is not of type 'string'"),
    ("extends: base\nentities: {contact: {anna: {contracts: !rel contact/anna}}}", "is the inverse of contract.billing_account or contract.customer or contract.order: set it there"),
    ("extends: base\ntokens: {x: {user: portal_user/ana}}", "there is no portal_user/ana; did you mean 'anna'?"),
    ("extends: base\ntokens: {x: {user: contact/anna}}", "'contact/anna' names no portal_user"),
    ("extends: base\nclock: yesterday", "'yesterday' is not an RFC 3339 instant"),
    ("extends: base\nseed: one", ":2:1: /seed: 'one' is not of type 'integer'"),
    ("extends: bose", "bose: is not a known scenario; did you mean 'base'?"),
    ("extends: over", "extends itself: over → over"),
    ("extends: base\nentities: {contact: {tom: {note: !file 'nothing.txt'}}}", "is not a file inside"),
    ("extends: base\nentities: {contact: {tom: {friend: !id [a]}}}", "!id needs a text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), ERRORS, ids=range(len(ERRORS)))
def test_mistake_is_one_line_with_place_and_nearest_match(load: Load, text: str, problem: str | None) -> None:
    if problem is None:
        load(text)
        return

    with pytest.raises(FileError) as caught:
        load(text)

    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_of_scenarios_are_listed(tmp_path: Path, load: Load) -> None:
    load("extends: base")

    assert scenario_names([tmp_path, tmp_path / "nothing"]) == ["base", "over"]
