"""The four ways to an answer, in order: a scenario's rule, a behaviour, an inferred resource, an example."""

from mockportal.engine.behaviours import Behaviours, reply_of
from mockportal.engine.call import Call, Reply
from mockportal.engine.resources import Resources
from mockportal.spec.examples import example_reply
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.state.clock import duration
from mockportal.state.store import Draft


class BadPreference(ValueError):
    """The request prefers an answer that is not documented."""


class Responders:
    """Everything that can answer, but for the rules, which belong to a world (`rules.py`)."""

    def __init__(self, spec: Spec, behaviours: Behaviours) -> None:
        self.behaviours = behaviours
        self._spec = spec
        self._resources = Resources(spec)

    def answered_by(self, operation: Operation) -> str:
        """`behaviour`, `resource` or `example`: what answers when no rule does."""
        if operation.id in self.behaviours.by_operation:
            return "behaviour"
        return "resource" if self._resources.knows(operation) else "example"

    def answer(self, call: Call, draft: Draft) -> Reply:
        """The reply of the first that has an opinion. Raises `Refusal`, `Missing`."""
        behaviour = self.behaviours.by_operation.get(call.operation.id)
        if behaviour is not None:
            return reply_of(call, behaviour(call, draft))
        return self._resources.answer(call, draft) or self.example(
            call.operation, call.operation.success, draft.seed
        )

    def example(self, operation: Operation, status: int, seed: int, name: str = "") -> Reply:
        """A documented answer with this status. Raises `BadPreference` where there is none."""
        response = operation.response(status)
        if response is None:
            raise BadPreference(
                f"{operation.id} documents no {status}: {', '.join(sorted(operation.responses))}"
            )
        try:
            body = example_reply(self._spec, operation, response, seed, name)
        except LookupError:
            known = ", ".join(sorted(filter(None, response.examples))) or "none"
            raise BadPreference(
                f"{operation.id} {status} has no example {name!r}; named ones: {known}"
            ) from None
        headers = dict.fromkeys(response.required_headers, "https://mein.sw-musterau.test/")
        if 300 <= status < 400:
            headers.setdefault("Location", "https://mein.sw-musterau.test/")
        return Reply(status, body, headers, "example")


def preferred(header: str) -> dict[str, str]:
    """`Prefer: code=404, delay=2s, example=NAME` as `{"code": "404", …}`. Raises `BadPreference`.

    Other preferences (RFC 7240) are ignored.
    """
    wishes: dict[str, str] = {}
    for part in header.replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() in ("code", "delay", "example"):
            wishes[name.lower()] = value.strip('"')
    if "code" in wishes and not wishes["code"].isdigit():
        raise BadPreference(f"Prefer: code={wishes['code']} is no status")
    if "delay" in wishes:
        try:
            wishes["delay"] = str(max(duration(wishes["delay"]).total_seconds(), 0.0))
        except ValueError as error:
            raise BadPreference(f"Prefer: {error}") from None
    return wishes
