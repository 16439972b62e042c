"""The comparison as Markdown and HTML: one cause once, and nothing of a document becomes markup."""

from mockportal.compatibility import Change, VersionStep
from mockportal.compatibility.reports import changes_html, changes_markdown, changes_record
from mockportal.values import Record


def change(operation: str, message: str = "'a' is gone", level: str = "breaking") -> Change:
    return Change(operation, level, "response-property-removed", "/components/schemas/A", message)


def record(*changes: Change) -> Record:
    return changes_record([VersionStep("v1.json", "v2.json", list(changes))], {}, [], ("breaking",))


def test_change_of_a_shared_component_is_one_row_with_its_operations() -> None:
    made = record(*(change(f"get{number}") for number in range(9)))

    rows = [line for line in changes_markdown(made).splitlines() if "is gone" in line]

    assert rows == ["| ❌ | 'a' is gone | get0, get1, get2, get3 and 5 more | response-property-removed |"]
    assert changes_html(made).count("&#39;a&#39; is gone") == 1


def test_long_comparison_is_cut_and_says_so() -> None:
    made = record(*(change("get", f"'a{number}' is gone") for number in range(400)))

    text = changes_markdown(made)

    assert text.count("is gone") == 150
    assert "and 250 more in `changes.json`" in text


def test_verdict_follows_the_levels_that_fail() -> None:
    steps = [VersionStep("v1.json", "v2.json", [change("get", level="risky")])]

    verdicts = [
        changes_record(steps, {}, problems, failing)["verdict"]
        for problems, failing in (
            ([], ("breaking",)),
            ([], ("breaking", "risky")),
            (["an entry is wrong"], ("breaking",)),
        )
    ]

    assert verdicts == ["fits", "breaks", "breaks"]


def test_names_in_a_document_never_become_markup() -> None:
    made = record(change("<b>`get`</b>", "<script>alert(1)</script> | **x**"))

    assert "<script>" not in changes_html(made) + changes_markdown(made)
    assert "**x**" not in changes_markdown(made)
    assert "&lt;b&gt;`get`&lt;/b&gt;" in changes_html(made)
