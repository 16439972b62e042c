from pathlib import Path

import pytest

from mockportal.files.strict_yaml import load_yaml
from mockportal.files.text import UnusableFile, read_inside

UMLAUT = "about: x\nname: Müller\n"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            UMLAUT.encode("cp1252"),
            ":2:8: is not UTF-8 but probably Windows-1252, with 'ü' here; save it as UTF-8",
        ),
        ("a: 5 €".encode("cp1252"), ":1:6: is not UTF-8 but probably Windows-1252, with '€' here"),
        (UMLAUT.encode("utf-16"), ":1:1: is not UTF-8 but UTF-16; save it as UTF-8"),
        (UMLAUT.encode("utf-16-le"), ":1:1: is not UTF-8 but UTF-16"),
        (UMLAUT.encode("utf-16-be"), ":1:1: is not UTF-8 but UTF-16"),
        (b"a: b\n  \x81\n", ":2:3: is not UTF-8: the byte 0x81 does not belong there"),
        (b"a: \x07", ":1:4: is not YAML: it holds the control character U+0007"),
        (b"ab: c\nd: \x00", ":2:4: is not YAML: it holds the control character U+0000"),
    ],
)
def test_other_encoding_is_guessed_and_named(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(data)

    with pytest.raises(UnusableFile) as caught:
        load_yaml(path)

    assert str(caught.value).startswith(f"{path}{problem}")


@pytest.mark.parametrize("name", ["a\0b.yaml", "a" * 5_000 + ".yaml", "line\nbreak.yaml", "."])
def test_name_that_no_file_can_have_is_one_short_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableFile, match="cannot be read") as caught:
        load_yaml(tmp_path / name)
    with pytest.raises(UnusableFile, match="is not a file inside"):
        read_inside(tmp_path, name, 100)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_circle_of_links_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(UnusableFile, match="is not a file inside"):
        read_inside(tmp_path, "a", 100)
