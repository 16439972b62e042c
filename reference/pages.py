"""All pages that are written from the code."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.commands.scenarios.collections_page import collections_page
from mockportal.judge import checks_page
from mockportal.mock import Mock, Setup, load_mock
from reference import command_line, control_endpoints, scenario_keys

PAGES: Mapping[str, Callable[[Mock], str]] = MappingProxyType(
    {
        "checks.md": lambda _: checks_page.page(),
        "collections.md": collections_page,
        "reference/commands.md": lambda _: command_line.page(),
        "reference/control-endpoints.md": control_endpoints.page,
        "reference/scenario-keys.md": scenario_keys.page,
    }
)


def written(mock: Mock | None = None) -> dict[str, str]:
    """The text of each page by its name below `docs/`."""
    mock = mock or load_mock(Setup())
    return {name: page(mock) for name, page in PAGES.items()}
