"""Tells the operations that only read, and those of them that may be called."""

from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge


def reads(context: Context, name: str) -> bool:
    """True if an operation only reads: a GET, or one that the knowledge lists."""
    return context.spec.operations[name].method == "GET" or name in knowledge("side_effects")["reading"]


def readable(context: Context, name: str) -> bool:
    """True if an operation only reads and may be called: a GET, or a POST if writing is allowed.

    One that the document does not have may not: knowledge of one API says nothing of another.
    """
    if not context.usable(name) or not reads(context, name):
        return False
    return context.writes or context.spec.operations[name].method == "GET"
