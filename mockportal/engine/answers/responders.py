"""The ways to an answer, in order: a scenario's rule, `Prefer`, a behaviour, an inferred resource, an example."""

from collections.abc import Callable
from dataclasses import replace
from http.client import responses
from typing import NamedTuple

from mockportal.engine.answers.preferences import HEADER, BadPreference, Preferences, preferences_of
from mockportal.engine.answers.resources import Resources
from mockportal.engine.api import Api, reply_of
from mockportal.engine.call import Call, Reply, Request
from mockportal.engine.rules.hit import Hit, broken
from mockportal.media_types import media_type_of, preferred
from mockportal.spec.codecs.media import write_body
from mockportal.spec.examples import example_headers, example_reply
from mockportal.spec.operations import JSON_TYPE, Operation, Response
from mockportal.spec.spec import Spec
from mockportal.state.rules.actions import BODILESS, BREAKAGES, CONNECTIONS
from mockportal.state.store import Draft


class Question(NamedTuple):
    """A call with all that the responders go by: the draft, and the rule that applies in this world."""

    call: Call
    draft: Draft
    hit: Hit | None

    @property
    def preferences(self) -> Preferences:
        """The wishes of the request. Raises `BadPreference`."""
        return preferences_of(self.call.request.headers.get(HEADER, ""))


ACCEPT = "accept"

Responder = Callable[[Question], Reply | None]


class Responders:
    """Everything that can answer a valid call. The first responder with a reply wins."""

    def __init__(self, spec: Spec, api: Api) -> None:
        self.api = api
        self._spec = spec
        self._resources = Resources(spec)
        self._ordered: tuple[tuple[str, Responder], ...] = (
            ("rule", _by_rule),
            ("prefer", self._by_preference),
            ("behaviour", self._by_behaviour),
            ("resource", self._by_resource),
            ("example", self._by_example),
        )

    def answered_by(self, operation: Operation) -> str:
        """`behaviour`, `resource` or `example`: what answers when no rule does."""
        if operation.id in self.api.behaviours:
            return "behaviour"
        return "resource" if self._resources.knows(operation) else "example"

    def answer(self, call: Call, draft: Draft, hit: Hit | None) -> Reply:
        """The reply, with the name of the responder. Raises `Refusal`, `Missing`."""
        question = Question(call, draft, hit)
        replies = ((name, responder(question)) for name, responder in self._ordered)
        name, reply = next((name, reply) for name, reply in replies if reply is not None)
        return reply if reply.answered_by == name else replace(reply, answered_by=name)

    def _by_preference(self, question: Question) -> Reply | None:
        if HEADER not in question.call.request.headers:
            return None
        operation = question.call.operation
        try:
            wishes = question.preferences
            if wishes.fault in CONNECTIONS:
                return Reply(operation.success, fault=wishes.fault)
            if wishes.code is None and wishes.example is None:
                return None
            status = operation.success if wishes.code is None else wishes.code
            if wishes.unchecked and not operation.documents(status):
                return _undocumented(status)
            return self._example(question, status, wishes.example or "")
        except BadPreference as problem:
            return Reply(400, {"message": str(problem)})

    def _by_behaviour(self, question: Question) -> Reply | None:
        behaviour = self.api.behaviours.get(question.call.operation.id)
        return (
            None if behaviour is None else reply_of(question.call, behaviour(question.call, question.draft))
        )

    def _by_resource(self, question: Question) -> Reply | None:
        return self._resources.answer(question.call, question.draft)

    def _by_example(self, question: Question) -> Reply | None:
        return self._example(question, question.call.operation.success)

    def _example(self, question: Question, status: int, name: str = "") -> Reply:
        """A documented answer with this status, of the media type that the request likes best.

        Raises `BadPreference` if there is none.
        """
        operation, seed, samples = question.call.operation, question.draft.seed, self.api.samples
        response = operation.response(status)
        if response is None:
            raise BadPreference(
                f"{operation.id} documents no {status}: {', '.join(sorted(operation.responses))}"
            )
        accept = question.call.request.headers.get(ACCEPT, "")
        media_type = preferred(accept, response.media_types) or JSON_TYPE
        try:
            body = example_reply(self._spec, operation, response, seed, name, samples, media_type)
        except LookupError:
            known = ", ".join(sorted(filter(None, response.examples.get(media_type, ())))) or "none"
            raise BadPreference(
                f"{operation.id} {status} has no example {name!r}; named ones: {known}"
            ) from None
        except ValueError as problem:
            return Reply(501, {"message": f"{operation.id} cannot be answered: {problem}"})
        headers = example_headers(self._spec, operation, response, seed, samples)
        if 300 <= status < 400:
            headers.setdefault("Location", samples.url)
        if media_type == JSON_TYPE or not response.media_types:
            return Reply(status, body, headers)
        return _of_type(Reply(status, body, headers), media_type, response)


def _undocumented(status: int) -> Reply:
    """An answer with a status that the document does not know."""
    message = responses.get(status, f"status {status}")
    return Reply(status, None if status in BODILESS else {"message": message})


def _of_type(reply: Reply, media_type: str, response: Response) -> Reply:
    """The reply as the document has it: with its media type, and its body in that form."""
    sent = media_type_of(media_type)
    if sent.is_json or "*" in sent.name:
        named = JSON_TYPE if "*" in sent.name else media_type
        return replace(reply, headers={**reply.headers, "Content-Type": named})
    content = write_body(reply.body, media_type, response.media[media_type])
    return replace(reply, body=content, headers={**reply.headers, "Content-Type": media_type})


def refusal_headers(operation: Operation, status: int) -> dict[str, str]:
    """The media type of a refusal, where its documented one is of JSON under another name: a problem, or HAL."""
    response = operation.response(status)
    if response is None or JSON_TYPE in response.media_types:
        return {}
    named = next((name for name in response.media_types if media_type_of(name).is_json), "")
    return {"Content-Type": named} if named else {}


def finished(reply: Reply, request: Request, hit: Hit | None, seed: int) -> Reply:
    """The answer to a valid request, a refusal too, as a rule breaks it and after the delay of the rule, or as and
    when the request prefers it."""
    if hit is None:
        return _as_preferred(reply, request)
    reply = hit.finished(reply, seed)
    return reply if hit.action.delay is not None else _as_preferred(reply, request)


def _by_rule(question: Question) -> Reply | None:
    return None if question.hit is None else question.hit.answer()


def _as_preferred(reply: Reply, request: Request) -> Reply:
    if reply.answered_by == "rule" or HEADER not in request.headers:
        return reply
    try:
        wishes = preferences_of(request.headers[HEADER])
    except BadPreference:
        return reply  # which is the refusal of these preferences
    if wishes.fault in BREAKAGES:
        reply = replace(broken(reply, wishes.fault), answered_by="prefer")
    return reply if wishes.delay is None else replace(reply, delay=wishes.delay)
