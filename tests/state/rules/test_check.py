"""Rules that no server can send, or that contradict themselves, are mistakes when the scenario is loaded."""

from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.scenario import load_scenario, scenario_findings


def load(spec: Spec, folder: Path, rule: str) -> None:
    (folder / "x.yaml").write_text(f"rules:\n - {{operation: getPortalUser, {rule}}}\n")
    load_scenario("x", (folder,), spec, COLLECTIONS).build()


MISTAKES = [
    ('fault: {headers: {X-A: "a\\r\\nSet-Cookie: b"}}', "/fault/headers/X-A: the value of a header is one line"),
    ('fault: {headers: {X-A: "a\\nb"}}', "/fault/headers/X-A: the value of a header is one line"),
    ('fault: {headers: {X-A: "a\\0b"}}', "/fault/headers/X-A: the value of a header is one line"),
    ('fault: {headers: {X-Price: "12 €"}}', "/fault/headers/X-Price: '€' cannot stand in a header"),
    ("fault: {headers: {X Price: a}}", "/fault/headers/X Price: 'X Price' is not a header name"),
    ("fault: {headers: {Größe: a}}", "/fault/headers/Größe: 'Größe' is not a header name"),
    ('fault: {headers: {"": a}}', "/fault/headers/: '' is not a header name"),
    ('fault: {headers: {"X-A:": a}}', "/fault/headers/X-A:: 'X-A:' is not a header name"),
    ('fault: {headers: {Content-Length: "5"}}', "/fault/headers/Content-Length: Content-Length is set by the server"),
    ("fault: {headers: {transfer-encoding: chunked}}", "/fault/headers/transfer-encoding: transfer-encoding is set"),
    ("fault: {status: 101}", "/fault/status: 101 cannot be sent"),
    ("fault: {status: 100, body: truncated}", "/fault/status: 100 cannot be sent"),
    ("fault: {status: 204, body: {a: 1}}", "/fault/body: an answer with status 204 has no body"),
    ("fault: {status: 304, body: text}", "/fault/body: an answer with status 304 has no body"),
    ("fault: {status: 204, body: garbage}", "/fault/body: an answer with status 204 has no body"),
    ("fault: {status: 204, message: gone}", "/fault/message: an answer with status 204 has no body"),
    ('reply: {status: 500, body: {message: x}, headers: {X-A: "a\\nb"}}', "/reply/headers/X-A: the value of a header"),
    ("reply: {status: 500, body: {message: x}, headers: {Ä: b}}", "/reply/headers/Ä: 'Ä' is not a header name"),
    ("reply: {status: 101}", "/reply/status: 101 cannot be sent"),
    ("reply: {status: 500, body: {message: x}}, fault: {status: 503}", "/fault: cannot stand together with 'reply'"),
    ("fault: {connection: reset, status: 503}", "/fault/status: cannot stand together with 'connection'"),
    ("fault: {connection: empty, body: truncated}", "/fault/body: cannot stand together with 'connection'"),
    ("fault: {body: {a: 1}, message: x}", "/fault/message: cannot stand together with 'body'"),
    ('when: {matches: {/params/q: "(?=a)"}}', "/when/matches/~1params~1q: '(?=a)' is no regular expression"),
    ('when: {matches: {/query/q: "a"}}', "/when/matches"),
    ("when: {jsonpath: $.a}", "/when/jsonpath: there is no body of getPortalUser"),
    ("reply: {status: 418}", "/reply/status: getPortalUser documents no 418; use `fault` or `unchecked: true`"),
    ("sequence: [{}, {reply: {status: 418}}]", "/sequence/1/reply/status: getPortalUser documents no 418"),
    ("sequence: [{}], delay: 1s", "/delay: cannot stand together with 'sequence'"),
    ("patch: {status: 500}, fault: {status: 503}", "/fault: cannot stand together with 'patch'"),
    ("patch: {}", "/patch"),
    ("hold: 3m", "/hold: is longer than 120 seconds, the longest hold"),
    ("fault: {drip: 3m}", "/fault/drip: is longer than 120 seconds, the longest answer"),
    ("delay: {min: 2s, max: 1s}", "/delay/max: is shorter than the minimum"),
    ("state: {tikcet/x: {status: a}}", "/state/tikcet~1x: there is no collection 'tikcet'; did you mean 'ticket'?"),
    ("state: {ticket/x: {status: a}}", "/state/ticket~1x: there is no ticket/x"),
    ("chance: 2", "/chance: 2 is greater than the maximum of 1"),
    ("fault: {connection: rest}", "/fault/connection: unknown value 'rest'; did you mean 'reset'?"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "problem"), MISTAKES, ids=[rule for rule, _ in MISTAKES])
def test_rule_that_cannot_be_sent_is_refused_with_its_pointer(
    spec: Spec, tmp_path: Path, rule: str, problem: str
) -> None:
    with pytest.raises(FileError) as caught:
        load(spec, tmp_path, rule)

    assert f": /rules/0{problem}" in str(caught.value)


@pytest.mark.parametrize(
    "rule",
    [
        "fault: {status: 204}",
        'fault: {status: 502, headers: {X-Name: "Grüße §", Retry-After: "2"}}',
        "fault: {status: 503, body: truncated, headers: {X_a.b~c: d}}",
        "fault: {body: [any, {thing: null}]}",
        "fault: {body: null}",
        "reply: {status: 418, body: I am a teapot}, unchecked: true",
        "fault: {rate_limit: {limit: 2, per: 1m}}, after: 3, chance: 0.5, until: 2026-07-01T00:00:00Z",
        "reply: {status: 500, body: {message: x}}, delay: 1s",
    ],
)
def test_unusual_rule_that_can_be_sent_is_taken(spec: Spec, tmp_path: Path, rule: str) -> None:
    load(spec, tmp_path, rule)


def test_fault_whose_text_looks_like_a_way_to_break_a_body_gets_a_note(spec: Spec, tmp_path: Path) -> None:
    rules = " - {operation: '*', fault: {body: truncatd}}\n - {operation: '*', fault: {body: ORA-00942}}\n"
    (tmp_path / "x.yaml").write_text(f"rules:\n{rules}")

    mistakes, notes = scenario_findings("x", (tmp_path,), spec, COLLECTIONS)

    assert mistakes == []
    assert [note.problem for note in notes if "is sent" in note.problem] == [
        "'truncatd' is sent as a text; did you mean 'truncated'?"
    ]
