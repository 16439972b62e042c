"""Rules read and checked, whether they come with a scenario or at run time."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from mockportal.spec.spec import Spec
from mockportal.state.record_change import Aliases
from mockportal.state.rules.check import rule_problems, state_problems
from mockportal.state.rules.firing import BadRule
from mockportal.state.rules.rule import Rule, rule_of
from mockportal.state.store import Draft
from mockportal.values import Record

# (pointer in the rule, problem)
Problem = tuple[str, str]


class Grounds(NamedTuple):
    """The things that rules refer to: operations, tokens, and records, also by alias."""

    spec: Spec
    tokens: Collection[str]
    draft: Draft
    aliases: Aliases


def read_rule(id: str, raw: Record, grounds: Grounds) -> tuple[Rule | None, list[Problem]]:
    """The rule that an entry of the right shape describes, tags resolved, and everything that is wrong with it."""
    try:
        rule = rule_of(id, raw, grounds.spec)
    except BadRule as error:
        return None, [(error.pointer, str(error))]
    return rule, [*_problems(rule, grounds)]


def _problems(rule: Rule, grounds: Grounds) -> Iterator[Problem]:
    yield from rule_problems(rule, grounds.spec, grounds.tokens)
    yield from state_problems(rule, grounds.spec, grounds.draft, grounds.aliases)
