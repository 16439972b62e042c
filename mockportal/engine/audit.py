"""Nothing leaves that breaks the contract: every answer is checked against the operation's documented responses."""

from mockportal.engine.call import Reply
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.validation import Violation


def audit(operation: Operation, reply: Reply) -> list[Violation]:
    """What is wrong with an answer: its status, its body, a required header."""
    response = operation.response(reply.status)
    if response is None:
        problem = f"{reply.status} is not documented for {operation.id}"
        return [Violation("status", "", problem, f"{operation.rule}/responses")]
    found = [
        Violation("header", f"/{name}", "is required", f"{response.rule}/headers/{name}")
        for name in response.required_headers
        if name.lower() not in {given.lower() for given in reply.headers}
    ]
    validator = response.validators.get(JSON_TYPE)
    if validator is not None:
        if not validator.is_valid(reply.body):
            found.extend(validator.violations(reply.body, "body"))
    elif reply.body is not None and not response.validators:
        found.append(Violation("body", "", "none is documented", response.rule))
    return found
