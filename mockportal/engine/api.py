"""The description of an API beyond its document: one value, which a package of behaviours declares.

A package marks its behaviours with `@operation` and the function that lets callers in with `@admission`, and holds one
value of type `Api`. The decorators only leave a note on the function; nothing is registered by importing. `load_api`
reads the notes of a package and checks each operationId against the spec.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from mockportal.engine.call import Call, Caller, Reply, Request
from mockportal.engine.modules import modules_of
from mockportal.errors import BehaviourError, UsageError, hint
from mockportal.spec.examples import SAMPLES, Samples
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.state.data_model import EMPTY, DataModel
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft
from mockportal.values import Json, Record

Behaviour = Callable[[Call, Draft], Json]
Admission = Callable[[Operation, Caller, Draft], Caller]
Service = Callable[[Request, Draft], Reply]  # the path of the request is the one below the service

_F = TypeVar("_F", bound=Callable[..., object])
_OPERATIONS = "__mockportal_operations__"
_ADMISSION = "__mockportal_admission__"


def admit_as_is(operation: Operation, caller: Caller, draft: Draft) -> Caller:
    """The admission of a package that marks none of its own."""
    return caller


def in_no_other_version(id: str) -> bool:
    """The versions of an API that has one document."""
    return False


def plain_caller(claims: Record, token: str) -> Caller:
    """The holder of a minted token, for an API with one class of tokens."""
    kind, subject = str(claims.get("token_type", "bearer")), str(claims.get("sub", ""))
    return Caller(kind, subject, family=str(claims.get("origin_jti", "")), claims=claims, token=token)


def plain_claims(asked: Record, scenario: Scenario, draft: Draft) -> Record:
    """The claims of a new token, for an API with one class of tokens: `user` becomes the subject."""
    return {"sub": str(asked.get("user", "")), "token_type": str(asked.get("kind", "bearer"))}


def hides_nothing(caller: Caller, draft: Draft, kind: str, record: Record) -> str:
    """The answer of an API that shows every record to everybody."""
    return ""


def no_mails(draft: Draft) -> list[Record]:
    """The outbox of an API that sends no mails."""
    return []


def token_holders(scenario: Scenario, draft: Draft) -> list[Record]:
    """The people of an API that has no users: whoever holds a static token of the scenario."""
    return [
        {"user": None, "name": token.subject, "kind": token.kind, "token": name}
        for name, token in scenario.tokens.items()
    ]


def no_domains(draft: Draft, domains: Sequence[str]) -> None:
    """The domains of an API whose data names none. Raises `UsageError`."""
    raise UsageError("--domain", "this API has no frontend that a domain leads to")


@dataclass(frozen=True, slots=True)
class Api:
    """All that the mock has to know of an API apart from its document.

    data:          the collections of its state, and how their records refer to each other
    token_classes: security scheme -> the classes of token that it admits; a scheme that is missing admits all
    caller_of:     makes a caller of the claims of a minted token
    claims_of:     makes the claims of a token that the control API is asked for
    open:          whether any credential is let in that the scenario does not list, as long as it lists none
    side_effects:  the GETs that change something
    uploads:       the operations whose bodies carry a file
    ignored:       operation -> whether a key of its body is ignored by decision
    hiding:        tells what hides a record of a kind from a caller, "" for nothing
    outbox:        lists the mails which would have been sent, oldest first
    people:        lists everybody whom a client can be: `{user, name, kind, token, …}`
    add_domains:   lets the frontend of the data be reached under more domains
    samples:       the words, mails and addresses that examples are made of
    services:      name -> a neighbour of the API, such as its sign-in, which answers under `/__services/{name}`
    unreachable:   (operation, status) of a documented refusal that no request brings about -> why
    versions:      whether an operation belongs to another version of the document than the served one
    behaviours:    operation -> the function that answers it; filled in by `load_api`
    admit:         completes a caller or refuses one; filled in by `load_api`
    """

    data: DataModel = EMPTY
    token_classes: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    caller_of: Callable[[Record, str], Caller] = plain_caller
    claims_of: Callable[[Record, Scenario, Draft], Record] = plain_claims
    open: bool = True
    side_effects: frozenset[str] = frozenset()
    uploads: frozenset[str] = frozenset()
    ignored: Mapping[str, Callable[[str], bool]] = field(default_factory=lambda: MappingProxyType({}))
    hiding: Callable[[Caller, Draft, str, Record], str] = hides_nothing
    outbox: Callable[[Draft], list[Record]] = no_mails
    people: Callable[[Scenario, Draft], list[Record]] = token_holders
    add_domains: Callable[[Draft, Sequence[str]], None] = no_domains
    samples: Samples = SAMPLES
    services: Mapping[str, Service] = field(default_factory=lambda: MappingProxyType({}))
    unreachable: Mapping[tuple[str, int], str] = field(default_factory=lambda: MappingProxyType({}))
    versions: Callable[[str], bool] = in_no_other_version
    behaviours: Mapping[str, Behaviour] = field(default_factory=lambda: MappingProxyType({}))
    admit: Admission = admit_as_is


def operation(*ids: str) -> Callable[[_F], _F]:
    """Marks a function as the answer to these operations; it returns the body, or a `Reply`."""

    def note(function: _F) -> _F:
        setattr(function, _OPERATIONS, ids)
        return function

    return note


def admission(function: _F) -> _F:
    """Marks the function that lets callers in once their token is good: it completes the caller, or refuses."""
    setattr(function, _ADMISSION, True)
    return function


def load_api(package: str, spec: Spec) -> Api:
    """The API that a package and its modules describe; "" describes none. Raises `BehaviourError`."""
    if not package:
        return Api()
    behaviours: dict[str, Behaviour] = {}
    admissions: dict[str, Admission] = {}
    found: list[Api] = []
    for module in modules_of(package):
        for value in vars(module).values():
            if isinstance(value, Api) and value not in found:
                found.append(value)
            if getattr(value, "__module__", None) != module.__name__:
                continue
            for id in getattr(value, _OPERATIONS, ()):
                _bind(id, value, behaviours)
            if getattr(value, _ADMISSION, False):
                admissions[name_of(value)] = value
    if len(found) > 1:
        raise BehaviourError(package, "describes more than one Api")
    if len(admissions) > 1:
        raise BehaviourError(" and ".join(admissions), "are both marked @admission")
    api = found[0] if found else Api()
    admit = next(iter(admissions.values()), admit_as_is)
    return replace(api, behaviours=MappingProxyType(_served(behaviours, spec, api)), admit=admit)


def name_of(function: Callable[..., object]) -> str:
    """`acme.orders.create_order`"""
    return f"{function.__module__}.{function.__qualname__}"


def reply_of(call: Call, answer: Json) -> Reply:
    """The result of a behaviour as a reply: a body goes with the lowest documented success."""
    return answer if isinstance(answer, Reply) else Reply(call.operation.success, answer)


def _served(behaviours: Mapping[str, Behaviour], spec: Spec, api: Api) -> dict[str, Behaviour]:
    """The behaviours of the operations that the spec has. Raises `BehaviourError` for one of an operation that no
    version has."""
    aside = {operation.id for operation in spec.quarantine}
    for id, function in behaviours.items():
        if id not in spec.operations and id not in aside and not api.versions(id):
            known = hint(id, spec.operations)
            raise BehaviourError(name_of(function), f"the spec has no operation {id!r}{known}")
    return {id: function for id, function in behaviours.items() if id in spec.operations}


def _bind(id: str, function: Behaviour, found: dict[str, Behaviour]) -> None:
    if id in found:
        raise BehaviourError(name_of(function), f"{id!r} is answered by {name_of(found[id])} already")
    found[id] = function
