"""YAML text is read again as the value that it was written of."""

from pathlib import Path

import pytest

from mockportal.files.strict_yaml import TAGS, Tagged, read_nodes
from mockportal.files.yaml_nodes import compose
from mockportal.files.yaml_text import yaml_items, yaml_text
from mockportal.values import Json

PATH = Path("x.yaml")


def read(text: str) -> Json:
    return read_nodes(PATH, compose(text, PATH), TAGS).value


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -1.5, 1e20, 12345678901234567890,
        "", " ", "no", "null", "NULL", "~", "true", "1", "1e3", "0o17", "0x1f", "+1", ".5", "12:30", "2026-06-15",
        "- a", "a: b", "#", "a #b", "!id x", "&a", "*a", "<<", "|", ">", "%x", "@x", "`x", "{", "]", ",", "'", '"', "\\",
        "line\nbreak", "tab\t", "\x01", "\x7f", "\x85", "\u2028", "\ufeff", "äöü €", "😀", "العربية", "x" * 300,
        [], {}, [[]], {"a": {}}, [{"a": [1, {"b": None}]}], {"": 1, "a b": 2, "true": 3, "1": 4, "$relation": []},
        Tagged("!id", "contract/v-900001"), [Tagged("!rel", ["file/a", "file/b"])], Tagged("!patch", {"a": 1}),
    ],
)  # fmt: skip
def test_value_is_read_as_it_was_written(value: Json) -> None:
    assert read(yaml_text({"key": value, "list": [value, {"deep": value}]})) == {
        "key": value, "list": [value, {"deep": value}]
    }  # fmt: skip


def test_long_values_are_written_over_several_lines_and_short_ones_on_one() -> None:
    text = yaml_text({"short": {"a": [1, 2]}, "long": [{"name": "x" * 60, "items": list(range(60))}]})

    assert text.splitlines()[:4] == ["short: {a: [1, 2]}", "long:", f"  - name: {'x' * 60}", "    items:"]
    assert max(map(len, text.splitlines())) <= 100


def test_comments_stand_above_what_they_are_about() -> None:
    text = yaml_text({"a": 1}, ("a file", "of two lines"))

    assert text == "# a file\n# of two lines\na: 1\n"
    assert list(yaml_items([(("why",), {"b": 2})], "  ")) == ["  # why", "  - {b: 2}"]


def test_comment_holds_nothing_that_yaml_refuses() -> None:
    text = yaml_text({"a": 1}, ("one\ntwo\x07 three\x85",))

    assert read(text) == {"a": 1}
    assert text.startswith("# one two? three\n")
