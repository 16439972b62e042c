"""The programs of `examples/` print what they say."""

import re
import runpy
from pathlib import Path
from textwrap import dedent

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
PRINTS = re.compile(r"\nPrints:\n\n((?:    .+\n)+)")


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_example_prints_what_it_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = runpy.run_path(str(EXAMPLES / name), run_name="__main__")

    printed = PRINTS.search(program["__doc__"])

    assert printed is not None
    assert capsys.readouterr().out == dedent(printed[1])


def test_every_example_is_listed() -> None:
    page = (EXAMPLES.parent / "docs" / "library.md").read_text()

    assert [path.name for path in EXAMPLES.glob("*.py") if f"(../examples/{path.name})" not in page] == []
