"""A reader of the manual in Chromium, from the files of the package, on a wide and on a narrow screen."""

from pathlib import Path

from mockportal.manual.site import write_site
from tests.clients.test_customer_portal import played


def test_manual_is_found_through_and_read_without_a_server(
    node_folder: Path, chromium: str, tmp_path: Path
) -> None:
    write_site(tmp_path)

    seen = played("manual.mjs", (tmp_path / "index.html").as_uri(), node_folder, {"chromium": chromium})

    rules = {"found": ["Scenarios: Rules"], "there": True, "current": "Scenarios", "scrolls": False}
    assert seen == {"wide": rules, "narrow": rules, "complaints": []}
