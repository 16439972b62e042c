"""The one list of checks of a single answer, for the ledger, for replay and for the page that names them."""

import copy
from collections.abc import Collection, Iterable, Iterator
from functools import wraps
from typing import NamedTuple

from mockportal.judge.checks.answer.answers import CHECKS, Answer, Check, Wrong
from mockportal.judge.checks.answer.consistency import SentValues, consistency_checks
from mockportal.judge.checks.answer.octets import bytes_are_sound
from mockportal.judge.checks.answer.plausibility import plausibility_checks
from mockportal.judge.checks.answer.redirects import redirects_to
from mockportal.judge.checks.answer.secrets import secrets_stay_secret, tokens_stay_secret
from mockportal.judge.hooks.loading import Hooks
from mockportal.judge.hooks.marks import SeenAnswer
from mockportal.judge.knowledge import knowledge
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import variable


class Known(NamedTuple):
    """The facts that checks of an answer need besides the contract.

    sent:   what requests have brought so far
    tokens: the tokens with which the target is called
    hosts:  the hosts to which it may redirect
    asked:  whether it may also redirect to a host that the request names
    unsure: the variables of tokens that may be those of administrators
    """

    sent: SentValues
    tokens: Collection[str] = ()
    hosts: Collection[str] = ()
    asked: bool = True
    unsure: Collection[str] = ()

    @classmethod
    def of(cls, target: Target, sent: SentValues, hosts: Iterable[str]) -> "Known":
        """The facts about a target under test."""
        tokens = tuple(target.variables().values())
        return cls(sent, tokens, frozenset(hosts), not target.redirect_hosts, _unsure(target))


NOTHING = Known(SentValues({}))


def own_checks(hooks: Hooks) -> dict[str, Check]:
    """The checks of a hooks file, by name."""
    return {name: _own(hooks, name) for name in hooks.checks}


def _own(hooks: Hooks, name: str) -> Check:
    def own(answer: Answer) -> Iterator[Wrong]:
        severity = hooks.checks[name].severity
        for place, message in hooks.wrongs(name, _seen(answer)):
            yield Wrong(place, message, answer.operation.pointer, severity)

    return own


def _seen(answer: Answer) -> SeenAnswer:
    sent, received = answer.exchange.sent, answer.received
    return SeenAnswer(
        operation=answer.operation.id,
        method=sent.method,
        path=answer.operation.path,
        target=sent.target,
        request_headers=dict(sent.headers),
        request_body=sent.body,
        status=received.status,
        headers=dict(reversed(received.headers)),
        content=received.body,
        body=copy.deepcopy(answer.body),
    )


def answer_checks(known: Known = NOTHING) -> dict[str, Check]:
    """Every check of a single answer, by the name that reports and deviations use."""
    return {
        **CHECKS,
        "secrets_stay_secret": _secrets(known),
        "tokens_stay_secret": tokens_stay_secret(known.tokens),
        "redirects_stay_at_home": redirects_to(known.hosts, known.sent.domains, asked=known.asked),
        **consistency_checks(known.sent),
        "bytes_are_sound": bytes_are_sound,
        **plausibility_checks(known.sent.odd),
    }


def _secrets(known: Known) -> Check:
    """The check for secrets; what only administrators may see is no finding where nobody knows whether one asks."""
    shown = {name for names in knowledge("secrets")["shown_to_administrators"].values() for name in names}

    @wraps(secrets_stay_secret)
    def secrets_of_known_callers(answer: Answer) -> Iterator[Wrong]:
        caller = answer.exchange.sent.headers.get("authorization", "").rpartition(" ")[2]
        if caller not in known.unsure or answer.operation.id not in shown:
            yield from secrets_stay_secret(answer, given=known.sent.texts)

    return secrets_of_known_callers


def _unsure(target: Target) -> frozenset[str]:
    """The variables of tokens that no scheme tells to be a customer's or an administrator's."""
    schemes = knowledge("schemes")
    either, tokens = schemes["either"], target.tokens
    found = {variable(either)} if tokens.get(either) != tokens.get(schemes["customer"]) else set()
    found |= {target.variable_of_given(scheme) for scheme in target.given if scheme != schemes["customer"]}
    return frozenset(found - {variable(schemes["administrator"]), variable(schemes["customer"])})
