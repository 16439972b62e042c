"""Notes on scenario files: what is right as it stands, and may well be meant otherwise."""

import re
from collections.abc import Iterable, Iterator

from mockportal.errors import FileError, hint
from mockportal.files.pointers import resolve
from mockportal.files.strict_yaml import YamlFile
from mockportal.state.rules.actions import BREAKAGES

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


def _nearly_breakages(file: YamlFile) -> Iterator[FileError]:
    """The texts of faults that are sent as they are, although they look like a way to break a body."""
    for number, rule in enumerate(file.value.get("rules", ())):
        body = rule.get("fault", {}).get("body")
        near = hint(body, BREAKAGES) if isinstance(body, str) and body not in BREAKAGES else ""
        if near:
            yield FileError(file.place(f"/rules/{number}/fault/body"), f"{body!r} is sent as a text{near}")
