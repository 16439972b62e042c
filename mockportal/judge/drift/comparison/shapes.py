"""The shape of answers: at each place the JSON types, the formats of texts, and what an enum does not have.

Elements of a list are one place, and so are keys that are ids. No data is kept, but for values that an enum should
have.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mockportal.files.pointers import pointer_to
from mockportal.judge.drift.comparison.documented import ID_KEY, ITEM, Documented, Steps
from mockportal.spec.wording.reasons import kind_of
from mockportal.values import Json

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
_FORMATS = (
    ("uuid", UUID),
    ("date", re.compile(_DATE)),
    ("date-time", re.compile(rf"{_DATE}{_TIME}(?:[Zz]|[+-]\d\d:\d\d)")),
    ("date-time without zone", re.compile(rf"{_DATE}{_TIME}")),
    ("ulid", re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("uri", re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")),
)
_DYNAMIC = re.compile(
    rf"{UUID.pattern}|\d{{3,}}|{_DATE}.*|[^@\s]+@[^@\s]+|[0-7][0-9A-HJKMNP-TV-Z]{{25}}", re.I
)
_DEEPEST = 14


@dataclass(slots=True)
class ObservedValues:
    """The values seen at one place. `first` holds the case that showed each fact (`type string`, `format uuid`, …)."""

    types: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def note(self, counts: Counter[str], kind: str, name: str, case: int) -> None:
        """Counts one fact."""
        counts[name] += 1
        self.first.setdefault(f"{kind} {name}", case)


Shape = dict[Steps, ObservedValues]


def observe(shape: Shape, value: Json, case: int, documented: Documented, steps: Steps = ()) -> None:
    """Adds what `value`, the answer in `case`, looks like."""
    seen = shape.setdefault(steps, ObservedValues())
    kind = kind_of(value)
    seen.note(seen.types, "type", kind, case)
    if isinstance(value, str):
        seen.note(seen.formats, "format", format_of(value), case)
        allowed = documented.enum(steps)
        if allowed and value not in allowed:
            seen.note(seen.outside, "outside", value, case)
    if len(steps) >= _DEEPEST:
        return
    for step, item in _inside(value):
        observe(shape, item, case, documented, (*steps, step))


def format_of(text: str) -> str:
    """`uuid`, `date`, `date-time`, …; `text` for anything else, `empty` for nothing."""
    if not text:
        return "empty"
    return next((name for name, pattern in _FORMATS if pattern.fullmatch(text)), "text")


def spelled(steps: Steps) -> str:
    """`/data/*/_id`."""
    return pointer_to(*steps)


def _inside(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (ID_KEY if _DYNAMIC.fullmatch(key) else key), item
    elif isinstance(value, list):
        for item in value:
            yield ITEM, item
