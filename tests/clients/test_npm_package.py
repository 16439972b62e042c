"""The npm package as somebody installs it: checked, built, packed, and used by Node and by Playwright in Chromium."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import served

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "clients" / "js"
SCRIPTS = Path(__file__).parent / "npm_package"
MODULES = ("control", "index", "installation", "pages", "playwright", "server", "views", "world")
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name not in ("MOCKPORTAL", "MOCKPORTAL_URL")
}
FAILURE = "failure is told"


@pytest.fixture(scope="module")
def consumer(node_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has installed the packed package, and beside it Playwright and React."""
    source = tmp_path_factory.mktemp("source") / "js"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (source / "node_modules").symlink_to(node_folder / "node_modules")
    packed = json.loads(run(["npm", "pack", "--json", "--silent"], source).stdout)
    consumer = tmp_path_factory.mktemp("consumer")
    (consumer / "package.json").write_text('{"type": "module"}')
    package = consumer / "node_modules" / "@mockportal" / "test"
    package.mkdir(parents=True)
    run(["tar", "-xzf", str(source / packed[0]["filename"]), "--strip-components=1"], package)
    for installed in (node_folder / "node_modules").iterdir():
        (consumer / "node_modules" / installed.name).symlink_to(installed)
    for script in SCRIPTS.iterdir():
        shutil.copy(script, consumer)
    return consumer


@pytest.fixture(scope="module")
def mock_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("mock")) as (url, _):
        yield url


def run(line: list[str], folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    found = subprocess.run(
        line,
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found


def test_package_holds_its_modules_and_their_types_alone(consumer: Path) -> None:
    package = consumer / "node_modules" / "@mockportal" / "test"
    files = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()}
    manifest = json.loads((package / "package.json").read_text())

    built = {f"dist/{name}{ending}" for name in MODULES for ending in (".js", ".d.ts")}
    assert files == {"LICENSE", "README.md", "package.json", *built}
    assert "dependencies" not in manifest
    assert list(manifest["exports"]) == [".", "./playwright", "./package.json"]


def test_tests_that_use_it_are_typed(consumer: Path) -> None:
    flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", "node"]

    pages = (ROOT / "docs" / "javascript.md", SOURCE / "README.md")
    shown = [name for page in pages for name in shown_in(page, consumer)]

    run(["node_modules/.bin/tsc", *flags, "playwright.config.ts", "portal.spec.ts", *shown], consumer)


def test_library_works_in_node(consumer: Path, mock_url: str, wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)

    run(
        ["node", "--test", "library.test.mjs"],
        consumer,
        MOCKPORTAL_URL=mock_url,
        STARTABLE=json.dumps([sys.executable, "-m", "mockportal"]),
        WHEEL=str(wheel),
        ONLY_PYTHON=str(tmp_path),
        PIP_NO_DEPS="1",  # they are those of this environment
        PYTHONPATH=os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")]),
    )


def test_recipe_for_vitest_works(consumer: Path) -> None:
    setup, test = (
        block for block in blocks_of(SOURCE / "README.md") if re.search(r"vitest(\.config|\")", block)
    )
    (consumer / "mockportal.setup.ts").write_text(setup)
    (consumer / "user.test.ts").write_text(test)
    (consumer / "vitest.config.ts").write_text(
        'export default { test: { globalSetup: "./mockportal.setup.ts" } };'
    )
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    found = run(["node_modules/.bin/vitest", "run", "user.test.ts", "--reporter=json"], consumer, PATH=path)

    assert json.loads(found.stdout)["numPassedTests"] == 1


def test_fixtures_work_in_a_browser(consumer: Path, mock_url: str, chromium: str) -> None:
    port = free_port()

    found = subprocess.run(
        ["node_modules/.bin/playwright", "test"],
        cwd=consumer,
        env={
            **ENVIRONMENT,
            "MOCKPORTAL_URL": mock_url,
            "CHROMIUM": chromium,
            "PAGES_PORT": str(port),
            "PAGES_SCRIPT": "pages.mjs",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (consumer / "report.json").exists(), found.stdout + found.stderr
    tests = dict(results_in(json.loads((consumer / "report.json").read_text())))
    told = tests.pop(FAILURE)
    assert {title: problem(result) for title, result in tests.items() if result["status"] != "passed"} == {}
    assert len(tests) == 12
    assert told["status"] == "failed"
    attached = {
        one["name"]: base64.b64decode(one["body"]).decode() for one in told["attachments"] if "body" in one
    }
    journal = json.loads(attached["mockportal-journal.json"])
    asked = [entry for entry in journal["entries"] if entry["operation"] == "getPortalUser"]
    assert [(entry["status"], entry["as"]) for entry in asked] == [(503, "anna")]
    assert journal["world"].startswith("failure-is-told-")
    assert "operation: getPortalUser" in attached["mockportal-scenario.yaml"]


def test_guide_to_parallel_tests_works(consumer: Path, mock_url: str, chromium: str) -> None:
    config, spec = blocks_of(ROOT / "docs" / "how-to" / "playwright.md")
    (consumer / "guide.ts").write_text(config.replace("http://127.0.0.1:8080", mock_url))
    (consumer / "parallel.spec.ts").write_text(spec.replace("http://127.0.0.1:8080", mock_url))
    (consumer / "guide.config.ts").write_text(
        'import guide from "./guide.ts";\n'
        'const launchOptions = { executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] };\n'
        'export default { ...guide, testMatch: "parallel.spec.ts", reporter: "json", use: { ...guide.use, launchOptions } };'
    )

    line = ["node_modules/.bin/playwright", "test", "--config", "guide.config.ts"]
    found = run(line, consumer, CHROMIUM=chromium)

    assert json.loads(found.stdout)["stats"]["expected"] == 4


def shown_in(page: Path, folder: Path) -> list[str]:
    """The TypeScript on a page as files, but for what imports from another runner."""
    shown = {
        f"{page.stem}_{n}.ts": block
        for n, block in enumerate(blocks_of(page))
        if "@mockportal/test" in block and not re.search(r'from "(vitest|cypress)"', block)
    }
    for name, block in shown.items():
        (folder / name).write_text(block)
    return list(shown)


def blocks_of(page: Path) -> list[str]:
    return re.findall(r"^```ts(?: \S+)?\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def results_in(suite: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The title and the result of each test in a report of Playwright."""
    for spec in suite.get("specs", []):
        yield spec["title"], spec["tests"][0]["results"][-1]
    for inner in suite.get("suites", []):
        yield from results_in(inner)


def problem(result: dict[str, Any]) -> str:
    return "\n".join(error["message"] for error in result["errors"])


def free_port() -> int:
    """A port that is free, as is the one after it."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as one:
            port: int = one.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except OSError:
                continue
            return port
