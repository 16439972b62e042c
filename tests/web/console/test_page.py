"""The files of the console: what a browser is told about them, and that nothing else is served."""

import re
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

import mockportal.web.console.page as console
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.web.test_control import http

pytestmark = pytest.mark.anyio
__all__ = ["http"]
STATIC = Path(console.__file__).parent / "static"
FILES = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*.*"))


async def test_page_is_served_with_a_strict_policy(http: AsyncClient) -> None:
    answer = await http.get("/__mockportal/")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", FILES)
async def test_every_file_is_served(http: AsyncClient, name: str) -> None:
    answer = await http.get(f"/__mockportal/console/{name}")

    assert answer.status_code == 200
    assert answer.content == (STATIC / name).read_bytes()


@pytest.mark.parametrize(
    "name", ["nothing.js", "../page.py", "%2e%2e/page.py", "views", "views/../../page.py", "/etc/passwd"]
)
async def test_nothing_else_is_served(http: AsyncClient, name: str) -> None:
    answer = await http.get(f"/__mockportal/console/{name}")

    assert answer.status_code == 404


async def test_page_needs_no_token_and_its_data_does(spec: Spec) -> None:
    app = create_app(Mock(Setup(), spec), control_token="s3cret-word")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://mock.test:8080") as client:
        statuses = [
            (await client.get(f"/__mockportal{path}")).status_code
            for path in ("/", "/console/app.js", "/worlds")
        ]

    assert statuses == [200, 200, 401]


async def test_page_is_off_with_the_control_api(spec: Spec) -> None:
    app = create_app(Mock(Setup(), spec), control=False)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        assert (await client.get("/__mockportal/")).status_code == 404


def test_page_loads_nothing_from_elsewhere_and_no_data_becomes_markup() -> None:
    texts = {name: (STATIC / name).read_text() for name in FILES}
    loaded = [
        found
        for text in texts.values()
        for found in re.findall(r"""(?:src|href|from|import)\s*[=(]?\s*["'](\w+:)?//""", text)
    ]
    markup = [
        name
        for name, text in texts.items()
        if re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    ]
    inline = [
        name
        for name, text in texts.items()
        if name.endswith(".html") and re.search(r"<style|<script>| on\w+=| style=", text)
    ]

    assert (loaded, markup, inline) == ([], [], [])
