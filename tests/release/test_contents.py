"""The lists of files of the artefacts, and builds that repeat."""

import os
from pathlib import Path

import pytest

from release.building import Source, build_python, npm_version
from release.contents import NPM, SDIST, WHEEL, names_in, strangers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """The sdist and the wheel, built twice in different folders by people with different habits."""
    source, built = Source(ROOT, "1.2.0", 1_700_000_000), []
    for name, mask in (("one", 0o022), ("another/and/deeper", 0o077)):
        folder = tmp_path_factory.mktemp("build") / name
        folder.mkdir(parents=True)
        before = os.umask(mask)
        try:
            built.append(build_python(source, folder, folder / "dist"))
        finally:
            os.umask(before)
    return built


def test_two_builds_have_the_same_bytes(builds: list[tuple[Path, Path]]) -> None:
    (sdist, wheel), (other_sdist, other_wheel) = builds

    assert sdist.read_bytes() == other_sdist.read_bytes()
    assert wheel.read_bytes() == other_wheel.read_bytes()
    assert wheel.name == "mockportal-1.2.0-py3-none-any.whl"


def test_wheel_holds_the_package_its_types_and_its_content_alone(builds: list[tuple[Path, Path]]) -> None:
    names = names_in(builds[0][1])

    assert strangers(names, WHEEL) == []
    assert {"mockportal/py.typed", "mockportal/__init__.pyi", "mockportal/content/openapi.json"} <= set(names)
    assert len([name for name in names if name.startswith("mockportal/content/scenarios/")]) > 50


def test_sdist_holds_what_it_is_built_and_tested_with(builds: list[tuple[Path, Path]]) -> None:
    names = names_in(builds[0][0])

    assert strangers(names, SDIST) == []
    assert {"PKG-INFO", "tests/conftest.py", "contracts/overlay.yaml", "clients/js/src/index.ts"} <= set(
        names
    )


@pytest.mark.parametrize(
    ("allowed", "name"),
    [
        (WHEEL, "mockportal/notes.txt"),
        (WHEEL, "mockportal/web/key.pem"),
        (WHEEL, "mockportal/content/scenarios/.draft.yaml.swp"),
        (WHEEL, "tests/test_cli.py"),
        (SDIST, ".venv/bin/python"),
        (SDIST, "session.har"),
        (SDIST, "tests/portal/token.pem"),
        (NPM, "src/index.ts"),
        (NPM, "node_modules/typescript/package.json"),
    ],
)
def test_other_files_are_strangers(allowed: tuple[str, ...], name: str) -> None:
    assert strangers([name], allowed) == [name]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.0", "1.2.0"),
        ("1.2.0rc1", "1.2.0-rc.1"),
        ("1.2.1.dev3+g4f2a9c1", "1.2.1-dev.3"),
        ("1.2.0rc2.dev5+g4f2a9c1.d20261128", "1.2.0-rc.2.dev.5"),
        ("0.dev213", "0.0.0-dev.213"),
    ],
)
def test_versions_of_python_are_versions_of_npm(version: str, expected: str) -> None:
    assert npm_version(version) == expected
