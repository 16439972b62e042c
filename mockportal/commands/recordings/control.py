"""The control API of a running mock, as its clients see it."""

import os
from http import HTTPStatus

from mockportal.commands.flags import CONTROL_TOKEN
from mockportal.commands.recordings.wire import Answered, NotAnswered, ask
from mockportal.errors import UsageError
from mockportal.values import Json, decode, encode

CONTROL = "/__mockportal"


def control(url: str, method: str, path: str, body: Json = None) -> Answered:
    """The answer of an endpoint, whatever its status. Raises `UsageError` if nothing answers at the address."""
    token = os.environ.get(CONTROL_TOKEN)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = b"" if body is None else encode(body)
    if content:
        headers["Content-Type"] = "application/json"
    try:
        return ask(url, method, f"{CONTROL}{path}", headers, content)
    except NotAnswered as problem:
        raise UsageError(url, f"nothing answers there ({problem})") from None


def must(url: str, method: str, path: str, body: Json = None) -> Answered:
    """The same for an endpoint that does what it is asked. Raises `UsageError` for a refusal."""
    answer = control(url, method, path, body)
    if answer.status >= 400:
        raise UsageError(url, f"answered {answer.status}: {message_of(answer)}")
    return answer


def message_of(answer: Answered) -> str:
    """The `message` of a refusal, or the name of its status."""
    try:
        return str(decode(answer.content)["message"])
    except (ValueError, KeyError, TypeError):
        known = answer.status in {one.value for one in HTTPStatus}
        return HTTPStatus(answer.status).phrase if known else "no message"
