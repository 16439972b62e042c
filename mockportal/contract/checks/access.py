"""Who gets in: the valid request of every operation succeeds with its token, and with no other kind of token."""

from mockportal.contract.context import Context
from mockportal.contract.gate import variable
from mockportal.spec.operations import Operation

_REFUSED = (401, 403)
_GARBAGE = "not-a-token"


def success_is_reached(context: Context) -> None:
    """The valid request of the targets file is answered with a success."""
    for name in context.operations:
        if not context.usable(name):
            continue
        exchange = context.call(name)
        case = context.case(name)
        if exchange.status == case.status:
            context.right(name)
        elif exchange.received is not None and context.populated:
            message = f"a valid request is answered with {exchange.status} instead of {case.status}"
            context.wrong(name, str(exchange.status), message, exchange)


def token_is_needed(context: Context) -> None:
    """Without a token, and with one that nobody issued, a secured operation answers 401."""
    for name, _ in _secured(context):
        for signature, token in (("none", ""), ("garbage", _GARBAGE)):
            exchange = context.call(name, token=token)
            message = (
                f"answered {exchange.status} with {'a token that nobody issued' if token else 'no token'}"
            )
            context.expect(exchange.status == 401, name, signature, message, exchange)


def wrong_scheme_is_refused(context: Context) -> None:
    """A good token of a scheme that the operation does not list is refused."""
    for name, operation in _secured(context):
        listed = {scheme for alternative in operation.security for scheme in alternative}
        for scheme in context.target.tokens.keys() - listed:
            if "EitherAuth" in listed | {scheme} and scheme != "ExternalOIDCAuth":
                continue
            exchange = context.call(name, token=variable(scheme))
            message = f"answered {exchange.status} to a token of {scheme}"
            context.expect(exchange.status in _REFUSED, name, scheme, message, exchange)


def _secured(context: Context) -> list[tuple[str, Operation]]:
    return [
        (name, operation)
        for name, operation in context.operations.items()
        if operation.security and context.usable(name)
    ]
