"""Programs of every kind, run as a person would run them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from mockportal.values import decode

_HARNESS = """
import json, runpy, sys
response = runpy.run_path(sys.argv[1])["response"]
json.dump([response.status_code, list(response.content)], open(sys.argv[2], "w"))
"""
_PRELOAD = """
import { writeFileSync } from "node:fs";
const real = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const response = await real(...given);
  const bytes = [...new Uint8Array(await response.clone().arrayBuffer())];
  writeFileSync(process.env.ANSWER, JSON.stringify([response.status, bytes]));
  return response;
};
"""


class Answered(NamedTuple):
    """The status and the body that a program got."""

    status: int
    body: bytes


def run_curl(code: str, folder: Path, secrets: dict[str, str]) -> Answered:
    """By bash; a file of settings makes curl tell the status after the body."""
    (folder / ".curlrc").write_text('write-out = "%{stderr}%{http_code}"\n')
    (folder / "program.sh").write_text(code)
    done = _run(["bash", "program.sh"], folder, {**secrets, "CURL_HOME": str(folder)})
    body = b"" if "--head " in code else done.stdout
    return Answered(int(done.stderr), body)


def run_python(code: str, folder: Path, secrets: dict[str, str]) -> Answered:
    """By Python; its variable `response` is what came."""
    (folder / "program.py").write_text(code)
    done = _run([sys.executable, "-c", _HARNESS, "program.py", "answer.json"], folder, secrets)
    assert done.returncode == 0, done.stderr.decode()
    return _answered(folder)


def run_fetch(code: str, folder: Path, secrets: dict[str, str]) -> Answered:
    """By Node, with a `fetch` that notes what came."""
    require_node()
    (folder / "program.mjs").write_text(code)
    (folder / "preload.mjs").write_text(_PRELOAD)
    given = {**secrets, "ANSWER": str(folder / "answer.json")}
    done = _run(["node", "--import", "./preload.mjs", "program.mjs"], folder, given)
    assert done.returncode == 0, done.stderr.decode()
    return _answered(folder)


def run_pytest(codes: dict[str, str], folder: Path, secrets: dict[str, str]) -> dict[str, str]:
    """By pytest, all at once: how each of the tests ended, by the names of their files."""
    for name, code in codes.items():
        (folder / f"test_{name.replace('-', '_')}.py").write_text(code)
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "error",
        "--junit-xml=seen.xml",
    ]
    done = _run(line, folder, secrets)
    assert b"error" not in done.stdout, done.stdout.decode()
    cases = ElementTree.parse(folder / "seen.xml").iter("testcase")
    outcomes = {case.attrib["classname"]: "failed" if len(case) else "passed" for case in cases}
    return {name: outcomes[f"test_{name.replace('-', '_')}"] for name in codes}


def run_playwright(
    codes: dict[str, str], packages: Path, folder: Path, secrets: dict[str, str]
) -> dict[str, str]:
    """By the test runner of Playwright, all at once: how each of the tests ended, by the names of their files."""
    (folder / "node_modules").symlink_to(packages / "node_modules")
    (folder / "playwright.config.ts").write_text("export default { workers: 1, retries: 0 };\n")
    for name, code in codes.items():
        (folder / f"{name}.spec.ts").write_text(code)
    line = ["node", "node_modules/@playwright/test/cli.js", "test", "--reporter=json"]
    done = _run(line, folder, secrets)
    report = json.loads(done.stdout)
    assert report["errors"] == [], report["errors"]
    return {
        suite["file"].removesuffix(".spec.ts"): spec["tests"][0]["results"][0]["status"]
        for suite in report["suites"]
        for spec in suite["specs"]
    }


def require_node() -> None:
    """Skips a test where Node is not installed."""
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")


def _answered(folder: Path) -> Answered:
    status, body = decode((folder / "answer.json").read_bytes())
    return Answered(status, bytes(body))


def _run(line: list[str], folder: Path, given: dict[str, str]) -> "subprocess.CompletedProcess[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run(
        line, cwd=folder, env={**kept, **given}, capture_output=True, timeout=120, check=False
    )
