"""Profile `remote-write`: the file that says what may be written, where, and how it is removed again.

writes:
  - operation: createPage
    tenant: {operation: getSettings, expect: {/tenant: "500001"}}
    cleanup: {operation: deletePage, id: /id, param: id}
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mockportal.errors import FileError, UsageError, hint
from mockportal.files.pointers import pointer_to
from mockportal.files.shape import TEXT, closed_object, read_file
from mockportal.files.strict_yaml import YamlFile
from mockportal.json_tree import value_at
from mockportal.judge.model import body_of
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Blocked, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

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
class WritePermission:
    """One operation that may write. Without a `cleanup` there is a `reason`. Only with `existing` it may touch what
    the run has not made itself."""

    operation: str
    tenant: Tenant
    cleanup: Cleanup | None
    reason: str = ""
    existing: bool = False


def load_write_permissions(
    path: Path, spec: Spec, side_effects: Collection[str] = ()
) -> dict[str, WritePermission]:
    """The entries of a file by operation. Raises `FileError` with line and pointer.

    `side_effects` are GETs that change something, and so cannot tell which tenant this is.
    """
    file = read_file(path, _schema(spec))
    found: dict[str, WritePermission] = {}
    for number, entry in enumerate(file.value["writes"]):
        at = pointer_to("writes", number)
        permission = _permission(file, at, entry, spec, side_effects)
        if permission.operation in found:
            raise _error(file, f"{at}/operation", f"{permission.operation} has an entry already")
        found[permission.operation] = permission
    return found


def _schema(spec: Spec) -> Record:
    name: Record = {"enum": sorted(spec.operations)}
    place: Record = {"type": "string", "pattern": "^/", "description": "a JSON pointer"}
    expect = {
        "type": "object",
        "propertyNames": place,
        "additionalProperties": {"type": ["string", "integer", "boolean"], "minLength": 1},
        "minProperties": 1,
    }
    cleanup = closed_object(("operation", "id", "param"), operation=name, id=place, param=TEXT)
    entry = closed_object(
        ("operation", "tenant", "cleanup"),
        operation=name,
        tenant=closed_object(("operation", "expect"), operation=name, expect=expect),
        cleanup={"if": {"type": "object"}, "then": cleanup, "else": {"enum": [_NONE]}},
        reason=TEXT,
        existing={"type": "boolean"},
    )
    return closed_object(("writes",), writes={"type": "array", "items": entry, "minItems": 1})


def check_tenants(sender: Sender, target: Target, permissions: Iterable[WritePermission]) -> None:
    """Raises `UsageError` unless every tenant is the expected one, as seen with the token that the writing operation
    and its clean-up are called with."""
    asked: list[tuple[str, Tenant]] = []
    for permission in permissions:
        names = [permission.operation, *([permission.cleanup.operation] if permission.cleanup else [])]
        for name in names:
            token = target.variable_of(sender.gate.spec.operations[name])
            if (token, permission.tenant) not in asked:
                asked.append((token, permission.tenant))
                _check_tenant(sender, target, permission.tenant, token, name)


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


def _permission(
    file: YamlFile, at: str, entry: Record, spec: Spec, side_effects: Collection[str]
) -> WritePermission:
    if spec.operations[entry["operation"]].method in ("GET", "HEAD"):
        raise _error(file, f"{at}/operation", f"{entry['operation']} only reads; it needs no entry")
    tenant = Tenant(**entry["tenant"])
    if spec.operations[tenant.operation].method != "GET" or tenant.operation in side_effects:
        raise _error(file, f"{at}/tenant/operation", f"{tenant.operation} is not a GET that only reads")
    cleanup, reason = _cleanup(file, at, entry, spec), entry.get("reason", "")
    return WritePermission(entry["operation"], tenant, cleanup, reason, entry.get("existing", False))


def _cleanup(file: YamlFile, at: str, entry: Record, spec: Spec) -> Cleanup | None:
    if entry["cleanup"] == _NONE:
        if not entry.get("reason", "").strip():
            raise _error(file, at, "has no clean-up and needs 'reason'")
        return None
    cleanup = Cleanup(**entry["cleanup"])
    operation = spec.operations[cleanup.operation]
    if operation.method == "GET":
        raise _error(file, f"{at}/cleanup/operation", f"{operation.id} only reads")
    names = [parameter.name for parameter in operation.parameters]
    if cleanup.param not in names:
        problem = f"{operation.id} has no parameter {cleanup.param!r}{hint(cleanup.param, names)}"
        raise _error(file, f"{at}/cleanup/param", problem)
    return cleanup


def _error(file: YamlFile, at: str, problem: str) -> FileError:
    return FileError(file.where(at), problem)
