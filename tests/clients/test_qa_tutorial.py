"""`docs/tutorials/qa.md` followed in an empty folder with the wheel, with its clicks in a browser."""

from pathlib import Path

import pytest

from mockportal.values import Json
from tests.clients.test_customer_portal import played
from tests.support.reader import Reader, followed, reading

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "qa.md"


@pytest.mark.usefixtures("installed")
def test_tutorial_leads_from_clicks_to_a_file_that_replays(
    node_folder: Path, chromium: str, tmp_path: Path
) -> None:
    seen: Json = {}

    def click(reader: Reader) -> None:
        seen.update(played("qa_tutorial.mjs", reader.url(8080), node_folder, [chromium, None]))

    with reading(tmp_path) as reader, followed(PAGE, reader, export=click):
        pass

    assert seen == {
        "start": "Monday, 15 June 2026 at 09:00 German time",
        "offer": True,
        "late": "Monday, 15 June 2026 at 23:59 German time",
        "down": True,
        "tooLate": True,
    }
