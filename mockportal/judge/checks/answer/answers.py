"""Checks that every single answer has to pass, no matter who asked for it.

Each check looks at one exchange of a known operation and yields what is wrong: a signature that is the same in every
run, a line for people, and a pointer into the contract.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from mockportal.files.pointers import resolve
from mockportal.json_tree import as_text
from mockportal.judge.model import Interaction, Received
from mockportal.media_types import MediaType, best_match, media_type_of
from mockportal.spec.operations import Operation, Response
from mockportal.spec.spelling import header_violations
from mockportal.spec.validation import Validator, Violation
from mockportal.values import Json, decode

# What HTTP itself may answer to a malformed request, documented or not.
PROTOCOL = frozenset((405, 406, 408, 411, 413, 414, 415, 429, 431))
_REFUSED = 400  # from this status on, an answer is a refusal
_INDEX = re.compile(r"/\d+(?=/|$)")
_LONGEST = 160  # of a value, which comes after the reason
_COUNTS = ("hits", "total", "total_count")
_TEXTS = (
    "text/plain",
    "text/html",
    "text/markdown",
)  # whose bodies are one text, and not a notation of something else


class Wrong(NamedTuple):
    """One thing wrong with an answer; `severity` as in a finding."""

    signature: str
    message: str
    pointer: str
    severity: str = ""


class Answer(NamedTuple):
    """An exchange taken apart.

    response:   the documented response of the status, if there is one
    body:       the JSON value, or None
    media_type: as it was sent
    documented: the documented media type or range that covers it, if there is one
    """

    operation: Operation
    exchange: Interaction
    received: Received
    response: Response | None
    body: Json
    media_type: MediaType
    documented: str | None

    @property
    def validator(self) -> Validator | None:
        """The schema of the body, if the media type has one."""
        return self.response.validators.get(self.documented or "") if self.response else None


Check = Callable[[Answer], Iterator[Wrong]]


def answer_of(operation: Operation, exchange: Interaction, received: Received) -> Answer:
    """The exchange with its documented response and its JSON value."""
    try:
        body = decode(received.body) if received.body else None
    except ValueError:
        body = None
    response = operation.response(received.status)
    media_type = media_type_of(received.header("content-type") or "")
    documented = best_match(media_type, response.media_types) if response else None
    return Answer(operation, exchange, received, response, body, media_type, documented)


def no_server_error(answer: Answer) -> Iterator[Wrong]:
    """No request is answered with a 5xx."""
    status = answer.received.status
    if status >= 500:
        yield Wrong(str(status), f"answered {status}", f"{answer.operation.pointer}/responses")


def documented_status(answer: Answer) -> Iterator[Wrong]:
    """The status is documented, or belongs to HTTP itself."""
    status = answer.received.status
    if answer.response is None and status < 500 and status not in PROTOCOL:
        documented = ", ".join(answer.operation.responses)
        yield Wrong(
            str(status),
            f"answered {status}; documented are {documented}",
            f"{answer.operation.pointer}/responses",
        )


def documented_content(answer: Answer) -> Iterator[Wrong]:
    """The media type is documented for the status, by itself or by a range; a success without a documented body has
    none, though a refusal may say why; JSON is JSON in UTF-8."""
    response, received = answer.response, answer.received
    if response is None or answer.exchange.sent.method == "HEAD":
        return
    status, kind = received.status, answer.media_type.name
    if not response.media_types:
        if received.body and status < _REFUSED:
            message = f"{status} comes with {len(received.body)} bytes, and no body is documented"
            yield Wrong(f"{status} body", message, response.pointer)
    elif answer.documented is None:
        sent = received.header("content-type") or "nothing"
        message = f"{status} comes as {sent} instead of {', '.join(response.media_types)}"
        yield Wrong(f"{status} {kind}", message, response.pointer)
    elif answer.media_type.is_json:
        try:
            decode(received.body)
        except ValueError as error:
            yield Wrong(f"{status} not JSON", f"{status} is not JSON: {str(error)[:120]}", response.pointer)


def documented_schema(answer: Answer) -> Iterator[Wrong]:
    """The body fits the schema of its status and media type: JSON, types such as `application/hal+json`, and plain
    text."""
    validator, readings = answer.validator, _readings(answer)
    if validator is None or not readings or any(map(validator.is_valid, readings)):
        return
    for violation in validator.violations(readings[0], "body"):
        yield _schema_wrong(answer.received.status, violation, readings[0])


def _readings(answer: Answer) -> list[Json]:
    """The values that a body can mean: one for JSON; for a text, itself and the number that it may spell."""
    is_value = answer.body is not None or answer.received.body.strip() == b"null"
    if answer.media_type.is_json:
        return [answer.body] if is_value else []
    if answer.media_type.name not in _TEXTS or answer.exchange.sent.method == "HEAD":
        return []
    try:
        text = answer.received.body.decode(answer.media_type.charset)
    except (LookupError, ValueError):  # an encoding that nobody knows, or another one
        return []
    return [text, answer.body] if is_value else [text]


def _schema_wrong(status: int, violation: Violation, body: Json) -> Wrong:
    at = _INDEX.sub("/*", violation.path)
    message = f"{status} {violation.path or 'body'}: {_reason(violation)}"
    if not violation.reason.startswith("lacks"):
        message += f": {as_text(resolve(body, violation.path))}"
    return Wrong(f"{status} {at}", " ".join(message.split()), violation.pointer)


def _reason(violation: Violation) -> str:
    return violation.reason or violation.message


def documented_headers(answer: Answer) -> Iterator[Wrong]:
    """Required headers are there; every header fits its schema; a redirect says where to, to an http address or a
    path."""
    response = answer.response
    if response is None:
        return
    status = answer.received.status
    for name in response.required_headers:
        if answer.received.header(name) is None:
            yield Wrong(
                f"{status} {name}", f"{status} has no {name} header", f"{response.pointer}/headers/{name}"
            )
    for header in response.headers:
        name = header.rule.name
        lines = [value for key, value in answer.received.headers if key == name.lower()]
        for violation in header_violations(header, lines):
            message = f"{status} header {name}: {_reason(violation)}: {', '.join(lines)[:_LONGEST]}"
            yield Wrong(f"{status} {name} value", message, header.rule.pointer)
    if status in (301, 302, 303, 307, 308):
        location = answer.received.header("location")
        if not location:
            yield Wrong(f"{status} location", f"{status} has no Location header", response.pointer)
        elif urlsplit(location).scheme in ("javascript", "data", "file") or location.startswith("//"):
            yield Wrong(f"{status} location", f"{status} leads to {location[:80]}", response.pointer)


def counts_agree(answer: Answer) -> Iterator[Wrong]:
    """Nothing says that there are fewer things than it lists."""
    body = answer.body
    if not isinstance(body, dict) or answer.response is None:
        return
    listed = [value for value in body.values() if isinstance(value, list)]
    for name in _COUNTS:
        count = body.get(name)
        if (
            isinstance(count, int)
            and not isinstance(count, bool)
            and len(listed) == 1
            and count < len(listed[0])
        ):
            yield Wrong(name, f"{name} is {count}, and {len(listed[0])} are listed", answer.response.pointer)


def refusals_say_why(answer: Answer) -> Iterator[Wrong]:
    """A refusal that documents a `message` has one that is not empty."""
    status, body = answer.received.status, answer.body
    validator = answer.validator
    if not 400 <= status < 500 or answer.response is None or validator is None or not isinstance(body, dict):
        return
    message = body.get("message")
    if isinstance(message, str) and message.strip():
        return
    if not validator.is_valid(body | {"message": 0}) and validator.is_valid(body | {"message": "x"}):
        said = "has no message" if "message" not in body else "has an empty message"
        yield Wrong(f"{status} message", f"{status} {said}", answer.response.pointer)


CHECKS: dict[str, Check] = {
    "not_a_server_error": no_server_error,
    "status_code_conformance": documented_status,
    "content_type_conformance": documented_content,
    "response_schema_conformance": documented_schema,
    "response_headers_conformance": documented_headers,
    "counts_agree": counts_agree,
    "refusals_say_why": refusals_say_why,
}
