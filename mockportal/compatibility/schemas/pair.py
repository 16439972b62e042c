"""Two shapes at the same place, and the change that a comparison finds between them."""

from dataclasses import dataclass

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.schemas.shapes import Node, Shape
from mockportal.spec.conversion.directions import Mode


@dataclass(frozen=True, slots=True)
class Below:
    """Two nodes further down that have to be compared as well."""

    old: Node
    new: Node


@dataclass(frozen=True, slots=True)
class SchemaPair:
    """Old and new shape, in what is sent or in what is answered."""

    mode: Mode
    old: Shape
    new: Shape

    def finding(self, kind: str, message: str, *keywords: str) -> PartChange:
        """The finding by the mode's own `kind`, at the first of `keywords`, else at the shape as a whole."""
        return PartChange(f"{self.mode}-{kind}", self.where(*keywords), message)

    def where(self, *keywords: str) -> str:
        """The pointer of the first of `keywords` in the new document, else in the old one, else of the shape."""
        return self.new.place(*keywords) or self.old.place(*keywords) or self.new.at or self.old.at


def direction(*, gained: bool, lost: bool) -> str:
    """The change of a set of valid values: widened, narrowed or changed; "" if it is the same."""
    if gained and lost:
        return "changed"
    return "widened" if gained else "narrowed" if lost else ""
