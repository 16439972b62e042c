"""Which operations read, and which of them may be called."""

from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge


def reads(context: Context, name: str) -> bool:
    """Whether an operation is there to read: a GET, or one that the rules name."""
    return context.spec.operations[name].method == "GET" or name in knowledge("side_effects")["reading"]


def readable(context: Context, name: str) -> bool:
    """Whether an operation reads and may be called: a GET, or a POST where writing is allowed."""
    method = context.spec.operations[name].method
    return context.usable(name) and reads(context, name) and (context.writes or method == "GET")
