"""The people of an archive by the development tokens of a scenario. No token is taken over."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.engine.api import Api
from mockportal.engine.call import Request
from mockportal.programs.stand_in import DEVELOPMENT, development_token
from mockportal.recordings.sessions.callers import token_of
from mockportal.redaction import REDACTED
from mockportal.spec.operations import Operation
from mockportal.state.rules.check import NOBODY
from mockportal.state.scenario import Scenario
from mockportal.values import Record, decode

_UNKNOWN = "its token names nobody whom the scenario has a token for"


@dataclass(frozen=True, slots=True)
class People:
    """The development tokens of a scenario; `names` leads from an id, an alias or an e-mail address to one."""

    scenario: Scenario
    api: Api
    names: dict[str, str]

    def caller(self, operation: Operation, request: Request, alias: str) -> tuple[str, str]:
        """The sender of a request as a step names them, and a remark if that is not certain."""
        token = _token(operation, request)
        hidden = not token or REDACTED in token
        if hidden and not alias:
            return NOBODY, _UNKNOWN if token else ""
        found = self.names.get(alias.lower(), "") if hidden else self._holder(token)
        return (found, "") if found else (NOBODY, _UNKNOWN if operation.security else "")

    def _holder(self, token: str) -> str:
        """The development token of whoever holds a token; "" for none."""
        found = development_token(token, self.scenario, self.api)
        if found:
            return found
        told = (value.lower() for value in _claims(token).values() if isinstance(value, str))
        return next((self.names[text] for text in told if text in self.names), "")


def people_of(scenario: Scenario, api: Api) -> People:
    """The people for whom a scenario has development tokens; the first token of each counts."""
    names: dict[str, str] = {}
    for token, static in scenario.tokens.items():
        if token.startswith(DEVELOPMENT):
            for name in _names(static.subject, scenario):
                names.setdefault(name.lower(), token)
    return People(scenario, api, names)


def _names(subject: str, scenario: Scenario) -> Iterator[str]:
    if not subject:
        return
    yield subject
    if subject in scenario.names:
        yield scenario.names[subject]
    draft = scenario.draft()
    for kind in scenario.data.kinds:
        record = draft.collection(kind).find(subject)
        if record is not None and isinstance(record.get("email"), str):
            yield record["email"]


def _token(operation: Operation, request: Request) -> str:
    """The first credential of a request; "" for none."""
    return token_of(operation, request) or request.headers.get("authorization", "").rpartition(" ")[2]


def _claims(token: str) -> Record:
    """The claims of a token that somebody else has signed: they only serve to find the person."""
    parts = token.split(".")
    try:
        claims = decode(base64.urlsafe_b64decode(parts[1] + "==")) if len(parts) == 3 else {}
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
