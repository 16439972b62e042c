from pathlib import Path

from mockportal.commands.scenarios.collections_page import collections_page
from mockportal.mock import Mock

PAGE = Path(__file__).parents[3] / "docs" / "collections.md"


def test_page_is_current(mock: Mock) -> None:
    assert PAGE.read_text() == collections_page(mock), (
        "python -m mockportal.commands.scenarios.collections_page > docs/collections.md"
    )
