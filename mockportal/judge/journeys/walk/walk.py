"""A walk through one world: it sends requests, expects answers, and books a finding if an expectation fails."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from mockportal.json_tree import difference
from mockportal.judge.context import Context
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, Record

_READS = ("get", "list", "search", "check", "validate")


class Ended(Exception):
    """A walk goes no further: something was wrong, or the target lacks what the walk is about."""


class Skipped(Exception):
    """A step cannot be taken here; the walk goes on."""


class Walk:
    """One way through one world. It remembers what was written, so that a finding can be reproduced."""

    def __init__(self, context: Context, world: str) -> None:
        self.context = context
        self.world = world
        self.isolated = bool(context.target.isolation)
        self.ended = False
        self.writes: list[Interaction] = []
        self.undo: list[Callable[[], object]] = []

    def can(self, *names: str) -> bool:
        """True if these operations can be called."""
        return self.context.usable(*names)

    def ask(self, name: str, /, **how: Any) -> Interaction:
        """The answer, whatever it is. Keywords are those of `Context.call`."""
        exchange = self.context.call(name, world=self.world, **how)
        if exchange.sent.method != "GET" and not name.startswith(_READS):
            self.writes.append(exchange)
        return exchange

    def must(self, name: str, /, **how: Any) -> Record:
        """The object that is the body of a success, {} if it is none.

        Anything else is wrong where the data of the targets file are known to be there, and otherwise the end of the
        walk.
        """
        exchange = self.ask(name, **how)
        if not 200 <= exchange.status < 400:
            if self.context.populated and exchange.received is not None:
                self.wrong(name, "refused", f"a valid request is answered with {exchange.status}", exchange)
            raise Ended
        self.context.right(name)
        body = body_of(exchange)
        return body if isinstance(body, dict) else {}

    def refused(self, name: str, signature: str, what: str, /, **how: Any) -> Interaction:
        """The answer to something that has to be refused with a 4xx."""
        exchange = self.ask(name, **how)
        message = f"{what} is answered with {exchange.status} instead of being refused"
        self.expect(400 <= exchange.status < 500, name, f"not refused: {signature}", message, exchange)
        return exchange

    def gone(self, name: str, by: str, /, **how: Any) -> None:
        """Expects 404 for what `by` took away; other 4xx are as good where the data are not known to be ours."""
        exchange = self.ask(name, **how)
        good = exchange.status == 404 if self.context.populated else 400 <= exchange.status < 500
        message = f"{name} answers {exchange.status} instead of 404 after {by}"
        self.expect(good, by, f"still there: {name}", message, exchange)

    def expect(
        self, good: bool, operation: str, signature: str, message: str, *exchanges: Interaction
    ) -> None:
        """Books a pass, or a finding and the end of the walk."""
        if good:
            self.context.right(operation)
            return
        self.wrong(operation, signature, message, *exchanges)
        raise Ended

    def chosen(
        self, good: bool, operation: str, signature: str, message: str, *exchanges: Interaction
    ) -> None:
        """Like `expect`, for what the contract leaves open: said only of a target that has our data."""
        if self.context.populated:
            self.expect(good, operation, signature, message, *exchanges)

    def same(self, wanted: Json, seen: Json, operation: str, signature: str, *exchanges: Interaction) -> None:
        """Expects everything that is wanted to be in what is seen; objects may have more keys."""
        found = difference(wanted, seen)
        self.expect(not found, operation, signature, f"{signature}: {found}", *exchanges)

    def wrong(self, operation: str, signature: str, message: str, *exchanges: Interaction) -> None:
        """Books a finding. It is reproduced by what was written, lately refused requests too, and `exchanges` after
        it."""
        shown = {id(one) for one in exchanges}
        lately = {id(one) for one in self.writes[-3:]}
        before = [
            one for one in self.writes if id(one) not in shown and (one.status < 400 or id(one) in lately)
        ]
        self.context.wrong(operation, signature, message, *before, *exchanges)

    def tidy(self) -> None:
        """Takes back what was written, where nobody throws the world away."""
        while self.undo and not self.isolated:
            self.undo.pop()()


def agree(
    walk: Walk,
    operation: str,
    exchange: Interaction,
    seen: Sequence[Record],
    wanted: Mapping[str, Record],
    gone: Collection[str] = (),
    key: str = "id",
    whole: bool = False,
) -> None:
    """Expects a list to hold what is wanted, each record once and as it should be, and nothing that is gone; where it
    has to be the `whole` list, nothing else either."""
    ids = [str(record.get(key)) for record in seen]
    for id, record in wanted.items():
        times = ids.count(id)
        walk.expect(times > 0, operation, "not listed", f"{id} is not in the answer", exchange)
        walk.expect(times == 1, operation, "listed twice", f"{id} is in the answer {times} times", exchange)
        walk.same(record, seen[ids.index(id)], operation, "listed otherwise than written", exchange)
    left = [id for id in ids if id in gone]
    walk.expect(not left, operation, "listed after its end", f"{', '.join(left)} is still there", exchange)
    strangers = [id for id in ids if whole and id not in wanted]
    message = f"{', '.join(strangers)} is there, but nobody made it"
    walk.expect(not strangers, operation, "listed without being made", message, exchange)


def in_turn(walk: Walk, names: Sequence[str]) -> tuple[str, ...]:
    """One of several operations with large answers, another one after each request that writes."""
    return (names[len(walk.writes) % len(names)],)
