"""`mockportal new` writes a scenario that can be used at once."""

import re
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.commands.check import Checking, check_everything
from mockportal.commands.verify import verdicts_on
from mockportal.mock import Setup


def test_starter_is_right_and_so_is_each_of_its_examples(tmp_path: Path) -> None:
    setup = Setup(scenarios=tmp_path)
    path = tmp_path / "mine.yaml"

    assert main(["new", "mine", "--scenarios", str(tmp_path), "--extends", "overdue-invoice"]) == 0
    assert check_everything(setup, Checking([path])) == []

    path.write_text(re.sub(r"^#(?! \S)", "", path.read_text(), flags=re.MULTILINE))
    assert check_everything(setup, Checking([path])) == []
    (verdict,) = verdicts_on(["mine"], setup)
    assert (verdict.expectations, verdict.failures) == (1, ())


def test_file_that_exists_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text("about: Mine.\n")

    assert main(["new", "mine", "--scenarios", str(tmp_path)]) == 2

    assert (tmp_path / "mine.yaml").read_text() == "about: Mine.\n"
    assert "mine.yaml: exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["Mine"], "Mine: is not a name for a scenario"),
        (["../mine"], "../mine: is not a name for a scenario"),
        (["mine", "--extends", "defualt"], "defualt: is not a known scenario; did you mean 'default'?"),
    ],
)
def test_bad_names_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert main(["new", *arguments, "--scenarios", str(tmp_path)]) == 2

    assert problem in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
