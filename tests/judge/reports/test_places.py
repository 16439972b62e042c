"""Lines and columns of pointers in the file of the contract."""

from pathlib import Path

import pytest

from mockportal.judge.reports.places import places_in, shown_path

TEXT = '{\n  "paths": {\n    "/a": {"get": {\n      "responses": {}}}}}\n'


def test_pointer_that_an_overlay_adds_is_at_what_is_nearest_above(tmp_path: Path) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(TEXT)
    pointers = ("/paths/~1a/get", "/paths/~1a/get/responses/200/content", "/components", "")

    assert places_in(path, pointers) == {
        "/paths/~1a/get": (3, 12),
        "/paths/~1a/get/responses/200/content": (4, 7),
        "/components": (1, 1),
    }


def test_yaml_has_lines_too(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text("paths:\n  /a:\n    get: {}\n")

    assert places_in(path, ["/paths/~1a/get"]) == {"/paths/~1a/get": (3, 5)}


@pytest.mark.parametrize("text", [None, "", "\tx: ["])
def test_file_that_cannot_be_read_has_no_lines(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "openapi.yaml"
    if text is not None:
        path.write_text(text)

    assert places_in(path, ["/paths"]) == {}


def test_file_is_named_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert shown_path(Path("api/../api/openapi.json")) == "api/openapi.json"
    assert shown_path(Path("/elsewhere/openapi.json")) == "/elsewhere/openapi.json"
