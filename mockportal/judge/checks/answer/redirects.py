"""Redirects lead to a host of the target, even if a request asks for another one."""

from collections.abc import Callable, Collection, Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from mockportal.json_tree import leaves
from mockportal.judge.checks.answer.answers import Answer, Wrong
from mockportal.judge.model import Sent, json_body
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Blocked, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.spec.spec import Spec

_WORLD = "preflight-hosts"


def redirects_to(
    hosts: Iterable[str], sown: Collection[str], asked: bool
) -> Callable[[Answer], Iterator[Wrong]]:
    """The check that redirects lead to these hosts only, and to `sown`, domains that were set meanwhile;
    `asked` adds those that the request names."""
    known = frozenset(map(str.lower, hosts))

    def redirects_stay_at_home(answer: Answer) -> Iterator[Wrong]:
        """A redirect leads to a host of the target: one of `redirect_hosts` in the targets file; without these, to the
        target itself, or to a host that its public settings or the request name."""
        status, location = answer.received.status, answer.received.header("location")
        if not 300 <= status < 400 or not location:
            return
        host = _host(location)
        if not host or host in known or host in sown:
            return
        if not asked or host not in _asked_for(answer.exchange.sent):
            message = f"{status} leads to {host}, which is not a host of the target"
            yield Wrong(f"{status} host", message, answer.operation.pointer)

    return redirects_stay_at_home


def home_hosts(sender: Sender, spec: Spec, target: Target, url: str) -> set[str]:
    """The hosts of `redirect_hosts`; without these the target's own, and those that public answers to GET name."""
    if target.redirect_hosts:
        return {*target.redirect_hosts}
    hosts = {_host(url)}
    for operation in spec.operations.values():
        case = target.cases[operation.id]
        if operation.method != "GET" or operation.security or operation.success >= 300:
            continue
        if operation.id in target.side_effects:
            continue
        try:
            exchange = sender.call(operation.id, case.params, case.body, "", _WORLD, case.media_type)
        except (Blocked, Stopped):
            continue
        if exchange.status == 200:
            texts = (value for _, value in leaves(json_body(exchange.received)) if isinstance(value, str))
            hosts.update(filter(None, map(_named, texts)))
    return hosts


def _asked_for(sent: Sent) -> set[str]:
    """The hosts that the values of a request's parameters name."""
    return {_named(value) for _, value in parse_qsl(urlsplit(sent.target).query)} - {""}


def _named(text: str) -> str:
    """The host of a text that is an address or looks like a domain, else ""."""
    if text.startswith(("http://", "https://")):
        return _host(text)
    name = text.partition("/")[0].partition(":")[0].lower()
    return name if "." in name and " " not in name else ""


def _host(location: str) -> str:
    """The host to which a browser goes; "" for a place on the same host."""
    try:
        return (urlsplit(location.strip().replace("\\", "/")).hostname or "").lower()
    except ValueError:
        return location[:80]
