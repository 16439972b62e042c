"""The types that a program sees, as mypy tells them; it checks this file like any other."""

from typing import Any, assert_type

import httpx
import pytest
from starlette.applications import Starlette

from mockportal import Client, Served, asgi_app, serve
from mockportal.errors import UsageError


def test_names_of_the_package_have_their_types() -> None:
    with Client("overdue-invoice", clock="2026-07-01T00:00:00Z") as portal:
        assert_type(portal, Client)
        assert_type(portal.url, str)
        assert_type(portal.as_("anna"), httpx.Client)
        assert_type(portal.async_as("anna"), httpx.AsyncClient)
        assert_type(portal.clock.advance("P14D"), str)
        assert_type(portal.outbox.mails(), list[dict[str, Any]])
        assert_type(portal.journal.entries(), list[dict[str, Any]])
        assert_type(portal.snapshot(), str)
        assert_type(portal.verify(), list[str])
    assert_type(asgi_app(), Starlette)
    with serve() as server:
        assert_type(server, Served)


def test_choice_that_there_is_not_is_an_error_for_mypy_and_at_run_time() -> None:
    with pytest.raises(UsageError, match="sed: there is no such choice; did you mean 'seed'"):
        Client(sed=7)  # type: ignore[call-arg]
