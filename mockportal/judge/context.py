"""The tools of a check or a journey: calls by operationId, and the ledger to book results in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Finding, Interaction, Sent
from mockportal.judge.target.advice import missing, no_token
from mockportal.judge.target.targets import Case, Target
from mockportal.judge.wire.gate import variable
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import HOME
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json


@dataclass(frozen=True, slots=True)
class Context:
    """The facts and tools of one check.

    operations:    those that are judged
    check:         the name of the check, after which its worlds are named too
    writes:        whether requests other than GET may leave
    populated:     whether the data of the targets file is known to be there, and asked for by the callers of the file
    layer:         the part of the judge that the check belongs to
    callers_known: whether the targets file speaks of those who call
    home:          the address with which links to the target begin
    """

    spec: Spec
    target: Target
    sender: Sender
    ledger: Ledger
    operations: Mapping[str, Operation]
    check: str
    seed: int
    writes: bool
    populated: bool
    layer: str = "checks"
    callers_known: bool = True
    home: str = HOME

    @property
    def trusted(self) -> bool:
        """True if the file speaks of the callers, and its data is confirmed or the file has no way to confirm it."""
        return self.callers_known and (self.populated or not self.target.identity)

    @property
    def is_careful(self) -> bool:
        """True where requests are counted, or so many a second: a few of them stand for all there."""
        limits = self.sender.gate.limits
        return limits.rate > 0 or limits.budget > 0

    def usable(self, *names: str) -> bool:
        """True if all these operations are judged, allowed, and can be called: with a token, and with a value for each
        parameter that they need."""
        allowed = self.sender.gate.limits.allowed
        return all(
            name in self.operations
            and (allowed is None or name in allowed)
            and self.has_token(name)
            and not missing(self.operations[name], self.case(name).params)
            for name in names
        )

    def has_token(self, name: str) -> bool:
        """True if an operation is public or there is a token for it."""
        return not self.spec.operations[name].security or bool(self.target.cases[name].token)

    def case(self, name: str) -> Case:
        """The request that should succeed."""
        return self.target.cases[name]

    def call(
        self,
        name: str,
        /,
        *,
        world: str = "",
        params: Mapping[str, Json] | None = None,
        body: Json = ...,
        token: str | None = None,
    ) -> Interaction:
        """Sends the case of an operation, in the world of this check. `params` replace some of the case's own (None
        leaves one out), `body` its body; `token` is another variable ("" for nobody)."""
        sent = self._sent(name, params or {}, body, token)
        return self.sender.send(sent, world or f"{self.check}-{name}")

    def call_together(
        self, name: str, requests: Sequence[Mapping[str, Json]], world: str
    ) -> list[Interaction]:
        """Sends several requests to an operation at once, each told by `params`, `body` and `token` as in `call`."""
        sent = [
            self._sent(name, one.get("params", {}), one.get("body", ...), one.get("token"))
            for one in requests
        ]
        return self.sender.send_together(sent, world)

    def _sent(self, name: str, params: Mapping[str, Json], body: Json, token: str | None) -> Sent:
        case = self.case(name)
        given = {key: value for key, value in {**case.params, **params}.items() if value is not None}
        whose = self.target.variable_of(self.spec.operations[name]) if token is None else token
        return self.sender.sent(name, given, case.body if body is ... else body, whose, case.media_type)

    def token(self, scheme: str) -> str:
        """The variable of the token of a security scheme."""
        return variable(scheme)

    def wrong(
        self, operation: str, signature: str, message: str, *exchanges: Interaction, rule: str = ""
    ) -> None:
        """Books a finding of this check, and that it failed; no answer at all is booked elsewhere, so not here."""
        if exchanges and exchanges[-1].received is None:
            return
        rule = rule or self.spec.operations[operation].pointer
        finding = Finding(operation, self.check, signature, message, rule, self.layer, tuple(exchanges))
        self.ledger.add(finding)
        self.ledger.passed(operation, self.check, False)

    def right(self, operation: str) -> None:
        """Books that this check passed once."""
        self.ledger.passed(operation, self.check)

    def expect(
        self, good: bool, operation: str, signature: str, message: str, *exchanges: Interaction
    ) -> bool:
        """Books a pass or a finding; the answer is `good`."""
        if good:
            self.right(operation)
        else:
            self.wrong(operation, signature, message, *exchanges)
        return good


def untested(context: Context) -> dict[str, str]:
    """`{operation: reason}` for every operation that cannot be judged: no token, or not allowed."""
    found = {}
    allowed = context.sender.gate.limits.allowed
    for name, operation in context.operations.items():
        if allowed is not None and name not in allowed:
            found[name] = f"{operation.method} is not allowed by the profile: see --allow-writes"
        elif not context.has_token(name):
            found[name] = no_token(operation)
    return found
