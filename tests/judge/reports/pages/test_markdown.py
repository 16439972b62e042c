import pytest

from mockportal.judge.model import Interaction
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.pages.markdown import MOST_BYTES, markdown
from mockportal.judge.reports.redact import Redactor
from tests.support.reports import BASE, BROKEN, POST, finding, received, report


def test_summary_of_a_broken_contract() -> None:
    worst, second = BROKEN.findings[1].id, BROKEN.findings[0].id

    lines = markdown(report_json(BROKEN, Redactor([]), BASE)).splitlines()

    assert lines[:14] == [
        "## ❌ Breaks the contract: 3 findings, 1 problem, 1 operation untested",
        "",
        "3 operations: 0 passed, 2 failed, 1 untested  ",
        f"{BASE} · local · seed 7 · 12.3 s",
        "",
        "**What to do next**",
        "",
        f"- play the first finding again: `mockportal contract --replay {worst}`",
        "- judge createPage alone: `mockportal contract --operation createPage`",
        "- accept what is agreed, until a day: `mockportal contract --write-deviations deviations.yaml`",
        "",
        "| severity | operation | check | what is wrong | id |",
        "|---|---|---|---|---|",
        f"| high | createPage | `not_a_server_error` | 500 for a valid request | `{worst}` |",
    ]
    assert f"body /data: '&#95;id' is a required property | `{second}` |" in lines[14]
    assert [line for line in lines if line.startswith("### ")] == [
        "### Problems of the run",
        "### Known deviations",
        "### Untested",
    ]
    assert sum(line.startswith("curl ") for line in lines) == 2
    assert lines[-2] == "Traffic: sent 13, sent GET 9, sent POST 4."


def test_summary_of_a_kept_contract_has_no_table() -> None:
    clean = report()
    clean.operations.pop("ssoLogin")

    text = markdown(report_json(clean, Redactor([]), BASE))

    assert text.startswith("## ✅ Keeps the contract\n")
    assert "|---" not in text


def test_message_cannot_break_the_table_or_call_people() -> None:
    odd = finding(message="a | b\n<b>`x`</b> @ada [l](http://x) *s*", exchanges=())

    lines = markdown(report_json(report(findings=(odd,)), Redactor([]), BASE)).splitlines()

    row = next(line for line in lines if line.startswith("|") and odd.id in line)
    assert row.count("|") == 6
    assert "@<!-- -->ada" in row
    assert not any(mark in row for mark in ("<b>", "`x`", "[l]", "*s*"))


def test_command_with_a_fence_in_it_stays_in_its_fence() -> None:
    sent = POST.__class__("createPage", "POST", "/x", {}, b"```\n````")

    lines = markdown(
        report_json(report(findings=(finding(exchanges=(Interaction(sent, None),)),)), Redactor([]), BASE)
    ).splitlines()

    assert lines.count("`````") == 1
    assert lines.count("`````sh") == 1


def test_command_too_long_for_a_summary_is_left_to_the_page() -> None:
    sent = POST.__class__("createPage", "POST", "/x", {}, b"x" * 5_000)

    text = markdown(
        report_json(report(findings=(finding(exchanges=(Interaction(sent, None),)),)), Redactor([]), BASE)
    )

    assert "# too long to show here: see index.html" in text


@pytest.mark.parametrize("number", [200, 2_000])
def test_what_does_not_fit_is_counted(number: int) -> None:
    many = tuple(
        finding(signature=str(n), message=f"ä{n} " + "ß" * 150, exchanges=(Interaction(POST, received()),))
        for n in range(number)
    )
    problems = tuple(f"problem {n}" for n in range(number))

    text = markdown(report_json(report(findings=many, problems=problems), Redactor([]), BASE))

    shown = sum(line.startswith("| high | getContract |") for line in text.splitlines())
    assert len(text.encode()) <= MOST_BYTES
    assert f"*{number - shown:,} rows more: see [the report](index.html).*" in text or shown == number
    assert " commands more: see [the report](index.html).*" in text
    assert text.count(" lines more: see [the report](index.html).*") == (1 if number > 300 else 0)


def test_findings_of_one_cause_are_one_row() -> None:
    many = tuple(finding(f"op{n}", "sort_is_honoured", "title asc", "not sorted", ()) for n in range(5))

    text = markdown(report_json(report(findings=many), Redactor([]), BASE), "https://ci.example/1")

    assert f"| medium | op0, op1, op2 and 2 more | `sort_is_honoured` | not sorted | `{many[0].id}` |" in text
    assert text.count("<details>") == 1
    assert "Of the same cause: " + ", ".join(f"`{one.id}`" for one in many[1:]) in text
