"""Patches of requests: who asks and what is asked is changed on its way in, or not looked at."""

from collections.abc import Callable

from contracts.mutants.model import Answer, Patch
from contracts.mutants.replies import When, is_success, sent
from contracts.mutants.requests import Repair, Test, token_of, with_token
from mockportal.engine import signing
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario

Who = Callable[[str, Scenario], bool]  # by the Authorization header


def nobody(authorization: str, scenario: Scenario) -> bool:
    return not authorization


def strangers(authorization: str, scenario: Scenario) -> bool:
    """Those with a token that nobody has issued."""
    token = token_of(authorization)
    return bool(token) and token not in scenario.tokens and signing.verified_claims(token) is None


def other_schemes(authorization: str, scenario: Scenario) -> bool:
    """Those with a known token that is sent as another thing than a bearer token."""
    is_bearer = authorization.lower().startswith("bearer ")
    return token_of(authorization) in scenario.tokens and not is_bearer


def holders_of(kind: str, rights: str | None = None) -> Who:
    """The holders of static tokens of a class, of administrators those with these rights."""

    def holds(authorization: str, scenario: Scenario) -> bool:
        token = scenario.tokens.get(token_of(authorization))
        return token is not None and token.kind == kind and rights in (None, token.rights)

    return holds


def skip_guard(who: Who, instead: str) -> Patch:
    """Who should not get in is let in, and answered as the holder of the token `instead`."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        if who(request.headers.get("authorization", ""), world.scenario):
            request = with_token(request, instead)
        return answer(operation, request, world)

    return patch


def changed_on_the_way(change: Repair) -> Patch:
    """A good request is answered as a changed one would be; one that is refused stays refused."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if not is_success(exchange.reply):
            return exchange
        world.state = exchange.before
        return answer(operation, change(operation, request, world.scenario), world)

    return patch


def as_other_user(token: str) -> Patch:
    """Whoever is let in is answered as the holder of `token`."""
    return changed_on_the_way(lambda operation, request, scenario: with_token(request, token))


def open_to_all(*owners: str) -> Patch:
    """What is not the caller's is answered as one of these `owners` would be; who may not get in at all stays out."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        for owner in owners:
            if exchange.reply.status in (403, 404) and exchange.reply.answered_by == "behaviour":
                exchange = answer(operation, with_token(request, owner), world)
        return exchange

    return patch


def is_unreadable(reply: Reply) -> bool:
    """A refusal of a request that breaks its schema."""
    return reply.status == 400 and reply.answered_by == "read"


def unchecked(repair: Repair, when: When = is_unreadable) -> Patch:
    """A request that is refused is answered as the repaired one would be."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if not when(exchange.reply):
            return exchange
        return answer(operation, repair(operation, request, world.scenario), world)

    return patch


def refuse_when(test: Test, status: int = 400) -> Patch:
    """A valid request is refused, and changes nothing."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if not is_success(exchange.reply) or not test(request):
            return exchange
        world.state = exchange.before
        return sent(exchange, Reply(status, {"message": "the request is not valid"}))

    return patch


def fail_when(test: Test) -> Patch:
    """The server fails over a request, whatever the right answer is, and changes nothing."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        if not test(request) or exchange.reply.status == 401:
            return exchange
        world.state = exchange.before
        return sent(exchange, Reply(500, {"message": "Internal server error"}))

    return patch
