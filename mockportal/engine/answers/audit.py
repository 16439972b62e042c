"""The audit: what in an answer breaks the contract, and the answer that stands in place of one that does."""

from mockportal.engine.call import Reply
from mockportal.engine.rules.hit import Hit
from mockportal.media_types import best_match, media_type_of
from mockportal.spec.operations import JSON_TYPE, Operation, Response
from mockportal.spec.spelling import header_violations
from mockportal.spec.validation import Validator, Violation, summary
from mockportal.state.derived import NO_FACTS, DerivedFacts
from mockportal.values import Json

_FREE = ("rule", "prefer")


def audit(operation: Operation, reply: Reply, facts: DerivedFacts = NO_FACTS) -> list[Violation]:
    """Violations in an answer: its status, its body, a header that is missing or of another type. A body that is one of
    the facts and was valid stays valid."""
    response = operation.response(reply.status)
    if response is None:
        problem = f"{reply.status} is not documented for {operation.id}"
        return [Violation("status", "", problem, f"{operation.pointer}/responses")]
    given = {name.lower(): value for name, value in reply.headers.items()}
    found = [
        Violation("header", f"/{name}", "is required", f"{response.pointer}/headers/{name}")
        for name in response.required_headers
        if name.lower() not in given
    ]
    for header in response.headers:
        text = given.get(header.rule.name.lower())
        if text is not None:
            found.extend(header_violations(header, [text]))
    validator = _validator(response, given.get("content-type"))
    if validator is not None:
        if not facts.follow(_fits, reply.body, validator):
            found.extend(validator.violations(reply.body, "body"))
    elif reply.body is not None and not response.media_types:
        found.append(Violation("body", "", "none is documented", response.pointer))
    return found


def _fits(body: Json, validator: Validator) -> bool:
    return validator.is_valid(body)


def _validator(response: Response, content_type: str | None) -> Validator | None:
    """The schema of the body; JSON is sent where a reply does not say otherwise, and only JSON is checked."""
    if content_type is None and JSON_TYPE in response.validators:
        return response.validators[JSON_TYPE]
    sent = media_type_of(content_type or JSON_TYPE)
    documented = best_match(sent, response.media_types) if sent.is_json else None
    return response.validators.get(documented or "")


def is_free(reply: Reply, hit: Hit | None) -> bool:
    """True if an answer is not audited because it was asked for: a fault, a rule's own or a preferred one."""
    patches = hit is not None and hit.action.patch is not None and not hit.rule.unchecked
    return bool(reply.fault) or (reply.answered_by in _FREE and not patches)


def broken_contract(operation: Operation, violations: tuple[Violation, ...], hit: Hit | None) -> Reply:
    """Our bug, or that of a rule, said aloud."""
    first = violations[0]
    culprit = (
        f"the rule {hit.rule.id!r}" if hit is not None and hit.action.patch is not None else "mockportal"
    )
    body = {
        "message": f"{culprit} broke the contract of {operation.id}: {summary(violations)}",
        "operation": operation.id,
        "pointer": first.path,
        "rule": first.pointer,
        "errors": [violation.to_json() for violation in violations],
    }
    return Reply(500, body, answered_by="audit")
