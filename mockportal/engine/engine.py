"""One request, one exchange: guard → read → resolve → audit → commit. No I/O, no framework, no clock of its own."""

from dataclasses import replace
from datetime import datetime

from mockportal.config import LIMITS
from mockportal.engine.answer_cache import key_of
from mockportal.engine.api import Api
from mockportal.engine.call import Call, Exchange, Reply, Request
from mockportal.engine.guard import PUBLIC, caller_name, guard
from mockportal.engine.guard import headers_read as guard_reads
from mockportal.engine.preferences import HEADER
from mockportal.engine.read import BadQuery, WrongMediaType, read
from mockportal.engine.read import headers_read as call_reads
from mockportal.engine.responders import ACCEPT, Responders, finished
from mockportal.engine.rules.book import Hit
from mockportal.engine.world import World
from mockportal.errors import Missing, NotFound, Refusal
from mockportal.media_types import best_match, media_type_of
from mockportal.spec.operations import JSON_TYPE, Operation, Response
from mockportal.spec.spec import Spec
from mockportal.spec.spelling import header_violations
from mockportal.spec.validation import Validator, Violation, summary
from mockportal.state.data_model import UnknownCollection
from mockportal.values import encode

SERVICES = "/__services/"
_NO_OPERATION = ""
_FREE = ("rule", "prefer")
_OF_HTTP = (WrongMediaType, BadQuery)  # refusals that no document has to foresee
# The stage of a request, whether HTTP itself refuses it, the rule that it has hit, the names that it sent for nothing.
_START: tuple[str, bool, Hit | None, tuple[str, ...]] = ("guard", False, None, ())


class Engine:
    """Answers requests over worlds; it remembers nothing itself."""

    def __init__(self, spec: Spec, responders: Responders) -> None:
        self.spec = spec
        self.responders = responders
        self._headers = {operation.id: headers_read(operation) for operation in spec.operations.values()}

    def answer(self, operation: Operation, request: Request, world: World) -> Exchange:
        """The exchange, already kept by the world. A refusal, and a HEAD, change no state."""
        if operation.problem:
            return self.refuse(request, world, _quarantined(operation))
        now = world.clock.now()
        if world.rules.rules:  # they count their hits, so the answer depends on more than request and state
            return self._exchange(operation, request, world, now)
        key = key_of(operation.id, request, self._headers[operation.id])
        known = world.answers.find(key, world.state, now)
        if known is not None:
            sent, seen = (known.reply, known.content), (known.violations, known.ignored, known.caller)
            return world.record(operation.id, request, sent, world.state, *seen)
        exchange = self._exchange(operation, request, world, now)
        world.remember(key, exchange)
        return exchange

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

    def _exchange(self, operation: Operation, request: Request, world: World, now: datetime) -> Exchange:
        before, draft = world.state, world.draft(request.base_url, now)
        api, caller = self.responders.api, PUBLIC
        stage, of_http, hit, ignored = _START
        try:
            caller = guard(operation, request, world.scenario, draft, api)
            caller = caller if caller is PUBLIC else api.admit(operation, caller, draft)
            stage = "read"
            call = read(operation, request, caller)
            ignored = (*call.ignored, *_dropped(call, api))
            stage, hit = "behaviour", world.rule_for(call)
            reply, after = self.responders.answer(call, draft, hit), world.accepted(draft.state)
        except (Refusal, Missing) as error:
            reply, after = _refused(operation, _refusal(error), stage), before
            of_http = isinstance(error, _OF_HTTP)
        except UnknownCollection as problem:
            reply, after = _failed(operation, problem), before
        violations = () if of_http or _is_free(reply) else tuple(audit(operation, reply))
        if violations and self.spec.strict:
            reply, after = _broken(operation, violations), before
        if stage == "behaviour":
            reply = finished(reply, request, hit, draft.seed)
        sent = _bounded(operation, reply)
        if sent[0] is not reply:
            after, violations = before, ()
        state = before if request.method == "HEAD" or reply.fault else after
        name = caller_name(caller, world.scenario)
        return world.record(operation.id, request, sent, state, violations, ignored, name, hit)


def headers_read(operation: Operation) -> tuple[str, ...]:
    """The headers that an answer of an operation may depend on, as those say who read them."""
    several = any(len(response.media_types) > 1 for response in operation.responses.values())
    chosen = {ACCEPT} if several else set()
    return tuple(sorted({*guard_reads(operation), *call_reads(operation), HEADER, *chosen}))


def audit(operation: Operation, reply: Reply) -> list[Violation]:
    """Violations in an answer: its status, its body, a header that is missing or of another type."""
    response = operation.response(reply.status)
    if response is None:
        problem = f"{reply.status} is not documented for {operation.id}"
        return [Violation("status", "", problem, f"{operation.pointer}/responses")]
    given = {name.lower(): value for name, value in reply.headers.items()}
    found = [
        Violation("header", f"/{name}", "is required", f"{response.pointer}/headers/{name}")
        for name in response.required_headers
        if name.lower() not in given
    ]
    for header in response.headers:
        text = given.get(header.rule.name.lower())
        if text is not None:
            found.extend(header_violations(header, [text]))
    validator = _validator(response, given.get("content-type"))
    if validator is not None:
        if not validator.is_valid(reply.body):
            found.extend(validator.violations(reply.body, "body"))
    elif reply.body is not None and not response.media_types:
        found.append(Violation("body", "", "none is documented", response.pointer))
    return found


def _validator(response: Response, content_type: str | None) -> Validator | None:
    """The schema of the body; JSON is sent where a reply does not say otherwise, and only JSON is checked."""
    if content_type is None and JSON_TYPE in response.validators:
        return response.validators[JSON_TYPE]
    sent = media_type_of(content_type or JSON_TYPE)
    documented = best_match(sent, response.media_types) if sent.is_json else None
    return response.validators.get(documented or "")


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
    return Reply(status, refusal.body, answered_by=answered_by)


def _content(reply: Reply) -> bytes:
    """The body as bytes."""
    if isinstance(reply.body, bytes):
        return reply.body
    if reply.fault == "body":
        return reply.body.encode() if isinstance(reply.body, str) else encode(reply.body)
    content = b"" if reply.body is None else encode(reply.body)
    return b"<html>" + content[::-1] if reply.fault == "garbage" else content


def _is_free(reply: Reply) -> bool:
    """True if an answer is not audited because it was asked for: a fault, a rule's or a preferred one."""
    return bool(reply.fault) or reply.answered_by in _FREE


def _bounded(operation: Operation, reply: Reply) -> tuple[Reply, bytes]:
    """The reply and its content, or those in place of an answer that is larger than the limit."""
    content = _content(reply)
    if len(content) <= LIMITS.answer:
        return reply, content
    reply = _too_large(operation, content)
    return reply, _content(reply)


def _too_large(operation: Operation, content: bytes) -> Reply:
    """The answer in place of one that is larger than the limit."""
    message = f"the answer of {operation.id} has {len(content)} bytes; no answer is larger than {LIMITS.answer} bytes"
    return Reply(500, {"message": message}, answered_by="limit")


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
