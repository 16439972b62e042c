"""`docs/tutorials/frontend.md` followed in an empty folder with the wheel, and its pages used in a browser."""

from pathlib import Path

import pytest

from tests.clients.test_customer_portal import played
from tests.support.reader import followed, reading

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "frontend.md"


@pytest.mark.usefixtures("installed")
def test_tutorial_ends_in_a_page_that_works(node_folder: Path, chromium: str, tmp_path: Path) -> None:
    with reading(tmp_path) as reader, followed(PAGE, reader):
        seen = played("frontend_tutorial.mjs", reader.url(5173), node_folder, [chromium, None])

    taken = "2026-06-15: 25100 kWh"
    assert seen == {
        "contracts": [
            "V-900002 Gas Komfort: 126.00 € a month",
            "V-900001 Musterau ÖkoStrom 24: 84.00 € a month",
        ],
        "readings": [
            ["the reading is less than the one before it", "2026-03-31: 24598.7 kWh"],
            ["", taken],
            ["the reading is not plausible", taken],
        ],
        "wrong": ["Incorrect username or password."],
        "signedIn": [
            "V-900004 Musterau ÖkoStrom 24: 61.00 € a month",
            "V-900003 Musterau Wärmestrom: 142.00 € a month",
        ],
    }
