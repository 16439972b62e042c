"""Answers have all the properties that `contracts/generated/mock_properties.yaml` lists for the same data."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mockportal.json_tree import children, filled, listed, spot
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge, mock_properties
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, Record

_DEEPEST = 4
_MOST = 4


@dataclass(slots=True)
class SeenProperties:
    """The properties in the successes of one operation: names by the dotted place where they stand, those that were
    never null and never empty. `exchanges` are where it was looked."""

    names: dict[str, set[str]] = field(default_factory=dict)
    exchanges: list[Interaction] = field(default_factory=list)

    def look(self, exchange: Interaction) -> None:
        """Notes the properties of an answer."""
        if exchange.received is None or not 200 <= exchange.status < 300:
            return
        self.exchanges.append(exchange)
        for place, name in _properties(body_of(exchange), ()):
            self.names.setdefault(place, set()).add(name)


def properties_are_seen(context: Context) -> None:
    """Every property that the answers to the valid requests, and to those for the things they list, are known to have
    is there again, and neither null nor empty. An operation whose list is not judged beside it is left out."""
    known: dict[str, dict[str, list[str]]] = mock_properties(context.spec.operations)["seen"]
    ways = knowledge("coherence")["details"]
    unlisted = {way["detail"] for way in ways if not readable(context, way["list"])}
    for name, seen in sweep(context).items():
        if not seen.exchanges or name not in known or name in unlisted:
            continue
        wrong = False
        for place, names in known[name].items():
            for missing in sorted(set(names) - seen.names.get(place, set())):
                if _is_below(place, missing, known[name], seen):
                    at = f"{place}.{missing}".lstrip(".")
                    message = f"no answer has {at}, or only without a value"
                    context.wrong(name, at, message, *seen.exchanges[-1:])
                    wrong = True
        if not wrong:
            context.right(name)


def nothing_more_is_shown(context: Context) -> None:
    """In the data of the targets file no answer to a valid request has a property with a value that was not known to be
    there and is not documented: nothing that is hidden from customers, no internal notes, no settings."""
    rules = mock_properties(context.spec.operations)
    for name, seen in sweep(context).items():
        if not seen.exchanges or name not in rules["seen"]:
            continue
        places = [rules["seen"][name], rules["unseen"].get(name, {})]
        more = [*_unknown(name, seen, places)]
        for place, new in more:
            at = f"{place}.{new}".lstrip(".")
            shown = next(one for one in reversed(seen.exchanges) if (place, new) in _shown(one))
            context.wrong(name, at, f"shows {at}, which is not known to be shown", shown)
        if not more:
            context.right(name)


def _shown(exchange: Interaction) -> set[tuple[str, str]]:
    return {*_properties(body_of(exchange), ())}


def _unknown(
    operation: str, seen: SeenProperties, places: list[dict[str, list[str]]]
) -> Iterator[tuple[str, str]]:
    """(place, name) of what is not known; of a whole branch only the root, nothing of maps whose keys are data."""
    maps = knowledge("completeness")["maps"]
    for place, names in seen.names.items():
        known = {name for one in places for name in one.get(place, ())}
        is_root = not place or place in places[0]
        if is_root and "*" not in known and place.rpartition(".")[2] not in maps:
            for name in sorted(names - known):
                yield place, name


def sweep(context: Context) -> dict[str, SeenProperties]:
    """The properties in the answers to every valid request, each sent in its own world, and to reads of everything that
    lists name. Without worlds only reads are sent, because a write would change the answers that follow."""
    found = {name: SeenProperties() for name in context.operations}
    alone = context.writes and bool(context.target.isolation)
    for name, operation in context.operations.items():
        if context.usable(name) and (alone or operation.method == "GET"):
            found[name].look(context.call(name))
    for name, exchange in _details(context):
        found[name].look(exchange)
    return found


def _details(context: Context) -> Iterator[tuple[str, Interaction]]:
    for way in knowledge("coherence")["details"]:
        name = way["detail"]
        if not (readable(context, way["list"]) and readable(context, name)):
            continue
        listing = context.call(way["list"], world=context.check)
        records = listed(body_of(listing), way["at"]) if listing.status == 200 else []
        fitting = [one for one in records if way.get("only", {}).items() <= one.items() and way["id"] in one]
        for record in fitting[:_MOST]:
            yield name, _detail(context, way, record[way["id"]])


def _detail(context: Context, way: Record, id: str) -> Interaction:
    body = filled(way["body"], {"id": id}) if "body" in way else context.case(way["detail"]).body
    return context.call(
        way["detail"], params=filled(way.get("params", {}), {"id": id}), body=body, world=context.check
    )


def _properties(value: Json, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    """(place, name) of every property with a value; every item of a list, and every id, is `*`."""
    if len(path) > _DEEPEST:
        return
    for key, item in children(value):
        if item not in (None, "", [], {}):
            yield spot(path), spot((key,))
            yield from _properties(item, (*path, key))


def _is_below(place: str, name: str, known: dict[str, list[str]], seen: SeenProperties) -> bool:
    """True if the place itself exists. If a whole branch is missing, only its root is reported."""
    if not place:
        return True
    parent, _, own = place.rpartition(".")
    return own in seen.names.get(parent, set()) or own not in known.get(parent, ())
