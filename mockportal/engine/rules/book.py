"""A world's rules at work: which one applies to a call, and what it makes of the answer."""

from __future__ import annotations  # rpds maps are generic in their stubs only

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from rpds import HashTrieMap

from mockportal.engine.call import Call, Reply
from mockportal.state.rules.rule import BODILESS, Rule, holds
from mockportal.state.scenario import Scenario
from mockportal.values import Json

_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_REAL = 200  # the status of an answer whose connection ends before anybody can read it


class Hit(NamedTuple):
    """A rule that applies to a call, which is the `number`-th one that fits the rule (from 1)."""

    rule: Rule
    number: int

    def answer(self) -> Reply | None:
        """The rule's own reply or fault; None if the rule lets the real answer come, later or broken."""
        rule = self.rule
        if rule.fault is not None:
            return None if rule.breaks else _fault(rule.fault)
        if rule.reply is not None:
            headers: Mapping[str, str] = rule.reply.get("headers", {})
            return Reply(rule.reply["status"], rule.reply.get("body"), headers)
        return None

    def delay(self, seed: int) -> float:
        """Seconds; the same hit of the same seed waits as long."""
        delay = self.rule.delay
        return 0.0 if delay is None else delay.seconds(f"{seed}/{self.rule.id}/{self.number}")

    def broken(self, reply: Reply) -> Reply:
        """The real answer as the rule breaks it, else as it is. What it says of status and headers comes on top."""
        if not self.rule.breaks:
            return reply
        fault = self.rule.fault or {}
        status = fault.get("status", reply.status)
        if self.rule.breaks == "garbage" and status in BODILESS:
            status = _REAL  # garbage needs a body to stand in
        headers = _on_top(fault.get("headers", {}), reply.headers)
        return replace(reply, status=status, headers=headers, answered_by="rule", fault=self.rule.breaks)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of a world and how often each was matched; hits are not state, so a refused request counts."""

    rules: tuple[Rule, ...] = ()
    hits: HashTrieMap[str, int] = field(default_factory=HashTrieMap)

    def find(self, call: Call, scenario: Scenario) -> tuple[Hit | None, RuleBook]:
        """The first rule that applies, and the book in which every rule that matches is counted, up to and with it."""
        hits = self.hits
        for rule in self.rules:
            if _matches(rule, call, scenario):
                number = (hits.get(rule.id) or 0) + 1
                hits = hits.insert(rule.id, number)
                if rule.applies(number):
                    return Hit(rule, number), replace(self, hits=hits)
        return None, self if hits is self.hits else replace(self, hits=hits)


def _matches(rule: Rule, call: Call, scenario: Scenario) -> bool:
    if rule.operations and call.operation.id not in rule.operations:
        return False
    wanted = rule.when
    if "as" in wanted and call.caller.token != wanted["as"]:
        token = scenario.tokens.get(wanted["as"])
        if token is None or token.subject != call.caller.subject:
            return False
    return holds(wanted.get("params", {}), call.params) and holds(wanted.get("body", {}), call.fields)


def _fault(fault: Mapping[str, Json]) -> Reply:
    """The answer of a fault that does not need the real one."""
    headers: Mapping[str, str] = fault.get("headers", {})
    if "connection" in fault:
        return Reply(_REAL, None, fault=fault["connection"])
    if "body" in fault:
        body, status = fault["body"], fault.get("status", _REAL)
        return Reply(status, body, _on_top(headers, _TEXT if isinstance(body, str) else {}), fault="body")
    status = fault.get("status", 500)
    body = None if status in BODILESS else {"message": fault.get("message", f"injected fault {status}")}
    return Reply(status, body, headers)


def _on_top(headers: Mapping[str, str], usual: Mapping[str, str]) -> dict[str, str]:
    """The headers, and the usual ones that they do not replace; upper and lower case are the same."""
    named = {name.lower() for name in headers}
    return {name: value for name, value in usual.items() if name.lower() not in named} | dict(headers)
