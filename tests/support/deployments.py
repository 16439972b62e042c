"""Targets that are correct and no mock to the eye: without worlds, and without a control API."""

import json
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockportal.commands.judging.target import resolved, shipped_targets
from mockportal.mock import Mock
from mockportal.values import Json

_OURS = b"x-mockportal-"


def without_worlds(app: ASGIApp) -> ASGIApp:
    """The application behind something that lets no header of the mock pass, in neither direction."""

    async def proxied(scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _foreign(message["headers"])}
            await send(message)

        if scope["type"] == "http":
            scope = {**scope, "headers": _foreign(scope["headers"])}
        await app(scope, receive, answer)

    return proxied


def as_deployment(app: ASGIApp) -> ASGIApp:
    """The application without worlds, and with nothing beside the API."""
    behind = without_worlds(app)

    async def deployment(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path", "").startswith("/__mockportal"):
            scope = {**scope, "path": "/nothing", "raw_path": b"/nothing"}
        await behind(scope, receive, send)

    return deployment


def targets_of(mock: Mock, folder: Path, **more: Json) -> Path:
    """A targets file with the data of a mock, as an owner of the deployment would write it: it knows no mock. `more` are
    further keys."""
    value = resolved(shipped_targets(mock.setup.api, mock.spec), mock.scenario(None))
    known = {name: part for name, part in value.items() if name not in ("isolation", "identity")} | more
    path = folder / "targets.yaml"
    path.write_text(json.dumps(known, ensure_ascii=False))
    return path


def _foreign(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if not name.lower().startswith(_OURS)]
