"""All pages that are written from the code."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.commands.operations import markdown, operation_rows
from mockportal.commands.scenarios.collections_page import collections_page
from mockportal.judge import checks_page
from mockportal.mock import Mock, Setup, load_mock
from mockportal.web.document import limits_page
from reference import command_line, control_endpoints, scenario_keys, skill

PAGES: Mapping[str, Callable[[Mock], str]] = MappingProxyType(
    {
        "docs/checks.md": lambda _: checks_page.page(),
        "docs/collections.md": collections_page,
        "docs/limits.md": lambda _: limits_page.page(),
        "docs/operations.md": lambda mock: markdown(operation_rows(mock), mock.api) + "\n",
        "docs/reference/commands.md": lambda _: command_line.page(),
        "docs/reference/control-endpoints.md": control_endpoints.page,
        "docs/reference/scenario-keys.md": scenario_keys.page,
        "skills/mockportal/SKILL.md": skill.text,
    }
)


def written(mock: Mock | None = None) -> dict[str, str]:
    """The text of each page by its path."""
    mock = mock or load_mock(Setup())
    return {name: page(mock) for name, page in PAGES.items()}
