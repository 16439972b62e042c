from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.files.strict_yaml import Tagged, UnusableFile, load_yaml
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
        ("a: 1\nb: 2\na: 3\n", ":3: has the key 'a' twice"),
        ("a:\n  <<: {b: 1}\n", ":2: uses a merge key"),
        ("a: !python/object x\n", ":1: has an unknown tag !python/object"),
        ("? [1]\n: 2\n", ":1: has a key that is no string"),
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

    assert file.line("/a/b~1c/1/y") == 4
    assert file.line("/a/b~1c/7") == 3
    assert file.holds("/a/b~1c/0")
    assert not file.holds("/a/z")
    assert file.where("/a") == f"{path}:2: /a"
