"""The pytest plugin: a world for each test, scenario files as tests, and what happened in the report of a failure."""

from mockportal.pytest_plugin.fixtures import portal, portal_async_client, portal_client, portal_server
from mockportal.pytest_plugin.hooks import (
    pytest_addoption,
    pytest_collect_file,
    pytest_configure,
    pytest_runtest_makereport,
)

__all__ = [
    "portal",
    "portal_async_client",
    "portal_client",
    "portal_server",
    "pytest_addoption",
    "pytest_collect_file",
    "pytest_configure",
    "pytest_runtest_makereport",
]
