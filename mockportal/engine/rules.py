"""A world's rules at work: which one applies to a call, and what it answers."""

from collections.abc import Mapping, Sequence

from mockportal.engine.call import Call, Reply
from mockportal.state.rules import Rule, holds
from mockportal.state.scenario import Scenario


class RuleBook:
    """The rules of one world and how often each was matched; hits are not state, so a refused request counts."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = list(rules)
        self.hits: dict[str, int] = {}

    def find(self, call: Call, scenario: Scenario) -> Rule | None:
        """The first rule that applies; every rule that matches is counted, up to and with that one."""
        for rule in self.rules:
            if _matches(rule, call, scenario):
                self.hits[rule.id] = self.hits.get(rule.id, 0) + 1
                if rule.applies(self.hits[rule.id]):
                    return rule
        return None

    def answer(self, rule: Rule) -> Reply | None:
        """The rule's own reply or fault; None for a rule that only delays."""
        if rule.fault is not None:
            return _fault(rule.fault)
        if rule.reply is not None:
            headers: Mapping[str, str] = rule.reply.get("headers", {})
            return Reply(rule.reply["status"], rule.reply.get("body"), headers)
        return None

    def delay(self, rule: Rule, seed: int) -> float:
        """The delay of the rule's last hit, in seconds; the same hit of the same seed waits as long."""
        assert rule.delay is not None
        return rule.delay.seconds(f"{seed}/{rule.id}/{self.hits[rule.id]}")


def _matches(rule: Rule, call: Call, scenario: Scenario) -> bool:
    if rule.operations and call.operation.id not in rule.operations:
        return False
    wanted = rule.when
    if "as" in wanted and call.caller.token != wanted["as"]:
        token = scenario.tokens.get(wanted["as"])
        if token is None or token.subject != call.caller.subject:
            return False
    return holds(wanted.get("params", {}), call.params) and holds(wanted.get("body", {}), call.fields)


def _fault(fault: Mapping[str, object]) -> Reply:
    status = fault.get("status", 500 if "body" not in fault and "connection" not in fault else 200)
    assert isinstance(status, int)
    message = fault.get("message", f"injected fault {status}")
    headers = fault.get("headers", {})
    assert isinstance(headers, Mapping)
    kind = str(fault.get("connection") or fault.get("body") or "")
    return Reply(status, {"message": message}, headers, fault=kind)
