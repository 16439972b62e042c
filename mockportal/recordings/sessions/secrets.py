"""The secrets of a session, kept out of its recording."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mockportal.engine.call import Exchange
from mockportal.engine.secrets import hiding, sent_secrets, told_secrets
from mockportal.json_tree import walk
from mockportal.redaction import Redaction, is_secret_parameter
from mockportal.state.scenario import Scenario
from mockportal.values import Json

MADE_UP = "Made-up-"  # with a number and a mark it meets the usual policies for passwords
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Secrets:
    """Tells secrets in any value: those that the session calls so, wherever they stand, and what looks like one.

    told:    the texts that stand under names of secrets somewhere in the session
    sent:    those of them that a client has sent
    static:  the tokens of the scenario, which a request may hold
    made_up: the numbers of made-up texts by the secrets that they replace
    """

    hide: Redaction
    told: frozenset[str]
    sent: frozenset[str]
    static: frozenset[str]
    made_up: dict[str, int] = field(default_factory=dict)

    def are_in(self, value: Json) -> bool:
        return bool(self.hide.json(value) != value) or any(self.hides(text) for _, text in walk(value))

    def hides(self, text: Json) -> bool:
        """True for a text that is, or holds, a secret."""
        return isinstance(text, str) and (text in self.told or self.hide.text(text) != text)

    def allow_digest(self, text: str) -> bool:
        """True for a text without a secret that a client has sent: a short one could be guessed from a digest."""
        return not any(one in text for one in self.sent)

    def replaced(self, value: Json, name: str = "") -> Json:
        """The value with made-up texts in place of those under names of secrets, the same for the same secret."""
        if isinstance(value, dict):
            return {key: self.replaced(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.replaced(item, name) for item in value]
        is_hidden = (
            isinstance(value, str) and value and is_secret_parameter(name) and value not in self.static
        )
        return f"{MADE_UP}{self._number(value)}!" if is_hidden else value

    def are_in_request(self, value: Json) -> bool:
        """True if a secret is in a value, apart from made-up ones."""
        if isinstance(value, dict):
            return any(self.are_in_request(item) for item in value.values())
        if isinstance(value, list):
            return any(map(self.are_in_request, value))
        return value not in self.static and self.hides(value)

    def _number(self, secret: str) -> int:
        return self.made_up.setdefault(secret, len(self.made_up) + 1)

    def without(self, value: Json) -> tuple[Json, bool]:
        """A part of a value without secrets, and whether that is possible at all. Lists stay whole or go."""
        if not self.are_in(value):
            return value, True
        if isinstance(value, dict):
            safe = self.hide.json(value)
            parts = {
                name: self.without(item) for name, item in value.items() if _same_kind(safe.get(name), item)
            }
            return {name: part for name, (part, is_safe) in parts.items() if is_safe}, True
        if isinstance(value, list):
            parts_of_list = [self.without(item) for item in value]
            is_safe = all(
                isinstance(item, dict) or fits for item, (_, fits) in zip(value, parts_of_list, strict=True)
            )
            return [part for part, _ in parts_of_list], is_safe
        return None, False


def secrets_in(exchanges: Iterable[Exchange], scenario: Scenario) -> Secrets:
    """The secrets that these exchanges hold."""
    exchanges = [*exchanges]
    told, sent = (
        frozenset(one for exchange in exchanges for one in secrets(exchange) if len(one) >= _SHORTEST)
        for secrets in (told_secrets, sent_secrets)
    )
    return Secrets(hiding(scenario, exchanges), told, sent, frozenset(scenario.tokens))


def _same_kind(safe: Json, item: Json) -> bool:
    """False for a value that was hidden as a whole."""
    return isinstance(safe, type(item)) and (not isinstance(item, str) or safe == item)
