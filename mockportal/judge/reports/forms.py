"""The forms in which a secret may stand in a file, and the search for them."""

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

JWT = re.compile(r"eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*", re.ASCII)

_SHORTEST = 6


def forms(secret: str) -> dict[str, str]:
    """Each spelling of a secret with its name. Empty for one of less than six characters: it cannot be told from
    text."""
    if len(secret) < _SHORTEST:
        return {}
    return dict.fromkeys(_base64(secret.encode()), "base64-encoded") | plain_forms(secret)


def plain_forms(secret: str) -> dict[str, str]:
    """The spellings without base64."""
    spelled = (
        ("HTML-escaped", (html.escape(secret), html.escape(secret, quote=False))),
        ("JSON-escaped", (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])),
        ("URL-encoded", _percent(secret)),
        ("as it is", (secret,)),
    )
    return {form: name for name, spellings in spelled for form in spellings}


def residues(folder: Path, secrets: Iterable[str]) -> list[str]:
    """Where the files of `folder` hold a secret or what looks like a JWT, a line each and never the secret itself:
    `report.json:12: a secret, URL-encoded`."""
    wanted = {form: name for secret in secrets for form, name in forms(secret).items()}
    return [
        f"{path.relative_to(folder).as_posix()}:{line}: {what}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for line, what in _places(path.read_bytes().decode("utf-8", "surrogateescape"), wanted)
    ]


def _places(text: str, wanted: Mapping[str, str]) -> list[tuple[int, str]]:
    """(line, what is there), in order."""
    found = {(match.start(), "a JWT") for match in JWT.finditer(text)}
    for form, name in wanted.items():
        if form in text:
            found |= {(match.start(), f"a secret, {name}") for match in re.finditer(re.escape(form), text)}
    return sorted({(text.count("\n", 0, start) + 1, what) for start, what in found})


def _percent(secret: str) -> set[str]:
    upper = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return upper | {re.sub("%..", lambda code: code[0].lower(), text) for text in upper}


def _base64(data: bytes) -> set[str]:
    """The digits that are the same whatever stands before and behind, at each of three offsets."""
    found = set()
    for offset in range(3):
        digits = base64.b64encode(bytes(offset) + data + bytes(3)).decode()
        core = digits[-(-8 * offset // 6) : 8 * (offset + len(data)) // 6]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return found
