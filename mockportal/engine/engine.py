"""One request, one exchange: guard → read → resolve → audit → commit. No I/O, no framework, no clock of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mockportal.config import LIMITS
from mockportal.engine.answers.audit import audit, broken_contract, is_free
from mockportal.engine.answers.cache import key_of
from mockportal.engine.answers.preferences import HEADER
from mockportal.engine.answers.responders import ACCEPT, Responders, finished, refusal_headers
from mockportal.engine.api import Api
from mockportal.engine.call import Call, Caller, Exchange, Reply, Request
from mockportal.engine.guard import PUBLIC, caller_name, guard, needs_certificate
from mockportal.engine.guard import headers_read as guard_reads
from mockportal.engine.read import BadQuery, Unreadable, WrongMediaType, read
from mockportal.engine.read import headers_read as call_reads
from mockportal.engine.rules.held import Held
from mockportal.engine.rules.hit import Hit
from mockportal.engine.world import World
from mockportal.errors import Missing, NotFound, Refusal
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.spec.validation import Violation
from mockportal.state.data_model import UnknownCollection
from mockportal.state.record_change import BadChange, change_record
from mockportal.state.store import Draft, State
from mockportal.values import Json, encode

SERVICES = "/__services/"
_NO_OPERATION = ""
_OF_HTTP = (WrongMediaType, BadQuery)  # refusals that no document has to foresee


@dataclass(slots=True)
class Way:
    """The stages that a request has passed, and what each has found.

    before:     the state that a refusal leaves
    draft:      the draft that it was answered with
    stage:      `guard`, `read` or `behaviour`
    hit:        the rule that fires for it; one that is there before it begins has fired already
    of_http:    True if HTTP itself refuses it
    unreadable: the ways in which it breaks the contract
    ignored:    the names of everything that was sent and does not count
    """

    before: State
    draft: Draft | None = None
    caller: Caller = PUBLIC
    stage: str = "guard"
    call: Call | None = None
    hit: Hit | None = None
    of_http: bool = False
    unreadable: tuple[Violation, ...] = ()
    ignored: tuple[str, ...] = ()


class Engine:
    """Answers requests over worlds; it remembers nothing itself."""

    def __init__(self, spec: Spec, responders: Responders) -> None:
        self.spec = spec
        self.responders = responders
        self._certified = frozenset(one.id for one in spec.operations.values() if needs_certificate(one))
        self._headers = {operation.id: headers_read(operation) for operation in spec.operations.values()}

    def answer(self, operation: Operation, request: Request, world: World) -> Exchange:
        """The exchange, already kept by the world. A refusal, and a HEAD, change no state."""
        if operation.problem:
            return self.refuse(request, world, _quarantined(operation))
        now = world.clock.now()
        if world.rules.concerns(operation.id) or operation.id in self._certified:
            return self.play(operation, request, world, now, Way(world.state))
        key = key_of(operation.id, request, self._headers[operation.id])
        known = world.answers.find(key, world.state, now, request.base_url)
        if known is not None:
            sent, seen = (known.reply, known.content), (known.violations, known.ignored, known.caller)
            return world.record(operation.id, request, sent, world.state, *seen)
        way = Way(world.state)
        exchange = self.play(operation, request, world, now, way)
        if way.draft is not None:
            world.remember(key, exchange, way.draft)
        return exchange

    def is_worth_a_trial(self, operation: Operation, request: Request, world: World) -> bool:
        """True for an answer that has to be worked out, and that is the same in a trial, as no rule counts it."""
        if world.rules.concerns(operation.id):
            return False
        key = key_of(operation.id, request, self._headers[operation.id])
        return world.answers.find(key, world.state, world.clock.now(), request.base_url) is None

    def adopt(self, exchange: Exchange, request: Request, world: World) -> Exchange:
        """The exchange of a trial of this world, which has changed nothing, kept by the world as its next one."""
        sent, seen = (
            (exchange.reply, exchange.content),
            (exchange.violations, exchange.ignored, exchange.caller),
        )
        return world.record(exchange.operation, request, sent, world.state, *seen)

    def held(self, operation: Operation, request: Request, world: World) -> Held | None:
        """The exchange that a rule holds, with what it would answer; None if none does. The rule has fired by that."""
        if operation.problem or not world.rules.holds(operation.id):
            return None
        trial = world.trial()
        way = Way(trial.state)
        preview = self.play(operation, request, trial, world.clock.now(), way)
        if way.hit is None or not way.hit.action.hold:
            return None
        world.rules = trial.rules
        n = max(world.held, default=0) + 1
        return Held(n, operation, request, way.hit, preview, {}, lambda: None)

    def released(self, held: Held, world: World) -> Exchange:
        """The exchange that was held, in the world as it is now, already kept by it."""
        way = Way(world.state, hit=held.final_hit())
        return self.play(held.operation, held.request, world, world.clock.now(), way)

    def refuse(self, request: Request, world: World, reply: Reply) -> Exchange:
        """The exchange of a request that no operation answers: no such path, wrong method, too large."""
        return world.record(_NO_OPERATION, request, (reply, _content(reply)), world.state)

    def serve(self, service: str, request: Request, world: World) -> Exchange:
        """The exchange with a neighbour of the API, already kept by the world.

        A refusal that the service raises changes no state; a reply that it returns may, whatever its status.
        """
        before, draft = world.state, world.draft(request.base_url, world.clock.now())
        try:
            below = replace(request, path=request.path.removeprefix(f"{SERVICES}{service}"))
            reply = self.responders.api.services[service](below, draft)
            after = world.accepted(draft.state)
        except (Refusal, Missing) as error:
            refusal = _refusal(error)
            reply, after = Reply(refusal.status, refusal.body), before
        state = before if request.method == "HEAD" else after
        return world.record(f"services.{service}", request, (reply, _content(reply)), state)

    def play(self, operation: Operation, request: Request, world: World, now: datetime, way: Way) -> Exchange:
        """The exchange, kept by the world; nothing is remembered of it. `way` tells how far it came."""
        draft = way.draft = world.draft(request.base_url, now)
        try:
            reply = self._answered(operation, request, draft, world, way)
            after = world.accepted(draft.state)
        except (Refusal, Missing) as error:
            reply, after = _refused(operation, _refusal(error), way.stage), way.before
            way.of_http = isinstance(error, _OF_HTTP)
            way.unreadable = error.violations if isinstance(error, Unreadable) else ()
        except (UnknownCollection, BadChange) as problem:
            reply, after = _failed(operation, problem), way.before
        reply, violations = self._audited(operation, reply, way, draft)
        if violations and self.spec.strict:
            after = way.before
        if way.stage == "behaviour":
            reply = finished(reply, request, way.hit, draft.seed)
        sent = _bounded(operation, reply, draft)
        if sent[0] is not reply:
            after, violations = way.before, ()
        state = world.state if request.method == "HEAD" else way.before if reply.fault else after
        seen = (violations, way.ignored, caller_name(way.caller, world.scenario), way.hit)
        return world.record(operation.id, request, sent, state, *seen)

    def _answered(
        self,
        operation: Operation,
        request: Request,
        draft: Draft,
        world: World,
        way: Way,
    ) -> Reply:
        """The reply of whatever answers; `way` says how far the request came. Raises `Refusal`, `Missing`."""
        api = self.responders.api
        way.caller = guard(operation, request, world.scenario, draft, api)
        way.caller = way.caller if way.caller is PUBLIC else api.admit(operation, way.caller, draft)
        way.stage = "read"
        way.call = read(operation, request, way.caller)
        way.ignored = (*way.call.ignored, *_dropped(way.call, api))
        way.stage = "behaviour"
        way.hit = way.hit or world.rule_for(way.call)
        way.before = self._ruled(way.hit, draft, world)
        return self.responders.answer(way.call, draft, way.hit)

    def _audited(
        self, operation: Operation, reply: Reply, way: Way, draft: Draft
    ) -> tuple[Reply, tuple[Violation, ...]]:
        """The answer with what a rule patches in it, and its violations; one that may have none becomes a 500."""
        reply = reply if way.hit is None else way.hit.patched(reply)
        violations = (
            () if way.of_http or is_free(reply, way.hit) else tuple(audit(operation, reply, draft.facts))
        )
        broken = violations and self.spec.strict
        return (broken_contract(operation, violations, way.hit) if broken else reply), violations

    def _ruled(self, hit: Hit | None, draft: Draft, world: World) -> State:
        """The state after what a rule changes before the answer, which a refusal does not undo. Raises `BadChange`."""
        changes = {} if hit is None else hit.action.state
        for name, patch in changes.items():
            change_record(draft, world.scenario.aliases, self.spec, name, patch)
        return draft.state


def headers_read(operation: Operation) -> tuple[str, ...]:
    """The headers that an answer of an operation may depend on, as those say who read them."""
    several = any(len(response.media_types) > 1 for response in operation.responses.values())
    chosen = {ACCEPT} if several else set()
    return tuple(sorted({*guard_reads(operation), *call_reads(operation), HEADER, *chosen}))


def _dropped(call: Call, api: Api) -> tuple[str, ...]:
    """The keys of the body that the operation ignores by decision."""
    is_ignored = api.ignored.get(call.operation.id)
    if is_ignored is None or not isinstance(call.body, dict):
        return ()
    return tuple(filter(is_ignored, call.body))


def _quarantined(operation: Operation) -> Reply:
    """The answer of an operation that the document describes in a way that nobody can follow."""
    message = f"{operation.method} {operation.path} cannot be answered: {operation.problem}"
    return Reply(501, {"message": message}, answered_by="router")


def _refusal(error: Refusal | Missing) -> Refusal:
    """The refusal that the mock answers: a record that is missing is not found."""
    return error if isinstance(error, Refusal) else NotFound(str(error))


def _refused(operation: Operation, refusal: Refusal, answered_by: str) -> Reply:
    """The refusal with a status that the operation has: its own, else the first fallback."""
    statuses = (refusal.status, *refusal.fallbacks)
    status = next((status for status in statuses if operation.documents(status)), refusal.status)
    return Reply(status, refusal.body, refusal_headers(operation, status), answered_by=answered_by)


def _content(reply: Reply, encoded: Callable[[Json], bytes] = encode) -> bytes:
    """The body as bytes."""
    if isinstance(reply.body, bytes):
        return reply.body
    if reply.fault == "body":
        return reply.body.encode() if isinstance(reply.body, str) else encode(reply.body)
    content = b"" if reply.body is None else encoded(reply.body)
    return b"<html>" + content[::-1] if reply.fault == "garbage" else content


def _bounded(operation: Operation, reply: Reply, draft: Draft) -> tuple[Reply, bytes]:
    """The reply and its content, or those in place of an answer that is larger than the limit."""
    content = _content(reply, lambda body: draft.facts.follow(encode, body))
    if len(content) <= LIMITS.answer:
        return reply, content
    reply = _too_large(operation, content)
    return reply, _content(reply)


def _too_large(operation: Operation, content: bytes) -> Reply:
    """The answer in place of one that is larger than the limit."""
    status, message = LIMITS.refusal("answer")
    return Reply(status, {"message": f"{operation.id}: {message}: {len(content)}"}, answered_by="limit")


def _failed(operation: Operation, problem: UnknownCollection | BadChange) -> Reply:
    """The answer for a behaviour that asks for what its API does not have, or a rule that changes what is not there."""
    culprit = "behaviour" if isinstance(problem, UnknownCollection) else "rule"
    message = f"the {culprit} of {operation.id} is wrong: {problem}"
    return Reply(500, {"message": message}, answered_by="audit")
