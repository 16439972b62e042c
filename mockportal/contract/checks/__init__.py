"""The judge's own checks: rules that span requests, each a function over a `Context`."""

from collections.abc import Callable
from typing import NamedTuple

from mockportal.contract.checks import access
from mockportal.contract.context import Context


class ActiveCheck(NamedTuple):
    """`writes` marks a check that needs more than GET; `populated` one that needs the data of the targets file."""

    run: Callable[[Context], None]
    writes: bool = False
    populated: bool = False


CHECKS: dict[str, ActiveCheck] = {
    "success_is_reached": ActiveCheck(access.success_is_reached),
    "token_is_needed": ActiveCheck(access.token_is_needed),
    "wrong_scheme_is_refused": ActiveCheck(access.wrong_scheme_is_refused),
}
