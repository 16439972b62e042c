"""The published npm client of the newest version, and the document of an older one, against the same mock."""

import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from mockportal.config import VERSIONS
from mockportal.engine.answers.audit import audit
from mockportal.engine.call import Reply
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock, read_contract
from mockportal.spec.document import load_document
from mockportal.testing import Client
from tests.clients.test_customer_portal import as_sent, played
from tests.spec.test_facts import differences, stripped
from tests.support.cases import cases
from tests.test_cli import served

NEWEST = VERSIONS[-1]
OLDER = "2.2.7"
# The older document needs what the targets file does not say, or wants a hook named.
WANTS_A_HOOK = {"getConsumption", "getCosts", "getPrices"}


def test_published_client_calls_every_operation_of_the_newest_version(
    newer_mock: Mock, node_folder: Path, tmp_path: Path
) -> None:
    wanted = cases(newer_mock.spec, newer_mock.scenario(None), NEWEST)
    with served(tmp_path, "--api", NEWEST) as (url, _):
        seen = played("every_operation.mjs", url, node_folder, [*map(as_sent, wanted.values())])

    assert len(seen) == 173
    assert {name: answer["status"] for name, answer in seen.items()} == {
        name: case.status for name, case in wanted.items()
    }
    for name, answer in seen.items():
        assert answer["headers"]["x-mockportal-answered-by"] == "behaviour", name
        body = None if answer["body"] == "" else answer["body"]  # what axios makes of no body
        reply = Reply(answer["status"], body, answer["headers"])
        assert audit(newer_mock.spec.operations[name], reply) == [], name


def test_newest_document_differs_from_the_published_one_in_prose_only(node_folder: Path) -> None:
    published = load_document(node_folder / "node_modules/@epilot/sdk/definitions/customer-portal.json")

    found = differences(stripped(read_contract(Setup(api=NEWEST))[1]), stripped(published))

    assert found == ["/x-tagGroups: missing", "/tags/3/x-displayName: missing"]


@pytest.fixture(scope="module")
def older_document(node_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document in an older version of the client; kept, so that the registry is asked once."""
    file = node_folder.parent / "published" / "@epilot" / f"sdk-{OLDER}-customer-portal.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch = tmp_path_factory.mktemp("tarball")
        pack = ["npm", "pack", f"@epilot/sdk@{OLDER}", "--ignore-scripts", "--pack-destination", str(scratch)]
        subprocess.run(pack, cwd=scratch, check=True, capture_output=True, timeout=300)
        (tarball,) = scratch.glob("*.tgz")
        with tarfile.open(tarball) as archive:
            found = archive.extractfile("package/definitions/customer-portal.json")
            assert found is not None
            document = json.loads(found.read())
        file.write_text(json.dumps(document))
    return file


def test_document_of_an_older_client_is_answered_by_the_same_behaviours(
    mock: Mock, older_document: Path
) -> None:
    older = load_mock(Setup(spec=older_document, behaviours="mockportal.portal"))
    known = cases(mock.spec, mock.scenario(None))

    answers = {}
    for name in older.spec.operations:
        case = known[name]
        client = Client(older, World("test", older.scenario(None)), case.token)
        answers[name] = client.exchange(name, body=case.body, media_type=case.media_type, **case.params)

    assert len(answers) == 138
    assert older.api.behaviours.keys() == older.spec.operations.keys()
    statuses = {name: one.reply.status for name, one in answers.items()}
    assert {name for name, status in statuses.items() if status != known[name].status} == WANTS_A_HOOK
    wrong = {name for name, one in answers.items() if one.violations}
    assert wrong == {
        "getPortalExtensions",
        "getPortalExtensionsV3",
    }  # it knows one kind of hook, the data have more
