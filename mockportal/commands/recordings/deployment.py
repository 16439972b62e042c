"""A real deployment as the stage of a play: it has other records and instants, so only status and shape count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mockportal.commands.recordings.mock_stage import NO_ANSWER, sent
from mockportal.engine.call import Reply, Request
from mockportal.engine.explain.absence import KEY
from mockportal.expectations import Difference, Impossible
from mockportal.files.pointers import pointer_to
from mockportal.json_tree import Path
from mockportal.spec.operations import Operation
from mockportal.values import Json, Record

_NO_STEP = "a deployment has no control API for that"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The deployment at `url`. `tokens` has its tokens by those of the recording, `ids` its ids likewise: they are
    learned from its answers."""

    url: str
    tokens: Mapping[str, str]
    ids: dict[str, str] = field(default_factory=dict)

    def answer(self, operation: Operation, request: Request) -> tuple[Reply, bytes]:
        return sent(self.url, operation, self._theirs(request), self.url)

    def difference(self, entry: Record, body: Json, reply: Reply, _: bytes) -> Difference | None:
        """The first difference in status and shape. The ids of an answer that has none are learned."""
        if reply.status == NO_ANSWER:
            return f"status {entry['status']}", f"no answer ({reply.body})"
        if reply.status != entry["status"]:
            return f"status {entry['status']}", f"status {reply.status}"
        found = next(unlike(body, reply.body), None) if "body" in entry else None
        if found is None:
            self.ids.update(_pairs(body, reply.body))
        return found

    def count(self, operation: str, status: int) -> int:
        raise Impossible(_NO_STEP)

    def advance(self, by: str) -> None:
        raise Impossible(_NO_STEP)

    def set_clock(self, clock: Json) -> None:
        raise Impossible(_NO_STEP)

    def edit(self, name: str, patch: Record | None) -> None:
        raise Impossible(_NO_STEP)

    def put(self, name: str, record: Record) -> None:
        raise Impossible(_NO_STEP)

    def add_rule(self, rule: Record) -> None:
        raise Impossible(_NO_STEP)

    def drop_rule(self, id: str) -> None:
        raise Impossible(_NO_STEP)

    def _theirs(self, request: Request) -> Request:
        """The request with the ids and the token of the deployment."""

        def theirs(text: str) -> str:
            return KEY.sub(lambda found: self.ids.get(found[0], found[0]), text)

        body = theirs(request.body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        headers = {name: self._with_token(value) for name, value in request.headers.items()}
        return replace(
            request, path=theirs(request.path), query=theirs(request.query), headers=headers, body=body
        )

    def _with_token(self, value: str) -> str:
        scheme, blank, token = value.rpartition(" ")
        return f"{scheme}{blank}{self.tokens.get(token, token)}"


def unlike(wanted: Json, came: Json, path: Path = ()) -> Iterator[Difference]:
    """The places at which two values have another shape: a key that is missing, another type. Null may be anything;
    the first items of lists stand for all."""
    if wanted is None or came is None:
        return
    if _type(wanted) != _type(came):
        yield f"{_type(wanted)} at body{pointer_to(*path)}", _type(came)
    elif isinstance(wanted, dict):
        for name, item in wanted.items():
            if name not in came:
                yield f"{_type(item)} at body{pointer_to(*path, name)}", "nothing"
            else:
                yield from unlike(item, came[name], (*path, name))
    elif isinstance(wanted, list) and wanted and came:
        yield from unlike(wanted[0], came[0], (*path, 0))


def _pairs(ours: Json, theirs: Json) -> Iterator[tuple[str, str]]:
    """The ids that stand at one place in both values."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in ours.keys() & theirs.keys():
            yield from _pairs(ours[name], theirs[name])
    elif isinstance(ours, list) and isinstance(theirs, list):
        for one, other in zip(ours, theirs, strict=False):
            yield from _pairs(one, other)
    elif isinstance(ours, str) and isinstance(theirs, str) and KEY.fullmatch(ours):
        yield ours, theirs


def _type(value: Json) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "a boolean",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "nothing")
