"""Tokens that operations give out, and those that they use up."""

from collections.abc import Iterable

from mockportal.json_tree import part
from mockportal.judge.checks.sequence.side_effects import alike
from mockportal.judge.checks.sequence.visibility import Customer, customers_of
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.values import Record


def minted_tokens_differ(context: Context) -> None:
    """An operation that gives out tokens gives different ones to different users, and, where a token is good for
    one use, another one each time. One login token for all users of a site is a finding."""
    known = knowledge("tokens")
    for name, rule in known["minted"].items():
        if not context.usable(name):
            continue
        first = context.call(name)
        if name in known["fresh"]:
            _differ(context, name, rule, first, context.call(name), "again")
        others = customers_of(context)[1:2] if rule["whose"] else []
        for other in others:
            body = {**context.case(name).body, rule["whose"]: _own(other, rule)}
            _differ(context, name, rule, first, context.call(name, body=body), "another user")


def single_use_is_honoured(context: Context) -> None:
    """A code or the token of a mail that a request uses up is good once: the same request is refused the second
    time, or its answer says that it was used. An authorization code that is redeemed twice is a finding."""
    for name in knowledge("tokens")["once"]:
        if not context.usable(name):
            continue
        first, second = context.call(name), context.call(name)
        if first.received is None or not 200 <= first.status < 400:
            continue
        good = second.status >= 400 or not _is_the_same(first, second)
        message = f"answers {second.status} to the same request again, as if nothing had been used up"
        context.expect(good, name, "twice", message, first, second)


def _is_the_same(first: Interaction, second: Interaction) -> bool:
    """True if the answers are the same, or differ in texts only, as two tokens do."""
    return alike(first, second) or _shape(first) == _shape(second)


def _shape(exchange: Interaction) -> Record | None:
    body = body_of(exchange)
    if not isinstance(body, dict):
        return None
    return {name: "" if isinstance(value, str) else value for name, value in body.items()}


def _own(other: Customer, rule: Record) -> str:
    """The text by which a request says that it is about another customer."""
    place = knowledge("visibility")["kinds"][rule["kind"]]
    exchange = other.reads.get(place["operation"])
    return str(part(body_of(exchange), f"{place['at']}.{rule['whose']}")) if exchange else ""


def _differ(
    context: Context, name: str, rule: Record, first: Interaction, second: Interaction, what: str
) -> None:
    one, other = (part(body_of(exchange), rule["at"]) for exchange in (first, second))
    if isinstance(one, str) and isinstance(other, str):
        message = f"gives the same {rule['at']} for {what}"
        context.expect(one != other, name, what, message, first, second)


def nothing_minted(context: Context) -> str:
    """The reason why no token is given out, or ""."""
    return _none_of(context, knowledge("tokens")["minted"])


def nothing_used_up(context: Context) -> str:
    """The reason why no request uses something up, or ""."""
    return _none_of(context, knowledge("tokens")["once"])


def _none_of(context: Context, names: Iterable[str]) -> str:
    return "" if any(map(context.usable, names)) else f"none of {', '.join(names)} can be called"
