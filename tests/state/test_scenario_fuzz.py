"""Any file that looks a little like a scenario is loaded and played, or refused in one line with its place."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from mockportal.errors import FileError
from mockportal.expectations import failures
from mockportal.mock import Mock
from mockportal.portal.collections import COLLECTIONS
from mockportal.state.scenario import load_scenario, scenario_findings

BASE = """\
entities:
  organization: {"500001": {name: Musterau}}
  portal: {p1: {name: One, origin: END_CUSTOMER_PORTAL, domain: one.test}}
  contact: {anna: {first_name: Anna, tags: [a, b]}}
  contract: {c1: {customer: !rel contact/anna, contract_number: "1", status: active}}
  portal_user: {anna: {email: anna@example.org, portal_id: !id portal/p1, mapped_contact: !rel contact/anna}}
tokens: {dev-anna: {user: portal_user/anna, refresh: r1}}
rules: [{id: base, operation: getContract, times: 1, delay: 1s}]
"""
# Lines of valid scenarios, by their key. A file has some of them; then a few of their words are changed.
LINES = {
    "about": ("about: A text.", "about: ''"),
    "extends": ("extends: base", "extends: [base]", "extends: [base, base]"),
    "seed": ("seed: 7", "seed: 0"),
    "clock": ("clock: 2026-06-15T09:00:00+02:00", "clock: {now: 2026-06-15T09:00:00Z, mode: ticking}"),
    "entities": (
        "entities: {contact: {tom: {first_name: Tom, friend: !rel contact/anna , due: !date -3d , at: !time 2h }}}",
        "entities: {contact: {anna: {tags: !drop , _title: A, list: [!id contact/anna , {a: 1}]}, tom: {}}}",
        "entities: {contract: {c1: {status: terminated, order: !drop }, c2: {_id: c2, customer: !rel [contact/anna ]}}}",
        "entities: {portal_user: {anna: {language: en}, ben: {_id: !id contract/c1 , portal_id: !id portal/p1 }}}",
        "entities: {campaign: {x: {id: x1, portal_id: !id portal/p1 }}, contact: {anna: {email: [{email: a@b.c}]}}}",
        "entities: {activity: {a: {timestamp: 2026-06-15T07:00:00Z, title: T}}, contract: {c1: !drop }}",
    ),
    "tokens": (
        "tokens: {t: {user: portal_user/anna}, dev-anna: !drop }",
        "tokens: {a: {admin: true, readonly: true}, o: {oidc: x, claims: {sub: s, n: 1}}}",
    ),
    "rules": (
        "rules: [{operation: getContract, when: {as: dev-anna, params: {id: 1}}, reply: {status: 404, body: {message: x}}}]",
        "rules: [{id: r, operation: '*', every: 2, times: 3, fault: {status: 503, message: m, headers: {Retry-After: '2'}}}]",
        "rules: [{operation: [getContract, getPortalUser], delay: {median: 200ms, p99: 1s}}]",
        "rules: [{operation: getPortalUser, fault: {connection: reset}}, {operation: '*', fault: {body: garbage}}]",
    ),
    "expect": (
        "expect: [{as: dev-anna, operation: getContract, status: 200, params: {contract_id: !id contract/c1 }, body: {a: [1]}}]",
        "expect: [{advance: P1D}, {operation: getContract, status: 200, times: 0}, {operation: getPortalUser, status: 503}]",
        "expect: [{as: nobody, operation: updateContact, status: 401, params: {id: !id contact/anna }, send: {x: null}}]",
        "expect: [{as: dev-anna, operation: getPortalUser, status: 200, body: {data: {email: anna@example.org}}}]",
    ),
}  # fmt: skip
WORDS = (
    "~", "''", "true", "5", "-1", "0", "1e400", "1e300", "0.5", "01067", "9" * 400, "text", '"a\\0b"', "2026-06-15", "2h",
    "P1M", "P999999W", "99", "418", "'*'", "2026-06-15T09:00:00Z", "getPortalUser", "contact/anna", "contcat", "anna", "[]", "{}",
    "[5]", "{a: b}", "[[]]", "{'': 0}", "! x", "!!set {a}", "!!str 5", "!!int x", "*nope", "&a [*a]", "<<", "frozen", "reset",
    "!id contact/anna ", "!id contact/zed ", "!id contcat/anna ", "!id [a] ", "!rel contact/anna ", "!rel {a: b} ", "!rel 5 ", "!drop ",
    "!date 99999999d ", "!date x ", "!time -9999999d ", "!file nothing ", '!file "\\0" ', "!drpo ", "x" * 300, "ü", "\u2028", "\t", "", ":",
)  # fmt: skip
WORD = re.compile(r"!\w+|[^\s{}\[\],:!]+")


@st.composite
def files(draw: st.DrawFn) -> str:
    """A scenario of some lines, in which up to three words are something else."""
    keys = draw(st.lists(st.sampled_from(list(LINES)), min_size=1, max_size=6, unique=True))
    text = "\n".join(
        draw(st.sampled_from(LINES[key]))
        for key in ("extends", *keys)
        if key != "extends" or draw(st.booleans())
    )
    for _ in range(draw(st.integers(0, 3))):
        places = [found.span() for found in WORD.finditer(text)]
        if places:
            start, end = draw(st.sampled_from(places))
            text = text[:start] + draw(st.sampled_from(WORDS)) + text[end:]
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "base.yaml").write_text(BASE)
    return folder


@seed(20261127)
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(files(), files(), files(), st.text(max_size=40)))
def test_file_is_played_or_refused_in_one_line(mock: Mock, folder: Path, text: str) -> None:
    (folder / "mine.yaml").write_bytes(text.encode("utf-8", "replace"))

    refusal = refused(mock, folder)

    found, notes = scenario_findings("mine", (folder,), mock.spec, COLLECTIONS)
    assert bool(found) == bool(refusal), (refusal, *map(str, found))
    assert not refusal or (refusal.isprintable() and "mine.yaml:" in refusal), refusal
    for mistake in (*found, *notes):
        assert str(mistake).isprintable(), str(mistake)
        assert mistake.place is not None, str(mistake)


def refused(mock: Mock, folder: Path) -> str:
    """The one line that refuses the file; "" if its expectations could be played."""
    try:
        scenario = load_scenario("mine", (folder,), mock.spec, COLLECTIONS).build()
    except FileError as error:
        return str(error)
    assert all(map(str, failures(scenario, mock.engine)))
    return ""
