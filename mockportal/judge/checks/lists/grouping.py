"""Groups that are read with a cursor make up the whole."""

from collections.abc import Mapping

from mockportal.judge.checks.lists.listings import FILE, MOST, first
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Json, Record

_MOST_PAGES = 60


def groups_are_whole(context: Context) -> None:
    """Groups read a few at a time, each time from the cursor of the answer before, are the groups of one big answer,
    none left out and none twice; whether more follow is right; the other direction turns them round."""
    for rule in knowledge(FILE)["groups"]:
        name = rule["operation"]
        if name not in context.operations or not readable(context, name):
            continue
        whole, all_groups = _asked(context, rule, {rule["size"]: MOST})
        if all_groups is None or not 1 < len(all_groups) < MOST:
            continue
        _read_with_cursor(context, rule, whole, all_groups)
        back, turned = _asked(context, rule, {rule["size"]: MOST, rule["order"]: "desc"})
        if turned is not None:
            message = (
                f"descending there are {len(turned)} groups that are not the {len(all_groups)} turned round"
            )
            context.expect(turned == all_groups[::-1], name, "groups desc", message, whole, back)


def _read_with_cursor(context: Context, rule: Record, whole: Interaction, all_groups: list[Json]) -> None:
    size = -(-len(all_groups) // 3)
    read: list[Json] = []
    settings: Record = {rule["size"]: size}
    exchange = whole
    for _ in range(_MOST_PAGES):
        exchange, groups = _asked(context, rule, settings)
        if groups is None:
            return
        message = f"{len(groups)} groups came where {size} were asked for"
        if not context.expect(len(groups) <= size, rule["operation"], "group size", message, exchange):
            return
        read += groups
        more, cursor = first(body_of(exchange), rule["more"]), first(body_of(exchange), rule["next"])
        expected = len(read) < len(all_groups)
        message = f"{rule['more']} is {more} after {len(read)} of {len(all_groups)} groups"
        if not context.expect(more is expected, rule["operation"], "more groups", message, whole, exchange):
            break
        if not more or cursor is None:
            break
        settings = {rule["size"]: size, rule["after"]: cursor}
    message = f"{len(read)} groups came, {size} at a time, that are not the {len(all_groups)} of one answer"
    context.expect(read == all_groups, rule["operation"], "groups", message, whole, exchange)


def _asked(
    context: Context, rule: Record, settings: Mapping[str, Json]
) -> tuple[Interaction, list[Json] | None]:
    exchange = context.call(rule["operation"], body={**rule["body"], **settings})
    groups = first(body_of(exchange), rule["items"])
    if exchange.status != 200 or not isinstance(groups, list):
        return exchange, None
    return exchange, [first(group, rule["id"]) for group in groups]
