"""The secrets of exchanges: static tokens, keys of collections that are keyed by a token, and whatever an exchange
itself calls a secret."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from mockportal.engine.call import Exchange
from mockportal.redaction import (
    Redaction,
    is_secret,
    literals,
    redaction,
    secrets_of_body,
    secrets_of_headers,
    secrets_of_query,
    told_literals,
)
from mockportal.state.data_model import DataModel
from mockportal.state.scenario import Scenario
from mockportal.state.store import State

_SHORTEST = 6


def hiding(scenario: Scenario, exchanges: Iterable[Exchange]) -> Redaction:
    """The redaction that hides all secrets of these exchanges."""
    exchanges = [*exchanges]
    told = told_literals(secret for exchange in exchanges for secret in told_secrets(exchange))
    states = {id(state): state for one in exchanges for state in (one.before, one.after)}
    return redaction(static_literals(scenario) | told, is_minted_in(states.values(), scenario.data))


def static_literals(scenario: Scenario) -> frozenset[str]:
    """The static tokens of a scenario, in all their spellings."""
    return _literals(tuple(scenario.tokens))


@lru_cache(maxsize=64)
def _literals(tokens: tuple[str, ...]) -> frozenset[str]:
    return literals(tokens)


def is_minted_in(states: Iterable[State], data: DataModel) -> Callable[[str], bool]:
    """Tells of a word whether it was a token in one of these states."""
    kinds = [kind.name for kind in data.kinds.values() if is_secret(kind.key)]
    found = (table for state in states for kind in kinds if (table := state.tables.get(kind)) is not None)
    tables = [*{id(table): table for table in found}.values()]
    return lambda word: len(word) >= _SHORTEST and any(word in table for table in tables)


def told_secrets(exchange: Exchange) -> Iterator[str]:
    """The texts that stand under names of secrets in an exchange."""
    yield from sent_secrets(exchange)
    yield from secrets_of_headers(exchange.reply.headers)
    yield from secrets_of_body(exchange.content)


def sent_secrets(exchange: Exchange) -> Iterator[str]:
    """Those of the request."""
    request = exchange.request
    yield from (value for name, value in request.path_params.items() if is_secret(name))
    yield from secrets_of_query(request.query)
    yield from secrets_of_headers(request.headers)
    yield from secrets_of_body(request.body)
