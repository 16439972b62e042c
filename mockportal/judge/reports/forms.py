"""The forms in which a secret may stand in a file, and the search for them."""

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from mockportal.redaction import jwts, spellings


def forms(secret: str) -> dict[str, str]:
    """Each form of a secret with its name: those of `spellings`, and base64."""
    spelled = spellings(secret)
    return (dict.fromkeys(_base64(secret.encode()), "base64-encoded") if spelled else {}) | spelled


def residues(folder: Path, secrets: Iterable[str]) -> list[str]:
    """Places at which the files of `folder`, or a single file, hold a secret or what looks like a JWT, a line each
    without the secret: `report.json:12: a secret, URL-encoded`."""
    wanted = {form: name for secret in secrets for form, name in forms(secret).items()}
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    return [
        f"{path.name if path == folder else path.relative_to(folder).as_posix()}:{line}: {what}"
        for path in paths
        if path.is_file()
        for line, what in _places(path.read_bytes().decode("utf-8", "surrogateescape"), wanted)
    ]


def _places(text: str, wanted: Mapping[str, str]) -> list[tuple[int, str]]:
    """(line, what is there), in order."""
    found = {(start, "a JWT") for start, _ in jwts(text)}
    for form, name in wanted.items():
        if form in text:
            found |= {(match.start(), f"a secret, {name}") for match in re.finditer(re.escape(form), text)}
    return sorted({(text.count("\n", 0, start) + 1, what) for start, what in found})


def _base64(data: bytes) -> set[str]:
    """The digits that are the same whatever stands before and behind, at each of three offsets."""
    found = set()
    for offset in range(3):
        digits = base64.b64encode(bytes(offset) + data + bytes(3)).decode()
        core = digits[-(-8 * offset // 6) : 8 * (offset + len(data)) // 6]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return found
