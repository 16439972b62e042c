"""The one list of checks of a single answer, for the ledger, for replay and for the page that names them."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import NamedTuple

from mockportal.judge.checks.answer.answers import CHECKS, Check
from mockportal.judge.checks.answer.consistency import SentValues, consistency_checks
from mockportal.judge.checks.answer.redirects import redirects_to
from mockportal.judge.checks.answer.secrets import secrets_stay_secret, tokens_stay_secret
from mockportal.judge.target.targets import Target


class Known(NamedTuple):
    """The facts that checks of an answer need besides the contract.

    sent:   what requests have brought so far
    tokens: the tokens with which the target is called
    hosts:  the hosts to which it may redirect
    asked:  whether it may also redirect to a host that the request names
    """

    sent: SentValues
    tokens: Collection[str] = ()
    hosts: Collection[str] = ()
    asked: bool = True

    @classmethod
    def of(cls, target: Target, sent: SentValues, hosts: Iterable[str]) -> "Known":
        """The facts about a target under test."""
        return cls(sent, tuple(target.variables().values()), frozenset(hosts), not target.redirect_hosts)


NOTHING = Known(SentValues({}))


def answer_checks(known: Known = NOTHING) -> dict[str, Check]:
    """Every check of a single answer, by the name that reports and deviations use."""
    return {
        **CHECKS,
        "secrets_stay_secret": partial(secrets_stay_secret, given=known.sent.texts),
        "tokens_stay_secret": tokens_stay_secret(known.tokens),
        "redirects_stay_at_home": redirects_to(known.hosts, known.sent.domains, asked=known.asked),
        **consistency_checks(known.sent),
    }
