"""Settings: where the content is, and the limits that every request and world lives under."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BEHAVIOURS = "mockportal.portal"  # what answers the shipped document
VERSIONS = ("2026-05", "2026-11")  # of the shipped document, the oldest first; each later one is an overlay

_KIB, _MIB = 1024, 1024 * 1024
_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "content"
_AT_ROOT = ("openapi.json", "scenarios")  # what else is shipped stands in `contracts/`


def _limit(default: float, unit: str, about: str, status: int = 0) -> Any:
    """A limit. With a status, `about` is what somebody is told whom it stops, the value in place of `{}`."""
    return field(default=default, metadata={"unit": unit, "about": about, "status": status})


@dataclass(frozen=True, slots=True)
class Limits:
    """A world keeps entries in its journal (`journal_entries`, `journal_bytes`; of what goes to and from its services
    no body above `journal_service_body`), answers that it remembers
    (`answers_bytes`) and what was written to its state (`state_bytes`, `records` in one collection).
    It keeps `snapshots`, has `rules`, and holds so many exchanges (`held`); one that nobody uses for `idle` goes.
    `event_clients` may read events at once.
    `total_bytes` is for all worlds together, with the starts of those that do not begin like the others.

    `template_output` (characters), `template_steps` (tags and the things that their paths lead to) and `answer` are
    what one request may ask for.
    """

    body: int = 10 * _MIB
    headers: int = _limit(
        64 * _KIB, "bytes", "the header section, or what else is no body, is larger than {} bytes", 431
    )
    header_seconds: float = _limit(10, "seconds", "the header section took longer than {} s", 408)
    body_seconds: float = _limit(30, "seconds", "the body took longer than {} s", 408)
    answer_seconds: float = _limit(60, "seconds", "what a client may take to read an answer")
    grace_seconds: float = _limit(5, "seconds", "the mock has stopped, and waited {} s for this answer", 503)
    connections: int = _limit(12_000, "connections", "the mock serves no more than {} connections", 503)
    url: int = _limit(16 * _KIB, "bytes", "the URL is longer than {} bytes", 414)
    token: int = 8 * 1024
    worlds: int = 256
    idle: float = 24 * 3600
    snapshots: int = 100
    rules: int = 1_000
    held: int = 100
    event_clients: int = 32
    journal_entries: int = 1_000
    journal_bytes: int = 16 * 1024 * 1024
    journal_service_body: int = 64 * 1024
    answers_bytes: int = 3 * 1024 * 1024
    state_bytes: int = 64 * 1024 * 1024
    records: int = 200_000
    total_bytes: int = 256 * 1024 * 1024
    per_entity_activities: int = 500
    template_output: int = 4 * 1024 * 1024
    template_steps: int = 500_000
    answer: int = 32 * 1024 * 1024

    def refusal(self, name: str) -> tuple[int, str]:
        """The status and the message for somebody whom a limit stops; the message names the limit."""
        limit = self.__dataclass_fields__[name].metadata
        return limit["status"], f"{limit['about'].format(getattr(self, name))} (limit {name})"


LIMITS = Limits()


def content(name: str) -> Path:
    """The shipped file or folder: beside the package in a checkout, inside it in a wheel."""
    shipped = _SHIPPED / name
    if shipped.exists():
        return shipped
    root = _PACKAGE.parent
    return root / name if name in _AT_ROOT else root / "contracts" / name


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
