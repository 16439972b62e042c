"""The ways to an answer, in order: a scenario's rule, `Prefer`, a behaviour, an inferred resource, an example."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from mockportal.engine.api import Api, reply_of
from mockportal.engine.call import Call, Reply
from mockportal.engine.preferences import HEADER, BadPreference, Preferences, preferences_of
from mockportal.engine.resources import Resources
from mockportal.engine.rules import RuleBook
from mockportal.engine.world import World
from mockportal.spec.examples import example_reply
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.state.rules import Rule
from mockportal.state.store import Draft


class Question(NamedTuple):
    """A call with all that the responders go by: the draft, and the rule that applies in this world."""

    call: Call
    draft: Draft
    rule: Rule | None
    rules: RuleBook

    @property
    def preferences(self) -> Preferences:
        """The wishes of the request. Raises `BadPreference`."""
        return preferences_of(self.call.request.headers.get(HEADER, ""))


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

    def answer(self, call: Call, draft: Draft, world: World) -> Reply:
        """The reply, with the name of the responder and with its delay. Raises `Refusal`, `Missing`."""
        rules = world.rules
        question = Question(call, draft, rules.find(call, world.scenario), rules)
        replies = ((name, responder(question)) for name, responder in self._ordered)
        name, reply = next((name, reply) for name, reply in replies if reply is not None)
        return _delayed(reply if reply.answered_by == name else replace(reply, answered_by=name), question)

    def _by_preference(self, question: Question) -> Reply | None:
        if HEADER not in question.call.request.headers:
            return None
        operation = question.call.operation
        try:
            wishes = question.preferences
            if wishes.code is None and wishes.example is None:
                return None
            status = operation.success if wishes.code is None else wishes.code
            return self._example(operation, status, question.draft.seed, wishes.example or "")
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
        operation = question.call.operation
        return self._example(operation, operation.success, question.draft.seed)

    def _example(self, operation: Operation, status: int, seed: int, name: str = "") -> Reply:
        """A documented answer with this status. Raises `BadPreference` if there is none."""
        response = operation.response(status)
        if response is None:
            raise BadPreference(
                f"{operation.id} documents no {status}: {', '.join(sorted(operation.responses))}"
            )
        try:
            body = example_reply(self._spec, operation, response, seed, name, self.api.samples)
        except LookupError:
            known = ", ".join(sorted(filter(None, response.examples))) or "none"
            raise BadPreference(
                f"{operation.id} {status} has no example {name!r}; named ones: {known}"
            ) from None
        headers = dict.fromkeys(response.required_headers, self.api.samples.url)
        if 300 <= status < 400:
            headers.setdefault("Location", self.api.samples.url)
        return Reply(status, body, headers)


def _by_rule(question: Question) -> Reply | None:
    return None if question.rule is None else question.rules.answer(question.rule)


def _delayed(reply: Reply, question: Question) -> Reply:
    """The reply after the delay of its rule, else after the one that the request prefers."""
    rule = question.rule
    if rule is not None and rule.delay is not None:
        return replace(reply, delay=question.rules.delay(rule, question.draft.seed))
    if reply.answered_by == "rule" or HEADER not in question.call.request.headers:
        return reply
    try:
        delay = question.preferences.delay
    except BadPreference:
        return reply  # which is the refusal of these preferences
    return reply if delay is None else replace(reply, delay=delay)
