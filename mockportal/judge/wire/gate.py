"""The only door to a target. Whatever sends (schemathesis, checks, journeys, drift) sends through here, so that one
place guards, counts, waits, names worlds, puts tokens in for their variables, and shows each exchange to the judge."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, Protocol
from urllib.parse import quote

import requests

from mockportal.judge.model import Interaction, Sent
from mockportal.judge.wire.allow_list import is_allowed, means_one_of, operation_of
from mockportal.judge.wire.retry_after import WaitingClock, may_repeat, wait_asked_for
from mockportal.judge.wire.transports import NoAnswer, Receive, Scope, Send, Transport
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec

_VARIABLE = re.compile(r"\$MOCKPORTAL_TOKEN_\w+")
_RETRIES = 3
_GONE = 8
_NAP = 0.5  # seconds between two looks at `halt` in a wait
OWN_HEADERS = ("content-length", "host", "connection", "accept-encoding", "user-agent")


class Blocked(requests.exceptions.RequestException):
    """The guard let no request out."""


class Stopped(Exception):
    """There is nothing more to be had from this target: it is gone, or the budget is used up."""


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """Limits on what is sent.

    allowed:  operationIds; None for everything, other methods and paths included
    rate:     requests a second; 0 for no limit
    budget:   requests in all; 0 for no limit
    never:    operationIds that do not leave in spite of that
    patience: the longest time, in seconds, that a target may ask us to wait
    silence:  how many seconds of waiting for nothing one operation may cost
    """

    allowed: frozenset[str] | None = None
    rate: float = 0.0
    budget: int = 0
    never: frozenset[str] = frozenset()
    patience: float = 60.0
    silence: float = 30.0


class Witness(Protocol):
    """Sees what leaves: `before` it does (and may raise `Blocked` or `Stopped`), and `after` the answer."""

    def before(self, sent: Sent) -> None: ...

    def after(self, exchange: Interaction) -> None: ...


@dataclass(slots=True)
class Gate:
    """Sends, and remembers only counts. `tokens` maps variables (`$MOCKPORTAL_TOKEN_…`) to what they stand for;
    `isolation` is the header that names a world ("" for targets without), `run` a suffix for the names of worlds;
    `swaps` maps (operationId, variable) to the variable with which this operation can succeed; nothing leaves when
    `clock.now()` is less than `not_before`; `pulse` is a request that the target is known to answer; `halt` tells why
    nothing more is to be sent, or ""; `proofs`, unless it is None, are requests by the variable of the token with which
    they succeeded, so that the loss of a token ends the run before it is blamed on anybody; `waited` are the
    seconds that answers took, `silent` those that were spent on an operation without one."""

    spec: Spec
    transport: Transport
    limits: SendingLimits = SendingLimits()
    tokens: Mapping[str, str] = field(default_factory=dict)
    isolation: str = ""
    run: str = ""
    swaps: Mapping[tuple[str, str], str] = field(default_factory=dict)
    world: Callable[[str], str] = lambda operation: operation or "none"
    watchers: list[Callable[[Interaction], None]] = field(default_factory=list)
    witness: Witness | None = None
    pulse: Sent | None = None
    halt: Callable[[], str] = lambda: ""
    proofs: dict[str, Sent] | None = None
    clock: WaitingClock = field(default_factory=WaitingClock)
    traffic: Counter[str] = field(default_factory=Counter)
    stopped: str = ""
    not_before: float = 0.0
    waited: float = 0.0
    silent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _unanswered: int = 0

    def operation_of(self, method: str, target: str) -> Operation | None:
        """The operation of the contract that a request means, if any."""
        return operation_of(self.spec, method, target)

    async def exchange(self, sent: Sent, world: str) -> Interaction:
        """Sends one request into `world`; watchers see what came of it. Raises `Blocked` and `Stopped`."""
        self._guard(sent)
        if self.silent[sent.operation] >= self.limits.silence:
            self.traffic["given up"] += 1
            return Interaction(sent, None, "was not sent, as the operation gave no answer for too long")
        headers = self._headers(sent, world)
        exchange = await self._answered(sent, headers)
        if self.witness is not None:
            self.witness.after(exchange)
        if self.proofs is not None:
            await self._keep_tokens(exchange, self.proofs)
        self._unanswered = 0 if exchange.received else self._unanswered + 1
        if self._unanswered >= _GONE and not await self._is_alive():
            self._stop(f"the target gave no answer to {_GONE} requests in a row: {exchange.problem}")
        for watch in self.watchers:
            watch(exchange)
        return exchange

    async def _keep_tokens(self, exchange: Interaction, proofs: dict[str, Sent]) -> None:
        """Raises `Stopped` if the target refuses a token now that it accepted before."""
        sent = exchange.sent
        token = sent.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return
        if 0 < exchange.status < 300 and sent.method == "GET" and "{" not in self._path_of(sent):
            proofs.setdefault(token, sent)
        elif exchange.status in (401, 403) and token in proofs:
            again = await self._answered(proofs[token], self._headers(proofs[token], ""))
            if again.status in (401, 403):
                path = sent.target.partition("?")[0]
                self._stop(f"the target does not accept {token} any more, as of {sent.method} {path}")

    def _path_of(self, sent: Sent) -> str:
        operation = self.operation_of(sent.method, sent.target)
        return operation.path if operation else "{}"

    async def _is_alive(self) -> bool:
        """True if the target still answers the request that it answered at first; a single operation may be broken."""
        if self.pulse is None:
            return False
        self._unanswered = 0
        answered = await self._answered(self.pulse, self._headers(self.pulse, "preflight"))
        return answered.received is not None

    def _guard(self, sent: Sent) -> None:
        """Fails closed: what is not plainly allowed does not leave."""
        if self.limits.allowed is not None and not is_allowed(self.spec, sent, self.limits.allowed):
            self._block(sent)
        if self.limits.never and means_one_of(self.spec, sent, self.limits.never):
            self._block(sent)
        self._heed()
        if self._is_used_up():
            self._stop(f"the budget of {self.limits.budget} requests is used up")
        self._witnessed(sent)

    def _heed(self) -> None:
        self.stopped = self.stopped or self.halt()
        if self.stopped:
            raise Stopped(self.stopped)

    def _witnessed(self, sent: Sent) -> None:
        if self.witness is None:
            return
        try:
            self.witness.before(sent)
        except Blocked:
            self._block(sent)
        except Stopped as stopped:
            self._stop(str(stopped))

    def _block(self, sent: Sent) -> NoReturn:
        self.traffic["blocked"] += 1
        raise Blocked(f"{sent.method} {sent.target.partition('?')[0]} is not allowed here")

    def _is_used_up(self) -> bool:
        return 0 < self.limits.budget <= self.traffic["sent"]

    def _stop(self, reason: str) -> NoReturn:
        self.stopped = reason
        raise Stopped(reason)

    def _headers(self, sent: Sent, world: str) -> dict[str, str]:
        headers = {
            name: _VARIABLE.sub(lambda found: self.tokens.get(found.group(), found.group()), value)
            for name, value in sent.headers.items()
        }
        if self.isolation:
            headers[self.isolation] = _world_name(world, self.run)
        return headers

    def _target(self, sent: Sent) -> str:
        return _VARIABLE.sub(lambda found: quote(self.tokens.get(found.group(), found.group())), sent.target)

    async def _answered(self, sent: Sent, headers: Mapping[str, str]) -> Interaction:
        """The answer, after as many repetitions as the target asked for.

        A wait that it asks for also delays the next request. Raises `Stopped` if it asks for too long a wait.
        """
        for attempt in range(_RETRIES + 1):
            await self._pace()
            self.traffic["sent"] += 1
            self.traffic[f"sent {sent.method}"] += 1
            before = self.clock.now()
            try:
                received = await self.transport(sent.method, self._target(sent), headers, sent.body)
            except NoAnswer as error:
                self.traffic["unanswered"] += 1
                self.silent[sent.operation] += self.clock.now() - before
                return Interaction(sent, None, str(error))
            self.waited += self.clock.now() - before
            wait = wait_asked_for(received, self.clock.today())
            if wait is None:
                break
            if wait > self.limits.patience:
                self.stopped = f"the target asks to wait {wait:.0f} seconds (Retry-After)"
                break
            self.not_before = max(self.not_before, self.clock.now() + wait)
            if attempt == _RETRIES or self._is_used_up() or not may_repeat(sent.method, received.status):
                break
            self.traffic["retried"] += 1
        return Interaction(sent, received)

    async def _pace(self) -> None:
        """Keeps requests at least `1 / rate` seconds apart, and the target's wishes."""
        while (now := self.clock.now()) < self.not_before:
            self._heed()
            await self.clock.sleep(min(self.not_before - now, _NAP))
        if self.limits.rate:
            self.not_before = now + 1 / self.limits.rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The gate as an ASGI application, which is how schemathesis sees the target."""
        if scope["type"] != "http":
            return
        message = await receive()
        exchange = await self.exchange(self._sent(scope, message["body"]), self._world_of(scope))
        if exchange.received is None:
            raise requests.exceptions.ConnectionError(exchange.problem)
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in exchange.received.headers
        ]
        await send({"type": "http.response.start", "status": exchange.received.status, "headers": headers})
        await send({"type": "http.response.body", "body": exchange.received.body})

    def _world_of(self, scope: Scope) -> str:
        return self.world(self._named(scope))

    def _named(self, scope: Scope) -> str:
        operation = self.operation_of(scope["method"], scope["raw_path"].decode("latin-1"))
        return operation.id if operation else ""

    def _sent(self, scope: Scope, body: bytes) -> Sent:
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        operation = self._named(scope)
        headers = {
            name.decode("latin-1"): self.swapped(operation, value.decode("latin-1"))
            for name, value in scope["headers"]
            if name.decode("latin-1") not in OWN_HEADERS
        }
        return Sent(operation, scope["method"], target, headers, body)

    def swapped(self, operation: str, value: str) -> str:
        """The `Authorization` with which an operation can succeed, for one that holds only the token of its scheme."""
        scheme, _, variable = value.partition(" ")
        other = self.swaps.get((operation, variable))
        return f"{scheme} {other}" if other else value


def variable(name: str) -> str:
    """The variable for the token called `name`: `ApiKey` is `$MOCKPORTAL_TOKEN_APIKEY`."""
    return "$MOCKPORTAL_TOKEN_" + re.sub(r"\W", "_", name).upper()


def _world_name(world: str, run: str) -> str:
    """A name of at most 63 of `a-z0-9-`."""
    plain = re.sub(r"[^a-z0-9-]+", "-", world.lower()).strip("-") or "none"
    return f"{plain[: 62 - len(run)]}-{run}" if run else plain[:63]
