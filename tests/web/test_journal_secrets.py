"""A secret that was planted in a request or an answer shows in no view of the exchange: journal, log, report."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.judge.reports import Redactor, report_json
from mockportal.mock import Mock, Setup, load_mock_spec
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from mockportal.web.log import json_log, text_log
from tests.support.reports import BASE, finding, report

CANARY = "canary4711value"
JOURNAL = "/__mockportal/worlds/main/journal"
FORM = "application/x-www-form-urlencoded"
NAMES = (
    "password", "newPassword", "client_secret", "X-Auth-Token", "sessionToken", "access_token", "private_key", "Api-Key",
    "otp", "passphrase", "X-Amz-Signature", "authorization", "sid",
)  # fmt: skip
IN_PARAMETERS = ("code", "auth", "acc%65ss_tok%65n", "pass%2577ord")
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0." + CANARY
pytestmark = pytest.mark.anyio


class Carrier(NamedTuple):
    """A request, or the headers and body of an answer, with the canary in it."""

    query: str = ""
    headers: dict[str, str] = {}  # noqa: RUF012
    body: str = ""
    media_type: str = "application/json"
    path: str = "/v2/portal/metering/reading"


def multipart(name: str, value: str) -> str:
    head = f'Content-Disposition: form-data; name="{name}"'
    return f'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xyz\r\n{head}\r\n\r\n{value}\r\n--xyz--\r\n'


def in_bodies(name: str) -> Iterator[tuple[str, Carrier]]:
    for kind, value in (
        ("text", CANARY), ("list", ["a", CANARY]), ("object", {"x": {"y": CANARY}}), ("keyed", {CANARY: 1}),
        ("lists", [[{"z": [CANARY]}]]),
    ):  # fmt: skip
        yield f"json {kind}", Carrier(body=json.dumps({"a": [{name: value}]}))
        yield f"broken json {kind}", Carrier(body=json.dumps({"a": 1, name: value})[:-1])
        yield (
            f"json in a text {kind}",
            Carrier(body=json.dumps({"payload": json.dumps({"a": 1, name: value})})),
        )
    yield (
        "escaped name",
        Carrier(body='{"a": 1, "' + "".join(f"\\u{ord(c):04x}" for c in name) + f'": "{CANARY}"'),
    )
    yield "named value", Carrier(body=json.dumps({"headers": [{"name": name, "value": CANARY}]}))
    yield "lines", Carrier(body=f"Accept: x\n{name}: {CANARY}\n", media_type="text/plain")
    yield "settings", Carrier(body=f"[a]\n{name} = {CANARY}\n", media_type="text/plain")
    yield "xml", Carrier(body=f"<a><{name}>{CANARY}</{name}></a>", media_type="application/xml")


def in_parameters(name: str) -> Iterator[tuple[str, Carrier]]:
    link = f"https://app.test/cb?a=1&{name}={CANARY}"
    yield "query", Carrier(query=f"a=1&{name}={CANARY}&b=2")
    yield "query in a query", Carrier(query=f"next={quote(link, safe='')}")
    yield "form", Carrier(body=f"{name}={CANARY}&a=b", media_type=FORM)
    yield "form in JSON's clothes", Carrier(body=f"a=b&{name}={CANARY}")
    yield "multipart", Carrier(body=multipart(name, CANARY), media_type="multipart/form-data; boundary=xyz")
    yield "mislabelled multipart", Carrier(body=multipart(name, CANARY))
    yield "link in JSON", Carrier(body=json.dumps({"link": link}))
    yield "referer", Carrier(headers={"referer": link})
    yield "location", Carrier(headers={"location": link.replace("?a=1&", "#")})


def everywhere() -> Iterator[tuple[str, Carrier]]:
    for name in NAMES:
        yield from ((f"{name}: {place}", one) for place, one in (*in_bodies(name), *in_parameters(name)))
        yield f"{name}: header", Carrier(headers={name.replace("_", "-"): CANARY})
    for name in IN_PARAMETERS:
        yield from ((f"{name}: {place}", one) for place, one in in_parameters(name))
    for name in ("authorization", "proxy-authorization", "cookie", "x-amz-security-token"):
        for value in (CANARY, f"Bearer {CANARY}", f"Basic {CANARY}", f"sid={CANARY}; b={CANARY}"):
            yield f"{name}: {value}", Carrier(headers={name: value})
    for text in (JWT, f"Bearer {CANARY}-0123456789", f"https://anna:{CANARY}@app.test/"):
        yield f"{text} in JSON", Carrier(body=json.dumps({"note": [text]}))
        yield f"{text} in a header", Carrier(headers={"x-note": text})
        yield f"{text} in a query", Carrier(query=f"note={quote(text)}")
    yield "matrix parameter", Carrier(path=f"/v2/portal/user;token={CANARY}")
    yield "JWT in the path", Carrier(path=f"/v2/portal/contract/{JWT}")
    yield "encoded JWT in the path", Carrier(path=f"/v2/portal/contract/%65{JWT[1:]}")
    yield "key", Carrier(body=f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----\n")
    yield "violation", Carrier(body=json.dumps({"otp": CANARY, "value": CANARY}))


CARRIERS = dict(everywhere())


@pytest.fixture(scope="module")
def mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
async def http(mock: Mock) -> AsyncIterator[AsyncClient]:
    def both(world: World, exchange: Exchange) -> None:
        text_log(world, exchange)
        json_log(world, exchange)

    app = create_app(mock, log=both)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        yield client


async def shown(http: AsyncClient) -> str:
    """The newest entry in the list and whole, its JSON escapes decoded."""
    listed = (await http.get(f"{JOURNAL}?limit=1")).json()["entries"]
    entry = (await http.get(f"{JOURNAL}/{listed[0]['n']}")).json()
    return json.dumps([listed, entry], ensure_ascii=False)


def test_there_are_many_carriers() -> None:
    assert len(CARRIERS) > 300


async def test_secret_in_a_request_is_in_no_entry_and_no_line(
    http: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    leaks = []
    for place, one in CARRIERS.items():
        headers = {"authorization": "Bearer dev-anna", "content-type": one.media_type, **one.headers}
        target = one.path + (f"?{one.query}" if one.query else "")
        await http.post(target, headers=headers, content=one.body)
        said = await shown(http) + capsys.readouterr().err
        leaks += [place for secret in (CANARY, "dev-anna") if secret in said]

    assert leaks == []


async def test_secret_in_an_answer_is_in_no_entry(http: AsyncClient, mock: Mock) -> None:
    await http.get("/v2/portal/user", headers={"authorization": "Bearer dev-anna"})
    world = mock.world()
    example = world.journal.find(world.journal.last)
    assert example is not None
    leaks = []

    for place, one in CARRIERS.items():
        reply = replace(example.reply, headers=one.headers)
        n = world.journal.last + 1
        world.keep(replace(example, n=n, reply=reply, content=one.body.encode()), steps=False)
        leaks += [place] if CANARY in await shown(http) else []

    assert leaks == []


def test_secret_in_an_interaction_is_in_no_report() -> None:
    leaks = []
    for place, one in CARRIERS.items():
        headers = {"content-type": one.media_type, **one.headers}
        sent = Sent("getContract", "POST", f"{one.path}?{one.query}", headers, one.body.encode())
        received = Received(200, tuple(headers.items()), one.body.encode())
        found = finding(exchanges=(Interaction(sent, received),))
        leaks += [place] if CANARY in json.dumps(report_json(report((found,)), Redactor([]), BASE)) else []

    assert leaks == []


async def test_token_that_the_server_knows_is_hidden_in_any_text(http: AsyncClient) -> None:
    texts = ("dev-mehmet", "dev%2Dmehmet", "x dev-mehmet y", "https://a.test/dev-mehmet/b")
    leaks = []
    for text in texts:
        await http.post(
            f"/v2/portal/contract/{quote(text, safe='%')}?q={quote(text)}",
            headers={"x-note": text, "content-type": "application/json"},
            content=json.dumps({"note": text, text: 1}),
        )
        leaks += [text] if "mehmet" in await shown(http) else []

    assert leaks == []


async def test_token_of_a_mail_is_hidden_although_it_is_no_jwt(http: AsyncClient, mock: Mock) -> None:
    tokens = [str(record["token"]) for record in mock.world().draft().collection("confirmation")]
    refresh = [str(record["refresh_token"]) for record in mock.world().draft().collection("session")]

    for token in (*tokens[:2], *refresh[:2]):
        await http.get(f"/v2/portal/contract/{token}?x={token}", headers={"x-note": f"see {token}."})
        assert token not in await shown(http)
    assert tokens
    assert refresh


async def test_entry_shows_the_class_of_a_static_token_without_a_user(http: AsyncClient) -> None:
    await http.get("/v2/portal/configs", headers={"authorization": "Bearer dev-admin"})

    entry = (await http.get(f"{JOURNAL}?limit=1")).json()["entries"][0]

    assert entry["as"] == "admin"


async def test_code_of_a_sign_in_is_hidden_on_its_way_back(http: AsyncClient) -> None:
    page = "https://mein.sw-musterau.test/login"

    answer = await http.post(
        f"/v2/portal/public/sso/redirect?web_uri={quote(page, safe='')}",
        files={"code": (None, CANARY), "state": (None, "s-1")},
    )

    said = await shown(http)
    assert CANARY in answer.headers["location"]
    assert CANARY not in said
    assert "s-1" in said


async def test_value_of_a_secret_is_hidden_where_an_answer_repeats_it(http: AsyncClient, mock: Mock) -> None:
    body = {"email": "a@example.org", "password": 4711}

    answer = await http.put(
        "/v2/portal/user/update/email", headers={"authorization": "Bearer dev-anna"}, json=body
    )

    assert "4711" in answer.text
    assert "4711" not in await shown(http)


async def test_harmless_names_and_texts_stay_readable(http: AsyncClient) -> None:
    body = {
        "password_policy": {"minimum_length": 8}, "has_client_secret": True, "token_type": "Bearer", "expires_in": 3600,
        "code": "not_found", "zip_code": "01067", "country_code": "DE", "key": "order_id", "password": None,
        "timeouts": {"access_token": 3600}, "message": "the token is not known, or no longer valid",
        "note": "the password is too short: at least 8", "link": "https://a.test/x?id=7&size=2", "at": "12:30",
    }  # fmt: skip

    await http.post(
        "/v2/portal/metering/reading?id=7&zip_code=01067&sort=name:asc",
        headers={"authorization": "Bearer dev-anna", "x-request-id": "r-1", "accept-language": "de"},
        json=body,
    )

    n = (await http.get(f"{JOURNAL}?limit=1")).json()["entries"][0]["n"]
    request = (await http.get(f"{JOURNAL}/{n}")).json()["request"]
    assert request["body"] == body
    assert request["query"] == "id=7&zip_code=01067&sort=name:asc"
    assert request["headers"]["x-request-id"] == "r-1"
    assert request["headers"]["authorization"] == "Bearer [redacted]"


async def test_path_parameter_that_is_named_for_a_secret_is_hidden(tmp_path: Path) -> None:
    parameter = {"name": "reset_token", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {
        "operationId": "reset",
        "parameters": [parameter],
        "responses": {"200": {"description": "ok"}},
    }
    document = {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/reset/{reset_token}": {"get": operation}}}  # fmt: skip
    (tmp_path / "spec.json").write_text(json.dumps(document))
    (tmp_path / "default.yaml").write_text("about: nothing\n")
    setup = Setup(spec=tmp_path / "spec.json", scenarios=tmp_path)
    app = create_app(Mock(setup, load_mock_spec(setup)))

    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        await client.get("/reset/abc-def")
        said = await shown(client)

    assert "abc-def" not in said
    assert "/reset/[redacted]" in said
