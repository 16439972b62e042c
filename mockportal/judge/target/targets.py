"""The facts about a target besides the contract: tokens, and a request for every operation that should succeed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from mockportal.errors import UsageError
from mockportal.judge.wire.gate import variable
from mockportal.spec.document import operations
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

_MOCK = "dev-"
_PLACE = variable("")  # of a token that comes from the environment


@dataclass(frozen=True, slots=True)
class Case:
    """One request that should succeed.

    token:  the token itself
    status: the success that it should have
    scheme: the security scheme whose token it is; "" for one that the file names for this operation
    """

    operation: str
    token: str
    params: Record
    body: Json
    status: int
    media_type: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A deployment under test.

    tokens:         one for each security scheme; `$MOCKPORTAL_TOKEN_NAME` is read from `environment`
    cases:          a request that should succeed, for each operation
    isolation:      the header that selects a world; "" if there are none
    identity:       `{path, body}`: an address outside the contract, and its answer if the data of this file are there
    apart:          operations that take away what others need, and so run in worlds of their own
    others:         tokens of customers who share nothing with any caller of `cases`, nor with each other
    clock:          the target's own time (RFC 3339); "" for that of the world
    refusals:       requests that it refuses, each a case with something changed:
                    `{operation, status, token, params, body, fields, reason, shows}`
    outcomes:       requests whose answers are known:
                    `{operations, token, params, body, after, status, shows, values, kinds, lacks, location}`
    locked_out:     callers whom it refuses: `{who, token, scheme, status, reason, writing, except, also}`; `writing`
                    means only where something changes
    issued:         JWTs that it accepts, by security scheme, if those of `tokens` are none, to make forgeries of
    public_keys:    JSON Web Keys with which its tokens are verified
    bad_tokens:     tokens that it refuses: `{who, token, scheme}`
    redirect_hosts: where it may redirect to; none for the request's own host, the target and its public settings
    side_effects:   GETs that change something
    environment:    the variables that tokens may come from
    replaced:       tokens of the file, by scheme, in whose place others were given: the file speaks of their callers
    given:          tokens, by scheme, that only generated requests are sent with, since the file knows nothing of them
    """

    tokens: Mapping[str, str]
    cases: Mapping[str, Case]
    isolation: str = ""
    identity: Record = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    clock: str = ""
    refusals: tuple[Record, ...] = ()
    outcomes: tuple[Record, ...] = ()
    locked_out: tuple[Record, ...] = ()
    issued: Mapping[str, str] = field(default_factory=dict)
    public_keys: tuple[Record, ...] = ()
    bad_tokens: tuple[Record, ...] = ()
    redirect_hosts: tuple[str, ...] = ()
    side_effects: frozenset[str] = frozenset()
    environment: Mapping[str, str] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """Every token by the variable that stands for it; those of the schemes are named after them.

        Raises `UsageError` for a token that is to come from the environment and is not there.
        """
        entries = (*self.refusals, *self.outcomes, *self.locked_out, *self.bad_tokens)
        tokens = [case.token for case in self.cases.values()] + [entry.get("token", "") for entry in entries]
        named = {_named(token): token for token in (*tokens, *self.replaced.values()) if token}
        named |= dict(zip(self.strangers(), self.others, strict=True))
        named |= {self.variable_of_given(scheme): token for scheme, token in self.given.items()}
        named |= {variable(scheme): token for scheme, token in self.tokens.items()}
        return {name: self._value(token) for name, token in named.items()}

    def _value(self, token: str) -> str:
        if not token.startswith(_PLACE):
            return token
        if not self.environment.get(token[1:]):
            raise UsageError(token, "is named in the targets file, and the environment has no such variable")
        return self.environment[token[1:]]

    def strangers(self) -> list[str]:
        """The variables of the tokens of `others`."""
        return [variable(f"other {number}") for number in range(1, len(self.others) + 1)]

    def variable_for(self, token: str) -> str:
        """The variable of a token: that of its scheme, for one of `tokens`."""
        return next(
            (variable(scheme) for scheme, held in self.tokens.items() if held == token), _named(token)
        )

    def variable_of_given(self, scheme: str) -> str:
        """The variable of a token of `given`: that of the scheme that it is known to be of, if there is one."""
        token = self.given[scheme]
        return next(
            (variable(known) for known, held in self.tokens.items() if held == token),
            variable(f"given {scheme}"),
        )

    def as_known(self) -> "Target":
        """The target with the tokens of its file, which become those of the callers of whom the file speaks."""
        tokens = {**self.tokens, **self.replaced}
        cases = {
            name: replace(case, token=self.replaced.get(case.scheme, case.token))
            for name, case in self.cases.items()
        }
        given = {scheme: self.tokens[scheme] for scheme in self.replaced}
        return replace(self, tokens=tokens, cases=cases, replaced={}, given=given)

    def scheme_of(self, operation: Operation) -> str:
        """The security scheme with which an operation is called, "" for a public one: the last one for which there is
        a token, else the last."""
        schemes = sorted({scheme for alternative in operation.security for scheme in alternative})
        held = [scheme for scheme in schemes if self.tokens.get(scheme)]
        return (held or schemes or [""])[-1]

    def variable_of(self, operation: Operation) -> str:
        """The variable of the token with which the case of an operation is sent."""
        case = self.cases[operation.id]
        scheme = self.scheme_of(operation)
        if not case.token:
            return ""
        return variable(scheme) if case.token == self.tokens.get(scheme) else _named(case.token)


