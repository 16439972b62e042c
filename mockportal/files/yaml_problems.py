"""Messages for text that is not YAML, which say what to write instead."""

import re

import yaml

_TAG_END = re.compile(r"!\S*?[!\w/.-]*$")
_SPECIAL = "@`%"
_LIBRARY = {
    "mapping values are not allowed in this context": "a second `:` in one line; put the text in quotes",
    "but found another document": "a second document begins here (`---`); a file holds one",
    "could not find expected ':'": "a key without `:`",
    "exceeded maximum nesting depth": "it is nested far too deep",
    "found unexpected end of stream": "the text in quotes does not end",
}


def explained(error: yaml.MarkedYAMLError, text: str) -> str:
    """The problem that the library found at its mark, in one clause."""
    problem = str(error.problem)
    if error.problem_mark is None:
        return problem
    line, at = _line(text, error.problem_mark.line), error.problem_mark.column
    letter = line[at : at + 1]
    if letter == "\t":
        return "a tab where only spaces may stand"
    if error.context == "while scanning a tag" and letter and letter in "}],{[":
        tag = _TAG_END.search(line[:at])
        return f"a space is missing between `{tag.group() if tag else 'the tag'}` and `{letter}`"
    if letter and letter in _SPECIAL and problem.startswith("found character"):
        return f"a text that begins with {letter} needs quotes"
    if problem == "found undefined alias":
        return f"nothing is called {line[at:].split()[0].rstrip(',]}')} here; put the text in quotes"
    return _LIBRARY.get(problem, problem)


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number] if number < len(lines) else ""
