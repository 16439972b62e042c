"""The choices of a program that uses the mock: those of the command line, as keywords."""

from pathlib import Path
from typing import TypedDict, Unpack

from mockportal.config import VERSIONS
from mockportal.errors import UsageError, hint
from mockportal.mock import DEFAULT, Setup, load_mock
from mockportal.state.clock import Clock, parse_clock
from mockportal.web.app import Application, create_app


class Choices(TypedDict, total=False):
    """Keywords of `serve`, `Client` and `asgi_app`.

    api:        the version of the shipped document
    clock:      an RFC 3339 instant to stand at; for a whole mock also `now`, which ticks and moves all dates along
    seed:       another seed than the scenario's: other ids
    scenarios:  the folder that is looked into first, `./scenarios` if not given
    spec:       another OpenAPI document
    overlay:    another OpenAPI Overlay
    behaviours: the package that answers it
    frontend:   the address of the pages that use the mock, where links in mails lead
    """

    api: str
    clock: str
    seed: int
    scenarios: str | Path
    spec: str | Path
    overlay: str | Path
    behaviours: str
    frontend: str


def setup_from(scenario: str, choices: Choices) -> Setup:
    """The set-up for a scenario. Raises `UsageError` for a choice that there is not."""
    unknown = next((name for name in choices if name not in Choices.__annotations__), None)
    if unknown is not None:
        raise UsageError(unknown, f"there is no such choice{hint(unknown, Choices.__annotations__)}")
    version = choices.get("api", VERSIONS[0])
    if version not in VERSIONS:
        raise UsageError("api", f"{version!r} is none of {', '.join(VERSIONS)}{hint(version, VERSIONS)}")
    return Setup(
        scenario=scenario,
        api=version,
        spec=_path(choices.get("spec")),
        overlay=_path(choices.get("overlay")),
        behaviours=choices.get("behaviours"),
        scenarios=_path(choices.get("scenarios")),
        seed=choices.get("seed"),
        clock=clock_from(choices.get("clock")),
        frontend=choices.get("frontend", ""),
    )


def clock_from(text: str | None) -> Clock | None:
    """The clock that a text describes. Raises `UsageError`."""
    try:
        return None if text is None else parse_clock(text)
    except ValueError as error:
        raise UsageError("clock", str(error)) from None


def asgi_app(scenario: str = DEFAULT, **choices: Unpack[Choices]) -> Application:
    """An ASGI application to mount in another one, or to give to a server. Raises `MockportalError`."""
    return create_app(load_mock(setup_from(scenario, choices)))


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)
