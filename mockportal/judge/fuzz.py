"""The adapter to schemathesis: its engine runs all phases in this process, through the gate, and what it finds becomes
our findings. The engine is not a public interface, so the version is pinned and `tests/judge/test_fuzz.py` guards
what is used of it here."""

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import PhaseName
from schemathesis.generation.meta import negated_parameters

from mockportal.errors import UsageError
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Finding, Interaction, Received, Sent
from mockportal.judge.target.profiles import PHASES
from mockportal.judge.wire.gate import OWN_HEADERS, Gate, variable
from mockportal.spec.spec import Spec
from mockportal.values import Record

# Those that `answers` makes on every answer are left out here.
CHECKS = {
    "negative_data_rejection": "A request that breaks the schema is refused with a 4xx.",
    "positive_data_acceptance": "A request that fits the schema is not refused as malformed.",
    "missing_required_header": "A request without a required header is refused.",
    "unsupported_method": "A method that a path does not have is answered with 405.",
    "allow_header_conformance": "A 405 names the methods that the path has.",
    "ignored_auth": "A secured operation refuses a request without credentials, and one with wrong ones.",
    "use_after_free": "What was deleted is gone.",
    "ensure_resource_availability": "What was created can be read.",
}
_ACCEPTANCE = "positive_data_acceptance"
_STATEFUL_FACTOR = 2
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Fuzzing:
    """The work for schemathesis. With `positive` it sends valid data and documented methods only."""

    phases: tuple[str, ...] = PHASES
    seed: int = 1
    max_examples: int = 20
    positive: bool = False
    operations: tuple[str, ...] | None = None
    schemes: tuple[str, ...] = ()


def run_fuzzing(
    spec: Spec,
    document: Record,
    gate: Gate,
    ledger: Ledger,
    plan: Fuzzing,
    progress: Callable[[str, str], None],
) -> str:
    """Runs the phases of `plan` and books what they find; `document` is the spec's, with links for the judge.

    The answer is "" if all was run, else why not, in one line. Raises `UsageError` for a document that schemathesis
    cannot use.
    """
    schema = _schema(spec, document, gate, plan)
    names = {operation.label: id for id, operation in _labels(schema)}
    stream = from_schema(schema).execute()
    for event in stream:
        if isinstance(event, events.PhaseStarted):
            if event.phase.is_enabled:
                progress(_phase(event.phase.name), "")
        elif isinstance(event, events.ScenarioFinished):
            _Scenario(spec, gate, ledger, names, _phase(event.phase), event.recorder).book()
            progress(_phase(event.phase), names.get(event.label or "", event.label or ""))
        elif isinstance(event, events.NonFatalError) and not gate.stopped:
            problem = _problem(event)
            if problem:
                return f"schemathesis could not go on at {event.label}: {problem}"
        elif isinstance(event, events.FatalError):
            return f"schemathesis broke off: {event.exception}"
        elif isinstance(event, events.EngineFinished) and event.stop_reason.value != "completed":
            return f"schemathesis stopped early: {event.stop_reason.value}"
        if gate.stopped:
            stream.stop()
            return gate.stopped
    return ""


def _phase(name: PhaseName) -> str:
    return name.value.split()[0].lower()


def drop_refuted(ledger: Ledger, known: bool) -> None:
    """A documented 400 to valid data counts only where no valid data was accepted: the rules of an API are finer than
    its schemas. Unless the data of the target are `known`, the ids in it may not be there, and it counts nowhere."""
    for record in ledger.records.values():
        if record.successes or not known:
            ledger.drop(_ACCEPTANCE, record.id)


def _schema(spec: Spec, document: Record, gate: Gate, plan: Fuzzing) -> Any:
    try:
        config = SchemathesisConfig.from_dict(_config(spec, plan))
        schema = schemathesis.openapi.from_dict(_without_servers(document), config=config)
    except Exception as error:  # whatever it is, the document or the settings cannot be used
        raise UsageError("schemathesis", f"cannot use the contract: {error}") from None
    schema.app = gate
    return schema


def _without_servers(document: Record) -> Record:
    """A copy without servers: the address of the target stands for them, so that requests begin with the paths."""
    copied = copy.deepcopy(document)
    for item in [copied, *copied["paths"].values()]:
        for holder in [item, *item.values()] if isinstance(item, dict) else ():
            if isinstance(holder, dict):
                holder.pop("servers", None)
    return copied


def _config(spec: Spec, plan: Fuzzing) -> Record:
    """The settings of schemathesis; tokens are variables, which the gate replaces."""
    examples = {"max-examples": plan.max_examples, "database": "none"}
    stateful = {"max-examples": plan.max_examples * _STATEFUL_FACTOR}
    phases: dict[str, Any] = {name: {"enabled": name in plan.phases} for name in PHASES}
    phases["stateful"] |= {"generation": stateful, "max-steps": _STEPS}
    left_out: tuple[str, ...] = ()
    if plan.positive:
        phases["coverage"]["unexpected-methods"] = []
        left_out = ("ignored_auth", "unsupported_method", "allow_header_conformance")
        for phase in PHASES[:3]:
            phases[phase]["extra-data-sources"] = {"responses": False}
    return {
        "seed": plan.seed,
        "workers": 1,
        "continue-on-failure": True,
        "auth": _tokens(plan.schemes),
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "generation": examples | ({"mode": "positive"} if plan.positive else {}),
        "checks": {
            "enabled": False,
            **{name: {"enabled": True} for name in CHECKS if name not in left_out},
        },
        "phases": phases,
        "operations": [*_exceptions(spec), *_left_out(plan)],
    }


