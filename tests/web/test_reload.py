"""Scenarios that change, or come in a request, while the server runs."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup, load_mock_spec
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from mockportal.web.watch import Watch

BASE = "/__mockportal"
ANNA = {"authorization": "Bearer dev-anna"}
pytestmark = pytest.mark.anyio


class Files:
    """Writes scenario files; each change is later than the one before, as an editor's would be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._at = 1_000_000_000

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self._at += 1_000_000_000
        os.utime(path, ns=(self._at, self._at))
        return path

    def language(self, language: str, name: str = "mine.yaml") -> Path:
        return self.write(
            name, f"extends: default\nentities: {{portal_user: {{anna: {{language: {language}}}}}}}"
        )


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def mock(spec: Spec, files: Files) -> Mock:
    files.language("aa")
    return Mock(Setup(scenario="mine", scenarios=files.folder), spec)


@pytest.fixture
async def http(mock: Mock) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(
        transport=ASGITransport(create_app(mock)), base_url="http://localhost:8080"
    ) as made:
        yield made


async def ask(http: AsyncClient, path: str, body: Any = None, status: int = 200) -> Any:
    response = await http.post(BASE + path, json=body)
    assert response.status_code == status, response.text
    return response.json()


async def language(http: AsyncClient, world: str = "main") -> str:
    answer = await http.get(f"/@{world}/v2/portal/user", headers=ANNA)
    return str(answer.json()["data"]["language"])


@pytest.mark.parametrize("body", [None, {"scenario": "mine"}])
async def test_reset_reads_a_scenario_again_when_its_file_has_changed(
    http: AsyncClient, files: Files, body: Any
) -> None:
    files.language("bb")
    assert await language(http) == "aa"

    await ask(http, "/worlds/main/reset", body)

    assert await language(http) == "bb"


async def test_new_world_reads_a_scenario_again_when_its_file_has_changed(
    http: AsyncClient, files: Files
) -> None:
    files.language("bb", "other.yaml")
    await ask(http, "/worlds", {"name": "first", "scenario": "other"}, 201)
    files.language("cc", "other.yaml")
    files.language("dd")

    await ask(http, "/worlds", {"name": "second", "scenario": "other"}, 201)
    await ask(http, "/worlds", {"name": "third"}, 201)

    languages = [await language(http, world) for world in ("main", "first", "second", "third")]
    assert languages == ["aa", "bb", "cc", "dd"]


async def test_file_that_is_extended_counts_too_and_so_does_a_text(http: AsyncClient, files: Files) -> None:
    files.language("bb", "below.yaml")
    files.write("text.txt", "one")
    files.write("over.yaml", "extends: below\nentities: {portal_user: {anna: {note: !file text.txt}}}")
    await ask(http, "/worlds", {"name": "a", "scenario": "over", "seed": 3}, 201)

    files.language("cc", "below.yaml")
    files.write("text.txt", "two")
    made = await ask(http, "/worlds/a/reset")

    anna = (await http.get(f"{BASE}/worlds/a/state/portal_user/anna")).json()
    assert (made["seed"], anna["language"], anna["note"]) == (3, "cc", "two")


async def test_scenario_whose_file_has_broken_is_refused_and_the_world_stays(
    http: AsyncClient, files: Files
) -> None:
    path = files.write("mine.yaml", "extends: default\nabuot: x")

    message = (await ask(http, "/worlds/main/reset", status=400))["message"]

    assert message.startswith(f"{path}:2:1: /abuot: unknown key 'abuot'")
    assert await language(http) == "aa"
    files.language("bb")
    await ask(http, "/worlds/main/reset")
    assert await language(http) == "bb"


INLINE = {
    "extends": "default",
    "clock": "2026-07-01T09:00:00+02:00",
    "entities": {
        "portal_user": {"anna": {"language": "xx"}},
        "ticket": {
            "ti-5001": "!drop",
            "new": {"subject": "Hi", "customer": "!rel contact/anna", "file": {"!rel": ["ticket/ti-5002"]}},
        },
    },
    "tokens": {"anna-too": {"user": "portal_user/anna"}},
    "rules": [{"operation": "getContact", "fault": {"status": 503}}],
}


