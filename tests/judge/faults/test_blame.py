"""One cause is one finding; what follows from it is below it."""

from mockportal.judge.faults.blame import with_causes
from mockportal.judge.model import Finding, Interaction, Received, Sent


def interaction(operation: str, body: bytes = b"{}") -> Interaction:
    return Interaction(Sent(operation, "GET", f"/{operation}", {}), Received(200, (), body))


def finding(operation: str, check: str, *exchanges: Interaction, layer: str = "checks") -> Finding:
    return Finding(operation, check, "s", "m", "", layer, exchanges or (interaction(operation),))


def causes(*findings: Finding, wrong: dict[str, str] | None = None) -> dict[str, str]:
    """The check of the cause, by check; a check that is a cause itself, or alone, is left out."""
    checks = {one.id: one.check for one in findings}
    found = with_causes(findings, lambda one: [(wrong or {}).get(one.sent.operation, "")])
    return {one.check: checks[one.cause] for one in found if one.cause and one.cause != one.id}


def test_a_finding_that_rests_on_a_wrong_answer_follows_from_it() -> None:
    schema = finding("list", "response_schema_conformance", layer="answers")
    other = finding("detail", "ids_agree", interaction("list"), interaction("detail", b"1"))

    assert causes(other, schema, wrong={"list": schema.id}) == {"ids_agree": "response_schema_conformance"}


def test_a_finding_that_rests_on_an_outnumbered_operation_follows_from_that() -> None:
    outnumbered = finding("list", "records_agree", interaction("detail"), interaction("list"))
    other = finding("detail", "ids_agree", interaction("list"), interaction("detail", b"1"))

    assert causes(other, outnumbered) == {"ids_agree": "records_agree"}


def test_the_same_answer_of_an_operation_is_one_cause() -> None:
    assert causes(finding("a", "one"), finding("a", "two")) == {"two": "one"}
    assert causes(finding("a", "one"), finding("a", "two", interaction("a", b"[]"))) == {}


def test_findings_of_different_operations_stay_apart() -> None:
    assert causes(finding("a", "one"), finding("b", "two")) == {}
