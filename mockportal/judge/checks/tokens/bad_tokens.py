"""Tokens that look good and are not: every operation refuses them."""

from collections.abc import Iterator
from dataclasses import replace

from mockportal.judge.checks.tokens.forging import forgeries
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.wire.gate import variable
from mockportal.spec.operations import Operation

_NAMES = (
    *("access_token", "token", "id_token", "auth", "authorization", "bearer", "jwt"),
    *("bearer_token", "auth_token", "accessToken", "api_key"),
)
NOTHING_SECURED = "no operation that may be called needs a token"
_WORLDS = "token_is_needed"  # a check that leaves its worlds, one for each operation, as they were


def bad_tokens_are_refused(context: Context) -> None:
    """An operation answers 401 to a forged token: unsigned, with a wrong or another signature, with altered claims,
    of an unknown issuer, or signed with the public key as a secret. It also answers 401 to those that the targets
    file lists (`bad_tokens`: expired, not yet valid, of another pool or audience). The forgeries are made of the
    tokens in use, if they are JWTs, else of those that the file names as good (`issued`). Where requests are
    counted, one read of each scheme stands for all operations. A token of yesterday that still reads an order is a
    finding."""
    forged = _forged(context)
    for operation in _chosen(context):
        for who, token in _against(context, operation, forged):
            exchange = context.call(operation.id, token=token, world=f"{_WORLDS}-{operation.id}")
            message = f"answers {exchange.status} to {who} instead of 401"
            context.expect(exchange.status == 401, operation.id, who, message, exchange)


def token_in_query_is_refused(context: Context) -> None:
    """A good token that stands in the query, and not in the header, lets nobody in. It is not sent to targets where
    requests are counted, because queries end up in their logs. `/orders?access_token=…` must be 401."""
    for operation in _secured(context):
        token = context.target.variable_of(operation)
        bare = context.call(operation.id, token="", world=f"{_WORLDS}-{operation.id}")
        target, _, query = bare.sent.target.partition("?")
        more = "&".join(f"{name}={token}" for name in _NAMES)
        sent = replace(bare.sent, target=f"{target}?{query}&{more}" if query else f"{target}?{more}")
        exchange = context.sender.send(sent, f"{_WORLDS}-{operation.id}")
        message = f"answers {exchange.status} to a good token in the query"
        good = exchange.status >= 400 or bare.status < 400
        context.expect(good, operation.id, "query", message, bare, exchange)


def _secured(context: Context) -> list[Operation]:
    return [one for one in context.operations.values() if one.security and context.usable(one.id)]


def _chosen(context: Context) -> list[Operation]:
    secured = _secured(context)
    if not context.is_careful:
        return secured
    reads = [operation for operation in secured if operation.method == "GET"]
    return [*{tuple(_schemes(operation)): operation for operation in reads}.values()]


def _forged(context: Context) -> dict[str, dict[str, str]]:
    """The forgeries of each good token, which is named by its variable, as `{fault: variable}`. The gate knows them."""
    gate, target = context.sender.gate, context.target
    good = {variable(scheme): token for scheme, token in target.issued.items()} | {
        name: token for name, token in gate.tokens.items() if token.count(".") == 2
    }
    found: dict[str, dict[str, str]] = {}
    tokens = dict(gate.tokens)
    for name, token in good.items():
        for number, (who, forged) in enumerate(forgeries(token, target.public_keys).items()):
            made = f"{name}_FORGED_{number}"
            found.setdefault(name, {})[who], tokens[made] = made, forged
    gate.tokens = tokens
    return found


def _against(
    context: Context, operation: Operation, forged: dict[str, dict[str, str]]
) -> Iterator[tuple[str, str]]:
    """The faults of bad tokens and their variables: forgeries of all that the operation takes, and the listed ones."""
    schemes = _schemes(operation)
    for name in {context.target.variable_of(operation): None, **dict.fromkeys(map(variable, schemes))}:
        yield from forged.get(name, {}).items()
    for entry in context.target.bad_tokens:
        if entry["scheme"] in schemes:
            yield entry["who"], context.target.variable_for(entry["token"])


def _schemes(operation: Operation) -> list[str]:
    """The schemes of an operation, and those whose tokens are good for them."""
    known = knowledge("schemes")
    named = {scheme for alternative in operation.security for scheme in alternative}
    return sorted(
        named | ({known["customer"], known["administrator"]} if known["either"] in named else set())
    )


def no_bad_token(context: Context) -> str:
    """The reason why there is no bad token to send, or ""."""
    target, tokens = context.target, context.sender.gate.tokens.values()
    if not _secured(context):
        return NOTHING_SECURED
    known = target.bad_tokens or target.issued or any(token.count(".") == 2 for token in tokens)
    return "" if known else "no token is a JWT, and the targets file has neither `issued` nor `bad_tokens`"


def no_good_token(context: Context) -> str:
    """The reason why no token may be put into a query, or ""."""
    if context.is_careful:
        return "tokens in queries would stay in the logs of the target"
    return "" if _secured(context) else NOTHING_SECURED
