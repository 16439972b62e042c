"""One thing, one truth: what a list says of a thing is what the thing says of itself, under the id it was asked for."""

from collections.abc import Collection, Iterator

from mockportal.json_tree import as_text, filled, listed, part
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, Record

_MOST = 6


def ids_agree(context: Context) -> None:
    """Everything that a list or a relation refers to can be read under its id, and has the same values there. An answer
    about one thing is about the thing that was asked for."""
    for name, ways in knowledge("coherence")["echoes"].items():
        if readable(context, name):
            _echoes(context, name, context.call(name, world=context.check), ways)
    for way in knowledge("coherence")["details"]:
        if readable(context, way["list"]) and readable(context, way["detail"]):
            _details_agree(context, way)


def versions_agree(context: Context) -> None:
    """The old and the new operation for one thing say the same of it, and so do its public and its private address in
    what both show."""
    for name, twin in _twins(context):
        one, other = (context.call(each, world=context.check) for each in (name, twin))
        if one.status == other.status == 200 and _about_the_same(body_of(one), body_of(other)):
            skipped = knowledge("coherence")["apart"].get(twin, ())
            wrong = _difference(body_of(one), body_of(other), skipped)
            message = f"says something else than {name} about the same: {wrong}"
            context.expect(not wrong, twin, name, message, one, other)


def _twins(context: Context) -> Iterator[tuple[str, str]]:
    paired = [(name, f"{name}V3") for name in context.operations if f"{name}V3" in context.operations]
    for name, twin in (*paired, *knowledge("coherence")["twins"]):
        if twin in context.operations and readable(context, name) and readable(context, twin):
            yield name, twin


def _about_the_same(one: Json, other: Json) -> bool:
    ids = [part(body, name) for name in knowledge("coherence")["same_if"] for body in (one, other)]
    return ids[::2] == ids[1::2]


def _echoes(context: Context, name: str, exchange: Interaction, ways: Record) -> bool:
    if exchange.status != 200:
        return True
    good = True
    for parameter, at in ways.items():
        asked, told = context.case(name).params.get(parameter), part(body_of(exchange), at)
        if asked is not None:
            message = f"is asked for {parameter} {asked} and answers with {at} {told}"
            good &= context.expect(told == asked, name, f"{at} echoes {parameter}", message, exchange)
    return good


def _details_agree(context: Context, way: Record) -> None:
    exchange = context.call(way["list"], world=context.check)
    if exchange.status != 200:
        return
    for record in _chosen(listed(body_of(exchange), way["at"]), way):
        _detail_agrees(context, way, exchange, record)


def _chosen(records: list[Record], way: Record) -> list[Record]:
    """A few of the records, the first and the last ones."""
    only = way.get("only", {}).items()
    fitting = [
        record for record in records if only <= record.items() and isinstance(record.get(way["id"]), str)
    ]
    return fitting if len(fitting) <= _MOST else [*fitting[: _MOST // 2], *fitting[-_MOST // 2 :]]


def _detail_agrees(context: Context, way: Record, listing: Interaction, record: Record) -> None:
    name, id = way["detail"], record[way["id"]]
    exchange = _read(context, way, id)
    if exchange.received is None or exchange.status in (401, 403):
        return
    if exchange.status != 200:
        message = f"answers {exchange.status} for {id}, which {way['list']} names"
        context.wrong(name, f"{way['list']} {way['at']}", message, listing, exchange)
        return
    body = body_of(exchange)
    entity = part(body, way["entity"])
    if not isinstance(entity, dict) or (way.get("only_same") and entity.get(way["id"]) != id):
        return
    own = "_id" if way["id"] == "entity_id" else way["id"]
    if entity.get(own, id) != id:
        message = f"answers with {own} {entity[own]} when asked for {id}"
        context.wrong(name, f"{own} of {way['list']}", message, listing, exchange)
        return
    skipped = knowledge("coherence")["apart"].get(name, ())
    wrong = [key for key, value in record.items() if key not in skipped and _differ(entity, key, value)]
    key = wrong[0] if wrong else ""
    values = f"{as_text(record.get(key))}, and here {as_text(entity.get(key))}"
    message = f"has another {key} than {way['list']} for {id}: there {values}"
    context.expect(not wrong, name, f"{key} of {way['list']}", message, listing, exchange)


def _read(context: Context, way: Record, id: str) -> Interaction:
    body = context.case(way["detail"]).body
    if "body" in way:
        body = filled(way["body"], {"id": id})
    token = None
    if way.get("as") == "list":
        token = context.target.variable_of(context.spec.operations[way["list"]])
    params = filled(way.get("params", {}), {"id": id})
    return context.call(way["detail"], params=params, body=body, token=token, world=context.check)


def _differ(entity: Record, key: str, value: Json) -> bool:
    """True if both have a plain value, and the values differ."""
    other = entity.get(key)
    if key not in entity or isinstance(value, dict | list) or isinstance(other, dict | list):
        return False
    return bool(value != other)


def _difference(one: Json, other: Json, skipped: Collection[str], at: str = "") -> str:
    """The first place where two values differ in a property that both have, or "". Those in `skipped` do not count."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(name, one[name], other[name]) for name in one if name in other and name not in skipped]
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{at or 'the list'} has {len(one)} and {len(other)} items"
        pairs = [("*", *both) for both in zip(one, other, strict=True)]
    else:
        return "" if one == other else at or "the answer"
    for name, first, second in pairs:
        found = _difference(first, second, skipped, f"{at}.{name}".lstrip("."))
        if found:
            return found
    return ""
