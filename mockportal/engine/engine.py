"""One request, one exchange: guard → read → resolve → audit → commit. No I/O, no framework, no clock of its own."""

from dataclasses import replace
from datetime import datetime

from mockportal.engine.answer_cache import key_of
from mockportal.engine.audit import audit
from mockportal.engine.call import Call, Exchange, Reply, Request
from mockportal.engine.guard import guard
from mockportal.engine.read import WrongMediaType, read
from mockportal.engine.responders import BadPreference, Responders, preferred
from mockportal.engine.world import World
from mockportal.errors import Missing, NotFound, Refusal
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.spec.validation import Violation, summary
from mockportal.state.clock import timestamp
from mockportal.state.store import Draft, State
from mockportal.values import encode

_NO_OPERATION = ""
_FREE = ("rule", "prefer")


class Engine:
    """Answers requests over worlds; it remembers nothing itself."""

    def __init__(self, spec: Spec, responders: Responders) -> None:
        self.spec = spec
        self.responders = responders

    def answer(self, operation: Operation, request: Request, world: World) -> Exchange:
        """The exchange, already kept by the world. A refusal, and a HEAD, change no state."""
        now = world.clock.now()
        if world.rules.rules or operation.reads_headers:  # the answer depends on more than request and state
            return self._exchange(operation, request, world, now)
        key = key_of(operation.id, request)
        known = world.memory.find(key, world.state, now)
        if known is not None:
            return self._keep(world, request, operation.id, known.reply, world.state, known)
        exchange = self._exchange(operation, request, world, now)
        world.memory.keep(key, exchange)
        return exchange

    def refuse(self, request: Request, world: World, reply: Reply) -> Exchange:
        """The exchange of a request that no operation answers: no such path, wrong method, too large."""
        return self._keep(world, request, _NO_OPERATION, reply, world.state)

    def _exchange(self, operation: Operation, request: Request, world: World, now: datetime) -> Exchange:
        before = world.state
        draft = world.draft(request.base_url, now)
        try:
            reply, after = self._reply(operation, request, world, draft), draft
        except Refusal as refusal:
            reply, after = _refused(operation, refusal, "behaviour"), None
        except Missing as missing:
            reply, after = _refused(operation, NotFound(str(missing)), "behaviour"), None
        violations = () if _is_free(reply) else tuple(audit(operation, reply))
        if violations and self.spec.strict:
            reply, after = _broken(operation, violations), None
        state = before if after is None or request.method == "HEAD" else after.state
        return self._keep(world, request, operation.id, reply, state, violations=violations)

    def _reply(self, operation: Operation, request: Request, world: World, draft: Draft) -> Reply:
        try:
            caller = guard(operation, request, world.scenario, draft)
            if caller.kind != "public":
                caller = self.responders.behaviours.admit(operation, caller, draft)
        except Refusal as refusal:
            return _refused(operation, refusal, "guard")
        try:
            call = read(operation, request, caller)
        except Refusal as refusal:
            return _refused(operation, refusal, "read")
        rule = world.rules.find(call, world.scenario)
        if rule is None:
            return self._resolved(call, draft)
        return world.rules.delayed(rule, world.rules.answer(rule) or self._resolved(call, draft), draft.seed)

    def _resolved(self, call: Call, draft: Draft) -> Reply:
        header = call.request.headers.get("prefer")
        if header is None:
            return self.responders.answer(call, draft)
        try:
            wishes = preferred(header)
            reply = self._preferred(call, draft, wishes)
        except BadPreference as problem:
            return Reply(400, {"message": str(problem)}, answered_by="prefer")
        if reply is None:
            reply = self.responders.answer(call, draft)
        return replace(reply, delay=float(wishes.get("delay", reply.delay)))

    def _preferred(self, call: Call, draft: Draft, wishes: dict[str, str]) -> Reply | None:
        if not wishes.keys() & {"code", "example"}:
            return None
        status = int(wishes.get("code", call.operation.success))
        made = self.responders.example(call.operation, status, draft.seed, wishes.get("example", ""))
        return replace(made, answered_by="prefer")

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


def _refused(operation: Operation, refusal: Refusal, answered_by: str) -> Reply:
    """The refusal with a status that the operation has: its own, else the first fallback."""
    statuses = (refusal.status, *refusal.fallbacks)
    status = next((status for status in statuses if operation.documents(status)), refusal.status)
    return Reply(status, refusal.body, answered_by=answered_by)


def _is_free(reply: Reply) -> bool:
    """Faults may break the contract; so may what is asked for, and what HTTP itself says of a media type."""
    return bool(reply.fault) or reply.answered_by in _FREE or reply.status == WrongMediaType.status


def _broken(operation: Operation, violations: tuple[Violation, ...]) -> Reply:
    """Our bug, said aloud."""
    first = violations[0]
    body = {
        "message": f"mockportal broke the contract of {operation.id}: {summary(violations)}",
        "operation": operation.id,
        "pointer": first.path,
        "rule": first.rule,
        "errors": [violation.to_json() for violation in violations],
    }
    return Reply(500, body, answered_by="audit")
