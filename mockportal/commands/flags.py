"""The values of flags, read from their texts. Bad ones raise `argparse.ArgumentTypeError`."""

import argparse
import os
import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from mockportal.config import LIMITS, VERSIONS, Limits
from mockportal.errors import UsageError, hint
from mockportal.files.text import read_text
from mockportal.state.clock import Clock, parse_clock

CONTROL_TOKEN = "MOCKPORTAL_CONTROL_TOKEN"
_TOKEN_FILE = 4096  # bytes
_BEARER = re.compile(r"[!-~]+")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}  # which browsers leave out
STAGES = ("examples", "coverage", "fuzzing", "stateful", "checks", "journeys")


def clock_of(text: str) -> Clock:
    """The clock that `--clock` names."""
    try:
        return parse_clock(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def token_of(text: str) -> tuple[str, str]:
    """A scheme and its token. Raises `UsageError`."""
    scheme, equals, value = text.partition("=")
    if not (scheme and equals and value):
        raise UsageError("--token", "is SCHEME=VALUE, such as PortalAuth=…")
    return scheme, value


def limit_of(text: str) -> tuple[str, float]:
    """A limit and its value, such as `body=4194304`; of seconds also a part."""
    name, equals, value = text.partition("=")
    kinds = {one.name: one.type for one in fields(Limits)}
    if name not in kinds:
        raise argparse.ArgumentTypeError(f"there is no limit {name!r}{hint(name, kinds)}: {', '.join(kinds)}")
    pattern = _SECONDS if kinds[name] is float else _WHOLE
    if not (equals and pattern.fullmatch(value)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not {name}=NUMBER, such as {name}={getattr(LIMITS, name)}"
        )
    return name, float(value) if pattern is _SECONDS else int(value)


def version_of(text: str) -> str:
    """A version of the shipped document."""
    if text not in VERSIONS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not one of {', '.join(VERSIONS)}{hint(text, VERSIONS)}"
        )
    return text


def stages_of(text: str) -> tuple[str, ...]:
    """The stages of a comma-separated list."""
    chosen = tuple(text.split(","))
    for one in chosen:
        if one not in STAGES:
            raise argparse.ArgumentTypeError(f"{one!r} is not one of {', '.join(STAGES)}")
    return chosen


def frontend_of(text: str) -> str:
    """The address of a frontend such as `http://localhost:5173` or `https://host/app`, without a slash at its end."""
    try:
        url = urlsplit(text)
        known = url.scheme in ("http", "https") and url.hostname and (url.port or 1) > 0
    except ValueError:
        known = False
    if not known or "@" in text or re.fullmatch(r"[!-~]+", text) is None or url.query or url.fragment:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address such as http://localhost:5173")
    return text.rstrip("/?#")


def domain_of(text: str) -> str:
    """A domain with or without a port, such as `portal.test` or `portal.test:3000`, in lower case."""
    if _DOMAIN.fullmatch(text.lower()) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a domain such as portal.test or portal.test:3000")
    return text.lower()


def rate_of(text: str) -> float:
    """Requests a second, as in `5` or `5/s`."""
    try:
        rate = float(text.removesuffix("/s"))
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of requests per second")
    return rate


def seconds_of(text: str) -> float:
    """A number of seconds above 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def count_of(text: str) -> int:
    """A whole number above 0."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def control_token_of(text: str | None, file: Path | None) -> str | None:
    """The token that the control API asks for: that of the flag, of the file, or of `MOCKPORTAL_CONTROL_TOKEN`.

    None if none of them is given. Raises `UsageError` for one that is empty, which would let everybody in, or that
    cannot stand in a header.
    """
    if file is not None:
        where, token = "--control-token-file", read_text(file, _TOKEN_FILE).strip()
    elif text is not None:
        where, token = "--control-token", text
    elif CONTROL_TOKEN in os.environ:
        where, token = CONTROL_TOKEN, os.environ[CONTROL_TOKEN]
    else:
        return None
    if not token:
        raise UsageError(where, "is empty, so it would let everybody in; leave it out to ask for no token")
    if _BEARER.fullmatch(token) is None:
        raise UsageError(where, "is not a token: it has a blank, or a character that is not ASCII")
    return token


def origin_of(text: str) -> str:
    """An origin such as `http://localhost:5173`, as browsers write it."""
    if text == "*":
        raise argparse.ArgumentTypeError(
            "'*' cannot have credentials, as no browser accepts that; name each origin"
        )
    scheme, found, host = text.lower().partition("://")
    if not found or _ORIGIN.fullmatch(text.lower()) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an origin such as http://localhost:5173 (no path, no slash)"
        )
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"
