"""Routing of a raw path to its operation: a trie over segments, so that the cost does not grow with the operations.

The order between templates that match the same path: a custom verb (`{id}:validateRule`) beats a literal, a
literal beats a part of a segment (`{id}.json`), that beats a template for all of it, and the most concrete path is
chosen before the method is looked at. Where no path is
more concrete than the other (`identifiers/{slug}` and `{schema}/access`), the methods of both count. The other
parameters of a path with a custom verb hold no colon, so that `resolve:external-link/x:validateRule` is a link.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from mockportal.spec.operations import Operation

_TEMPLATE = re.compile(r"\{([^}]+)\}(:.+)?")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NAME = re.compile(r"\{([^}]+)\}")
_REMEMBERED = 256
_VERB, _LITERAL, _PART, _PARAMETER = 3, 2, 1, 0

# method -> the operation, and the names of the parameters in its path: paths of one form may name them differently
_Named = Mapping[str, tuple[Operation, tuple[str, ...]]]


class BadPath(ValueError):
    """The path is not percent-encoded UTF-8."""


@dataclass(frozen=True, slots=True)
class Route:
    """The candidates for a path, most concrete only, and the methods that they offer."""

    candidates: tuple[tuple[_Named, tuple[str, ...]], ...]
    allow: str

    def operation(self, method: str) -> tuple[Operation, Mapping[str, str]] | None:
        """The operation for `method` and its path parameters; HEAD means GET."""
        for operations, values in self.candidates:
            found = operations.get(method) or (operations.get("GET") if method == "HEAD" else None)
            if found is not None:
                operation, names = found
                return operation, dict(zip(names, values, strict=True))
        return None


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    verbs: dict[str, "_Node"] = field(default_factory=dict)
    parts: dict[str, tuple[re.Pattern[str], "_Node"]] = field(default_factory=dict)
    parameter: "_Node | None" = None
    operations: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)


_Match = tuple[tuple[int, ...], _Named, tuple[str, ...]]


class Routes:
    """Built once from the operations; `find` is the only question.

    `bases` are the paths of the servers, such as `/v1`: every operation is found with and without them.
    `find` remembers the newest paths.
    """

    def __init__(self, operations: Iterable[Operation], bases: Iterable[str] = ()) -> None:
        self._root = _Node()
        self._bases = tuple(sorted({*bases} - {""}, key=len, reverse=True))
        self._fixed: dict[str, Route] = {}
        self.find = lru_cache(maxsize=_REMEMBERED)(self._found)
        for operation in operations:
            _insert(self._root, operation)
        for node_path, node in _fixed_paths(self._root, ""):
            self._fixed[node_path] = _route([((_LITERAL,), node.operations, ())])

    def _found(self, raw_path: str) -> Route | None:
        """The route of a raw (still encoded) path, or None. Raises `BadPath`."""
        found = self._find(raw_path)
        for base in self._bases if found is None else ():
            if raw_path.startswith(f"{base}/"):
                found = found or self._find(raw_path[len(base) :])
        return found

    def fitting(self, raw_path: str) -> list[Operation]:
        """Every operation whose path fits, also where a more concrete one is chosen. Raises `BadPath`."""
        rests = [raw_path[len(base) :] for base in self._bases if raw_path.startswith(f"{base}/")]
        matches: list[_Match] = []
        for path in (raw_path, *rests):
            segments = [_decoded(segment) for segment in path.split("/")[1:]]
            _collect(self._root, segments, 0, (), (), matches)
        return [operation for _, operations, _ in matches for operation, _ in operations.values()]

    def _find(self, raw_path: str) -> Route | None:
        fixed = self._fixed.get(raw_path)
        if fixed is not None:
            return fixed
        segments = [_decoded(segment) for segment in raw_path.split("/")[1:]]
        matches: list[_Match] = []
        _collect(self._root, segments, 0, (), (), matches)
        return _route(_most_concrete(matches)) if matches else None


def _insert(root: _Node, operation: Operation) -> None:
    node = root
    for segment in operation.path.split("/")[1:]:
        template = _TEMPLATE.fullmatch(segment)
        if "{" not in segment:
            node = node.literals.setdefault(segment, _Node())
        elif template is None:
            node = node.parts.setdefault(*_part(segment))[1]
        elif template.group(2):
            node = node.verbs.setdefault(template.group(2), _Node())
        else:
            node.parameter = node.parameter or _Node()
            node = node.parameter
    node.operations[operation.method] = operation, tuple(_NAME.findall(operation.path))


def _part(segment: str) -> tuple[str, tuple[re.Pattern[str], _Node]]:
    """The form of a segment such as `{name}.{ext}`, and the pattern of the segments that fit it."""
    shape = _NAME.sub("{}", segment)
    pattern = "(.+)".join(map(re.escape, shape.split("{}")))
    return shape, (re.compile(pattern, re.DOTALL), _Node())


def _fixed_paths(node: _Node, path: str) -> Iterable[tuple[str, _Node]]:
    if node.operations:
        yield path, node
    for literal, child in node.literals.items():
        yield from _fixed_paths(child, f"{path}/{literal}")


def _collect(
    node: _Node,
    segments: list[str],
    depth: int,
    kinds: tuple[int, ...],
    values: tuple[str, ...],
    matches: list[_Match],
) -> None:
    if depth == len(segments):
        if node.operations:
            matches.append((kinds, node.operations, values))
        return
    segment = segments[depth]
    for verb, child in node.verbs.items():
        value = segment.removesuffix(verb)
        if value not in ("", segment) and not any(":" in earlier for earlier in values):
            _collect(child, segments, depth + 1, (*kinds, _VERB), (*values, value), matches)
    literal = node.literals.get(segment)
    if literal is not None:
        _collect(literal, segments, depth + 1, (*kinds, _LITERAL), values, matches)
    for pattern, child in node.parts.values():
        part = pattern.fullmatch(segment)
        if part is not None:
            _collect(child, segments, depth + 1, (*kinds, _PART), (*values, *part.groups()), matches)
    if node.parameter is not None and segment and not any(segment.endswith(verb) for verb in node.verbs):
        _collect(node.parameter, segments, depth + 1, (*kinds, _PARAMETER), (*values, segment), matches)


def _most_concrete(matches: list[_Match]) -> list[_Match]:
    with_verb = [match for match in matches if _VERB in match[0]]
    contenders = with_verb or matches
    return [one for one in contenders if not any(_beats(other[0], one[0]) for other in contenders)]


def _beats(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))


def _route(matches: list[_Match]) -> Route:
    methods = {method for _, operations, _ in matches for method in operations}
    if "GET" in methods:
        methods.add("HEAD")
    return Route(
        candidates=tuple((operations, values) for _, operations, values in matches),
        allow=", ".join(sorted(methods | {"OPTIONS"})),
    )


def _decoded(segment: str) -> str:
    if "%" not in segment:
        return segment
    if _BAD_ESCAPE.search(segment):
        raise BadPath("the path has a broken percent-encoding")
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        raise BadPath("the path is not UTF-8") from None
