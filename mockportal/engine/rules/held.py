"""Exchanges that a rule holds: what each would answer and change, until somebody releases it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from mockportal.engine.call import Exchange, Request
from mockportal.engine.rules.hit import Hit
from mockportal.spec.operations import Operation
from mockportal.values import Record


@dataclass(slots=True)
class Held:
    """A request that waits.

    n:       its number among the held ones of its world
    preview: the exchange as it would be; nothing of it has happened
    edit:    `{reply}` or `{patch}` in place of what the rule says, once it is released with one
    release: lets it go on
    """

    n: int
    operation: Operation
    request: Request
    hit: Hit
    preview: Exchange
    edit: Record
    release: Callable[[], None]

    def final_hit(self) -> Hit:
        """The hit with which the exchange goes on: as the rule says, or as it was edited."""
        if not self.edit:
            return self.hit
        action = replace(
            self.hit.action, reply=self.edit.get("reply"), patch=self.edit.get("patch"), fault=None
        )
        return self.hit._replace(rule=replace(self.hit.rule, unchecked=True), action=action)
