"""Reads and refused requests change nothing."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from mockportal.judge.checks.reading import readable, reads
from mockportal.judge.checks.variations.spoiling import Spoilt, spoilt
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.wire.gate import variable
from mockportal.values import Json

Probe = Mapping[str, Interaction]
_TIMES = 5


def reads_are_steady(context: Context) -> None:
    """The same GET has the same answer five times in a row; where others may write meanwhile, the same status."""
    for name in _gets(context):
        exchanges = [context.call(name) for _ in range(_TIMES)]
        first, same = exchanges[0], context.target.isolation or context.populated
        for again in exchanges[1:]:
            if first.received is None or again.received is None:
                break
            if again.status != first.status or (same and not alike(first, again)):
                told = (
                    f"{first.status} and then {again.status}" if again.status != first.status else "otherwise"
                )
                message = f"answers the same request {told}, with nothing between"
                context.wrong(name, "again", message, first, again)
                break
        else:
            context.right(name)


def reads_change_nothing(context: Context) -> None:
    """A GET has the same answer again after every other GET."""
    names = _gets(context)
    differing: dict[str, None] = {}
    for number, order in enumerate((names, names[::-1])):
        world = f"{context.check}-{number}"
        before = {name: context.call(name, world=world) for name in order}
        after = {name: context.call(name, world=world) for name in reversed(order)}
        differing |= {name: None for name in order if not alike(before[name], after[name])}
    for name in differing:
        if is_steady(context, name):
            _blame(context, name, names)


def is_steady(context: Context, name: str, **request: Any) -> bool:
    """True if a read gives the same answer several times in a row. An unstable read must not be blamed on other
    operations. `request` holds keywords of `Context.call`."""
    world = f"{context.check}-{name}-steady"
    first, *others = (context.call(name, **{**request, "world": world}) for _ in range(_TIMES))
    return all(alike(first, other) for other in others)


def refusals_change_nothing(context: Context) -> None:
    """A request that is refused (no token, another's token, a body or parameter that is wrong in one place or only in
    its last part) leaves what can be read as it was."""
    refused = {
        name: _refused(context, name)
        for name in context.operations
        if context.usable(name) and not reads(context, name) and name not in context.target.side_effects
    }
    world = context.check
    before = probed(context, world)
    for name, variants in refused.items():
        for variant in variants:
            _send(context, name, variant, world)
    still = not changed(context, before, world)
    for name, variants in refused.items():
        if variants and (still or _is_still(context, name, variants)):
            context.right(name)


def _refused(context: Context, name: str) -> list[Spoilt]:
    """Requests that are refused in every order, verified in separate worlds. Without worlds, only requests that cannot
    be valid."""
    variants = [*_unentitled(context, name)]
    if not context.target.isolation:
        return variants
    variants += spoilt(context, name)
    for turn in range(len(variants)):
        world = f"{context.check}-{name}-{turn}"
        refused = [one for one in variants if _send(context, name, one, world).status >= 400]
        if len(refused) == len(variants):
            break
        variants = refused
    return variants


def _send(context: Context, name: str, variant: Spoilt, world: str) -> Interaction:
    left_out = {key: None for key in context.case(name).params if key not in variant.params}
    params = {**left_out, **variant.params}
    return context.call(name, params=params, body=variant.body, token=variant.token, world=world)


def _is_still(context: Context, name: str, variants: list[Spoilt]) -> bool:
    """Books the first request that changes what can be read, in a world of its own; else all of them if they do so
    together."""
    world = f"{context.check}-{name}"
    before = probed(context, world)
    sent = [_send(context, name, variant, world) for variant in variants]
    probe = changed(context, before, world)
    if not probe or any(exchange.status < 400 for exchange in sent):
        return True
    exchanges = (before[probe], *sent, context.call(probe, world=world))
    for number, variant in enumerate(variants if context.target.isolation else ()):
        alone = f"{context.check}-{name}-alone-{number}"
        first = context.call(probe, world=alone)
        exchange = _send(context, name, variant, alone)
        last = context.call(probe, world=alone)
        if exchange.status >= 400 and not alike(first, last):
            exchanges = (first, exchange, last)
            break
    message = f"refuses with {exchanges[-2].status}, but {probe} answers differently afterwards"
    context.wrong(name, f"changes {probe}", message, *exchanges)
    return False


def probed(context: Context, world: str) -> Probe:
    """The answers that show what there is."""
    names = [name for name in knowledge("side_effects")["probe"] if readable(context, name)]
    return {name: context.call(name, world=world) for name in names}


def changed(context: Context, before: Probe, world: str) -> str:
    """The operation that answers differently now, "" if none does; not one that does so with nothing between, be it by
    itself or because other reads change it."""
    now = probed(context, world)
    differing = [name for name in before if not alike(before[name], now[name])]
    if not differing:
        return ""
    first, second = (probed(context, f"{world}-idle") for _ in range(2))
    still = (name for name in differing if alike(first[name], second[name]))
    return next((name for name in still if is_steady(context, name)), "")


def _unentitled(context: Context, name: str) -> Iterator[Spoilt]:
    """The valid request of nobody, of somebody unknown, and of those for whom it is not."""
    operation = context.spec.operations[name]
    if not operation.security:
        return
    case = context.case(name)
    listed = {scheme for alternative in operation.security for scheme in alternative}
    others = [
        variable(scheme) for scheme, token in context.target.tokens.items() if token and scheme not in listed
    ]
    for token in ("", "not-a-token", *others):
        yield Spoilt(case.params, case.body, token)


def _gets(context: Context) -> list[str]:
    gets = (name for name, operation in context.operations.items() if operation.method == "GET")
    return [name for name in gets if name not in context.target.side_effects and readable(context, name)]


def _blame(context: Context, name: str, names: list[str]) -> None:
    """Finds the GET that changes what another one answers; without worlds it stays open which one it was."""
    for culprit in names if context.target.isolation else ():
        world = f"{context.check}-{name}-{culprit}"
        first = context.call(name, world=world)
        between = context.call(culprit, world=world)
        last = context.call(name, world=world)
        if not alike(first, last):
            message = f"is only a GET, but {name} answers differently afterwards"
            context.wrong(culprit, f"changes {name}", message, first, between, last)
            return


def alike(one: Interaction, other: Interaction) -> bool:
    """True if two answers are the same apart from signatures in links and properties listed as volatile."""
    if one.received and other.received and one.received.body == other.received.body:
        return one.status == other.status
    return one.status == other.status and _settled(body_of(one)) == _settled(body_of(other))


def _settled(value: Json) -> Json:
    if isinstance(value, dict):
        volatile = knowledge("side_effects")["volatile"]
        return {name: _settled(item) for name, item in value.items() if name not in volatile}
    if isinstance(value, list):
        return [_settled(item) for item in value]
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return urlsplit(value)._replace(query="", fragment="").geturl()
    return value
