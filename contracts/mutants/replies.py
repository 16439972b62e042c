"""Patches of replies: the answer is right, and then something of it is changed on its way out."""

from collections.abc import Callable
from dataclasses import replace

from contracts.mutants.bodies import DROPPED, Change, changed, placed, renamed
from contracts.mutants.model import Answer, Patch
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.spec.operations import Operation
from mockportal.values import Json, encode

When = Callable[[Reply], bool]


def is_success(reply: Reply) -> bool:
    return reply.status < 400


def is_refusal(reply: Reply) -> bool:
    return reply.status >= 400


def has_status(status: int) -> When:
    return lambda reply: reply.status == status


def says(words: str) -> When:
    """A refusal whose message has these words."""
    return lambda reply: is_refusal(reply) and words in str(reply.body)


def has_reason(reason: str) -> When:
    """A refusal that gives this reason."""
    return lambda reply: isinstance(reply.body, dict) and reply.body.get("reason") == reason


def sent(exchange: Exchange, reply: Reply) -> Exchange:
    """The exchange with another reply."""
    return replace(exchange, reply=reply, content=b"" if reply.body is None else encode(reply.body))


def on_reply(change: Callable[[Reply], Reply], when: When = is_success) -> Patch:
    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        return sent(exchange, change(exchange.reply)) if when(exchange.reply) else exchange

    return patch


def on_body(change: Change, when: When = is_success) -> Patch:
    """An answer without a body stays without."""
    return on_reply(
        lambda reply: reply if reply.body is None else replace(reply, body=change(reply.body)), when
    )


def change_in_body(pointer: str, change: Change, when: When = is_success) -> Patch:
    return on_body(lambda body: changed(body, pointer, change), when)


def set_in_body(pointer: str, value: Json, when: When = is_success) -> Patch:
    return on_body(lambda body: placed(body, pointer, value), when)


def drop_from_body(pointer: str, when: When = is_success) -> Patch:
    return change_in_body(pointer, lambda _: DROPPED, when)


def rename_in_body(pointer: str, name: str) -> Patch:
    return on_body(lambda body: renamed(body, pointer, name))


def body(value: Json, when: When = is_success) -> Patch:
    """This body in place of the right one."""
    return on_reply(lambda reply: replace(reply, body=value), when)


def status(code: int, when: When = is_success) -> Patch:
    return on_reply(lambda reply: replace(reply, status=code), when)


def error(code: int, value: Json, when: When) -> Patch:
    """This status and body in place of the right ones."""
    return on_reply(lambda reply: replace(reply, status=code, body=value), when)


def header(name: str, change: Callable[[str], str | None]) -> Patch:
    """A header of redirects changed, or left out where `change` says None."""

    def changed_header(reply: Reply) -> Reply:
        value = change(reply.headers.get(name, ""))
        others = {key: text for key, text in reply.headers.items() if key != name}
        return replace(reply, headers=others if value is None else {**others, name: value})

    return on_reply(changed_header, lambda reply: name in reply.headers)


def content(change: Callable[[bytes], bytes]) -> Patch:
    """The bytes of a successful answer changed; the length that is announced is that of the new ones."""

    def patch(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        is_good = is_success(exchange.reply)
        return replace(exchange, content=change(exchange.content)) if is_good else exchange

    return patch


def fault(name: str) -> Patch:
    """The connection breaks in place of a successful answer: `reset`, `empty`, `truncated` or `garbage`."""
    return on_reply(lambda reply: replace(reply, fault=name))


def in_place_of(when: When, patch: Patch) -> Patch:
    """The patch where the right answer is one of these, which has changed nothing."""

    def chosen(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        exchange = answer(operation, request, world)
        return patch(operation, request, world, answer) if when(exchange.reply) else exchange

    return chosen


def every(count: int, patch: Patch) -> Patch:
    """The patch for one of `count` requests that reach a world."""

    def sometimes(operation: Operation, request: Request, world: World, answer: Answer) -> Exchange:
        is_turn = world.journal.last % count == count - 1
        return patch(operation, request, world, answer) if is_turn else answer(operation, request, world)

    return sometimes
