"""`SKILL.md`: how an agent uses the mock, in the form of agentskills.io, from the docs and the code."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from mockportal.commands import COMMANDS
from mockportal.commands.help.examples import OF_COMMAND
from mockportal.commands.help.exit_codes import codes_of
from mockportal.config import content
from mockportal.mock import Mock
from mockportal.web.document.assembly import control_document
from reference.markdown import table

_TEMPLATE = Path(__file__).with_suffix(".md")
_SHOWN = ("verify", "replay", "contract")  # commands whose examples are shown
_PEOPLE = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_ENDPOINTS = (
    "listScenarios", "createWorld", "resetWorld", "deleteWorld", "listPeople", "mintToken", "advanceClock", "setClock",
    "listRecords", "patchRecord", "addRule", "deleteRule", "listMails", "listJournal", "explainExchange", "getCode",
    "rewindWorld", "putSnapshot", "restoreSnapshot", "exportWorld", "verifyWorld",
)  # fmt: skip
_COMMANDS = ("serve", "check", "verify", "export", "replay", "new", "token", "contract", "docs")


def text(mock: Mock) -> str:
    """The text of `skills/mockportal/SKILL.md`."""
    commands = ((f"`{one.name}`", one.help) for one in COMMANDS if one.name in _COMMANDS)
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        people=_lines(table(("token", "who", "situation"), _people())),
        endpoints=_lines(table(("endpoint, below `/__mockportal`", "what it does"), _endpoints(mock))),
        scenarios=", ".join(f"`{path.stem}`" for path in sorted(content("scenarios").glob("*.yaml"))),
        commands=_lines(table(("command", "what it does"), commands)),
        codes="; ".join(f"{code} {meaning}" for code, meaning in codes_of("contract")),
        examples="\n".join(line for name in _SHOWN for line in OF_COMMAND[name].values()),
    )


def _people() -> Iterator[tuple[str, str, str]]:
    """The rows of the first table of the page on people, and the administrator."""
    page = (content("docs") / "people.md").read_text(encoding="utf-8").partition("Everybody else:")[0]
    for alias, who, situation in _PEOPLE.findall(page):
        yield f"`dev-{alias}`", who, situation
    yield "`dev-admin`", "administrator", "may do everything"


def _endpoints(mock: Mock) -> Iterator[tuple[str, str]]:
    operations = {
        one["operationId"]: (f"`{method.upper()} {path}`", one["summary"])
        for path, methods in control_document(mock, "")["paths"].items()
        for method, one in methods.items()
    }
    return (operations[id] for id in _ENDPOINTS)


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines)
