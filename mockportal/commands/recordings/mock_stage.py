"""A world of a running mock as the stage of a play."""

from dataclasses import dataclass
from urllib.parse import quote

from mockportal.commands.recordings.control import control, message_of
from mockportal.commands.recordings.wire import Answered, NotAnswered, ask
from mockportal.engine.call import Reply, Request
from mockportal.expectations import Difference, Impossible, first_difference
from mockportal.recordings.sessions.steps import BASE, content_moved, moved
from mockportal.spec.operations import Operation
from mockportal.values import Json, Record, decode, value_of

NO_ANSWER = 0  # the status of a reply that did not come, with the reason as its body


@dataclass(frozen=True, slots=True)
class WiredStage:
    """The world `world` of the mock at `url`."""

    url: str
    world: str

    def answer(self, operation: Operation, request: Request) -> tuple[Reply, bytes]:
        base = f"{self.url}/@{self.world}"
        return sent(base, operation, moved(request, BASE, base), base)

    def count(self, operation: str, status: int) -> int:
        query = f"?operation={quote(operation)}&status={status}"
        return len(decode(self._taken("GET", f"/journal{query}").content)["entries"])

    def advance(self, by: str) -> None:
        self._taken("POST", "/clock/advance", {"by": by})

    def set_clock(self, clock: Json) -> None:
        asked = clock if isinstance(clock, dict) else {"now": clock}
        self._taken("PUT", "/clock", {"mode": "frozen", "step": "1ms", **asked})

    def edit(self, name: str, patch: Record | None) -> None:
        self._taken("DELETE" if patch is None else "PATCH", f"/state/{quoted(name)}", patch)

    def put(self, name: str, record: Record) -> None:
        self._taken("PUT", f"/state/{quoted(name)}", record)

    def add_rule(self, rule: Record) -> None:
        self._taken("POST", "/rules", rule)

    def drop_rule(self, id: str) -> None:
        self._taken("DELETE", f"/rules/{quote(id, safe='')}")

    def _taken(self, method: str, path: str, body: Json = None) -> Answered:
        answer = control(self.url, method, f"/worlds/{self.world}{path}", body)
        if answer.status >= 400:
            raise Impossible(message_of(answer))
        return answer


def sent(url: str, operation: Operation, request: Request, base: str) -> tuple[Reply, bytes]:
    """The answer of a server, in which the address `base` is that of recordings."""
    target = f"{request.path}?{request.query}" if request.query else request.path
    try:
        answer = ask(url, operation.method, target, request.headers, request.body)
    except NotAnswered as problem:
        return Reply(NO_ANSWER, str(problem)), b""
    content = content_moved(answer.content, base, BASE)
    return Reply(answer.status, value_of(content), answer.headers), content


def wired_difference(entry: Record, body: Json, reply: Reply, content: bytes) -> Difference | None:
    """The first difference of an answer; of one that a fault has broken on its way, only whether it came whole."""
    if "fault" not in entry:
        return first_difference(entry, body, reply, content)
    if reply.status in (NO_ANSWER, entry["status"]):
        return None
    return f"status {entry['status']}, or no answer", f"status {reply.status}"


def quoted(name: str) -> str:
    """`kind/alias` as two segments of a path."""
    kind, _, alias = name.partition("/")
    return f"{kind}/{quote(alias, safe='')}"
