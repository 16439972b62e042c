"""The callers of whom a targets file speaks, where other tokens were given than the file has.

What the file knows of the data (which requests succeed, what their answers are, what belongs to whom) is true of the
callers that it names. Somebody else who asks gets other answers, and none of them is wrong.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Stopped, variable
from mockportal.judge.wire.sender import Sender
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec

_PROBES = 3
_ASKED = (
    "what the targets file knows was asked with its own token, and only generated requests had the given one"
)
_LEFT_OUT = (
    "what the targets file knows of its data was left out, as another token was given and its own cannot be used; "
    "where both are of one caller, let the file name the variable"
)


class KnownCallers(NamedTuple):
    """The target as it is to be asked.

    known: whether the targets file speaks of those who ask
    notes: what the report says about tokens that were replaced
    """

    target: Target
    known: bool = True
    notes: tuple[str, ...] = ()


def known_callers(sender: Sender, spec: Spec, target: Target, may_ask: bool) -> KnownCallers:
    """The target with the tokens of its file, if it still accepts all those in whose place others were given.

    Without `may_ask` only the given tokens are used.
    """
    if not target.replaced:
        return KnownCallers(target)
    if may_ask and all(_is_accepted(sender, spec, target, scheme) for scheme in target.replaced):
        target = target.as_known()
        return KnownCallers(target, True, (f"{_named(target.given)}: {_ASKED}",))
    names = " or ".join(variable(scheme) for scheme in sorted(target.replaced))
    target = replace(target, others=())
    return KnownCallers(target, False, (f"{_named(target.replaced)}: {_LEFT_OUT} {names}",))


def swaps_of(spec: Spec, target: Target) -> dict[tuple[str, str], str]:
    """(operationId, variable of a scheme) -> the variable of the token that its generated requests are sent with."""
    return {
        (operation.id, own): _generated(operation, target)
        for operation in spec.operations.values()
        if target.cases[operation.id].token
        for alternative in operation.security
        for own in map(variable, alternative)
    }


def given_variable(operation: Operation, target: Target) -> str:
    """The variable of the token that was given for an operation of whose caller the file knows nothing, or ""."""
    scheme = target.cases[operation.id].scheme
    return target.variable_of_given(scheme) if operation.security and scheme in target.given else ""


def _generated(operation: Operation, target: Target) -> str:
    return given_variable(operation, target) or target.variable_of(operation)


def _is_accepted(sender: Sender, spec: Spec, target: Target, scheme: str) -> bool:
    """True if one of a few GETs lets the file's token in."""
    allowed = sender.gate.limits.allowed
    readers = [
        name
        for name, operation in spec.operations.items()
        if operation.method == "GET"
        and target.cases[name].scheme == scheme
        and operation.security
        and (allowed is None or name in allowed)
    ]
    token = target.variable_for(target.replaced[scheme])
    return any(_status(sender, target, name, token) not in (0, 401) for name in readers[:_PROBES])


def _status(sender: Sender, target: Target, name: str, token: str) -> int:
    case = target.cases[name]
    try:
        return sender.call(name, case.params, case.body, token, f"preflight-{name}").status
    except Stopped:  # whoever sends next is told
        return 0


def _named(schemes: Iterable[str]) -> str:
    return ", ".join(sorted(schemes))
