"""A tester in Chromium at the console, on a wide and on a narrow screen."""

from pathlib import Path

import pytest

from tests.clients.test_customer_portal import played
from tests.test_cli import served


@pytest.mark.parametrize("width", [1280, 390])
def test_console_is_usable(node_folder: Path, chromium: str, tmp_path: Path, width: int) -> None:
    with served(tmp_path) as (url, _):
        seen = played("console.mjs", url, node_folder, {"chromium": chromium, "width": width})

    assert seen.pop("rows") < 60
    assert seen.pop("frame") < 50
    assert seen == {
        "token": "dev-anna",
        "found": 1,
        "explained": True,
        "address": "#/main/journal/2?q=status%3A4xx",
        "resent": ["200", "behaviour"],
        "invalid": "true",
        "edited": "2023-02-01",
        "rewound": "2023-01-01",
        "mail": [True, "noopener noreferrer"],
        "hostile": [[], None],
        "rule": [503, 200],
        "help": 1,
        "complaints": [],
    }
