"""The files that may be in each artefact, as patterns for each folder."""

import re
import tarfile
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

_CODE = (
    r"mockportal/(?:\w+/)*\w+\.pyi?",
    r"mockportal/py\.typed",
    r"mockportal/(?:\w+/)+(?:templates|static)/(?:views/)?[\w-]+\.(?:html|css|js|svg)",
    r"mockportal/web/front_page\.html",
    r"mockportal/web/document/(?:rooms/)?[\w-]+\.yaml",
    r"mockportal/(?:\w+/)+\w+\.schema\.json",
    r"mockportal/engine/test_key\.pem",
)
WHEEL = (
    *_CODE,
    r"mockportal/content/openapi\.json",
    r"mockportal/content/docs/(?:[\w-]+/)*[\w-]+\.(?:md|png|svg|json|schema\.json)",
    r"mockportal/content/skills/mockportal/SKILL\.md",
    r"mockportal/content/(?:scenarios|knowledge|generated|versions|targets)/(?:[\w-]+/)*[\w-]+\.(?:yaml|json)",
    r"mockportal/content/(?:overlay|links|deviations|deviations-raw)\.yaml",
    r"mockportal-[\w.+]+\.dist-info/(?:METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)",
)
SDIST = (
    *_CODE,
    r"PKG-INFO|pyproject\.toml|requirements\.lock|openapi\.json|LICENSE|[A-Z]+\.md",
    r"Dockerfile|action\.yml|compose\.yaml|\.dockerignore|\.gitignore|\.pre-commit-hooks\.yaml",
    r"\.ci/run|\.devcontainer/devcontainer\.json|\.github/(?:workflows/)?\w+\.yml|recipes/[\w-]+\.(?:sh|yml)",
    r"contracts/(?:[\w-]+/)*[\w-]+\.(?:py|yaml|json)",
    r"scenarios/(?:[\w-]+/)*[\w-]+\.yaml",
    r"docs/(?:[\w-]+/)*[\w-]+\.(?:md|json|png|svg|py|schema\.json)",
    r"skills/mockportal/SKILL\.md",
    r"clients/js/(?:src/\w+\.ts|(?:package|tsconfig)\.json|README\.md|LICENSE)",
    r"(?:benchmarks|examples|reference|release)/\w+\.(?:py|md)",
    r"scripts/[\w-]+",
    r"tests/(?:[\w-]+/)*[\w.-]+\.(?:py|mjs|ts|js|json|yaml|html|http)",
    r"tests/corpus/\w+/found-[0-9a-f]+",
)
NPM = (r"LICENSE|README\.md|package\.json", r"dist/\w+\.(?:js|d\.ts)")


def names_in(artefact: Path) -> list[str]:
    """The files of a wheel, an sdist or an npm tarball; those of tarballs without the folder that holds them all."""
    if artefact.suffix == ".whl":
        with ZipFile(artefact) as archive:
            return archive.namelist()
    with tarfile.open(artefact) as archive:
        return [member.name.partition("/")[2] for member in archive if not member.isdir()]


def strangers(names: Iterable[str], allowed: Iterable[str]) -> list[str]:
    """The names that no pattern allows."""
    whole = re.compile("|".join(allowed))
    return [name for name in names if not whole.fullmatch(name)]
