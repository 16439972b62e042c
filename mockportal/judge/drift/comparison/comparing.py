"""From the pairs of one operation to its drifts: status, content type, headers, and the shape of bodies."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from mockportal.judge.drift.comparison.documented import Documented, Steps
from mockportal.judge.drift.comparison.shape_differences import Difference, differences
from mockportal.judge.drift.comparison.shapes import Shape, observe, spelled
from mockportal.judge.drift.model import Drift, Pair
from mockportal.judge.model import Interaction
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, decode

_HEADERS = ("location", "allow")
_BESIDE_BODIES = frozenset(("content_type", "header"))
_SAID = {
    "type": "{place} is {left} at LEFT and {right} at RIGHT",
    "missing_key": "{place} is {left} at LEFT and {right} at RIGHT",
    "extra_key": "{place} is {left} at LEFT and {right} at RIGHT",
    "enum": "{place}: the values are {left} at LEFT and {right} at RIGHT",
    "format": "{place} looks like {left} at LEFT and like {right} at RIGHT",
    "presence": "{place} is {left} at LEFT and {right} at RIGHT, which the contract allows",
    "needs_scenario": "{place} has {left} at LEFT and {right} at RIGHT, so they are not compared",
}
_ELEMENTS = ("elements", "no elements")
_SHARES = ("always", "sometimes", "never")


class Judged(NamedTuple):
    """The drifts of an operation, the heaviest first, and what was left out of them."""

    drifts: list[Drift]
    noise: list[str]


def judged(spec: Spec, operation: Operation, pairs: Sequence[Pair], same_data: bool) -> Judged:
    """`same_data` says that both targets hold the same records."""
    found = list(_drifts(spec, operation, pairs, same_data))
    noise = _noise(spec, operation, pairs)
    stay = [drift for drift in found if not any(_covers(drift, one) for one in noise)]
    lines = sorted({f"{operation.id} {spelled_place(one)}: {one.kind} varies" for one in noise})
    return Judged(sorted(stay, key=lambda one: (one.rank, one.status, one.pointer, one.kind)), lines)


def differ(spec: Spec, operation: Operation, pair: Pair) -> bool:
    """True if this case alone shows a difference."""
    left, right = pair.left.received, pair.right.received
    if left and right and (left.status, left.body) == (right.status, right.body) and _same_headers(pair):
        return False
    return any(True for _ in _drifts(spec, operation, [pair], same_data=True))


def _same_headers(pair: Pair) -> bool:
    alike = _media_type(pair.left) == _media_type(pair.right)
    return alike and all(_header(name, pair.left) == _header(name, pair.right) for name in _HEADERS)


def spelled_place(drift: Drift) -> str:
    """`200 /data/*/_id`; of what is in no body, only the status, if there is one."""
    return f"{drift.status} {drift.pointer}".strip()


def _noise(spec: Spec, operation: Operation, pairs: Sequence[Pair]) -> list[Drift]:
    """Differences between two answers of one target to the same request."""
    repeated = [(pair, pair.again) for pair in pairs if pair.again]
    return [
        drift
        for side in (0, 1)
        for drift in _drifts(
            spec,
            operation,
            [Pair((pair.left, pair.right)[side], again[side]) for pair, again in repeated],
            True,
        )
    ]


def _covers(drift: Drift, noise: Drift) -> bool:
    if (_about(drift), drift.status) != (_about(noise), noise.status):
        return False
    return _about(drift) != "body" or f"{drift.pointer}/".startswith(f"{noise.pointer}/")


def _about(drift: Drift) -> str:
    if not drift.status:
        return "status"
    return drift.kind if drift.kind in _BESIDE_BODIES else "body"


def _drifts(spec: Spec, operation: Operation, pairs: Sequence[Pair], same_data: bool) -> Iterator[Drift]:
    yield from _statuses(operation, pairs, same_data)
    alike: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.left.received and pair.right.received and pair.left.status == pair.right.status:
            alike[pair.left.status].append(pair)
    for status, group in sorted(alike.items()):
        yield from _envelopes(operation, status, group)
        yield from _shapes(spec, operation, status, group, same_data)


def _statuses(operation: Operation, pairs: Sequence[Pair], same_data: bool) -> Iterator[Drift]:
    odd = [(pair, (_status(pair.left), _status(pair.right))) for pair in pairs]
    counts = Counter(said for _, said in odd if said[0] != said[1])
    for (left, right), count in sorted(counts.items()):
        pair = next(pair for pair, said in odd if said == (left, right))
        lacking = not same_data and _lacks_data(pair)
        kind = "needs_scenario" if lacking else "status"
        why = "; the data may be missing there" if lacking else ""
        message = f"answers {left} at LEFT and {right} at RIGHT in {count} of {len(pairs)} cases{why}"
        pointer = f"{operation.pointer}/responses"
        yield Drift(operation.id, kind, "", "", left, right, message, pointer, (pair.left, pair.right), count)


def _status(exchange: Interaction) -> str:
    return str(exchange.status) if exchange.received else "nothing"


def _lacks_data(pair: Pair) -> bool:
    statuses = sorted((pair.left.status, pair.right.status))
    return 200 <= statuses[0] < 300 and statuses[1] == 404


def _envelopes(operation: Operation, status: int, pairs: Sequence[Pair]) -> Iterator[Drift]:
    """Differences between answers apart from their bodies."""
    response = operation.response(status)
    required = (name.lower() for name in (response.required_headers if response else ()))
    yield from _texts(operation, status, pairs, "content_type", "comes as", _content)
    for name in sorted({*_HEADERS, *required}):
        yield from _texts(operation, status, pairs, "header", f"has as {name}", partial(_header, name))


def _texts(
    operation: Operation,
    status: int,
    pairs: Sequence[Pair],
    kind: str,
    verb: str,
    text_of: Callable[[Interaction], str],
) -> Iterator[Drift]:
    """A drift for each two texts that stand against each other."""
    said = [(text_of(pair.left), text_of(pair.right)) for pair in pairs]
    response = operation.response(status)
    pointer = response.pointer if response else f"{operation.pointer}/responses"
    for texts, count in sorted(Counter(said).items()):
        left, right = texts
        if left != right:
            shown = pairs[said.index(texts)]
            message = f"{status} {verb} {left} at LEFT and {right} at RIGHT"
            both = (shown.left, shown.right)
            yield Drift(operation.id, kind, str(status), "", left, right, message, pointer, both, count)


def _content(exchange: Interaction) -> str:
    """The media type; what says that it is JSON and is not, is something else."""
    if not exchange.received or not exchange.received.body:
        return "nothing"
    media_type = _media_type(exchange)
    if _is_json(media_type) and not _values(exchange):
        return f"{media_type} that is not JSON"
    return media_type or "no media type"


def _values(exchange: Interaction) -> list[Json]:
    """The JSON value of an answer; nothing if it has none."""
    if not exchange.received or not _is_json(_media_type(exchange)):
        return []
    try:
        return [decode(exchange.received.body)]
    except ValueError:
        return []


def _media_type(exchange: Interaction) -> str:
    given = exchange.received.header("content-type") if exchange.received else None
    return (given or "").partition(";")[0].strip().lower()


def _is_json(media_type: str) -> bool:
    return media_type == JSON_TYPE or media_type.endswith("+json")


def _header(name: str, exchange: Interaction) -> str:
    value = exchange.received.header(name) if exchange.received else None
    if value is None:
        return "absent"
    if name == "allow":
        return " ".join(sorted({method.strip().upper() for method in value.split(",")}))
    if name == "location":
        return "an address" if urlsplit(value).scheme in ("http", "https") else "a path" if value else "empty"
    return "present"


def _shapes(
    spec: Spec, operation: Operation, status: int, pairs: Sequence[Pair], same_data: bool
) -> Iterator[Drift]:
    response = operation.response(status)
    documented = Documented(spec.document, response.schemas.get(JSON_TYPE, "") if response else "")
    left: Shape = {}
    right: Shape = {}
    for number, pair in enumerate(pairs):
        bodies = [*_values(pair.left), *_values(pair.right)]
        if len(bodies) == 2 and _media_type(pair.left) == _media_type(pair.right):
            for shape, body in zip((left, right), bodies, strict=True):
                observe(shape, body, number, documented)
    for found in differences(left, right, documented, same_data):
        yield _drift(operation, str(status), found, documented, pairs, (left, right))


def _drift(
    operation: Operation,
    status: str,
    found: Difference,
    documented: Documented,
    pairs: Sequence[Pair],
    shapes: tuple[Shape, Shape],
) -> Drift:
    at = found.steps if found.shown_at is None else found.shown_at
    first = [
        shape[at].first.get(fact, 0) if at in shape else 0
        for shape, fact in zip(shapes, found.facts, strict=True)
    ]
    return Drift(
        operation=operation.id,
        kind=found.kind,
        status=status,
        pointer=spelled(found.steps),
        left=found.left,
        right=found.right,
        message=_message(status, found),
        contract_pointer=documented.pointer(found.steps) or f"{operation.pointer}/responses",
        exchanges=(pairs[first[0]].left, pairs[first[1]].right),
    )


def _message(status: str, found: Difference) -> str:
    steps: Steps = found.steps
    place = f"{status} {spelled(steps) or 'the body'}"
    if found.left in _ELEMENTS:
        place = f"{status} {spelled(steps[:-1]) or 'the body'}"
        if found.kind != "needs_scenario":
            return f"{place} has {found.left} at LEFT and {found.right} at RIGHT"
    return _SAID[found.kind].format(place=place, left=_there(found.left), right=_there(found.right))


def _there(said: str) -> str:
    return f"{said} there" if said in _SHARES else said
