"""Settings: where the content is, and the limits that every request and world lives under."""

from dataclasses import dataclass
from pathlib import Path

BEHAVIOURS = "mockportal.portal"  # what answers the shipped document

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "content"
_AT_ROOT = ("openapi.json", "scenarios")  # what else is shipped stands in `contracts/`


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, durations in seconds."""

    body: int = 10 * 1024 * 1024
    url: int = 16 * 1024
    worlds: int = 256
    journal_entries: int = 1_000
    journal_bytes: int = 16 * 1024 * 1024
    records: int = 200_000
    per_entity_activities: int = 500


LIMITS = Limits()


def content(name: str) -> Path:
    """The shipped file or folder: beside the package in a checkout, inside it in a wheel."""
    shipped = _SHIPPED / name
    if shipped.exists():
        return shipped
    root = _PACKAGE.parent
    return root / name if name in _AT_ROOT else root / "contracts" / name


def scenario_folders(flag: Path | None, shipped: bool = True) -> tuple[Path, ...]:
    """Where scenarios are looked up, first match wins: `flag`, else `./scenarios`, and the shipped ones if wanted."""
    first = flag if flag is not None else Path("scenarios")
    return (first, content("scenarios")) if shipped else (first,)
