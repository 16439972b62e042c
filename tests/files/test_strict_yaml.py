import re
from itertools import pairwise
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.files.strict_yaml import Tagged, load_yaml
from mockportal.files.text import UnusableFile
from mockportal.values import Json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2026-06-15", "2026-06-15"), ("012", 12), ("'12'", "12"),
        ("0x1F", 31), ("0o17", 15), ("1_000", "1_000"), ("1.5", 1.5), ("-3", -3), ("1e3", 1000.0), (".5", 0.5),
        ("~", None), ("", None), ("true", True), ("False", False), ("[1, a]", [1, "a"]),
        ("{a: {b: 1}}", {"a": {"b": 1}}), ("!id contact/anna", Tagged("!id", "contact/anna")),
        ("!rel [a, b]", Tagged("!rel", ["a", "b"])),
        ("!drop", Tagged("!drop", "")), ("{{contact.name}}x", None),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(tmp_path: Path, text: str, value: Json) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"key: {text}\n")

    if text.startswith("{{"):
        with pytest.raises(FileError):
            load_yaml(path)
    else:
        assert load_yaml(path).value == {"key": value}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", ":3:1: /: has the key 'a' twice"),
        ("a:\n  <<: {b: 1}\n", ":2:3: /a: uses a merge key"),
        ("a: !python/object x\n", ":1:1: /a: has an unknown tag !python/object"),
        ("? [1]\n: 2\n", ":1:3: /: has a key that is not a string"),
        ("a: " + "[" * 70 + "]" * 70, "is nested more than 60 deep"),
    ],
)
def test_surprises_are_errors_with_their_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)

    with pytest.raises(FileError) as caught:
        load_yaml(path)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a: [1", "is not YAML"),
        (b"a: \xff\xfe", "is not UTF-8"),
        (b"", "is empty"),
        (b"a: \x00", "is not YAML"),
        (b"a: &x [*x]", "is nested more than"),
    ],
)
def test_unusable_file_is_one_line(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(data)

    with pytest.raises(FileError) as caught:
        load_yaml(path)

    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="cannot be read"):
        load_yaml(tmp_path / "nothing.yaml")


def test_alias_bomb_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    path.write_text("\n".join(lines))

    with pytest.raises(FileError, match="aliases are counted"):
        load_yaml(path)


def test_line_of_a_pointer_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a:\n  b/c:\n    - x\n    - y: 1\n")

    file = load_yaml(path)

    assert (file.line("/a/b~1c/1/y"), file.place("/a/b~1c/1/y").column) == (4, 7)
    assert (file.line("/a/b~1c/7"), file.place("/a/b~1c/7").column) == (2, 3)
    assert file.holds("/a/b~1c/0")
    assert not file.holds("/a/z")
    assert file.depth("/a/b~1c/7/x") == 2
    assert file.where("/a") == f"{path}:1:1: /a"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 01067", "01067"), ("!!str", ""), ("!!str true", "true"), ('!!str "x"', "x"), ("!!str |\n  a\n", "a\n"),
        ('!!int "5"', 5), ("!!int 0x1F", 31), ("!!float 1", 1.0), ('!!float "1e3"', 1000.0), ("!!bool 'true'", True),
        ("!!null ''", None), ("!!null", None), ("!<tag:yaml.org,2002:str> 12", "12"),
    ],
)  # fmt: skip
def test_tags_of_the_core_schema_do_what_yaml_says(tmp_path: Path, text: str, value: Json) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"key: {text}\n")

    read = load_yaml(path).value["key"]

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("! 12", "has the tag `!` without a name; put a text in quotes instead"),
        ('! "12"', "has the tag `!` without a name"),
        ("! [a]", "has the tag `!` without a name"),
        ("&a ! 12", "has the tag `!` without a name"),
        ("[!, b]", "has the tag `!` without a name"),
        (
            "!!set {a, b}",
            "has the tag !!set; of YAML's own only !!str, !!int, !!float, !!bool, !!null are read",
        ),
        ("!!python/name:os.system ''", "has the tag !!python/name:os.system; of YAML's own only"),
        ("!!binary aGk=", "has the tag !!binary"),
        ("!!timestamp 2026-01-01", "has the tag !!timestamp"),
        ("!!map {}", "has the tag !!map"),
        ("!!str [a]", "has the tag !!str; of YAML's own only !!str"),
        ("!<tag:example.org,2000:x> y", "has the tag tag:example.org,2000:x"),
        (
            "!dorp",
            "has an unknown tag !dorp; did you mean '!drop'? (known: !date, !drop, !file, !id, !patch, !rel, !time)",
        ),
        ("!!int x", "is not a !!int: 'x'"),
        ("!!int 1.5", "is not a !!int: '1.5'"),
        ("!!bool yes", "is not a !!bool: 'yes'"),
        ("!!null x", "is not a !!null: 'x'"),
        ("!!float .inf", "is not a !!float: '.inf'"),
        ("1" * 4301, "is a number of 4301 digits; more than 300 are not read"),
        ("-0x" + "F" * 5000, None),
        ("0x" + "F" * 5000, "is a number of 5002 digits"),
        ("1e400", "is a number beyond what JSON readers can hold: 1e400"),
        ("-1e999", "is a number beyond what JSON readers can hold"),
        ("{!id x: y}", "has the tag !id on a key"),
        ("{!!int 5: y}", "has the tag !!int on a key"),
    ],
)
def test_foreign_tags_and_endless_numbers_are_refused(tmp_path: Path, text: str, problem: str | None) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"about: x\nkey: {text}\n")
    if problem is None:
        assert load_yaml(path).value["key"] == text
        return

    with pytest.raises(FileError) as caught:
        load_yaml(path)

    assert re.match(r".*x\.yaml:2:\d+: /key", caught.value.where)
    assert problem in caught.value.problem