def _named(token: str) -> str:
    """The variable of a token that is no scheme's. The mock's own are no secrets: their names say whose they are."""
    if token.startswith(_PLACE):
        return token
    return variable(token if token.startswith(_MOCK) else sha256(token.encode()).hexdigest()[:8])


def read_target(
    value: Record,
    spec: Spec,
    tokens: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    side_effects: Collection[str] = (),
) -> Target:
    """The target that the content of a file describes, of which the shape is right and the ids are filled in already;
    `tokens` (by scheme) go before those of the file."""
    held = {**value.get("tokens", {}), **(tokens or {})}
    return Target(
        tokens=held,
        cases=_cases(value, spec, Target(held, {})),
        isolation=value.get("isolation", ""),
        identity=value.get("identity", {}),
        apart=frozenset(value.get("apart", ())),
        others=tuple(token for token in value.get("others", ()) if token not in held.values()),
        clock=value.get("clock", ""),
        refusals=tuple(value.get("refusals", ())),
        outcomes=tuple(value.get("outcomes", ())),
        locked_out=tuple(value.get("locked_out", ())),
        issued=value.get("issued", {}),
        public_keys=tuple(value.get("public_keys", ())),
        bad_tokens=tuple(value.get("bad_tokens", ())),
        redirect_hosts=tuple(value.get("redirect_hosts", ())),
        side_effects=frozenset(side_effects),
        environment=environment or {},
        replaced=_replaced(value.get("tokens", {}), held),
    )


def _replaced(own: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    """The tokens of the file in whose place others are held; those from the environment have no caller of their own."""
    return {
        scheme: token
        for scheme, token in own.items()
        if held[scheme] != token and not token.startswith(_PLACE)
    }


def _cases(value: Record, spec: Spec, target: Target) -> dict[str, Case]:
    own, params = value.get("operations", {}), value.get("params", {})
    named = [raw for _, _, raw, _ in operations(spec.document) if "operationId" in raw]
    bodies = {raw["operationId"]: _example(raw) for raw in named}
    return {
        name: _case(operation, own.get(name) or {}, params, target, bodies.get(name))
        for name, operation in spec.operations.items()
    }


def _case(operation: Operation, own: Record, params: Record, target: Target, example: Json) -> Case:
    scheme = target.scheme_of(operation)
    default = target.tokens.get(scheme, "")
    given = {
        parameter.name: params[parameter.name]
        for parameter in operation.parameters
        if parameter.required and parameter.name in params
    }
    media_type = own.get("media_type", JSON_TYPE)
    body = own.get("body", example)
    return Case(
        operation=operation.id,
        token=own.get("token", default),
        params={key: value for key, value in (given | own.get("params", {})).items() if value is not None},
        body=body if media_type == JSON_TYPE or body is None else body.encode(),
        status=own.get("status", operation.success),
        media_type=media_type,
        scheme="" if "token" in own else scheme,
    )


def _example(raw: Record) -> Json:
    content = raw.get("requestBody", {}).get("content", {})
    return content.get(JSON_TYPE, {}).get("example")
