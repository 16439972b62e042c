"""The judge's knowledge of an API beyond its document, from `contracts/knowledge/*.yaml`."""

from collections.abc import Collection
from functools import cache

from mockportal.config import VERSIONS, content
from mockportal.files.shape import read_file
from mockportal.values import Record

# The keys of each file; what stands under them is described in the file itself.
_KEYS = {
    "answers": ("ids", "names", "apart", "ends", "without_cents", "counts", "domains", "templates", "sums"),
    "coherence": ("details", "apart", "echoes", "twins", "same_if", "identifying", "relations"),
    "completeness": ("maps",),
    "discovery": ("kind", "ids", "wrappers", "also", "looks"),
    "lists": ("lists", "groups", "counts", "totals", "series"),
    "schemes": ("customer", "customers", "administrator", "either", "outside"),
    "secrets": (
        *("taken", "shown", "shown_to_administrators", "tokens", "keys", "harmless", "settings"),
        *("inside", "inside_refusals"),
    ),
    "side_effects": ("reading", "probe", "volatile", "repeatable"),
    "standing": ("fatal", "last"),
    "tokens": ("minted", "fresh", "once"),
    "timestamps": ("now", "later", "kept", "shown"),
    "writes": ("reads", "apart", "protected", "closed", "cycles"),
    "variations": (
        *("accepted", "refused", "same_as", "free_text", "further"),
        *("unique", "days", "unselecting"),
    ),
    "visibility": ("kinds", "identifying", "uses", "empty", "owned"),
}


@cache
def knowledge(name: str) -> Record:
    """The content of the file `name`. Raises `FileError` if it cannot be read, lacks a key, or has an unknown one."""
    known: Record = read_file(content(f"knowledge/{name}.yaml"), _schema(_KEYS[name])).value
    return known


def mock_properties(operations: Collection[str]) -> Record:
    """The properties that the mock's answers had when `scripts/mock-properties` was last run, for the newest version of
    the document all of whose operations are there; else for the first. Raises `FileError`."""
    for version in reversed(VERSIONS[1:]):
        known = _properties(f"mock_properties-{version}")
        if known["seen"].keys() <= set(operations):
            return known
    return _properties("mock_properties")


@cache
def _properties(name: str) -> Record:
    known: Record = read_file(content(f"generated/{name}.yaml"), _schema(("seen", "unseen"))).value
    return known


def _schema(keys: tuple[str, ...]) -> Record:
    return {
        "type": "object",
        "properties": {key: {} for key in keys},
        "required": list(keys),
        "additionalProperties": False,
    }
