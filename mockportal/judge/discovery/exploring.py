"""Reads what may be read of a deployment, each thing once, and learns from its answers what to ask for next."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mockportal.json_tree import value_at
from mockportal.judge.discovery.facts import Fact, Facts
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.target.advice import missing
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Blocked, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.spec.document import follow, operations
from mockportal.spec.operations import Operation
from mockportal.spec.overlay import Action, apply_overlay
from mockportal.spec.parameters import Parameter
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

_BODY = "$response.body#"
_WRONG, _FAILED = (400, 404, 422), 300
_SHIPPED = "fits any deployment"
_TIMES = {"from": timedelta(days=31), "to": timedelta()}


@dataclass(slots=True)
class Found:
    """The result of a first look: the parameters of each operation with their sources, its status, what it lacks,
    and why the look ended early."""

    params: dict[str, dict[str, Fact]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    stopped: str = ""


def explore(
    spec: Spec, target: Target, sender: Sender, links: list[Action], today: datetime | None = None
) -> Found:
    """Asks every GET that may be sent, as soon as all its parameters are known."""
    explorer = _Explorer(spec, target, sender, _links(spec, links), today or datetime.now(UTC))
    try:
        while explorer.round():
            pass
    except Stopped as stopped:
        explorer.found.stopped = str(stopped)
    explorer.conclude()
    return explorer.found


@dataclass(slots=True)
class _Explorer:
    spec: Spec
    target: Target
    sender: Sender
    links: Mapping[str, list[tuple[str, Mapping[str, str]]]]
    today: datetime
    facts: Facts = field(default_factory=Facts)
    linked: dict[str, dict[str, Fact]] = field(default_factory=dict)
    found: Found = field(default_factory=Found)

    def round(self) -> bool:
        """Asks everything that has become possible; False if nothing has."""
        asked = False
        for name, operation in self.spec.operations.items():
            if name in self.found.statuses or not self._may_ask(operation):
                continue
            params = self._params(operation)
            if missing(operation, {key: fact.value for key, fact in params.items()}):
                continue
            if self._ask(operation, params) in _WRONG:
                more = self._params(operation, optional=True)
                if more != params and self._ask(operation, more) >= _FAILED:
                    self.found.params[name] = params
            asked = True
        return asked

    def conclude(self) -> None:
        """Notes the parameters of the operations that were not asked, too, and what they lack."""
        for name, operation in self.spec.operations.items():
            params = self.found.params.setdefault(name, self._params(operation))
            lacking = missing(operation, {key: fact.value for key, fact in params.items()})
            if lacking:
                self.found.lacking[name] = lacking

    def _may_ask(self, operation: Operation) -> bool:
        allowed = self.sender.gate.limits.allowed
        held = not operation.security or bool(self.target.cases[operation.id].token)
        return operation.method == "GET" and held and (allowed is None or operation.id in allowed)

    def _ask(self, operation: Operation, params: dict[str, Fact]) -> int:
        values = {key: fact.value for key, fact in params.items()}
        try:
            exchange = self.sender.call(operation.id, values, token=self.target.variable_of(operation))
        except Blocked:
            exchange = None
        status = exchange.status if exchange else 0
        self.found.statuses[operation.id], self.found.params[operation.id] = status, params
        if exchange is not None and 200 <= status < 300:
            self.facts.learn(operation, body_of(exchange))
            self._follow(operation, exchange)
        return status

    def _follow(self, operation: Operation, exchange: Interaction) -> None:
        """Notes the values that the document's links take from an answer."""
        for name, parameters in self.links.get(operation.id, ()):
            for key, expression in parameters.items():
                at = expression.removeprefix(_BODY)
                value = value_at(body_of(exchange), at) if expression.startswith(_BODY) else None
                if value is not None:
                    self.linked.setdefault(name, {}).setdefault(key, Fact(value, f"{operation.id} {at}"))

    def _params(self, operation: Operation, optional: bool = False) -> dict[str, Fact]:
        """The parameters for which there is a value; the optional ones too, if they name a thing."""
        found: dict[str, Fact] = {}
        for one in sorted(
            operation.parameters, key=lambda one: one.name == "id"
        ):  # others say of what kind it is
            if one.required or (optional and one.location == "query"):
                fact = self._fact(operation, one, found)
                if fact is not None and (one.required or fact.source != _SHIPPED):
                    found[one.key] = fact
        return found

    def _fact(self, operation: Operation, parameter: Parameter, known: Mapping[str, Fact]) -> Fact | None:
        schema, _ = follow(self.spec.document, parameter.schema, parameter.pointer)
        linked = self.linked.get(operation.id, {}).get(parameter.key)
        own = self.target.cases[operation.id].params
        if parameter.name in _TIMES and {one.name for one in operation.parameters} >= {*_TIMES}:
            return _of_the_document(schema, parameter, self.today)
        if isinstance(own.get(parameter.key), str) == (parameter.kind == "string") and parameter.key in own:
            return Fact(own[parameter.key], _SHIPPED)
        listed = schema.get("enum", ()) if isinstance(schema, dict) else ()
        if f"{{{parameter.name}}}/{{id}}" in operation.path:
            return self.facts.a_kind(listed)
        learned = linked or self.facts.for_parameter(operation, parameter, known, listed)
        return learned or _of_the_document(schema, parameter, self.today)


def _of_the_document(schema: Json, parameter: Parameter, today: datetime) -> Fact | None:
    """A value that the schema alone tells: the first that it lists, a time, its smallest number."""
    if not (isinstance(schema, dict) and parameter.required):
        return None
    if schema.get("enum"):
        return Fact(schema["enum"][0], "the first one that the document lists")
    if schema.get("format") in ("date-time", "date") or parameter.name in _TIMES:
        day = today - _TIMES.get(parameter.name, timedelta())
        text = day.date().isoformat() if schema.get("format") == "date" else f"{day:%Y-%m-%dT00:00:00Z}"
        return Fact(text, "the last month")
    if parameter.kind in ("integer", "number"):
        return Fact(schema.get("minimum", 0), "the smallest one")
    return None


def _links(spec: Spec, links: list[Action]) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """operationId -> the operations that its answers lead to, each with the expressions of its parameters."""
    document: Record = copy.deepcopy(spec.document)
    apply_overlay(document, links, "links")
    return {
        raw["operationId"]: [*_links_of(raw)] for _, _, raw, _ in operations(document) if "operationId" in raw
    }


def _links_of(raw: Json) -> Iterator[tuple[str, Mapping[str, str]]]:
    for response in raw.get("responses", {}).values():
        for link in response.get("links", {}).values() if isinstance(response, dict) else ():
            if "operationId" in link:
                yield link["operationId"], link.get("parameters", {})
