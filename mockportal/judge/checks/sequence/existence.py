"""A refusal does not tell whether a thing of somebody else's is there."""

import re
from collections.abc import Iterator

from mockportal.judge.checks.reading import reads
from mockportal.judge.checks.sequence.visibility import Customer, Use, customers_of, directions, uses_of
from mockportal.judge.context import Context
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, encode

_FEW = 2
_DIGIT = re.compile(r"[0-9a-f]")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def existence_stays_hidden(context: Context) -> None:
    """A customer who names what belongs to another one gets the same refusal as for an id that nobody has: the same
    status, and the same text apart from the id. Needs `others` in the targets file. 403 for the order of somebody
    else and 404 for one that is not there is a finding."""
    callers = customers_of(context)
    asked = set()
    for owner, asking in directions(callers):
        for use, id in _foreign(context, callers[0], owner, asking):
            if (use.operation, id) not in asked:
                asked.add((use.operation, id))
                _compare(context, use, id, asking)


def _foreign(
    context: Context, first: Customer, owner: Customer, asking: Customer
) -> Iterator[tuple[Use, str]]:
    for use in uses_of(context, owner_of_cases=first):
        ids = [id for id in owner.ids.get(use.kind, ()) if id not in asking.ids.get(use.kind, ())]
        may = context.writes or context.spec.operations[use.operation].method == "GET"
        if may and context.usable(use.operation):
            chosen = sorted(ids, key=lambda id: id not in context.case(use.operation).params.values())
            yield from ((use, id) for id in chosen[:_FEW] if _UUID.fullmatch(id))


def _compare(context: Context, use: Use, id: str, asking: Customer) -> None:
    nobodys = _DIGIT.sub(lambda found: f"{15 - int(found.group(), 16):x}", id[:8]) + id[8:]
    world = context.check if reads(context, use.operation) else f"{context.check}-{use.operation}"
    foreign, unknown = (_asked(context, use, one, asking, world) for one in (id, nobodys))
    if foreign.received is None or unknown.received is None or unknown.status < 400:
        return
    if foreign.status < 400:
        return  # another check books that it is shown, or changed
    alike = foreign.status == unknown.status and _told(foreign, id) == _told(unknown, nobodys)
    thing = use.kind.replace("_", " ")
    message = (
        f"answers {foreign.status} to the id of another customer's {thing}, and {unknown.status} "
        f"{'with another text ' if foreign.status == unknown.status else ''}to an id that nobody has"
    )
    context.expect(alike, use.operation, f"{use.kind} told", message, unknown, foreign)


def _asked(context: Context, use: Use, id: str, asking: Customer, world: str) -> Interaction:
    params, body = use.given(id)
    return context.call(use.operation, params=params, body=body, token=asking.token, world=world)


def _told(exchange: Interaction, id: str) -> str:
    body: Json = body_of(exchange)
    return encode(body).decode().replace(id, "the id")


def no_others(context: Context) -> str:
    """The reason why nobody can ask for what is another's, or ""."""
    return "" if context.target.others else "the targets file names no tokens of `others`"
