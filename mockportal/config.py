"""Settings: where the content is, and the limits that every request and world lives under."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BEHAVIOURS = "mockportal.portal"  # what answers the shipped document
VERSIONS = ("2026-05", "2026-11")  # of the shipped document, the oldest first; each later one is an overlay

_KIB, _MIB = 1024, 1024 * 1024
_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "content"
_AT_ROOT = ("openapi.json", "scenarios", "docs", "skills")  # what else is shipped stands in `contracts/`


def _limit(default: float, unit: str, about: str, status: int = 0) -> Any:
    """A limit. With a status, `about` is what somebody is told whom it stops, the value in place of `{}`; without one,
    it is what the limit does."""
    return field(default=default, metadata={"unit": unit, "about": about, "status": status})


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit on what clients send, ask for and keep; `docs/limits.md` lists them."""

    body: int = _limit(_MIB, "bytes", "the body is larger than {} bytes", 413)
    upload: int = _limit(12 * _MIB, "bytes", "the upload is larger than {} bytes", 413)
    headers: int = _limit(
        64 * _KIB, "bytes", "the headers, or what else is no body, are larger than {} bytes", 431
    )
    url: int = _limit(16 * _KIB, "bytes", "the URL is longer than {} bytes", 414)
    header_seconds: float = _limit(10, "seconds", "the header section took longer than {} s", 408)
    body_seconds: float = _limit(30, "seconds", "the body took longer than {} s", 408)
    answer_seconds: float = _limit(60, "seconds", "A client that takes longer to read an answer is cut off.")
    grace_seconds: float = _limit(5, "seconds", "the mock has stopped, and waited {} s for this answer", 503)
    connections: int = _limit(12_000, "connections", "the mock serves no more than {} connections", 503)
    depth: int = _limit(100, "levels", "more than {} levels of nesting", 400)
    digits: int = _limit(300, "digits", "a number of more than {} digits", 400)
    token: int = _limit(8 * _KIB, "bytes", "A longer token is unknown to the mock.", 401)
    search_clauses: int = _limit(500, "clauses", "the filters have more than {} clauses", 400)
    search_values: int = _limit(10_000, "values", "the filters have more than {} values", 400)
    search_words: int = _limit(50, "words", "q has more than {} words", 400)
    search_fields: int = _limit(200, "names", "this list has more than {} names", 400)
    template_output: int = _limit(4 * _MIB, "characters", "the templates make more than {} characters", 400)
    template_steps: int = _limit(500_000, "steps", "the templates take more than {} steps", 400)
    answer: int = _limit(32 * _MIB, "bytes", "the answer is larger than {} bytes", 500)
    worlds: int = _limit(256, "worlds", "there are {} worlds, and all of them are in use", 503)
    idle: float = _limit(24 * 3600, "seconds", "A world that nobody uses for so long is forgotten.")
    state_bytes: int = _limit(64 * _MIB, "bytes", "this world holds no more than {} bytes of changes", 400)
    records: int = _limit(200_000, "records", "this world holds no more than {} records of a collection", 400)
    per_entity_activities: int = _limit(500, "activities", "The oldest activities of an entity go.")
    snapshots: int = _limit(100, "snapshots", "this world keeps no more than {} snapshots", 400)
    rules: int = _limit(1_000, "rules", "a world has no more than {} rules", 400)
    held: int = _limit(100, "exchanges", "this world holds no more than {} exchanges", 503)
    journal_entries: int = _limit(1_000, "entries", "The oldest entries of a world's journal go.")
    journal_bytes: int = _limit(16 * _MIB, "bytes", "The oldest entries of a world's journal go.")
    journal_service_body: int = _limit(
        64 * _KIB, "bytes", "The journal keeps no larger body to or from a service."
    )
    answers_bytes: int = _limit(3 * _MIB, "bytes", "A world remembers no more answers.")
    facts: int = _limit(
        4_000, "facts", "A world, or a function, remembers no more of what follows from records."
    )
    total_bytes: int = _limit(
        256 * _MIB,
        "bytes",
        "Of all worlds, the fullest journal loses its oldest entries, and then the oldest world goes.",
    )
    event_clients: int = _limit(32, "clients", "{} clients read events already; close one of them", 503)

    def refusal(self, name: str) -> tuple[int, str]:
        """The status and the message for somebody whom a limit stops."""
        limit = self.__dataclass_fields__[name].metadata
        return limit["status"], f"{limit['about'].format(getattr(self, name))} (limit {name})"

    def said(self, name: str) -> str:
        """The message alone."""
        return self.refusal(name)[1]

    def change(self, values: Mapping[str, float]) -> None:
        """Other limits, for the whole process; call it before anything is loaded."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


LIMITS = Limits()


def content(name: str) -> Path:
    """The shipped file or folder: beside the package in a checkout, inside it in a wheel."""
    shipped = _SHIPPED / name
    if shipped.exists():
        return shipped
    root = _PACKAGE.parent
    return root / name if name in _AT_ROOT else root / "contracts" / name


def cache_folder() -> Path | None:
    """The folder of what is kept from run to run; None if the user has no home."""
    home = os.environ.get("HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or (home and f"{home}/.cache")
    return Path(cache, "mockportal") if cache else None


def scenario_folders(flag: Path | None, version: str | None = VERSIONS[0]) -> tuple[Path, ...]:
    """The folders of scenarios, first match wins: `flag`, else `./scenarios`, and the shipped one; before each of them
    what it holds for the version alone. Without a version there is no shipped one."""
    first = flag if flag is not None else Path("scenarios")
    if version is None:
        return (first,)
    folders = (first, content("scenarios"))
    own = {folder: folder / version for folder in folders}
    return tuple(
        one for folder in folders for one in (own[folder], folder) if one != own[folder] or one.is_dir()
    )
