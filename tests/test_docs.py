"""The pages for users name everything that there is, and what they show works."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from mockportal import cli
from mockportal.config import content
from mockportal.expectations import failures
from mockportal.files.strict_yaml import TAGS
from mockportal.mock import Mock, Setup
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Json
from mockportal.web.control.app import control_app

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
OTHERS = [ROOT / "benchmarks" / "README.md", ROOT / "clients" / "js" / "README.md"]
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *OTHERS])

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|private|mnt)/|[A-Z]:\\")


def code(page: Path) -> set[str]:
    """The words that a page shows as code."""
    text = page.read_text()
    spans = [*re.findall(r"`([^`\n]+)`", FENCE.sub("", text)), *(body for _, body in FENCE.findall(text))]
    return {word for span in spans for word in re.findall(r"!?[\w-]+", span)}


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = cli.build_parser()._actions
    return next(dict(action.choices) for action in actions if isinstance(action, argparse._SubParsersAction))


def flags() -> Iterator[tuple[str, str]]:
    for name, parser in commands().items():
        yield from ((name, flag) for action in parser._actions for flag in action.option_strings[-1:])


def keys(schema: Json) -> Iterator[str]:
    """Every property that a schema names, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        schema = list(schema.values())
    if isinstance(schema, list):
        for item in schema:
            yield from keys(item)


def anchors(page: Path) -> set[str]:
    """What a heading is called in links, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def shell_lines() -> Iterator[tuple[str, str]]:
    """Every call of mockportal in a shell block, with its page."""
    for page in PAGES:
        for language, body in FENCE.findall(page.read_text()):
            if language == "sh":
                for part in re.split(r"&&|\n", body.replace("\\\n", " ")):
                    if re.match(r"(\S*/)?mockportal\s", part.strip() + " "):
                        yield page.name, part.strip()


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_has_its_section(command: str) -> None:
    assert f"\n## {command}\n" in (DOCS / "cli.md").read_text()


@pytest.mark.parametrize(("command", "flag"), list(flags()))
def test_every_flag_is_named(command: str, flag: str) -> None:
    words = code(DOCS / "cli.md")

    assert flag in words or flag == "--help"


def test_every_key_collection_relation_and_tag_of_a_scenario_is_named() -> None:
    words = code(DOCS / "scenarios.md")
    relations = {
        name for (_, attribute), inverse in COLLECTIONS.inverses.items() for name in (attribute, inverse)
    }

    unnamed = {*keys(scenario_schema([], COLLECTIONS)), *COLLECTIONS.kinds, *relations, *TAGS} - words

    assert unnamed == set()


def test_every_shipped_scenario_is_named() -> None:
    words = code(DOCS / "scenarios.md")

    assert {path.stem for path in content("scenarios").glob("*.yaml")} - words == set()


def test_every_control_endpoint_is_named(mock: Mock) -> None:
    page = (DOCS / "control-api.md").read_text()
    table = [
        f"`{method} {re.sub(':[a-z]+}', '}', route.path)}`"
        for route in control_app(mock).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    ]

    assert [endpoint for endpoint in table if f"[{endpoint}](#" not in page] == []


def test_every_token_and_every_id_of_the_people_is_right(mock: Mock) -> None:
    page = (DOCS / "people.md").read_text()
    scenario = mock.scenario(None)
    known = {id for ids in scenario.aliases.values() for id in ids.values()}

    unnamed = [
        token
        for token in scenario.tokens
        if not re.search(rf"`({token}|{token.removeprefix('dev-')})`", page)
    ]

    assert unnamed == []
    assert set(UUID.findall(page)) - known == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize(("page", "line"), list(shell_lines()))
def test_shown_commands_parse(page: str, line: str) -> None:
    arguments = shlex.split(line.split(">")[0])[1:]

    assert callable(cli.build_parser().parse_args(arguments).run)


def test_scenarios_that_are_shown_hold(tmp_path: Path, spec: Spec) -> None:
    blocks = [
        body for language, body in FENCE.findall((DOCS / "scenarios.md").read_text()) if language == "yaml"
    ]
    shown = [body for body in blocks if "extends:" in body]
    (tmp_path / "shown.yaml").write_text(shown[0])

    mock = Mock(Setup(scenario="shown", scenarios=tmp_path), spec)

    assert len(shown) == 1
    assert failures(mock.scenario(None), mock.engine) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_knows_a_machine(page: Path) -> None:
    text = page.read_text()

    assert MACHINE.findall(text) == []
    assert str(ROOT) not in text
