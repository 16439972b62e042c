"""Writes that come again, and the ids of what they make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.json_tree import filled, leaves
from mockportal.judge.checks.reading import reads
from mockportal.judge.checks.writes.keeping import value_of
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import Operation
from mockportal.values import Json

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NEVER = (401, 405)
_LAST = re.compile(r"^(.*)/\{([^}/]+)\}$")


@dataclass(frozen=True, slots=True)
class _Cycle:
    """An operation that makes a thing, the dotted places in its answer where the id may be, and the one that deletes
    it, with parameters and fields of its body in which `$id` is the id."""

    makes: str
    ids: tuple[str, ...]
    deletes: str = ""
    params: Json = None
    body: Json = None


def repeated_writes_are_harmless(context: Context) -> None:
    """The same write for the second and third time breaks nothing. A PUT or PATCH has its first status again, a
    POST may conflict with what the first one made, and a DELETE of a thing that is gone is refused where the
    operation documents 404. 500 to the second of two equal POSTs is a finding."""
    lasting = {*context.target.apart, *knowledge("standing")["last"]}
    for name, operation in context.operations.items():
        if operation.method == "GET" or reads(context, name) or not context.usable(name):
            continue
        if not context.target.isolation and (operation.method == "DELETE" or name in lasting):
            continue
        first, *again = (context.call(name) for _ in range(3))
        if not 200 <= first.status < 400:
            continue
        for exchange in again:
            good = exchange.received is None or (
                exchange.status < 500 and _may_be(operation, context, first, exchange)
            )
            message = (
                f"answers {exchange.status} when the same request comes again, and {first.status} at first"
            )
            context.expect(good, name, f"{exchange.status} again", message, first, exchange)


def _may_be(operation: Operation, context: Context, first: Interaction, again: Interaction) -> bool:
    if operation.method in ("PUT", "PATCH"):
        return again.status == first.status
    if operation.method == "DELETE" and operation.documents(404) and _names_a_thing(context, operation):
        return again.status >= 400
    return again.status not in _NEVER or first.status == again.status or operation.id in context.target.apart


def _names_a_thing(context: Context, operation: Operation) -> bool:
    case = context.case(operation.id)
    texts = [value for _, value in leaves({"params": case.params, "body": case.body})]
    return any(isinstance(text, str) and _UUID.fullmatch(text) for text in texts)


def ids_are_used_once(context: Context) -> None:
    """Two things that are made one after the other have different ids, and what is made after a deletion does not
    get the id of what is gone. A new page with the id of the one deleted before is a finding."""
    for cycle in _cycles(context) if context.target.isolation else ():
        world = f"{context.check}-{cycle.makes}"
        first = context.call(cycle.makes, world=world)
        made = _id(first, cycle)
        if not made:
            continue
        again = context.call(cycle.makes, world=world)
        if _is_new(context, cycle.makes, "made again", made, first, again, cycle) and cycle.deletes:
            alone = f"{world}-deleted"
            first = context.call(cycle.makes, world=alone)
            names = {"id": _id(first, cycle)}
            params = filled(cycle.params, names)
            body = {**(context.case(cycle.deletes).body or {}), **filled(cycle.body or {}, names)} or None
            gone = context.call(cycle.deletes, params=params, body=body, world=alone)
            if 200 <= gone.status < 300:
                again = context.call(cycle.makes, world=alone)
                _is_new(context, cycle.deletes, "after a deletion", names["id"], first, again, cycle)


def _is_new(
    context: Context, name: str, what: str, id: str, first: Interaction, again: Interaction, cycle: _Cycle
) -> bool:
    if not 200 <= again.status < 300:
        return True
    message = f"{id}, the id of an earlier thing, is given to another one {what}"
    return context.expect(_id(again, cycle) != id, name, what, message, first, again)


def _id(exchange: Interaction, cycle: _Cycle) -> str:
    if not 200 <= exchange.status < 300:
        return ""
    found = (value_of(body_of(exchange), at) for at in cycle.ids)
    return next((value for value in found if isinstance(value, str)), "")


def _cycles(context: Context) -> Iterator[_Cycle]:
    """The operations that make things: known ones, and each POST below whose path the thing has one of its own."""
    known = knowledge("writes")["cycles"]
    for name, entry in known.items():
        if context.usable(name):
            cycle = _Cycle(name, tuple(entry["ids"]), **entry.get("deleted", {}))
            yield cycle if context.usable(cycle.deletes) else _Cycle(name, cycle.ids)
    for operation in context.operations.values():
        parent = _LAST.match(operation.path)
        for maker in context.operations.values():
            is_maker = parent and maker.method == "POST" and maker.path == parent[1] and maker.id not in known
            if (
                parent
                and is_maker
                and operation.method == "DELETE"
                and context.usable(maker.id, operation.id)
            ):
                ids = (parent[2], *knowledge("discovery")["ids"])
                shared = {one.name for one in operation.parameters} & context.case(maker.id).params.keys()
                own = {name: context.case(maker.id).params[name] for name in shared}
                yield _Cycle(maker.id, ids, operation.id, {**own, parent[2]: "$id"})


def no_repeating(context: Context) -> str:
    """The reason why nothing is to be written twice, or ""."""
    return "only listed operations may write, and none of them twice" if context.is_careful else ""
