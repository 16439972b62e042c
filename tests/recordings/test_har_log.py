"""The journal as an HTTP Archive, held to the specification of HAR 1.2."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from jsonschema import Draft202012Validator

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record, decode
from mockportal.web.app import create_app
from tests.programs.exchanges import ANNA, CASES, JSON

SCHEMA = decode((Path(__file__).parent / "har-1.2.schema.json").read_bytes())
PRIVATE = "Planted/Geheimnis+1"
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def http(spec: Spec) -> AsyncIterator[AsyncClient]:
    app = create_app(Mock(Setup(), spec))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        yield client


async def har(http: AsyncClient, query: str = "") -> Record:
    """The archive of the world `main`, which is valid."""
    answer = await http.get(f"/__mockportal/worlds/main/journal.har{query}")
    assert answer.status_code == 200
    value: Record = answer.json()
    Draft202012Validator.check_schema(SCHEMA)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(value)] == []
    return value


async def entries(http: AsyncClient, query: str = "") -> list[Json]:
    return list((await har(http, query))["log"]["entries"])


async def test_every_sort_of_exchange_is_in_the_archive(http: AsyncClient) -> None:
    for case in CASES.values():
        await http.request(case.method, case.target, headers=case.lines, content=case.body)
    await http.post("/__mockportal/worlds/main/clock/advance", json={"by": "P1D"})

    found = await entries(http)

    assert len(found) == len(CASES) + 1
    assert {one["_mockportal"]["operation"] for one in found} >= {
        "getPortalUser",
        "updateContact",
        "mockportal.clock",
    }


async def test_entry_says_what_was_sent_and_answered(http: AsyncClient) -> None:
    content = '{"first_name":"Änne"}'
    await http.patch("/@main/v2/portal/contact?a=%C3%A4&b[]=1", headers=JSON, content=content)

    (entry,) = await entries(http)

    assert entry["startedDateTime"] == "2026-06-15T07:00:00.000Z"
    assert entry["request"]["url"] == "http://localhost:8080/@main/v2/portal/contact?a=%C3%A4&b[]=1"
    assert entry["request"]["queryString"] == [{"name": "a", "value": "ä"}, {"name": "b[]", "value": "1"}]
    assert entry["request"]["postData"] == {"mimeType": "application/json", "params": [], "text": content}
    assert entry["response"]["status"] == 200
    assert entry["response"]["statusText"] == "OK"
    assert decode(entry["response"]["content"]["text"].encode())["data"]["first_name"] == "Änne"
    assert entry["_mockportal"] == {
        "n": 1,
        "operation": "updateContact",
        "answered_by": "behaviour",
        "rule": None,
        "as": "anna",
    }


async def test_bytes_are_base64(http: AsyncClient) -> None:
    data = b"\x00\xff\xfe" * 5
    await http.patch("/v2/portal/contact", headers={**ANNA, "content-type": "image/png"}, content=data)

    (entry,) = await entries(http)

    assert base64.b64decode(entry["request"]["postData"]["text"]) == data
    assert entry["request"]["postData"]["_encoding"] == "base64"


async def test_archive_holds_no_secret(http: AsyncClient) -> None:
    password = f'{{"password": "{PRIVATE}", "newPassword": "{PRIVATE}"}}'
    form = f"grant_type=x&client_secret={PRIVATE}"
    headers = {"authorization": f"Bearer {PRIVATE}", "x-api-key": PRIVATE, "cookie": f"session={PRIVATE}"}
    await http.patch(
        "/v2/portal/contact", headers={**headers, "content-type": "application/json"}, content=password
    )
    await http.post(f"/__services/cognito/x/oauth2/token?token={PRIVATE}", headers=headers, content=form)
    await http.post("/__mockportal/worlds/main/tokens", json={"user": "anna"})

    text = (await http.get("/__mockportal/worlds/main/journal.har")).text

    assert "redacted" in text
    assert PRIVATE not in text
    assert "Geheimnis" not in text
    assert "eyJ" not in text


async def test_query_chooses_entries_and_a_wrong_one_is_refused(http: AsyncClient) -> None:
    await http.get("/v2/portal/user")
    await http.get("/v2/portal/user", headers=ANNA)

    assert [one["response"]["status"] for one in await entries(http, "?status=4xx")] == [401]
    assert (await http.get("/__mockportal/worlds/main/journal.har?stats=4xx")).status_code == 400


async def test_preflight_is_not_in_the_archive_and_a_broken_answer_has_no_status(http: AsyncClient) -> None:
    preflight = {"origin": "http://localhost:5173", "access-control-request-method": "GET"}
    rule = {"operation": "getPortalUser", "delay": "20ms", "fault": {"status": 503}}
    await http.options("/v2/portal/user", headers=preflight)
    await http.post("/__mockportal/worlds/main/rules", json=rule)
    await http.get("/v2/portal/user", headers=ANNA)

    found = await entries(http, "?operation=getPortalUser")

    assert [(one["request"]["method"], one["response"]["status"], one["time"]) for one in found] == [
        ("GET", 503, 20)
    ]
