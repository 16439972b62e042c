"""Links in answers that lead back to the target lead somewhere."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag

from mockportal.json_tree import leaves, spot
from mockportal.judge.context import Context
from mockportal.judge.model import Interaction, Sent, body_of

_GONE = (404, 410)
_NAMED = re.compile(
    r"(url|uri|link|href|endpoint)$", re.IGNORECASE
)  # other addresses may be names, such as issuers
_MOST = 3  # links at one place


def links_lead_somewhere(context: Context) -> None:
    """An address of the target itself in the answer to a valid request is not answered with 404 or 410. Links to other
    hosts are not followed, and none where there are no worlds."""
    if context.sender.gate.limits.allowed is not None or not context.target.isolation:
        return
    for name in context.operations:
        if not context.usable(name) or name in context.target.side_effects:
            continue
        world = f"{context.check}-{name}"
        exchange = context.call(name, world=world)
        for at, target in _own(context, exchange):
            followed = context.sender.send(Sent("", "GET", target, {}), world)
            if followed.received is not None:
                message = (
                    f"{at} leads to {target.partition('?')[0]}, and that is answered with {followed.status}"
                )
                context.expect(followed.status not in _GONE, name, f"{at} gone", message, exchange, followed)


def _own(context: Context, exchange: Interaction) -> Iterator[tuple[str, str]]:
    """The links to the target: where they stand, and path and query."""
    seen: dict[str, int] = {}
    home = f"{context.home.rstrip('/')}/"
    for path, text in leaves(body_of(exchange)) if exchange.status < 300 else ():
        at = spot(path)
        named = isinstance(text, str) and text.startswith(home) and text != home and _NAMED.search(at)
        if named and seen.get(at, 0) < _MOST:
            seen[at] = seen.get(at, 0) + 1
            yield at, urldefrag(f"/{text.removeprefix(home)}").url
