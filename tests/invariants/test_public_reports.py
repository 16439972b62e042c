"""Documents after public bug reports on tools of this kind, and what is right for requests to them.

A file of `public_reports/` has the name of its report, and says in a sentence what is expected.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mockportal.files.plain_yaml import load_plain
from mockportal.mock import Mock, Setup, load_mock
from mockportal.testing import Client
from mockportal.values import Json, Record, decode, encode
from mockportal.web.app import create_app
from tests.support.asgi import Answered, part, play

REPORTS = {path.stem: path for path in sorted((Path(__file__).parent / "public_reports").glob("*.yaml"))}
ANY = '{"description": "fine", "content": {"application/json": {"schema": {"type": "object", "enum": [{}]}}}}'
_DEPTH = 50


def read(name: str) -> Record:
    path = REPORTS[name]
    case: Record = load_plain(path.read_text(), path, _DEPTH)
    return case


def mock_of(case: Record, folder: Path, text: str = "") -> Mock:
    """A mock of the document in a case."""
    head = f"openapi: {case.get('version', '3.0.3')}\ninfo: {{title: Library, version: '1'}}\n"
    (folder / "library.yaml").write_text(head + (text or case["document"]))
    (folder / "any.yaml").write_text(ANY)
    (folder / "scenarios").mkdir()
    (folder / "scenarios/default.yaml").write_text(json.dumps(case.get("scenario", {"about": "nothing"})))
    return load_mock(Setup(spec=folder / "library.yaml", scenarios=folder / "scenarios"))


def sent(mock: Mock, entry: Record) -> Answered:
    """The answer to the request of an entry."""
    method, _, target = entry["ask"].partition(" ")
    named = [line.split(": ", 1) for line in entry.get("lines", ())]
    lines = [(name, value) for name, value in named]
    content = entry.get("text", "").encode()
    if "json" in entry:
        content = encode(entry["json"])
        lines.append(("Content-Type", "application/json"))
    if content:
        lines.append(("Content-Length", str(len(content))))
    app = create_app(mock).router
    answer = asyncio.run(play(app, method, target, lines, [part(content)]))
    assert answer is not None
    return answer


def seen(answer: Answered, entry: Record) -> Record:
    """Of an answer, the parts about which an entry says something."""
    looks: dict[str, Callable[[], Json]] = {
        "status": lambda: answer.status,
        "says": lambda: entry["says"] if entry["says"] in answer.content.decode() else answer.content,
        "body": lambda: decode(answer.content),
        "body_text": lambda: answer.content.decode(),
        "answers": lambda: answer.headers["content-type"],
        "headers": lambda: {name: answer.headers.get(name) for name in entry["headers"]},
    }
    return {name: look() for name, look in looks.items() if name in entry}


@pytest.mark.parametrize("report", [name for name in REPORTS if name != "generated-examples"])
def test_public_report_is_answered_as_expected(tmp_path: Path, report: str) -> None:
    case = read(report)
    mock = mock_of(case, tmp_path)
    entries: Json = case["requests"]

    answers = [seen(sent(mock, entry), entry) for entry in entries]

    said = ("ask", "lines", "text", "json")
    assert answers == [{name: entry[name] for name in entry if name not in said} for entry in entries]


def test_generated_examples_keep_their_schemas(tmp_path: Path) -> None:
    case = read("generated-examples")
    answers = {
        name: {"get": {"operationId": name, "responses": {"200": _answer(schema)}}}
        for name, schema in case["schemas"].items()
    }
    paths = encode({f"/{name}": item for name, item in answers.items()}).decode()
    mock = mock_of(case, tmp_path, case["document"].replace("paths: {}", f"paths: {paths}"))
    client = Client(mock, mock.world())

    exchanges = {name: client.exchange(name) for name in answers}

    assert {name: one.reply.status for name, one in exchanges.items()} == dict.fromkeys(answers, 200)
    assert [one.violations for one in exchanges.values() if one.violations] == []


def _answer(schema: Json) -> Record:
    return {"description": "fine", "content": {"application/json": {"schema": schema}}}
