"""`mockportal token`: a bearer token for somebody of the scenario, without a sign-in."""

import argparse
import os
import urllib.error
import urllib.request
from http import HTTPStatus
from urllib.parse import urlsplit

from mockportal.commands.flags import CONTROL_TOKEN, count_of
from mockportal.commands.output import say, warn
from mockportal.commands.setup_flags import setup_of
from mockportal.engine import signing
from mockportal.errors import Refusal, UsageError
from mockportal.mock import Setup, load_mock
from mockportal.values import Record, decode, encode
from mockportal.worlds import MAIN

DEFAULT_URL = "http://127.0.0.1:8080"

_TIMEOUT = 10.0  # seconds


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `token`."""
    parser.add_argument(
        "alias", metavar="ALIAS", help="a portal user's alias or id; any word for --kind admin"
    )
    parser.add_argument("--kind", choices=("portal", "admin"), default="portal", help="who it is")
    parser.add_argument(
        "--expires-in", type=count_of, default=3600, metavar="SECONDS", help="on the world's clock"
    )
    parser.add_argument("--url", default="", metavar="URL", help="a running mock, or one of its worlds")


def run(given: argparse.Namespace) -> int:
    """Prints the token. Raises `UsageError`.

    The mock at `--url` mints it, by the clock of its world. Without that flag, or if nothing listens there, it is
    minted here, by the clock of the scenario.
    """
    asked = {"user": given.alias, "kind": given.kind, "expires_in": given.expires_in}
    minted = _asked_for(given.url, asked) if given.url else None
    say(minted or _minted(setup_of(given), (given.url or DEFAULT_URL).rstrip("/"), asked))
    return 0


def _minted(setup: Setup, base_url: str, asked: Record) -> str:
    mock = load_mock(setup)
    draft = mock.world().draft(base_url)
    family = draft.new_id("session")
    try:
        claims = mock.api.claims_of(asked, mock.world().scenario, draft)
    except Refusal as refusal:
        raise UsageError("token", str(refusal)) from None
    return signing.sign(signing.issued(claims, base_url, draft.now(), asked["expires_in"], family))


def _asked_for(url: str, asked: Record) -> str | None:
    """The token that a running mock mints; None if nothing listens at its address."""
    address, world = _split(url)
    headers = {"Content-Type": "application/json"}
    if os.environ.get(CONTROL_TOKEN):
        headers["Authorization"] = f"Bearer {os.environ[CONTROL_TOKEN]}"
    target = f"{address}/__mockportal/worlds/{world}/tokens"
    request = urllib.request.Request(target, encode(asked), headers, method="POST")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=_TIMEOUT) as answer:
            return str(decode(answer.read())["token"])
    except urllib.error.HTTPError as error:
        raise UsageError("token", f"{url} answered {error.code}: {_message(error)}") from None
    except OSError:
        warn(f"mockportal: nothing answers at {url}; the token goes by the clock of the scenario")
        return None
    except (ValueError, KeyError, TypeError):
        raise UsageError("--url", f"{url} is not the address of a mock") from None


def _split(url: str) -> tuple[str, str]:
    """The address of a mock, and the world in it. Raises `UsageError`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError("--url", str(error)) from None
    world = parts.path.strip("/")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError("--url", f"{url!r} is not an address such as {DEFAULT_URL} or {DEFAULT_URL}/@blue")
    if world and not world.startswith("@"):
        raise UsageError("--url", f"{url!r} has a path that names no world, such as /@blue")
    return f"{parts.scheme}://{parts.netloc}", world.removeprefix("@") or MAIN


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return str(decode(error.read())["message"])
    except (ValueError, KeyError, TypeError):
        return HTTPStatus(error.code).phrase
