"""The published npm client `@epilot/sdk`, unchanged but for its base URL, works against the mock."""

import json
import subprocess
from pathlib import Path

from mockportal.engine.answers.audit import audit
from mockportal.engine.call import Reply
from mockportal.mock import Mock
from mockportal.values import Json, Record
from tests.support.cases import Case, cases
from tests.test_cli import served

HERE = Path(__file__).parent


def test_anna_reads_accepts_and_submits_with_the_published_client(node_folder: Path, tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        seen = played("customer_portal.mjs", url, node_folder)

    assert seen == {
        "contracts": ["V-900001", "V-900002"],
        "contact": "KD-100101",
        "acceptance": [200, "placed", 409],
        "reading": [200, 25100.5, 25100.5],
        "events": [200, 3, True],
    }


def test_published_client_calls_every_operation(mock: Mock, node_folder: Path, tmp_path: Path) -> None:
    wanted = cases(mock.spec, mock.scenario(None))
    with served(tmp_path) as (url, _):
        seen = played("every_operation.mjs", url, node_folder, [*map(as_sent, wanted.values())])

    assert len(seen) == 149
    assert {name: answer["status"] for name, answer in seen.items()} == {
        name: case.status for name, case in wanted.items()
    }
    for name, answer in seen.items():
        assert answer["headers"]["x-mockportal-answered-by"] == "behaviour", name
        body = None if answer["body"] == "" else answer["body"]  # what axios makes of no body
        assert audit(mock.spec.operations[name], Reply(answer["status"], body, answer["headers"])) == [], name


def as_sent(case: Case) -> Record:
    """A case as the script reads it."""
    sent = {"operation": case.operation, "token": case.token, "params": case.params}
    if isinstance(case.body, bytes):
        return {**sent, "body": case.body.decode(), "media_type": case.media_type}
    return {**sent, "body": case.body}


def played(script: str, url: str, folder: Path, given: Json = None) -> Json:
    """What a script prints that plays against `url`; `given` is its standard input."""
    run = subprocess.run(
        ["node", str(HERE / script), url],
        cwd=folder,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