def _tokens(schemes: Iterable[str]) -> Record:
    """The tokens by scheme; schemathesis refuses an empty list of them."""
    bearers = {scheme: {"bearer": variable(scheme)} for scheme in schemes}
    return {"auto-signup": False, **({"openapi": bearers} if bearers else {})}


def _exceptions(spec: Spec) -> list[Record]:
    """Arrays of objects in the query have no defined spelling, so what schemathesis takes for a negative of them is
    not one; `checks` has negatives of its own for them."""
    unspelled = [
        operation.id
        for operation in spec.operations.values()
        if any(parameter.opaque for parameter in operation.parameters)
    ]
    off = {"checks": {"negative_data_rejection": {"enabled": False}}}
    if not unspelled:
        return []
    return [{"include-operation-id": unspelled, "phases": {"fuzzing": off, "stateful": off}}]


def _left_out(plan: Fuzzing) -> list[Record]:
    if plan.operations is None:
        return []
    return [{"exclude-operation-id": list(plan.operations), "enabled": False}]


def _labels(schema: Any) -> Iterator[tuple[str, Any]]:
    for result in schema.get_all_operations():
        operation = result.ok()
        yield operation.definition.raw.get("operationId", operation.label), operation


def _problem(event: events.NonFatalError) -> str:
    """The reason why an operation was not tested, or "". Network errors are judged elsewhere, and it is no error if the
    chosen operations have no links."""
    names = {kind.__name__ for kind in type(event.value).__mro__}
    if names & {"RequestException", "NoLinksFound"}:
        return ""
    return f"{type(event.value).__name__}: {event.value}"


@dataclass(frozen=True, slots=True)
class _Scenario:
    """One scenario of schemathesis, booked into the ledger."""

    spec: Spec
    gate: Gate
    ledger: Ledger
    names: Mapping[str, str]
    phase: str
    recorder: ScenarioRecorder

    def book(self) -> None:
        for id, node in self.recorder.cases.items():
            self._count_parameters(node.value)
            name = self._name(node.value)
            for check in self.recorder.checks.get(id, ()):
                self.ledger.passed(name, check.name, check.status is Status.SUCCESS)
                if check.failure_info is not None:
                    self.ledger.add(self._finding(name, id, check.name, check.failure_info.failure))

    def _name(self, case: Any) -> str:
        return self.names.get(case.operation.label, case.operation.label)

    def _count_parameters(self, case: Any) -> None:
        record = self.ledger.records.get(self._name(case))
        if record is None or case.meta is None:
            return
        operation = self.spec.operations[record.id]
        documented = {parameter.name for parameter in operation.parameters}
        negated = {(name, place.value) for name, place in negated_parameters(case.meta)}
        for place, component in case.meta.components.items():
            for name in _given(case, place.value):
                key = f"{place.value}.{name}" if name else place.value
                if name and name not in documented:
                    continue
                bad = (name, place.value) in negated or (not name and component.mode.is_negative)
                if bad or component.mode.is_positive or negated:
                    record.parameters.setdefault(key, Counter())["invalid" if bad else "valid"] += 1

    def _finding(self, name: str, id: str, check: str, failure: Failure) -> Finding:
        message = " ".join(f"{failure.title}: {failure.message}".split())[:300]
        rule = self.spec.operations[name].pointer if name in self.spec.operations else ""
        cases = self.recorder.iter_chain_cases(case_id=id, related_case_ids=failure.related_case_ids())
        exchanges = tuple(self._exchange(case) for case in cases if case.id in self.recorder.interactions)
        return Finding(name, check, self._signature(id, failure), message, rule, self.phase, exchanges)

    def _signature(self, id: str, failure: Failure) -> str:
        """The kind of failure, the status, and what was changed about the request."""
        case, interaction = self.recorder.cases[id].value, self.recorder.interactions.get(id)
        status = interaction.response.status_code if interaction and interaction.response else 0
        changed = sorted({f"{place.value}.{name}" for name, place in negated_parameters(case.meta)})
        return f"{type(failure).__name__} {status} {' '.join(changed)}".strip()

    def _exchange(self, case: Any) -> Interaction:
        interaction = self.recorder.interactions[case.id]
        request, response = interaction.request, interaction.response
        target = "/" + request.uri.split("://", 1)[-1].partition("/")[2]
        name = self._name(case)
        headers = {
            field: self.gate.swapped(name, values[0])
            for field, values in request.headers.items()
            if field.lower() not in OWN_HEADERS
        }
        sent = Sent(name, request.method, target, headers, request.body or b"")
        if response is None:
            return Interaction(sent, None, "no answer")
        fields = tuple((name.lower(), value) for name, values in response.headers.items() for value in values)
        return Interaction(sent, Received(response.status_code, fields, response.content or b""))


def _given(case: Any, place: str) -> list[str]:
    if place == "body":
        return [""] if isinstance(case.body, dict | list | str | int | float) else []
    attribute = {"path": "path_parameters", "query": "query", "header": "headers", "cookie": "cookies"}[place]
    return [name for name in getattr(case, attribute) or {} if name.lower() != "authorization"]
