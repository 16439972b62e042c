"""What is used of schemathesis' engine, which is no public interface: a new version has to pass these."""

import json
from collections import Counter

import schemathesis

from mockportal.judge.fuzz import Fuzzing, run_fuzzing
from mockportal.judge.ledger import Ledger
from mockportal.judge.target.profiles import PHASES
from mockportal.judge.wire.gate import Gate, SendingLimits
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock
from mockportal.values import Json
from mockportal.web.app import create_app
from tests.support.runs import Break, broken, target_of

OPEN = SendingLimits()
PAGE = ("createPortalPage", "getPortalPage", "deletePortalPage")


def fuzzed(
    mock: Mock, plan: Fuzzing, breaks: dict[str, Break] | None = None, limits: SendingLimits = OPEN
) -> Ledger:
    target = target_of(mock)
    transport = broken(mock.spec, in_process(create_app(mock)), breaks or {})
    gate = Gate(mock.spec, transport, limits, target.variables(), target.isolation, "f")
    ledger = Ledger(mock.spec.operations.values())
    gate.watchers.append(ledger.watch)
    document = json.loads(json.dumps(mock.spec.document))
    assert run_fuzzing(mock.spec, document, gate, ledger, plan, lambda phase, what: None) == ""
    return ledger


def plan_of(phases: tuple[str, ...], positive: bool = False) -> Fuzzing:
    schemes = ("PortalAuth", "EpilotAuth", "EitherAuth", "ExternalOIDCAuth")
    return Fuzzing(phases, 1, 5, positive, PAGE, schemes)


def test_version_is_the_one_that_was_looked_at() -> None:
    assert schemathesis.__version__ == "4.32.5"


def test_every_phase_sends_something_and_only_to_the_chosen_operations(mock: Mock) -> None:
    for phase in PHASES:
        ledger = fuzzed(mock, plan_of((phase,)))

        sent = {name for name, record in ledger.records.items() if record.cases}
        assert sent & set(PAGE), phase
        assert sent <= {*PAGE, "updatePortalPage"}, phase  # probes with other methods meet the sibling


def test_positive_runs_send_only_documented_methods(mock: Mock) -> None:
    ledger = fuzzed(mock, plan_of(("examples", "coverage"), positive=True))

    assert ledger.records["getPortalPage"].cases > 0
    assert ledger.records["updatePortalPage"].cases == 0
    assert not any("invalid" in counts for counts in ledger.records["getPortalPage"].parameters.values())


def test_failures_of_checks_become_findings_with_requests(mock: Mock) -> None:
    def careless(status: int, body: Json) -> tuple[int, Json]:
        return (200, []) if status in (400, 401) else (status, body)

    ledger = fuzzed(mock, plan_of(("coverage",)), {"getPortalPage": careless})

    found = Counter(finding.check for finding in ledger.findings if finding.operation == "getPortalPage")
    assert found["ignored_auth"] >= 1
    assert found["negative_data_rejection"] >= 1
    finding = next(one for one in ledger.findings if one.check == "negative_data_rejection")
    assert finding.exchanges[-1].sent.target.startswith("/v2/portal/pages/")
    assert finding.layer == "coverage"


def test_what_the_guard_stops_is_no_problem_of_the_run(mock: Mock) -> None:
    ledger = fuzzed(mock, plan_of(("coverage",)), limits=SendingLimits(frozenset(("getPortalPage",))))

    assert ledger.records["createPortalPage"].cases == 0
    assert ledger.records["getPortalPage"].cases > 0
