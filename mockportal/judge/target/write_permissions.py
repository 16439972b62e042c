"""Profile `remote-write`: the file that says what may be written, where, and how it is removed again.

writes:
  - operation: createPortalPage
    tenant: {operation: getOrgPortalConfig, expect: {/organization_id: "500001"}}
    cleanup: {operation: deletePortalPage, id: /id, param: id}
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from mockportal.errors import UsageError, hint
from mockportal.files.pointers import resolve
from mockportal.judge.context import body_of
from mockportal.judge.target.profiles import SIDE_EFFECTS
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Blocked, Sender, Stopped
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

_KEYS = ("operation", "tenant", "cleanup", "reason", "existing")
_TENANT = ("operation", "expect")
_CLEANUP = ("operation", "id", "param")
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Tenant:
    """`operation` is a GET; what it answers has the values of `expect` (by JSON pointer) if this is the tenant that
    may be written to."""

    operation: str
    expect: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Cleanup:
    """`operation` removes what was made: its parameter `param` is the value at the pointer `id` of the answer."""

    operation: str
    id: str
    param: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """One operation that may write. Without a `cleanup` there is a `reason`. Only with `existing` it may touch what
    the run has not made itself."""

    operation: str
    tenant: Tenant
    cleanup: Cleanup | None
    reason: str = ""
    existing: bool = False


def load_allowances(path: Path, spec: Spec) -> dict[str, Allowance]:
    """The entries of a file by operation. Raises `UsageError` with file and pointer."""
    document = _mapping(_parsed(path), f"{path}: /", ("writes",), ("writes",))
    listed = document["writes"]
    if not isinstance(listed, list) or not listed:
        raise UsageError(f"{path}: /writes", "is not a list of entries")
    found: dict[str, Allowance] = {}
    for number, entry in enumerate(listed):
        where = f"{path}: /writes/{number}"
        allowance = _allowance(entry, where, spec)
        if allowance.operation in found:
            raise UsageError(f"{where}/operation", f"{allowance.operation} has an entry already")
        found[allowance.operation] = allowance
    return found


def check_tenants(sender: Sender, target: Target, allowances: Iterable[Allowance]) -> None:
    """Raises `UsageError` unless every tenant is the expected one, as seen with the token that the writing operation
    and its clean-up are called with."""
    asked: list[tuple[str, Tenant]] = []
    for allowance in allowances:
        names = [allowance.operation, *([allowance.cleanup.operation] if allowance.cleanup else [])]
        for name in names:
            token = target.variable_of(sender.gate.spec.operations[name])
            if (token, allowance.tenant) not in asked:
                asked.append((token, allowance.tenant))
                _check_tenant(sender, target, allowance.tenant, token, name)


def _check_tenant(sender: Sender, target: Target, tenant: Tenant, token: str, name: str) -> None:
    where = f"{tenant.operation} (before {name} may write)"
    case = target.cases[tenant.operation]
    try:
        exchange = sender.call(tenant.operation, case.params, token=token, world="preflight")
    except (Blocked, Stopped) as refused:
        raise UsageError(where, str(refused)) from None
    if exchange.status != 200:
        said = f"answers {exchange.status}" if exchange.received else exchange.problem
        raise UsageError(where, f"the tenant is unknown: {said}")
    body = body_of(exchange)
    for at, expected in tenant.expect.items():
        seen = value_at(body, at)
        if type(seen) is not type(expected) or seen != expected:
            raise UsageError(where, f"wrong tenant: {at} is {seen!r} instead of {expected!r}")


def value_at(body: Json, at: str) -> Json:
    """The value at a JSON pointer; None if nothing is there."""
    try:
        return resolve(body, at)
    except (LookupError, ValueError, TypeError):
        return None


def _parsed(path: Path) -> Json:
    try:
        data = path.read_bytes()
        root = yaml.compose(data, Loader=yaml.CSafeLoader)
        _refuse_twins(root, str(path), "")
        return yaml.load(data, Loader=yaml.CSafeLoader)
    except OSError as error:
        raise UsageError(str(path), f"cannot be read ({error.strerror})") from None
    except yaml.YAMLError as error:
        raise UsageError(str(path), f"is not YAML: {' '.join(str(error).split())}") from None


def _refuse_twins(node: Json, where: str, at: str) -> None:
    """YAML keeps the last of two equal keys without a word."""
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _refuse_twins(item, where, f"{at}/{number}")
    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, item in node.value:
        if key.value in seen:
            raise UsageError(f"{where}: {at}/{key.value}", "stands there twice")
        seen.add(key.value)
        _refuse_twins(item, where, f"{at}/{key.value}")


def _allowance(entry: Json, where: str, spec: Spec) -> Allowance:
    fields = _mapping(entry, where, _KEYS, ("operation", "tenant"))
    operation = _operation(fields["operation"], f"{where}/operation", spec)
    if operation.method in ("GET", "HEAD"):
        raise UsageError(f"{where}/operation", f"{operation.id} only reads; it needs no entry")
    if not isinstance(fields.get("existing", False), bool):
        raise UsageError(f"{where}/existing", "is neither true nor false")
    cleanup, reason = _cleanup(fields, where, spec)
    tenant = _tenant(fields["tenant"], f"{where}/tenant", spec)
    return Allowance(operation.id, tenant, cleanup, reason, fields.get("existing", False))


def _tenant(value: Json, where: str, spec: Spec) -> Tenant:
    fields = _mapping(value, where, _TENANT, _TENANT)
    operation = _operation(fields["operation"], f"{where}/operation", spec)
    if operation.method != "GET" or operation.id in SIDE_EFFECTS:
        raise UsageError(f"{where}/operation", f"{operation.id} is no GET that only reads")
    expect = fields["expect"]
    if not isinstance(expect, dict) or not expect:
        raise UsageError(f"{where}/expect", "is not a mapping of JSON pointers to values")
    for at, expected in expect.items():
        if not isinstance(at, str) or not at.startswith("/"):
            raise UsageError(f"{where}/expect", f"{at!r} is no JSON pointer")
        if not isinstance(expected, str | int) or expected == "":
            raise UsageError(f"{where}/expect", f"{at} expects {expected!r}, which tells no tenant")
    return Tenant(operation.id, expect)


def _cleanup(fields: Record, where: str, spec: Spec) -> tuple[Cleanup | None, str]:
    if "cleanup" not in fields:
        raise UsageError(
            where, "needs 'cleanup'; `cleanup: none` if there is nothing to remove, with a reason"
        )
    value, reason = fields["cleanup"], fields.get("reason")
    if value == _NONE:
        if not isinstance(reason, str) or not reason.strip():
            raise UsageError(where, "has no clean-up and needs 'reason'")
        return None, reason
    where = f"{where}/cleanup"
    known = _mapping(value, where, _CLEANUP, _CLEANUP)
    operation = _operation(known["operation"], f"{where}/operation", spec)
    if operation.method == "GET":
        raise UsageError(f"{where}/operation", f"{operation.id} only reads")
    if not isinstance(known["id"], str) or not known["id"].startswith("/"):
        raise UsageError(f"{where}/id", f"{known['id']!r} is no JSON pointer")
    names = {parameter.name for parameter in operation.parameters}
    if known["param"] not in names:
        problem = f"{operation.id} has no parameter {known['param']!r}{hint(str(known['param']), names)}"
        raise UsageError(f"{where}/param", problem)
    return Cleanup(operation.id, known["id"], known["param"]), str(reason or "")


def _operation(name: Json, where: str, spec: Spec) -> Operation:
    if name not in spec.operations:
        raise UsageError(where, f"the spec has no operation {name!r}{hint(str(name), spec.operations)}")
    return spec.operations[name]


def _mapping(value: Json, where: str, keys: Iterable[str], needed: Iterable[str]) -> Record:
    if not isinstance(value, dict):
        raise UsageError(where, "is not a mapping")
    known = [*keys]
    for key in value:
        if key not in known:
            raise UsageError(
                f"{where.rstrip('/')}/{key}", f"is no key that could stand here{hint(str(key), known)}"
            )
    for key in needed:
        if value.get(key) is None:
            raise UsageError(where, f"needs {key!r}")
    return value
