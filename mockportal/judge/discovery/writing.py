"""The targets file that a first look comes to: with sources, with what is missing, and without a secret."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from mockportal.judge.discovery.exploring import Found
from mockportal.judge.discovery.facts import Fact
from mockportal.judge.knowledge import knowledge
from mockportal.judge.wire.gate import variable
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record, encode

_NAMED = 4
_OF_EACH = ("id", "from", "to")  # names that mean another thing in each operation
_NEW = """\
# A targets file for {url}, begun by `mockportal contract --init-targets`.
# Run again, it keeps every line that is here and adds what it finds. A comment says where a value was found.
# Tokens come from the environment, or from --token.
tokens:
params:
operations:
"""
_WAITING = re.compile(r"  # (\w+):  # missing; .*\n")


def targets_text(
    spec: Spec, found: Found, schemes: Iterable[str], before: Record, text: str, url: str
) -> str:
    """The text of a targets file for `url`: the `text` of the file before, which holds `before`, and new lines."""
    held = {**{scheme: variable(scheme) for scheme in schemes}, **before.get("tokens", {})}
    shared = _shared(found)
    params = {**{name: fact.value for name, fact in shared.items()}, **before.get("params", {})}
    sections = {
        "tokens": {
            scheme: f"  {scheme}: {_spelled(held[scheme])}"
            for scheme in sorted(held)
            if scheme != knowledge("schemes")["either"]  # any other token is good for it
        },
        "params": {name: _line(name, fact.value, fact.source) for name, fact in sorted(shared.items())},
        "operations": _own(spec, found, params),
    }
    waiting = {
        "tokens": _unheld(spec, {**held, **before.get("logins", {})}),
        "params": _missing(found, params),
    }
    text = _WAITING.sub("", text or _NEW.format(url=url))
    for name, lines in sections.items():
        known = before.get(name) or {}
        new = [line for key, line in lines.items() if key not in known]
        text = _with(text, name, [*new, *waiting.get(name, ())])
    return text


def _with(text: str, section: str, lines: list[str]) -> str:
    """The text with lines at the end of a section, which is made if it is not there."""
    if not lines:
        return text
    added = "\n".join(lines) + "\n"
    header = re.search(rf"^{section}:[ \t]*(\{{\}})?[ \t]*(#.*)?\n", text, re.MULTILINE)
    if header is None:
        return f"{text}{section}:\n{added}"
    after = re.compile(r"^(?![ #\n])", re.MULTILINE).search(text, header.end())
    end = after.start() if after else len(text)
    return text[:end] + added + text[end:]


def _shared(found: Found) -> dict[str, Fact]:
    """The value that most operations have for a parameter, those counting double that answered with a success."""
    values: dict[str, Counter[str]] = defaultdict(Counter)
    facts: dict[tuple[str, str], Fact] = {}
    for name, params in found.params.items():
        for key, fact in params.items():
            if key not in _OF_EACH:
                values[key][_spelled(fact.value)] += 2 if 200 <= found.statuses.get(name, 0) < 300 else 1
                facts.setdefault((key, _spelled(fact.value)), fact)
    return {key: facts[key, counts.most_common(1)[0][0]] for key, counts in values.items()}


def _own(spec: Spec, found: Found, params: Mapping[str, Json]) -> dict[str, str]:
    """A line for each operation that has other parameters than the shared ones."""
    lines = {}
    for name, operation in spec.operations.items():
        required = {one.key for one in operation.parameters if one.required}
        facts = {
            key: fact
            for key, fact in found.params.get(name, {}).items()
            if key not in required or params.get(key) != fact.value
        }
        if facts:
            sources = ", ".join(dict.fromkeys(fact.source for fact in facts.values()))
            own = {"params": {key: fact.value for key, fact in facts.items()}}
            lines[name] = _line(name, own, sources)
    return lines


def _missing(found: Found, params: Mapping[str, Json]) -> list[str]:
    """A comment for each parameter without a value, those that most operations wait for first."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for name, lacking in found.lacking.items():
        for key in lacking:
            if key not in params:
                waiting[key].append(name)
    return [
        f"  # {key}:  # missing; for {_listed(names)}"
        for key, names in sorted(waiting.items(), key=lambda entry: -len(entry[1]))
    ]


def _unheld(spec: Spec, tokens: Mapping[str, str]) -> list[str]:
    """A comment for each scheme whose token would make more operations possible."""
    needed: dict[str, list[str]] = defaultdict(list)
    for name, one in spec.operations.items():
        if one.security and not any(tokens.keys() >= alternative for alternative in one.security):
            for scheme in sorted({scheme for alternative in one.security for scheme in alternative}):
                needed[scheme].append(name)
    return [f"  # {scheme}:  # missing; for {_listed(names)}" for scheme, names in needed.items()]


def _listed(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _line(name: str, value: Json, source: str) -> str:
    return f"  {name}: {_spelled(value)}" + (f"  # {source}" if source else "")


def _spelled(value: Json) -> str:
    """A value as JSON, which YAML reads as well."""
    return encode(value).decode()
