"""Pages of another origin in Chromium, and one whose name was rebound to this machine, neither read nor change a mock."""

from pathlib import Path

from tests.clients.test_customer_portal import played
from tests.test_cli import served

READ_NOTHING = {
    "json": "blocked",
    "json without CORS": "opaque",
    "text": "blocked",
    "nothing to send": "opaque",
    "delete": "blocked",
    "journal": "blocked",
    "token": "opaque",
    "beacon": True,
    "image": "blocked",
    "script": "blocked",
    "events": "blocked",
}
REFUSED = {
    **dict.fromkeys(READ_NOTHING, 403),
    "beacon": True,
    "image": "blocked",
    "script": "blocked",
    "events": "blocked",
}


def test_no_foreign_page_controls_a_mock(node_folder: Path, chromium: str, tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        seen = played("foreign_pages.mjs", url, node_folder, {"chromium": chromium})

    assert seen == {
        "another port": READ_NOTHING,
        "another site": READ_NOTHING,
        "a rebound name": REFUSED,
        "own": 200,
        "worlds": ["kept", "main"],
        "entries": 0,
    }
