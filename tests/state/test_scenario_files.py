"""Scenario files: how `extends` finds, orders and merges them, and which line a mistake names."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario, load_scenario, scenario_findings

BASE = """\
about: Base.
entities:
  contact:
    anna: {first_name: Anna}
    tom: {first_name: Tom}
  portal_user:
    anna: {email: anna@example.org, portal_id: p1, mapped_contact: !rel contact/anna}
tokens:
  dev-anna: {user: portal_user/anna}
rules:
  - {id: base-rule, operation: getPortalUser, delay: 1s}
"""

Load = Callable[..., Scenario]


@pytest.fixture
def load(tmp_path: Path, spec: Spec) -> Load:
    """Writes files by name and loads the scenario `mine` (or another one) with them."""

    def run(mine: str, name: str = "mine", **others: str) -> Scenario:
        for stem, text in {"base": BASE, "mine": mine, **others}.items():
            (tmp_path / f"{stem}.yaml").write_text(text)
        return load_scenario(name, (tmp_path,), spec, COLLECTIONS).build()

    return run


def refusal(load: Load, mine: str, **others: str) -> str:
    """The mistake that keeps `mine` from being loaded, without the folder."""
    with pytest.raises(FileError) as caught:
        load(mine, **others)
    text = str(caught.value)
    assert text.isprintable()
    return text.rpartition("/mine.yaml")[2] if "/mine.yaml" in text else text


def test_file_that_is_extended_twice_counts_once(load: Load) -> None:
    left = "extends: base\nentities: {contact: {anna: {first_name: Left}, tom: !drop }}"
    right = "extends: base\nentities: {contact: {anna: {last_name: Right}}}"

    scenario = load("extends: [left, right]", left=left, right=right)

    table = scenario.state.tables["contact"]
    record = table[scenario.id_of("contact", "anna")].record
    assert (record["first_name"], record["last_name"]) == ("Left", "Right")
    assert len(table) == 1
    assert [rule.id for rule in scenario.rules] == ["base-rule"]


def test_diamonds_on_diamonds_are_quick(load: Load) -> None:
    files = {f"{side}{n}": f"extends: [a{n - 1}, b{n - 1}]" for n in range(1, 40) for side in "ab"}
    before = time.process_time()

    load("extends: [a39, b39]", a0="extends: base", b0="extends: base", **files)

    assert time.process_time() - before < 5


def test_three_hundred_extended_files_are_quick(load: Load) -> None:
    files = {f"f{n}": f"extends: base\nentities: {{contact: {{c{n}: {{}}}}}}" for n in range(300)}
    before = time.process_time()

    scenario = load(f"extends: [{', '.join(files)}]", **files)

    assert len(scenario.state.tables["contact"]) == 302
    assert time.process_time() - before < 10


def test_chain_of_very_many_files_is_refused(load: Load) -> None:
    files = {f"f{n}": f"extends: f{n + 1}" for n in range(150)}

    with pytest.raises(FileError, match=r"f99\.yaml:1:1: /extends: is extended over more than 100 files"):
        load("extends: f0", **files)


CIRCLES: list[tuple[str, dict[str, str], str]] = [
    ("extends: mine", {}, ":1:1: /extends: extends itself: mine → mine"),
    ("about: x\nextends:\n  - base\n  - mine", {}, ":4:5: /extends/1: extends itself: mine → mine"),
    ("about: x\nextends: bose", {}, ":2:1: /extends: bose: is not a known scenario; did you mean 'base'?"),
    ("extends: [base, bose]", {}, ":1:17: /extends/1: bose: is not a known scenario; did you mean 'base'?"),
    ('extends: "a\\0b"', {}, ":1:1: /extends: a\\x00b: is not a known scenario"),
    (f"extends: {'a' * 5_000}", {}, f":1:1: /extends: {'a' * 200}…: is not a known scenario"),
    ('extends: "../../etc/passwd"', {}, ":1:1: /extends: ../../etc/passwd: is not a known scenario"),
    ("extends: !id base", {}, ":1:1: /extends: the tag !id cannot stand here"),
]


@pytest.mark.parametrize(("mine", "others", "problem"), CIRCLES, ids=range(len(CIRCLES)))
def test_bad_extends_names_file_and_line(load: Load, mine: str, others: dict[str, str], problem: str) -> None:
    assert refusal(load, mine, **others) == problem


def test_circle_over_two_files_names_the_line_that_closes_it(load: Load) -> None:
    with pytest.raises(FileError, match=r"other\.yaml:2:1: /extends: extends itself: mine → other → mine"):
        load("extends: other", other="about: x\nextends: mine")


SHAPES = [
    ("tokens: {dev-x: portal_user/anna}", ":1:10: /tokens/dev-x: 'portal_user/anna' is no token: write who it is as"
     " keys (known: admin, claims, denied, oidc, org, readonly, refresh, user), or `!drop`"),
    ("entities: {contact: {anna: hello}}", ":1:22: /entities/contact/anna: 'hello' is no record:"
     " write its attributes as keys, or `!drop`"),
    ("entities: {contact: {anna: !id contact/tom}}", ":1:22: /entities/contact/anna: the tag !id cannot stand here"),
    ("tokens: {x: !date 1d}", ":1:10: /tokens/x: the tag !date cannot stand here"),
    ("clock: !time -2h", ":1:1: /clock: the tag !time cannot stand here"),
    ("clock: {now: !time -2h}", ":1:9: /clock/now: the tag !time cannot stand here"),
    ("about: !file x", ":1:1: /about: the tag !file cannot stand here"),
    ("entities: {contact: {anna: {_id: !id contact/anna}}}",
     ":1:29: /entities/contact/anna/_id: is the id of itself: contact/anna → contact/anna"),
    ("entities: {contact: {a: {_id: !id contact/b}, b: {_id: !id contact/a}}}",
     ":1:26: /entities/contact/a/_id: is the id of itself: contact/a → contact/b → contact/a"),
    ("entities: {contact: {a: {_id: !id contcat/b}}}", ":1:26: /entities/contact/a/_id: 'contcat/b' names no"
     " collection; did you mean 'contact'?"),
    ("extends: base\nentities: {contact: {anna: {last_name: !drop , first_name: }}}",
     ":2:48: /entities/contact/anna/first_name: has no value; one of type 'string' is expected"),
    ("entities: {campaign: {a: {id: {b: c}}}}", ":1:27: /entities/campaign/a/id: an id is a text"),
    ("entities: {campaign: {a: {id: 5}}}", ":1:27: /entities/campaign/a/id: an id is a text"),
    ("entities: {contact: {a: {x: !rel {b: c}}}}", ":1:26: /entities/contact/a/x: !rel needs a text such as"
     " contact/anna, or a list of them"),
    ("entities: {contact: {a: {x: !id contact/anna}}}",
     ":1:26: /entities/contact/a/x: no `extends`, so there is no contact/anna"),
    ("tokens: {x: {user: portal_user/anna}}", ":1:14: /tokens/x/user: no `extends`, so there is no portal_user/anna"),
    ("entities: {contact: {anna: !drop }}", ":1:22: /entities/contact/anna: no `extends`, so there is no contact/anna to drop"),
    ("extends: base\nentities: {contact: {ana: !drop }}",
     ":2:22: /entities/contact/ana: there is no contact/ana to drop; did you mean 'anna'?"),
    ("extends: base\ntokens: {dev-ana: !drop }", ":2:10: /tokens/dev-ana: there is no dev-ana to drop; did you mean 'dev-anna'?"),
    ("entities: {contact: {a: {x: !date 99999999d}}}",
     ":1:26: /entities/contact/a/x: 99999999 days from 2026-06-15 the calendar has ended"),
    ("entities: {contact: {a: {x: !time -99999999d}}}",
     ":1:26: /entities/contact/a/x: -99999999 days from 2026-06-15 the calendar has ended"),
    ('entities: {contact: {a: {x: !file "a\\0b"}}}', ":1:26: /entities/contact/a/x: 'a\\x00b' is not a file inside "),
    (f"entities: {{contact: {{a: {{x: !file {'y' * 5000}}}}}}}", ":1:26: /entities/contact/a/x: 'yyyy"),
    ("rules: [{operation: getPortalUser, delay: 1e400}]",
     ":1:36: /rules/0/delay: is a number beyond what JSON readers can hold: 1e400"),
    ("rules: [{operation: getPortalUser, reply: {status: 200, headers: !rel a/b}}]",
     ":1:57: /rules/0/reply/headers: the tag !rel cannot stand here"),
    ("clock: 2026-06-15", ":1:1: /clock: '2026-06-15' names no time zone; write 2026-06-15T00:00:00+02:00 for German"
     " time, or 2026-06-15T00:00:00Z"),
    ("clock: {now: 2026-06-15T09:00:00}", ":1:9: /clock/now: '2026-06-15T09:00:00' names no time zone; write"
     " 2026-06-15T09:00:00+02:00 for German time, or 2026-06-15T09:00:00Z"),
    ("clock: 9999-12-31T00:00:00Z", ":1:1: /clock: a clock stands between the years 1970 and 8999"),
    (f"seed: {'1' * 4301}", ":1:1: /seed: is a number of 4301 digits; more than 300 are not read"),
]  # fmt: skip


@pytest.mark.parametrize(("mine", "problem"), SHAPES, ids=range(len(SHAPES)))
def test_wrong_shape_is_one_line(load: Load, mine: str, problem: str) -> None:
    assert refusal(load, mine).startswith(problem)


def test_dropped_record_that_is_still_needed_names_the_line_that_drops_it(load: Load) -> None:
    problem = refusal(
        load, "extends: base\nentities:\n  contact:\n    anna: !drop\n    tom: {last_name: T}\n"
    )

    assert problem.startswith(":4:5: /entities/contact/anna: is dropped, but ")
    assert problem.endswith("base.yaml:7:52: /entities/portal_user/anna/mapped_contact needs it")


def test_dropped_record_is_told_once_however_many_need_it(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "base.yaml").write_text(
        BASE + "  - {operation: updateContact, delay: 1s, when: {body: {x: !id contact/anna }}}\n"
    )
    (tmp_path / "mine.yaml").write_text("extends: base\nentities: {contact: {anna: !drop }}\n")

    mistakes, _ = scenario_findings("mine", (tmp_path,), spec, COLLECTIONS)

    assert [mistake.place.pointer for mistake in mistakes if mistake.place] == ["/entities/contact/anna"]


def test_mistake_in_an_inherited_rule_names_its_own_line(load: Load) -> None:
    other = BASE + "  - {operation: userExists, reply: {status: 418}}\n"

    with pytest.raises(
        FileError, match=r"other\.yaml:12:37: /rules/1/reply/status: userExists documents no 418"
    ):
        load("extends: other\nrules:\n  - {operation: getPortalUser, delay: 1s}\n", other=other)


def test_every_mistake_is_found_once(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "mine.yaml").write_text(
        "extends: base\n"
        "clock: 2026-06-15\n"
        "entities:\n"
        "  contact:\n"
        "    a: {_title: 5, x: !id contact/nobody, due: !date soon}\n"
        "    b: {_title: 6, _org: 7}\n"
        "    c: {_id: !id contact/c}\n"
        "    gone: !drop\n"
        "tokens: {t: {user: portal_user/nobody}}\n"
        "rules:\n"
        "  - {operation: getPortalUser, delay: soon}\n"
        "  - {operation: userExists, reply: {status: 418}}\n"
        "expect: [{as: x, operation: getContact, status: 200, params: {id: !id contact/nobody}}]\n"
    )
    merge, _ = scenario_findings("mine", (tmp_path,), spec, COLLECTIONS)
    text = (tmp_path / "mine.yaml").read_text().replace("    gone: !drop\n", "")
    (tmp_path / "mine.yaml").write_text(text)

    found, _ = scenario_findings("mine", (tmp_path,), spec, COLLECTIONS)

    assert [mistake.place and mistake.place.pointer for mistake in merge] == ["/entities/contact/gone"]
    assert sorted(mistake.place.pointer for mistake in found if mistake.place) == [
        "/clock", "/entities/contact/a/_title", "/entities/contact/a/due", "/entities/contact/a/x",
        "/entities/contact/b/_org", "/entities/contact/b/_title", "/entities/contact/c/_id",
        "/expect/0/params/id", "/rules/0/delay", "/rules/1/reply/status", "/tokens/t/user",
    ]  # fmt: skip


def test_numbers_that_may_be_texts_are_notes(tmp_path: Path, spec: Spec) -> None:
    (tmp_path / "mine.yaml").write_text(
        "seed: 007\nentities: {contact: {a: {zip: 01067, phone: +491701234567, nr: '0815'}}}\n"
        "rules: [{operation: updatePortalUser, times: 01, delay: 02, when: {body: {x: 00}}}]\n"
    )

    mistakes, notes = scenario_findings("mine", (tmp_path,), spec, COLLECTIONS)

    assert mistakes == []
    assert [str(note).rpartition("mine.yaml")[2] for note in notes if "is the number" in note.problem] == [
        ":2:26: /entities/contact/a/zip: 01067 is the number 1067; for the text write '01067'",
        ":2:38: /entities/contact/a/phone: +491701234567 is the number 491701234567; for the text write '+491701234567'",
        ":3:75: /rules/0/when/body/x: 00 is the number 0; for the text write '00'",
    ]
