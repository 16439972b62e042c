"""The rules of a world and how often each was matched: which one a call hits."""

from __future__ import annotations  # rpds maps are generic in their stubs only

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from rpds import HashTrieMap

from mockportal.engine.call import Call
from mockportal.engine.rules.hit import Hit, Quota
from mockportal.state.rules.actions import RateLimit
from mockportal.state.rules.conditions import Seen, unmet
from mockportal.state.rules.firing import Occasion
from mockportal.state.rules.rule import Rule
from mockportal.state.scenario import Scenario


class Now(NamedTuple):
    """The instant on the world's clock, and the number that the exchange will have."""

    at: datetime
    n: int


@dataclass(frozen=True, slots=True)
class RuleBook:
    """An immutable value: rules in the order in which they are tried, and what was counted for them.

    hits:    the requests that each has fitted; a refused one counts, so this is no part of the state
    fired:   how often each has fired
    windows: of each caller under a rate limit, by rule and token: the window, and the requests in it
    """

    rules: tuple[Rule, ...] = ()
    hits: HashTrieMap[str, int] = field(default_factory=HashTrieMap)
    fired: HashTrieMap[str, int] = field(default_factory=HashTrieMap)
    windows: HashTrieMap[tuple[str, str], tuple[int, int]] = field(default_factory=HashTrieMap)

    def concerns(self, operation: str) -> bool:
        """True if the answer of an operation depends on a rule, and so on more than request and state."""
        return bool(self.rules) and any(rule.concerns(operation) for rule in self.rules)

    def holds(self, operation: str) -> bool:
        """True if a rule may hold the exchange of an operation."""
        concerned = (rule for rule in self.rules if rule.concerns(operation)) if self.rules else ()
        return any(one.hold for rule in concerned for one in rule.actions)

    def find(self, call: Call, scenario: Scenario, now: Now) -> tuple[Hit | None, RuleBook]:
        """The first rule that fires, and the book in which every rule that fits is counted, up to and with it."""
        book, seen = self, seen_of(call)
        for rule in self.rules:
            if not rule.concerns(call.operation.id) or _unfit(rule, call, seen, scenario):
                continue
            number = (book.hits.get(rule.id) or 0) + 1
            book = replace(book, hits=book.hits.insert(rule.id, number))
            if not rule.firing.misses(book._occasion(rule, number, scenario, now)):
                return book._fire(rule, number, call, now)
        return None, book

    def misses(self, call: Call, scenario: Scenario, now: Now) -> Iterator[tuple[Rule, str]]:
        """Each rule for the operation of a call that does not fire for it, with what it lacks as `pointer: reason`."""
        seen = seen_of(call)
        for rule in self.rules:
            if rule.concerns(call.operation.id):
                number = (self.hits.get(rule.id) or 0) + 1
                lacking = _unfit(rule, call, seen, scenario)
                lacking = lacking or rule.firing.misses(self._occasion(rule, number, scenario, now))
                if lacking:
                    yield rule, lacking

    def added(self, rule: Rule) -> RuleBook:
        """The book with one more rule, which is tried first."""
        return replace(self, rules=(rule, *self.rules))

    def without(self, id: str) -> RuleBook:
        """The book without a rule, and with nothing counted for it."""
        rules = tuple(rule for rule in self.rules if rule.id != id)
        windows = self.windows
        for key in windows:
            windows = windows.remove(key) if key[0] == id else windows
        return RuleBook(rules, self.hits.discard(id), self.fired.discard(id), windows)

    def _occasion(self, rule: Rule, number: int, scenario: Scenario, now: Now) -> Occasion:
        return Occasion(
            number, self.fired.get(rule.id) or 0, now.at, now.n, f"{scenario.seed}/{rule.id}/{number}"
        )

    def _fire(self, rule: Rule, number: int, call: Call, now: Now) -> tuple[Hit, RuleBook]:
        fired = self.fired.get(rule.id) or 0
        action, book = rule.action(fired), replace(self, fired=self.fired.insert(rule.id, fired + 1))
        if action.rate is None:
            return Hit(rule, number, action), book
        key = (rule.id, call.caller.token)
        quota = _quota(action.rate, self.windows.get(key), now.at)
        book = replace(book, windows=book.windows.insert(key, (quota.window, quota.used)))
        return Hit(rule, number, action, quota), book


def seen_of(call: Call) -> Seen:
    """The parts of a call that conditions look at."""
    return Seen(call.params, call.request.headers, call.body, call.fields)


def _unfit(rule: Rule, call: Call, seen: Seen, scenario: Scenario) -> str:
    """The first condition of a rule that a call does not meet, with the reason; "" if it meets all."""
    wanted = rule.when.get("as")
    if wanted is not None and call.caller.token != wanted:
        token = scenario.tokens.get(wanted)
        if token is None or token.subject != call.caller.subject:
            return "/when/as: somebody else calls"
    return unmet(rule.when, seen)


def _quota(rate: RateLimit, known: tuple[int, int] | None, now: datetime) -> Quota:
    """The share of a rate limit that a caller has used, this request included."""
    seconds = max(rate.seconds, 1.0)
    window, passed = divmod(now.timestamp(), seconds)
    used = known[1] if known is not None and known[0] == int(window) else 0
    return Quota(rate.limit, used + 1, int(window), seconds - passed)
