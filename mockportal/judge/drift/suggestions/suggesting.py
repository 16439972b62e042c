"""Suggests what would close a drift, as YAML to paste.

If the contract is wrong, that is an action for the overlay; if the mock lacks data or a status, it is a piece of a
scenario. A suggestion is a starting point for people to look at.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.files.pointers import leads_somewhere
from mockportal.judge.drift.comparison.documented import ID_KEY, ITEM, Documented, Steps
from mockportal.judge.drift.model import Drift, DriftPlan
from mockportal.judge.drift.suggestions.snippets import (
    collection,
    fields_of,
    json_path,
    quoted,
    record_at,
    spelled_yaml,
)
from mockportal.judge.model import Interaction
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, Record

_WRITTEN = frozenset(("uuid", "date", "date-time", "email", "uri"))
_ERROR = "/components/schemas/ErrorResp"


class _Case:
    """A drift with what its suggestion is made of: `truth` is what the target does that is no mock."""

    def __init__(self, plan: DriftPlan, drift: Drift) -> None:
        right = plan.truth == "right"
        self.drift = drift
        self.document = plan.spec.document
        self.operation: Operation = plan.spec.operations[drift.operation]
        self.truth, self.other = (drift.right, drift.left) if right else (drift.left, drift.right)
        self.host = (plan.right if right else plan.left).name
        self.exchange: Interaction = drift.exchanges[1 if right else 0]
        response = self.operation.response(int(drift.status)) if drift.status else None
        pointer = response.schemas.get(JSON_TYPE, "") if response else ""
        self.documented = Documented(plan.spec.document, pointer)
        self.steps: Steps = tuple(
            step.replace("~1", "/").replace("~0", "~") for step in drift.pointer.split("/")[1:]
        )

    @property
    def place(self) -> str:
        """The pointer of the schema of the place itself, "" if the contract has none."""
        return self.documented.at(self.steps)[0][1] if self.documented.at(self.steps) else ""

    @property
    def why(self) -> str:
        """The description of an action."""
        return f"{self.host}: {self.drift.operation} {self.drift.message}"


def suggestion(plan: DriftPlan, drift: Drift) -> str:
    """YAML, or a comment in it where nothing can be pasted."""
    return _SUGGESTIONS[drift.kind](_Case(plan, drift))


def _for_status(case: _Case) -> str:
    """A status that the contract does not have is added to it; one that it has, the mock can be told to answer."""
    if not case.truth.isdigit():
        return _comment(f"{case.host} gives no answer; look at {case.drift.operation} there")
    status = int(case.truth)
    if case.operation.response(status) is None:
        update: Record = {
            case.truth: {"description": f"As {case.host} answers", **_content_for(case, status)}
        }
        return _overlay(case, f"{case.operation.pointer}/responses", update)
    if status >= 400:
        return _rule(case, status)
    return _entities(case)


def _content_for(case: _Case, status: int) -> Record:
    if status in (204, 304) or 300 <= status < 400:
        return {}
    schema: Record = {"type": "object"}
    if status >= 400 and leads_somewhere(case.document, _ERROR):
        schema = {"$ref": f"#{_ERROR}"}
    return {"content": {JSON_TYPE: {"schema": schema}}}


def _for_missing_data(case: _Case) -> str:
    """There is nothing at one side: the mock gets records, or a refusal where the other one refuses."""
    if case.truth.isdigit() and int(case.truth) >= 400:
        return _rule(case, int(case.truth))
    if case.truth == "no elements":
        return _comment(f"{case.host} has no data there; give its targets file a case that has some")
    return _entities(case)


def _rule(case: _Case, status: int) -> str:
    rule = {
        "id": f"drift-{case.drift.id}",
        "operation": case.drift.operation,
        "times": 1,
        "fault": {"status": status, "message": f"as {case.host} answers"},
    }
    return spelled_yaml({"extends": "default", "rules": [rule]}, f"a scenario in which {case.why}")


def _entities(case: _Case) -> str:
    """A record of the collection whose schema the answer has, to be filled in."""
    documented = case.documented
    if not case.drift.status:
        response = case.operation.response(case.operation.success)
        documented = Documented(case.document, response.schemas.get(JSON_TYPE, "") if response else "")
    steps, schema = record_at(documented, case.steps)
    fields = {name: f"<{kind}>" for name, kind in fields_of(documented, steps).items()}
    entities = {collection(schema): {"from-drift": fields or {"<field>": "<value>"}}}
    about = f"a scenario with what {case.drift.operation} has at {case.host}; fill it in, and check the collection"
    return spelled_yaml({"extends": "default", "entities": entities}, about)


def _for_content_type(case: _Case) -> str:
    """The media type is documented as well."""
    if "/" not in case.truth or " " in case.truth or not case.drift.status:
        return _comment(f"{case.host} answers {case.truth}; the contract has no words for it")
    update: Record = {"content": {case.truth: {"schema": {}}}}
    return _overlay(case, case.drift.contract_pointer, update)


def _for_header(case: _Case) -> str:
    return _comment(f"a header cannot be set by a scenario or an overlay; mend {case.drift.operation}")


def _for_type(case: _Case) -> str:
    """The types are those seen; null is `nullable`."""
    if not case.place:
        return _undocumented(case)
    types = [name for name in case.truth.split(", ") if name != "null"]
    known = case.documented.types(case.steps)
    update: Record = {}
    if "null" in case.truth and "null" not in known:
        update["nullable"] = True
    if len(types) == 1 and types[0] not in known:
        update["type"] = types[0]
    if len(types) > 1 and not set(types) <= known:
        update["anyOf"] = [{"type": name} for name in types]
    return _overlay(case, case.place, update) if update else _as_documented(case)


def _for_missing_key(case: _Case) -> str:
    """A key that is not always there is not required; one that is undocumented becomes a property."""
    if case.steps[-1] in (ITEM, ID_KEY):
        return _entities(case) if case.truth == "elements" else _as_documented(case)
    requiring = case.documented.with_key(case.steps[:-1], case.steps[-1])
    if case.truth in ("never", "sometimes") and requiring:
        target = f"{json_path(case.document, requiring)}.required[?@ == {quoted(case.steps[-1])}]"
        return _listed(case, [(target, {"remove": True})])
    if case.truth != "never" and not case.place:
        return _undocumented(case)
    return _as_documented(case)


def _undocumented(case: _Case) -> str:
    """The property is added to the schema above it: the whole one, not to a part that others are made of too."""
    above = case.documented.at(case.steps[:-1])
    if not above or case.steps[-1] in (ITEM, ID_KEY):
        return _comment(f"the contract leaves {case.drift.pointer} open; the mock can follow {case.host}")
    return _overlay(case, above[0][1], {"properties": {case.steps[-1]: _seen_schema(case)}})


def _seen_schema(case: _Case) -> Record:
    kinds = [
        name
        for name in case.truth.split(", ")
        if name in ("string", "number", "integer", "boolean", "array", "object")
    ]
    if len(kinds) != 1:
        return {"description": f"seen at {case.host}"}
    return {"type": kinds[0], **({"items": {}} if kinds[0] == "array" else {})}


def _for_enum(case: _Case) -> str:
    """The values seen are allowed."""
    places = [rule for schema, rule in case.documented.at(case.steps) if "enum" in schema]
    if case.truth == "in the enum" or not places:
        return _as_documented(case)
    values = [value for value in case.truth.split(", ") if not value.startswith("a text of ")]
    return _actions(case, [(f"{places[0]}/enum", {"update": values})]) if values else _as_documented(case)


def _for_format(case: _Case) -> str:
    """The format is the one seen, or none, wherever another one is written."""
    places = [
        rule
        for schema, rule in case.documented.at(case.steps)
        if schema.get("format", case.truth) != case.truth
    ]
    if not places:
        return _as_documented(case)
    if case.truth in _WRITTEN:
        return _actions(case, [(rule, {"update": {"format": case.truth}}) for rule in places])
    return _actions(case, [(f"{rule}/format", {"remove": True}) for rule in places])


def _for_presence(case: _Case) -> str:
    return _comment("the contract allows both; accept it, or give the mock a record of either kind")


def _as_documented(case: _Case) -> str:
    """The contract agrees with the target, so it is the mock that is wrong."""
    return _comment(f"the contract allows what {case.host} does ({case.truth}); the mock should do so too")


def _comment(text: str) -> str:
    return f"# {text}\n"


def _overlay(case: _Case, rule: str, update: Json) -> str:
    return _actions(case, [(rule, {"update": update})])


def _actions(case: _Case, changes: list[tuple[str, Record]]) -> str:
    """Actions for pointers in the document."""
    return _listed(case, [(json_path(case.document, rule), change) for rule, change in changes])


def _listed(case: _Case, changes: list[tuple[str, Record]]) -> str:
    actions = [{"target": target, "description": case.why, **change} for target, change in changes]
    return spelled_yaml(actions, "under `actions` of the overlay")


_SUGGESTIONS: Mapping[str, Callable[[_Case], str]] = MappingProxyType(
    {
        "status": _for_status,
        "needs_scenario": _for_missing_data,
        "content_type": _for_content_type,
        "header": _for_header,
        "type": _for_type,
        "missing_key": _for_missing_key,
        "extra_key": _for_missing_key,
        "enum": _for_enum,
        "format": _for_format,
        "presence": _for_presence,
    }
)
