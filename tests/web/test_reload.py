"""Scenarios that change, or come in a request, while the server runs."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup
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


def test_world_follows_the_watched_scenario_after_a_reset_has_read_it(mock: Mock, files: Files) -> None:
    watch = Watch(mock)
    files.language("bb")
    mock.world().reset(mock.scenario(None))
    files.language("cc")

    watch.look()

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
    def stat(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    patch.setattr(Path, "stat", stat)


def be_binary(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    (files.folder / "mine.yaml").write_bytes(b"\xff\x00\xfe")


def meet_a_bug(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    files.language("bb")
    patch.setattr(mock, "_loaded", fail)


def lack_memory(mock: Mock, files: Files, patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    files.language("bb")
    patch.setattr(mock, "_loaded", fail)


@pytest.mark.parametrize(
    "damage",
    [vanish, become_a_folder, link_to_itself, be_unreadable, be_binary, meet_a_bug, lack_memory],
)
def test_watch_goes_on_after_anything_that_loading_can_raise(
    mock: Mock,
    files: Files,
    damage: Damage,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = Watch(mock)
    with pytest.MonkeyPatch.context() as patch:
        damage(mock, files, patch)
        watch.look()
        watch.look()
    told = capsys.readouterr().err.splitlines()
    damaged = files.folder / "mine.yaml"
    if damaged.is_dir():
        damaged.rmdir()
    damaged.unlink(missing_ok=True)

    files.language("zz")
    watch.look()

    assert len(told) == 1
    assert told[0].startswith("mockportal: ")
    assert told[0].endswith("; the old scenario is still served")
    assert capsys.readouterr().err == "mockportal: the scenario was loaded again\n"
    assert len(caplog.records) == (1 if damage in (meet_a_bug, lack_memory) else 0)
    assert all(record.exc_info for record in caplog.records)


def test_watch_sees_that_the_file_which_broke_the_scenario_is_mended(
    mock: Mock, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(mock)
    files.write("people/new.yaml", "abuot: x")
    files.write("mine.yaml", "extends: [default, people/new]")
    watch.look()

    files.write("people/new.yaml", "about: x")
    watch.look()

    assert [line.rpartition(" ")[2] for line in capsys.readouterr().err.splitlines()] == ["served", "again"]