def test_exclamation_marks_inside_texts_are_no_tags(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: Hallo ! Du\nb: 'x ! y'\nc: |\n  !\n  ! z\nd: \"! 1\"\ne: # ! f\n  g!\n")

    assert load_yaml(path).value == {"a": "Hallo ! Du", "b": "x ! y", "c": "!\n! z\n", "d": "! 1", "e": "g!"}


def test_every_mistake_of_a_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: !!set {x}\nb: ! 1\na: 2\nc: {d: 1e999}\n")
    found: list[FileError] = []

    load_yaml(path, report=found.append)

    assert [str(mistake.place).removeprefix(f"{path}:") for mistake in found] == [
        "1:1: /a", "2:1: /b", "3:1: /", "4:5: /c/d"
    ]  # fmt: skip


def test_numbers_that_may_be_meant_as_texts_are_found(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "zip: 01067\nnr: '0815'\nlist: [+491701234567, 0, 0.5, -012, 10, !!str 007]\ntext: +49 170\nt: !id 007\n"
    )

    assert list(load_yaml(path).doubtful_numbers()) == [
        ("/zip", "01067"), ("/list/0", "+491701234567"), ("/list/3", "-012")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 5_000, "- " * 20_000, "? " * 20_000, "&x [*x]", "a: &a\n  b: *a\n"],
    ids=["flow", "maps", "block", "keys", "itself", "map in itself"],
)
def test_any_depth_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)

    with pytest.raises(UnusableFile, match=r"nested|without|not YAML|no string") as caught:
        load_yaml(path)

    assert "\n" not in str(caught.value)


def test_alias_bomb_of_400_bytes_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    lines = [
        "a: &a [x,x,x,x,x,x,x,x]",
        *(f"{n}: &{n} [{','.join([f'*{p}'] * 8)}]" for p, n in pairwise("abcdefghij")),
    ]
    path.write_text("\n".join(lines))

    with pytest.raises(UnusableFile, match=r"x\.yaml:\d+:\d+: /\S+: has more than 400000 values"):
        load_yaml(path)


def test_place_is_that_of_the_key(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a:\n  b:\n\n    c:\n      5\n  d: [1,\n    {e: 2}]\n")

    file = load_yaml(path)

    places = [
        str(file.place(at)).removeprefix(f"{path}:") for at in ("/a/b/c", "/a/d/1", "/a/d/1/e", "/x", "")
    ]
    assert places == ["4:5: /a/b/c", "7:5: /a/d/1", "7:6: /a/d/1/e", "1:1: /x", "1:1: /"]


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: ! 1\n")

    with pytest.raises(FileError, match=r"x\.yaml:1:1: /a: has the tag `!`"):
        load_yaml(path)
