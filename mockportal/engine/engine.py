"""One request, one exchange: guard → read → resolve → audit → commit. No I/O, no framework, no clock of its own."""

from datetime import datetime

from mockportal.engine.answer_cache import key_of
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.guard import guard
from mockportal.engine.guard import headers_read as guard_reads
from mockportal.engine.preferences import HEADER
from mockportal.engine.read import WrongMediaType, read
from mockportal.engine.read import headers_read as call_reads
from mockportal.engine.responders import Responders
from mockportal.engine.world import World
from mockportal.errors import Missing, NotFound, Refusal
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.spec.validation import Violation, summary
from mockportal.state.clock import timestamp
from mockportal.state.data_model import UnknownCollection
from mockportal.state.store import State
from mockportal.values import encode

_NO_OPERATION = ""
_FREE = ("rule", "prefer")


class Engine:
    """Answers requests over worlds; it remembers nothing itself."""

    def __init__(self, spec: Spec, responders: Responders) -> None:
        self.spec = spec
        self.responders = responders
        self._headers = {operation.id: headers_read(operation) for operation in spec.operations.values()}

    def answer(self, operation: Operation, request: Request, world: World) -> Exchange:
        """The exchange, already kept by the world. A refusal, and a HEAD, change no state."""
        now = world.clock.now()
        if world.rules.rules:  # they count their hits, so the answer depends on more than request and state
            return self._exchange(operation, request, world, now)
        key = key_of(operation.id, request, self._headers[operation.id])
        known = world.answers.find(key, world.state, now)
        if known is not None:
            return self._keep(world, request, operation.id, known.reply, world.state, known)
        exchange = self._exchange(operation, request, world, now)
        world.answers.keep(key, exchange)
        return exchange

    def refuse(self, request: Request, world: World, reply: Reply) -> Exchange:
        """The exchange of a request that no operation answers: no such path, wrong method, too large."""
        return self._keep(world, request, _NO_OPERATION, reply, world.state)

    def _exchange(self, operation: Operation, request: Request, world: World, now: datetime) -> Exchange:
        before = world.state
        draft = world.draft(request.base_url, now)
        stage, api = "guard", self.responders.api
        try:
            caller = guard(operation, request, world.scenario, draft, api)
            if caller.kind != "public":
                caller = api.admit(operation, caller, draft)
            stage = "read"
            call = read(operation, request, caller)
            stage = "behaviour"
            reply, after = self.responders.answer(call, draft, world), draft.state
        except Refusal as refusal:
            reply, after = _refused(operation, refusal, stage), before
        except Missing as missing:
            reply, after = _refused(operation, NotFound(str(missing)), stage), before
        except UnknownCollection as problem:
            reply, after = _failed(operation, problem), before
        violations = () if _is_free(reply) else tuple(audit(operation, reply))
        if violations and self.spec.strict:
            reply, after = _broken(operation, violations), before
        state = before if request.method == "HEAD" else after
        return self._keep(world, request, operation.id, reply, state, violations=violations)

    def _keep(
        self,
        world: World,
        request: Request,
        operation: str,
        reply: Reply,
        after: State,
        known: Exchange | None = None,
        violations: tuple[Violation, ...] = (),
    ) -> Exchange:
        """The exchange with the next number; the content of a `known` one is its content."""
        body = reply.body
        exchange = Exchange(
            n=world.journal.last + 1,
            at=timestamp(world.clock.now()),
            operation=operation,
            request=request,
            reply=reply,
            content=known.content if known else b"" if body is None else encode(body),
            before=world.state,
            after=after,
            violations=known.violations if known else violations,
        )
        world.keep(exchange)
        return exchange


def headers_read(operation: Operation) -> tuple[str, ...]:
    """The headers that an answer of an operation may depend on, as those say who read them."""
    return tuple(sorted({*guard_reads(operation), *call_reads(operation), HEADER}))


def audit(operation: Operation, reply: Reply) -> list[Violation]:
    """What is wrong with an answer: its status, its body, a required header."""
    response = operation.response(reply.status)
    if response is None:
        problem = f"{reply.status} is not documented for {operation.id}"
        return [Violation("status", "", problem, f"{operation.pointer}/responses")]
    found = [
        Violation("header", f"/{name}", "is required", f"{response.pointer}/headers/{name}")
        for name in response.required_headers
        if name.lower() not in {given.lower() for given in reply.headers}
    ]
    validator = response.validators.get(JSON_TYPE)
    if validator is not None:
        if not validator.is_valid(reply.body):
            found.extend(validator.violations(reply.body, "body"))
    elif reply.body is not None and not response.validators:
        found.append(Violation("body", "", "none is documented", response.pointer))
    return found


def _refused(operation: Operation, refusal: Refusal, answered_by: str) -> Reply:
    """The refusal with a status that the operation has: its own, else the first fallback."""
    statuses = (refusal.status, *refusal.fallbacks)
    status = next((status for status in statuses if operation.documents(status)), refusal.status)
    return Reply(status, refusal.body, answered_by=answered_by)


def _is_free(reply: Reply) -> bool:
    """Whether an answer is not audited: a fault, an answer that was asked for, and the 415 of HTTP itself."""
    return bool(reply.fault) or reply.answered_by in _FREE or reply.status == WrongMediaType.status


def _failed(operation: Operation, problem: UnknownCollection) -> Reply:
    """The answer for a behaviour that asks for what its API does not have."""
    return Reply(
        500, {"message": f"the behaviour of {operation.id} is wrong: {problem}"}, answered_by="audit"
    )


def _broken(operation: Operation, violations: tuple[Violation, ...]) -> Reply:
    """Our bug, said aloud."""
    first = violations[0]
    body = {
        "message": f"mockportal broke the contract of {operation.id}: {summary(violations)}",
        "operation": operation.id,
        "pointer": first.path,
        "rule": first.pointer,
        "errors": [violation.to_json() for violation in violations],
    }
    return Reply(500, body, answered_by="audit")
