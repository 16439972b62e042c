"""Sends variations, and tells which of them the API's own rules decide."""

import hashlib
from fnmatch import fnmatchcase
from typing import Literal

from mockportal.judge.checks.variations.variations import Variation
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction


def send(context: Context, name: str, variation: Variation) -> Interaction:
    """The answer to a variation."""
    world = world_of(context, name, variation)
    return context.call(name, params=variation.params, body=variation.body, world=world)


def world_of(context: Context, name: str, variation: Variation) -> str:
    """The world of a variation: what writes goes to a fresh one each time, where the target has worlds."""
    if context.spec.operations[name].method == "GET":
        return ""
    return f"{_mark(variation)}-{context.check}-{name}"


def _mark(variation: Variation) -> str:
    """Tells the variations of an operation apart, the same in every run."""
    text = f"{variation.where} {variation.kind} {variation.shown}"
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def excused(table: Literal["accepted", "refused"], name: str, variation: Variation) -> bool:
    """True if the knowledge says that this is accepted, or refused, for a reason beyond the schema."""
    return any(
        fnmatchcase(name, entry.get("operation", "*"))
        and fnmatchcase(variation.where, entry.get("where", "*"))
        and fnmatchcase(variation.kind, entry.get("kind", "*"))
        for entry in knowledge("variations")[table]
    )


def is_free(name: str, variation: Variation) -> bool:
    """True if a text may be anything, because the knowledge lists it as a text that refers to nothing."""
    return any(
        fnmatchcase(name, entry.get("operation", "*")) and fnmatchcase(variation.where, entry["where"])
        for entry in knowledge("variations")["free_text"]
    )
