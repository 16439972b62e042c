"""The books of a run."""

from dataclasses import replace

from mockportal.judge.fuzz import drop_refuted
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Finding, Interaction, Received, Sent
from mockportal.spec.spec import Spec

OK = Received(200, (("content-type", "application/json"),), b"{}")


def sent(spec: Spec, name: str, target: str = "") -> Sent:
    operation = spec.operations[name]
    return Sent(name, operation.method, target or operation.path, {})


def test_every_answer_is_counted_and_judged(spec: Spec) -> None:
    ledger = Ledger(spec.operations.values())

    ledger.watch(Interaction(sent(spec, "getContract"), Received(503, (), b"")))
    ledger.watch(Interaction(sent(spec, "getContract"), OK))

    record = ledger.records["getContract"]
    assert (record.cases, record.successes, dict(record.statuses)) == (2, 1, {503: 1, 200: 1})
    assert [(found.operation, found.check) for found in ledger.findings] == [
        ("getContract", "not_a_server_error")
    ]
    assert (record.checks["not_a_server_error"].passed, record.checks["not_a_server_error"].failed) == (1, 1)


def test_request_without_an_answer_is_a_finding(spec: Spec) -> None:
    ledger = Ledger(spec.operations.values())

    ledger.watch(Interaction(sent(spec, "getContract"), None, "timed out"))

    assert [(found.check, found.message) for found in ledger.findings] == [("answer_is_whole", "timed out")]


def test_findings_alike_are_one_with_the_shortest_request(spec: Spec) -> None:
    ledger = Ledger(spec.operations.values())

    for target in ("/v2/portal/contract/long-id", "/v2/portal/contract/x", "/v2/portal/contract/longer-id"):
        ledger.watch(Interaction(sent(spec, "getContract", target), Received(500, (), b"")))

    [finding] = [found for found in ledger.findings if found.check == "not_a_server_error"]
    assert finding.count == 3
    assert finding.exchanges[0].sent.target == "/v2/portal/contract/x"


def test_refused_valid_data_counts_only_without_any_success(spec: Spec) -> None:
    ledger = Ledger(spec.operations.values())
    for name in ("getContract", "getOrder"):
        ledger.add(Finding(name, "positive_data_acceptance", "400", "refused", "", "coverage"))
    ledger.watch(Interaction(sent(spec, "getOrder"), OK))

    drop_refuted(ledger, known=True)

    refused = [found.operation for found in ledger.findings if found.check == "positive_data_acceptance"]
    assert refused == ["getContract"]


def test_secret_that_only_an_administrator_may_see_is_found_although_an_administrator_saw_it_first(
    spec: Spec,
) -> None:
    ledger = Ledger(spec.operations.values())
    answer = Received(200, OK.headers, b'{"api_key": "planted-value"}')
    shown, leaked = (
        {"authorization": f"Bearer $MOCKPORTAL_TOKEN_{name}"} for name in ("EPILOTAUTH", "PORTALAUTH")
    )

    for headers in (shown, leaked):
        ledger.watch(Interaction(replace(sent(spec, "getPortalConfig"), headers=headers), answer))

    found = [one for one in ledger.findings if one.check == "secrets_stay_secret"]
    assert [one.exchanges[0].sent.headers for one in found] == [leaked]
