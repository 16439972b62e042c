"""The names of records in a recording: aliases for those of the scenario, saved values for those that it has made."""

from collections.abc import Iterator, Mapping

from mockportal.engine.call import Exchange
from mockportal.files.pointers import pointer_to
from mockportal.files.strict_yaml import Tagged
from mockportal.json_tree import leaves
from mockportal.state.changes import changed_records
from mockportal.state.scenario import Scenario
from mockportal.values import Json

_SHORTEST = 8  # of an id: a shorter text may be anything


class Names:
    """Names ids: `!id kind/alias` for a record of the scenario, `$kind_1` for one that an answer told.

    aliases: `kind/alias` by id
    saved:   names by id
    """

    def __init__(self, scenario: Scenario) -> None:
        self.aliases: dict[str, str] = {}
        for kind, ids in scenario.aliases.items():
            for alias, id in ids.items():
                if id != alias and len(id) >= _SHORTEST:
                    self.aliases.setdefault(id, f"{kind}/{alias}")
        self.saved: dict[str, str] = {}

    def named(self, value: Json) -> Json:
        """The value with its ids replaced by names."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {name: self.named(item) for name, item in value.items()}
        return [self.named(item) for item in value] if isinstance(value, list) else value

    def record(self, kind: str, id: str) -> str:
        """`kind/alias`, or `kind/id`"""
        alias = self.aliases.get(id, "")
        return alias if alias.startswith(f"{kind}/") else f"{kind}/{id}"

    def saving(self, exchange: Exchange, body: Json) -> Mapping[str, str]:
        """`{name: pointer}` of the records that an exchange has made, as its answer tells them."""
        made = {id: kind for kind, id in _made(exchange) if id not in self.aliases and len(id) >= _SHORTEST}
        told: dict[str, str] = {}
        for path, value in leaves(body) if made else ():
            if isinstance(value, str) and value in made and value not in self.saved:
                number = sum(name.startswith(f"{made[value]}_") for name in self.saved.values()) + 1
                self.saved[value] = f"{made[value]}_{number}"
                told[self.saved[value]] = pointer_to(*path)
        return told

    def _text(self, text: str) -> Json:
        if text in self.aliases:
            return Tagged("!id", self.aliases[text])
        return f"${self.saved[text]}" if text in self.saved else text


def _made(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for kind, id in changed_records(exchange.before, exchange.after):
        old = exchange.before.tables.get(kind)
        if old is None or id not in old:
            yield kind, id
