"""A valid request for every operation, as `contracts/targets/default.yaml` says."""

from dataclasses import dataclass
from pathlib import Path

from mockportal.spec.document import operations
from mockportal.spec.operations import JSON_TYPE
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario
from mockportal.state.strict_yaml import Tagged, load_yaml
from mockportal.values import Json, Record

FILE = Path(__file__).parent.parent / "contracts" / "targets" / "default.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """What to send, and as whom. `status` is the success that it should have."""

    operation: str
    token: str
    params: Record
    body: Json
    status: int
    media_type: str


def tokens_by_scheme() -> dict[str, str]:
    """Who calls an operation with this security scheme, if it does not say so itself."""
    return dict(load_yaml(FILE).value["tokens"])


def cases(spec: Spec, scenario: Scenario) -> dict[str, Case]:
    """One case for each operation of the spec."""
    file = resolved(load_yaml(FILE).value, scenario)
    bodies = {raw["operationId"]: _example(raw) for _, _, raw, _ in operations(spec.document)}
    return {name: _case(spec, name, file, bodies[name]) for name in spec.operations}


def _case(spec: Spec, name: str, file: Record, example: Json) -> Case:
    operation = spec.operations[name]
    own = file["operations"].get(name, {})
    schemes = sorted(scheme for alternative in operation.security for scheme in alternative)
    default = file["tokens"][schemes[-1]] if schemes else ""
    given = {
        parameter.name: file["params"][parameter.name]
        for parameter in operation.parameters
        if parameter.required and parameter.name in file["params"]
    }
    return Case(
        operation=name,
        token=own.get("token", default),
        params={key: value for key, value in (given | own.get("params", {})).items() if value is not None},
        body=_bytes(own.get("body", example), own.get("media_type", JSON_TYPE)),
        status=own.get("status", operation.success),
        media_type=own.get("media_type", JSON_TYPE),
    )


def _bytes(body: Json, media_type: str) -> Json:
    return body if media_type == JSON_TYPE or body is None else body.encode()


def _example(raw: Record) -> Json:
    content = raw.get("requestBody", {}).get("content", {})
    return content.get(JSON_TYPE, {}).get("example")


def resolved(value: Json, scenario: Scenario) -> Json:
    """The value with each `!id kind/alias` as the id."""
    if isinstance(value, Tagged):
        kind, _, alias = value.value.partition("/")
        return scenario.aliases[kind][alias]
    if isinstance(value, dict):
        return {key: resolved(item, scenario) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, scenario) for item in value]
    return value