async def test_scenario_may_come_in_the_request(http: AsyncClient, mock: Mock) -> None:
    made = await ask(http, "/worlds", {"name": "a", "scenario": INLINE, "seed": 500001}, 201)
    await ask(http, "/worlds/main/reset", {"scenario": INLINE})

    assert (made["scenario"], made["now"]) == ("inline", "2026-07-01T07:00:00.000Z")
    for world in ("a", "main"):
        assert await language(http, world) == "xx"
        answer = await http.get(f"/@{world}/v2/portal/contact", headers={"authorization": "Bearer anna-too"})
        assert answer.status_code == 503
    tickets = mock.world("a").draft().collection("ticket")
    ids = mock.world("a").scenario.aliases
    new = tickets.get(ids["ticket"]["new"])
    assert new["customer"] == {"$relation": [{"entity_id": ids["contact"]["anna"]}]}
    assert new["file"] == {"$relation": [{"entity_id": ids["ticket"]["ti-5002"]}]}
    assert "ti-5001" not in ids["ticket"]


async def test_world_goes_back_to_the_scenario_that_came_in_the_request(
    http: AsyncClient, files: Files
) -> None:
    files.language("bb")
    await ask(http, "/worlds", {"name": "a", "scenario": {"extends": "mine"}}, 201)
    await http.patch("/@a/v2/portal/user", headers=ANNA, json={"language": "zz"})
    await ask(http, "/worlds/a/reset")
    assert await language(http, "a") == "bb"

    files.language("cc")
    await ask(http, "/worlds/a/reset")

    assert await language(http, "a") == "cc"


async def test_empty_scenario_in_the_request_is_an_empty_one(http: AsyncClient) -> None:
    await ask(http, "/worlds", {"name": "a", "scenario": {}}, 201)

    assert set((await http.get(f"{BASE}/worlds/a/state")).json().values()) <= {0}


