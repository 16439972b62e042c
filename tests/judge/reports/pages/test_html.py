import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from mockportal.judge.model import Interaction, KnownFinding, OperationRecord, Received, Report, Sent, Tally
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.pages.html import html
from mockportal.judge.reports.redact import Redactor
from mockportal.spec.spec import Spec
from tests.support.reports import BASE, BROKEN, GET, KNOWN, POST, finding, large_report, report

VOID = {"meta", "input", "wbr", "br"}
EVIL = '</pre></script><script>alert(1)</script><img src=x onerror="a()">\'&amp;$head'


class Page(HTMLParser):
    """Tags, attributes and text of a page; `stack` is empty at the end of one that is well nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.stack: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def page(given: Report, before: Report | None = None) -> Page:
    redactor = Redactor([])
    old = report_json(before, redactor, BASE) if before else None
    return Page(html(report_json(given, redactor, BASE), old))


def test_page_is_well_nested_and_needs_nothing_from_elsewhere(spec: Spec) -> None:
    found = page(large_report(spec), BROKEN)

    assert found.stack == []
    assert found.values("src") == []
    assert [link for link in found.values("href") if not link.startswith("#")] == []
    assert not found.tags.keys() & {"link", "img", "iframe", "object", "base", "form"}
    assert found.values("content")[2].startswith(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"
    )


def test_every_link_leads_to_one_place(spec: Spec) -> None:
    found = page(large_report(spec), BROKEN)

    ids = Counter(found.values("id"))
    assert [link for link in found.values("href") if ids[link[1:]] != 1] == []
    assert [name for name, number in ids.items() if number > 1] == []


def test_nothing_that_was_sent_or_answered_becomes_markup() -> None:
    sent = Sent(EVIL, EVIL, EVIL, {EVIL: EVIL}, EVIL.encode())
    one = finding(
        EVIL,
        EVIL,
        EVIL,
        EVIL,
        (Interaction(sent, Received(200, ((EVIL, EVIL),), EVIL.encode())), Interaction(sent, None, EVIL)),
    )
    evil = report(
        (one,), (KnownFinding(finding(EVIL, signature="k", message=EVIL), EVIL, EVIL, EVIL),), (EVIL,)
    )
    evil.operations[EVIL] = OperationRecord(
        EVIL, EVIL, EVIL, (EVIL,), checks={EVIL: Tally(1, 1)}, parameters={EVIL: Counter(valid=1)}
    )
    evil.operations["x"] = OperationRecord("x", "GET", "/x", (), untested=EVIL)
    evil.target = evil.profile = evil.started = EVIL
    evil.versions, evil.traffic = {EVIL: EVIL}, {EVIL: 1}

    found = page(evil, evil)

    assert found.stack == []
    assert found.tags["script"] == 1
    assert "img" not in found.tags
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert found.text.count("<script>alert(1)</script>") > 15


def test_verdict_stands_in_title_and_heading() -> None:
    text = html(report_json(BROKEN, Redactor([]), BASE))

    said = "Breaks the contract: 3 findings, 1 problem, 1 operation untested"
    assert f"<title>{said} · {BASE}</title>" in text
    assert f"<h1>{said}</h1>" in text


def test_only_what_there_is_has_a_section() -> None:
    clean = report()
    clean.operations["getContract"].checks["response_schema_conformance"].failed = 0
    clean.operations["getContract"].parameters = {}

    assert re.findall(r'<section id="(\w+)"', html(report_json(clean, Redactor([]), BASE))) == [
        "next", "untested", "checks", "statuses", "run",
    ]  # fmt: skip
    assert re.findall(r'<section id="(\w+)"', html(report_json(BROKEN, Redactor([]), BASE))) == [
        "next", "problems", "findings", "known", "untested", "checks", "statuses", "parameters", "run",
    ]  # fmt: skip


def test_matrix_leads_from_a_failure_to_its_finding() -> None:
    text = html(report_json(BROKEN, Redactor([]), BASE))

    cells = re.findall(r'<td class="(\w+)"[^>]*>(?:<a href="#f-(\w+)">)?(.)', text)
    assert cells[:6] == [
        ("ok", "", "✓"),
        ("bad", BROKEN.findings[0].id, "✗"),
        ("none", "", "·"),
        ("bad", BROKEN.findings[1].id, "✗"),
        ("known", KNOWN.finding.id, "≈"),
        ("none", "", "·"),
    ]


def test_matrix_begins_with_what_failed_and_leaves_out_what_applied_nowhere() -> None:
    given = report(findings=(finding(),))
    given.operations["getContract"].checks |= {"counts_agree": Tally(2), "hits_agree": Tally()}

    text = html(report_json(given, Redactor([]), BASE))

    assert re.findall(r'<th scope=col title="[^"]*"><span>(\w+)<', text) == [
        "response_schema_conformance",
        "counts_agree",
        "not_a_server_error",
    ]
    assert "Applied to no operation: hits_agree." in text


def test_nothing_is_red_where_nothing_was_found() -> None:
    clean = report(problems=("1 operation is untested",))
    clean.operations["getContract"].checks["response_schema_conformance"].failed = 0

    text = html(report_json(clean, Redactor([]), BASE))

    assert '<header class="top unproven">' in text
    assert not re.findall(
        r'class="[^"]*\b(?:bad|violates|failed)\b[^"]*" ?(?:style|id)?',
        text,
    )


def test_findings_of_one_cause_stand_together_the_worst_first() -> None:
    many = tuple(finding(f"op{n}", "sort_is_honoured", "title asc", "not sorted", ()) for n in range(5))
    worse = finding("createPage", "token_is_needed", "none", "answered 200 with no token", ())

    text = html(report_json(report(findings=(*many, worse)), Redactor([]), BASE))

    assert re.findall(r'<span class="severity (\w+)">', text) == ["critical", "medium"]
    assert "5 findings of one cause" in text
    assert "<summary>2 more</summary>" in text


def test_steps_of_a_finding_are_sent_into_one_world() -> None:
    given = report(findings=(finding(exchanges=(Interaction(POST, None), Interaction(GET, None))),))
    given.isolation = "X-World"

    text = html(report_json(given, Redactor([]), BASE))

    assert text.count(f"X-World: replay-{given.findings[0].id}") == 2


@pytest.mark.parametrize(
    "chip",
    [
        '<span class="chip ok">200 <b>6</b></span>',
        '<span class="chip ok">409 <b>1</b></span>',
        '<span class="chip odd">502 <b>1</b></span>',
        '<span class="chip never">4XX</span>',
        '<span class="mono">path.id</span><span class="yes">✓ 7</span><span class="no">✗ 2</span>',
    ],
)
def test_statuses_and_parameters_are_chips(chip: str) -> None:
    assert chip in html(report_json(BROKEN, Redactor([]), BASE))


def test_last_run_is_compared_with() -> None:
    before = report(findings=(finding(), finding(signature="gone", message="it was here")))
    now = report(findings=(finding(), finding(signature="new")))

    text = html(report_json(now, Redactor([]), BASE), report_json(before, Redactor([]), BASE))

    assert re.findall(r'<span class="badge \w*">(\d+)</span> ([\w ]+)<', text) == [
        ("1", "New"),
        ("1", "Gone"),
        ("1", "Still there"),
    ]
    assert text.count('<span class="badge new">new</span>') == 1
    assert "It judged another target" not in text


def test_comparison_with_another_target_is_said_to_be_one() -> None:
    before = report()
    before.target = "https://elsewhere.example"

    text = html(report_json(report(), Redactor([]), BASE), report_json(before, Redactor([]), BASE))

    assert "at https://elsewhere.example. It judged another target, or in another way." in text
    assert "No finding then or now." in text


def test_answers_are_shown_readably() -> None:
    answers = [
        Received(200, (), b'{"a":[1]}'),
        Received(200, (), b"\xff<x>"),
        Received(200, (), b"y" * 3000),
        None,
    ]
    one = finding(
        exchanges=tuple(
            Interaction(Sent("a", "GET", "/a", {}), got, "" if got else "timed out") for got in answers
        )
    )

    text = html(report_json(report(findings=(one,)), Redactor([]), BASE))

    assert '<pre class="answer">{\n  &#34;a&#34;: [\n    1\n  ]\n}</pre>' in text
    assert '<pre class="answer">\ufffd&lt;x&gt;</pre>' in text
    assert "Answer 200 · 3,000 bytes, cut here · headers" in text
    assert "No answer: timed out" in text
    assert text.count(">Copy</button>") == 4 + len(
        report_json(report(findings=(one,)), Redactor([]), BASE)["next"]
    )
    assert text.count(">Copy all commands</button>") == 1
