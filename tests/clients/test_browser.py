"""A person in Chromium at a portal of another origin: signs in in four ways, and uploads files and looks at them."""

from pathlib import Path

from tests.clients.test_customer_portal import played
from tests.test_cli import served


def test_portal_of_another_origin_works_in_a_browser(
    node_folder: Path, chromium: str, tmp_path: Path
) -> None:
    with served(tmp_path) as (url, _):
        seen = played("browser.mjs", url, node_folder, chromium)

    anna = {"user": "anna.berger@example.org", "problem": "", "contracts": ["V-900001", "V-900002"]}
    assert seen == {
        "password": anna,
        "picture": ["image/png", 3, 2],
        "document": "application/pdf",
        "reloaded": anna,
        "provider": {"user": "lea.winter@example.org", "problem": "", "contracts": []},
        "newcomer": {"user": "ida.neu@example.org", "problem": "", "contracts": []},
        "origins": sorted([url, seen["portal"]]),
        "failed": [],
        "complaints": [],
        "portal": seen["portal"],
    }
