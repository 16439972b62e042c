"""A part of the judge, run for an agent in a process of its own."""

import asyncio
import sys
from collections.abc import Iterator

from mcp.server.mcpserver.exceptions import ToolError

from mockportal.mock import Setup
from mockportal.values import Record, decode

_MOST = 20
_TOLD = ("id", "operation", "check", "message", "curl")


async def verdict_on(setup: Setup, operation: str) -> Record:
    """`{verdict, problems, findings}` on one operation of the mock, by all checks. Raises `ToolError`."""
    line = [sys.executable, "-m", "mockportal", "contract", *_flags(setup), "--operation", operation]
    process = await asyncio.create_subprocess_exec(
        *line, "--phases", "checks", "--format", "json",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    if not output:
        raise ToolError(errors.decode(errors="replace").strip())
    report: Record = decode(output)
    findings = [{name: one[name] for name in _TOLD if name in one} for one in report["findings"][:_MOST]]
    return {"verdict": report["verdict"], "problems": report["problems"], "findings": findings}


def _flags(setup: Setup) -> Iterator[str]:
    """The flags that lead to the same document and behaviours."""
    given = {
        "--spec": setup.spec,
        "--overlay": setup.overlay,
        "--behaviours": setup.behaviours,
        "--scenarios": setup.scenarios,
    }
    if setup.spec is None:
        yield from ("--api", setup.api)
    if not setup.use_overlay:
        yield "--no-overlay"
    for flag, value in given.items():
        if value is not None:
            yield from (flag, str(value))
