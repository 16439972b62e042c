"""Notes on a scenario, which is right as it stands, and may well be meant otherwise: attributes that nobody knows,
references without a tag, aliases that may be misspelt, numbers where a text is meant.

A record may have any attribute and any alias, so none of them is a mistake.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from mockportal.errors import FileError, hint
from mockportal.files.pointers import escape, pointer_to, resolve
from mockportal.files.strict_yaml import YamlFile
from mockportal.json_tree import Path, leaves
from mockportal.spec.spec import Spec
from mockportal.state.data_model import Kind
from mockportal.state.record_check import documented_attributes
from mockportal.state.rules.actions import BREAKAGES
from mockportal.state.store import Draft
from mockportal.values import Record

_NEARLY = 0.8  # of two aliases, where 1 is the same
# Places where the format wants a number, or a length of time.
_NUMBERS = re.compile(
    r"/seed|/(rules|expect)/\d+/(sequence/\d+/)?((reply|patch|fault)/)?"
    r"(times|after|every|chance|until|status|delay|hold|drip|rate_limit)(/\w+)?"
)


def notes(files: Iterable[YamlFile]) -> Iterator[FileError]:
    """The notes on the files of a scenario, each with its place. None of them keeps the scenario from being used."""
    for file in files:
        for at, text in file.doubtful_numbers():
            if not _NUMBERS.fullmatch(at):
                problem = f"{text} is the number {resolve(file.value, at)}; for the text write '{text}'"
                yield FileError(file.place(at), problem)
        yield from _nearly_breakages(file)


def data_notes(
    files: Sequence[YamlFile], tree: Record, spec: Spec, draft: Draft
) -> Iterator[tuple[str, str]]:
    """Each note with its pointer. `files` are those of the scenario, the most derived one first; `tree` is what they
    say together, and `draft` what was made of it."""
    entities: Mapping[str, Record] = tree["entities"]
    for name, records in entities.items():
        kind = draft.data.kinds[name]
        known = known_attributes(spec, kind, draft)
        for alias, record in records.items():
            at = pointer_to("entities", name, alias)
            yield from _unknown(record, at, kind, known)
            for path, text in _untagged(record, entities):
                problem = f"{text!r} is a text; write `!rel {text}` for a relation, `!id {text}` for an id"
                yield at + pointer_to(*path), problem
    for file in files[:1]:
        yield from _new_aliases(file, files[1:], entities)


def known_attributes(spec: Spec, kind: Kind, draft: Draft) -> frozenset[str]:
    """The attributes of a collection that the document, the data model or the records themselves describe."""
    own = draft.data.own_attributes(kind.name, draft)
    return frozenset((*documented_attributes(spec, kind), *kind.attributes, *own, kind.key))


def _unknown(record: Record, at: str, kind: Kind, known: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in record:
        if name not in known:
            yield f"{at}/{escape(name)}", f"{kind.name} has no attribute {name!r}{hint(name, sorted(known))}"


def _untagged(record: Record, entities: Mapping[str, Record]) -> Iterator[tuple[Path, str]]:
    """(path, text) of every text that is `kind/alias` of a record."""
    for path, value in leaves(record):
        if isinstance(value, str):
            kind, _, alias = value.partition("/")
            if alias in entities.get(kind, ()):
                yield path, value


def _new_aliases(
    file: YamlFile, others: Sequence[YamlFile], entities: Mapping[str, Record]
) -> Iterator[tuple[str, str]]:
    """New records of a file that have nearly the alias of an inherited one, and say as little as a change of it."""
    for kind, records in file.value.get("entities", {}).items():
        inherited = {alias for other in others for alias in other.value.get("entities", {}).get(kind, ())}
        usual = _usual(entities[kind], inherited)
        for alias in [alias for alias in records if alias in entities[kind] and alias not in inherited]:
            if 2 * len(usual & entities[kind][alias].keys()) < len(usual):
                near = get_close_matches(alias, sorted(inherited), n=1, cutoff=_NEARLY)
                if near:
                    problem = f"is a new {kind}; did you mean {near[0]!r}? `!patch` makes sure of it"
                    yield pointer_to("entities", kind, alias), problem


def _usual(records: Record, aliases: Collection[str]) -> set[str]:
    """The attributes that every one of these records has."""
    known = [set(records[alias]) for alias in aliases if alias in records]
    return set.intersection(*known) if known else set()


def _nearly_breakages(file: YamlFile) -> Iterator[FileError]:
    """The texts of faults that are sent as they are, although they look like a way to break a body."""
    for number, rule in enumerate(file.value.get("rules", ())):
        body = rule.get("fault", {}).get("body")
        near = hint(body, BREAKAGES) if isinstance(body, str) and body not in BREAKAGES else ""
        if near:
            yield FileError(file.place(f"/rules/{number}/fault/body"), f"{body!r} is sent as a text{near}")
