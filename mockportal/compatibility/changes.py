"""The results of a comparison: changes of parts of a document, and changes of operations."""

import json
from dataclasses import dataclass

from mockportal.compatibility.change_kinds import CHANGE_KINDS, LEVELS
from mockportal.values import Json, Record

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class PartChange:
    """A change of a part: its kind, which determines its level, and the pointer to the part."""

    kind: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference for one operation. `pointer` is in the new document, or in the old one if that part is gone."""

    operation: str
    level: str
    kind: str
    pointer: str
    message: str

    def to_json(self) -> Record:
        """The change as an object with five texts."""
        return {
            "operation": self.operation,
            "level": self.level,
            "rule": self.kind,
            "pointer": self.pointer,
            "message": self.message,
        }


def change_of(operation: str, finding: PartChange) -> Change:
    """The change of a part as a change of `operation`."""
    level = CHANGE_KINDS[finding.kind].level
    return Change(operation, level, finding.kind, finding.pointer, finding.message)


def order(change: Change) -> tuple[int, str, str, str, str]:
    """Breaking first, then by operation and pointer."""
    return (
        LEVELS.index(change.level),
        change.operation,
        change.pointer,
        change.kind,
        change.message,
    )


def shown(value: Json, longest: int = _LONGEST) -> str:
    """A value on one short line; nothing at all is `none`."""
    text = "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= longest else text[:longest] + "…"