@pytest.mark.parametrize(
    ("scenario", "problem"),
    [
        ({"abuot": "x"}, "inline: /abuot: unknown key 'abuot'; did you mean 'about'?"),
        ({"extends": "defualt"}, "inline: /extends: defualt: is not a known scenario; did you mean 'default'?"),
        ({"extends": "default", "entities": {"contact": {"anna": {"_title": 5}}}}, "inline: /entities/contact/anna/_title: 5 is not of type 'string'"),
        ({"extends": "default", "entities": {"ticket": {"x": {"customer": "!rel contact/ana"}}}}, "inline: /entities/ticket/x/customer: there is no contact/ana; did you mean 'anna'?"),
        ({"extends": "default", "rules": [{"operation": "getPortalUser", "reply": {"status": 418}}]}, "inline: /rules/0/reply/status: getPortalUser documents no 418"),
        ({"extends": "default", "entities": {"ticket": {"x": {"text": "!file x.txt"}}}}, "inline: /entities/ticket/x/text: has an unknown tag !file"),
        ({"extends": "default", "clock": "2026-06-15"}, "inline: /clock:"),
        (["default"], "scenario is neither a name nor an object"),
        (None, "scenario is neither a name nor an object"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/worlds", "/worlds/main/reset"])
async def test_mistake_in_a_scenario_of_the_request_is_told_with_its_pointer(
    http: AsyncClient, path: str, scenario: Any, problem: str
) -> None:
    message = (await ask(http, path, {"scenario": scenario}, 400))["message"]

    assert message.startswith(problem)
    assert await language(http) == "aa"


async def test_world_follows_the_watched_scenario_after_a_reset_has_read_it(mock: Mock, files: Files) -> None:
    watch = Watch(mock)
    files.language("bb")
    mock.world().reset(mock.scenario(None))
    files.language("cc")

    await watch.look()

    assert (
        mock.world()
        .draft()
        .collection("portal_user")
        .get(mock.world().scenario.id_of("portal_user", "anna"))["language"]
        == "cc"
    )
    assert [(one.operation, one.request.path) for one in mock.world().journal] == [("mockportal.reset", "")]


Damage = Callable[[Mock, Files, pytest.MonkeyPatch], None]


def vanish(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    (files.folder / "mine.yaml").unlink()


def become_a_folder(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    (files.folder / "mine.yaml").unlink()
    (files.folder / "mine.yaml").mkdir()


def link_to_itself(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    (files.folder / "mine.yaml").unlink()
    (files.folder / "mine.yaml").symlink_to(files.folder / "mine.yaml")


def be_unreadable(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    def stat(path: Path, **asked: Any) -> Any:
        if path.is_relative_to(files.folder):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **asked)

    real = Path.stat
    patch.setattr(Path, "stat", stat)


def be_binary(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    (files.folder / "mine.yaml").write_bytes(b"\xff\x00\xfe")


def meet_a_bug(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    files.language("bb")
    patch.setattr(Mock, "_loaded", fail)


def lack_memory(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    files.language("bb")
    patch.setattr(Mock, "_loaded", fail)


@pytest.mark.parametrize(
    "damage",
    [vanish, become_a_folder, link_to_itself, be_unreadable, be_binary, meet_a_bug, lack_memory],
)
async def test_watch_goes_on_after_anything_that_loading_can_raise(
    mock: Mock,
    files: Files,
    damage: Damage,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = Watch(mock)
    with pytest.MonkeyPatch.context() as patch:
        damage(mock, files, patch)
        await watch.look()
        await watch.look()
    told = capsys.readouterr().err.splitlines()
    damaged = files.folder / "mine.yaml"
    if damaged.is_dir():
        damaged.rmdir()
    damaged.unlink(missing_ok=True)

    files.language("zz")
    await watch.look()

    assert len(told) == 1
    assert told[0].startswith("mockportal: ")
    assert told[0].endswith("; what was there is still served")
    assert capsys.readouterr().err == "mockportal: loaded again\n"
    assert len(caplog.records) == (1 if damage in (meet_a_bug, lack_memory) else 0)
    assert all(record.exc_info for record in caplog.records)


async def test_watch_sees_that_the_file_which_broke_the_scenario_is_mended(
    mock: Mock, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(mock)
    files.write("people/new.yaml", "abuot: x")
    files.write("mine.yaml", "extends: [default, people/new]")
    await watch.look()

    files.write("people/new.yaml", "about: x")
    await watch.look()

    assert [line.rpartition(" ")[2] for line in capsys.readouterr().err.splitlines()] == ["served", "again"]


async def rename(http: AsyncClient, name: str) -> None:
    answer = await http.patch("/v2/portal/contact", headers=ANNA, json={"first_name": name})
    assert answer.status_code == 200


async def name(http: AsyncClient) -> str:
    return str((await http.get("/v2/portal/contact", headers=ANNA)).json()["entity"]["first_name"])


async def test_world_keeps_what_was_done_on_its_new_base(http: AsyncClient, mock: Mock, files: Files) -> None:
    watch = Watch(mock)
    await rename(http, "Änne")
    await ask(http, "/worlds/main/clock/advance", {"by": "P14D"})
    await ask(
        http, "/worlds/main/rules", {"id": "down", "operation": "getContract", "fault": {"status": 503}}, 201
    )
    await http.get("/v2/portal/nothing")
    await rename(http, "Änni")
    await ask(http, "/worlds/main/rewind", {"to": 4})
    files.language("bb")

    await watch.look()

    assert (await language(http), await name(http)) == ("bb", "Änne")
    assert (await http.get(f"{BASE}/worlds/main/clock")).json()["now"].startswith("2026-06-29")
    assert [rule["id"] for rule in (await http.get(f"{BASE}/worlds/main/rules")).json()["rules"]] == ["down"]
    entries = (await http.get(f"{BASE}/worlds/main/journal")).json()["entries"]
    assert [entry["n"] for entry in entries[:7]] == [1, 2, 3, 4, 5, 6, 7]
    assert entries[6]["operation"] == "mockportal.reset"


async def test_world_that_cannot_be_played_again_stays_as_it_was(
    http: AsyncClient, mock: Mock, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(mock)
    await rename(http, "Änne")
    await ask(http, "/worlds", {"name": "fork", "from": {"world": "main"}}, 201)
    await http.delete(f"{BASE}/worlds/main/journal")
    await rename(http, "Änni")
    files.language("bb")

    await watch.look()

    assert (await language(http), await name(http)) == ("aa", "Änni")
    assert await language(http, "new") == "bb"
    assert capsys.readouterr().err.splitlines() == [
        "mockportal: loaded again",
        "mockportal: the world fork stays as it was: it is a fork",
        "mockportal: the world main stays as it was: its journal begins at entry 2",
    ]


async def test_problem_stands_in_headers_and_health_until_it_is_mended(
    http: AsyncClient, mock: Mock, files: Files
) -> None:
    watch = Watch(mock)
    path = files.write("mine.yaml", "extends: default\nabuot: x")
    await watch.look()
    broken = await http.get("/v2/portal/user", headers=ANNA)
    health = (await http.get(f"{BASE}/health")).json()

    files.language("bb")
    await watch.look()
    mended = await http.get("/v2/portal/user", headers=ANNA)

    problem = f"{path}:2:1: /abuot: unknown key 'abuot'; did you mean 'about'?"
    assert broken.status_code == 200
    assert broken.headers["x-mockportal-problem"].startswith(problem)
    assert "X-Mockportal-Problem" in broken.headers["access-control-expose-headers"]
    assert health["problem"].startswith(problem)
    assert "x-mockportal-problem" not in mended.headers
    assert "problem" not in (await http.get(f"{BASE}/health")).json()


BEHAVIOUR = """
from mockportal.engine.api import operation
@operation("getThing")
def get_thing(call, state):
    return {"name": "%s"}
"""
DOCUMENT = """
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /thing:
    get:
      operationId: getThing
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
"""


async def test_behaviours_and_overlay_are_followed_too(
    files: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(files.folder)
    document = files.write("things.yaml", DOCUMENT)
    files.write("reloaded_things.py", BEHAVIOUR % "one")
    overlay = files.write("overlay.yaml", OVERLAY % "A thing")
    setup = Setup(
        spec=document, behaviours="reloaded_things", overlay=overlay, scenarios=files.folder / "none"
    )
    mock = Mock(setup, load_mock_spec(setup))
    watch = Watch(mock)

    async def thing() -> str:
        async with AsyncClient(
            transport=ASGITransport(create_app(mock)), base_url="http://localhost"
        ) as http:
            return str((await http.get("/thing")).json().get("name"))

    seen = [await thing()]
    files.write("reloaded_things.py", BEHAVIOUR % "the second")
    await watch.look()
    seen.append(await thing())
    files.write("reloaded_things.py", "this is no Python")
    await watch.look()
    seen.append(await thing())
    files.write("reloaded_things.py", BEHAVIOUR % "third")
    files.write("overlay.yaml", OVERLAY % "Some thing")
    await watch.look()
    seen.append(await thing())

    assert seen == ["one", "the second", "the second", "third"]
    assert mock.spec.operations["getThing"].summary == "Some thing"
    told = capsys.readouterr().err.splitlines()
    assert [line.rpartition("; ")[2] for line in told] == [
        "mockportal: loaded again",
        "what was there is still served",
        "mockportal: loaded again",
    ]
    assert "is not Python" in told[1]


OVERLAY = """
overlay: 1.0.0
info: {title: Ours, version: "1"}
actions:
  - target: $.paths['/thing'].get
    description: A better name.
    update: {summary: %s}
"""
