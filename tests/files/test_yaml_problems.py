"""Text that is not YAML is told in words that say what to write."""

from pathlib import Path

import pytest

from mockportal.files.strict_yaml import load_yaml
from mockportal.files.text import UnusableFile


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: {paid_date: !drop}", ":1:21: is not YAML: a space is missing between `!drop` and `}`"),
        ("a: [x, !drop]", ":1:13: is not YAML: a space is missing between `!drop` and `]`"),
        ("a: !id{x}", ":1:7: is not YAML: a space is missing between `!id` and `{`"),
        ("a:\n\tb: 1", ":2:1: is not YAML: a tab where only spaces may stand"),
        ("a: 1\n\tb: 2", ":2:1: is not YAML: a tab where only spaces may stand"),
        ("a: b: c", ":1:5: is not YAML: a second `:` in one line; put the text in quotes"),
        ("a: @x", ":1:4: is not YAML: a text that begins with @ needs quotes"),
        ("a: `x`", ":1:4: is not YAML: a text that begins with ` needs quotes"),
        ("a: *nope", ":1:4: is not YAML: nothing is called *nope here; put the text in quotes"),
        ("a: 1\n---\nb: 2", ":2:1: is not YAML: a second document begins here (`---`); a file holds one"),
        ("a: 1\nb\n", ":3:1: is not YAML: a key without `:`"),
        ('a: "x', ":1:6: is not YAML: the text in quotes does not end"),
    ],
)
def test_mistake_is_said_in_our_words(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)

    with pytest.raises(UnusableFile) as caught:
        load_yaml(path)

    assert str(caught.value) == f"{path}{problem}"
