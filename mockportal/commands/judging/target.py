"""Connections to targets, and the knowledge about them: the judge put together with the mock and the shipped files."""

import os
import secrets
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from mockportal.commands.judging.access import Access, access_of
from mockportal.commands.judging.options import TargetOptions
from mockportal.config import VERSIONS, content
from mockportal.engine.api import Api, load_api
from mockportal.errors import UsageError, hint
from mockportal.files.shape import check_shape, read_file
from mockportal.files.strict_yaml import Tagged, load_yaml
from mockportal.judge.knowledge import knowledge
from mockportal.judge.target.profiles import PROFILES, Profile
from mockportal.judge.target.recognition import Recognition, recognised
from mockportal.judge.target.targets import Target, read_target
from mockportal.judge.target.targets_schema import PARTS, targets_schema
from mockportal.judge.wire.gate import variable
from mockportal.judge.wire.logins import logged_in, with_access
from mockportal.judge.wire.transports import Transport, in_process, is_loopback, over_http
from mockportal.mock import Mock, Setup, load_mock, load_mock_spec
from mockportal.spec.document import follow
from mockportal.spec.parameters import Parameter
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario
from mockportal.values import Json, Record
from mockportal.web.app import create_app

LOCAL = "local"
WORLD_HEADER = "X-Mockportal-World"
_ITSELF = Recognition(is_mock=True, has_worlds=True)
_IDENTITY = {"path": "/__mockportal/health", "body": {"scenario": "default"}}
IN_PROCESS = "the mock in this process"
_ANSWER = ("status", "shows", "values", "kinds", "lacks", "location")
MOCK_ADDRESS = "http://127.0.0.1:8080"  # where it would answer, for requests that are shown as curl


@dataclass(frozen=True, slots=True)
class ReachedTarget:
    """A target and the way to it.

    run:   tells the worlds of this run from those of others
    notes: what is not done because of what the target is
    access: certificates, headers and logins; for the secrets of it
    """

    spec: Spec
    api: Api
    target: Target
    profile: Profile
    transport: Transport
    run: str
    notes: tuple[str, ...] = ()
    access: Access = field(default_factory=Access)


def reach(options: TargetOptions) -> ReachedTarget:
    """The target that the options name. Raises `MockportalError`."""
    if not options.url:
        return reach_mock(options, load_mock(options.setup))
    spec = load_mock_spec(options.setup)
    return reach_address(options, spec, load_api(options.setup.package, spec), None)


def reach_mock(options: TargetOptions, mock: Mock) -> ReachedTarget:
    """This mock as the target, without a socket in between. Raises `MockportalError`."""
    target = target_for(options, mock.spec, mock.api, mock, _ITSELF)
    transport = in_process(create_app(mock).router)
    return ReachedTarget(mock.spec, mock.api, target, profile_for(options, _ITSELF), transport, "")


def reach_address(options: TargetOptions, spec: Spec, api: Api, mock: Mock | None) -> ReachedTarget:
    """The target at an address, which is asked what it is if it is on this machine. Raises `MockportalError`."""
    check_profile(options)
    access = Access()
    if options.targets is not None:
        access = access_of(_targets_file(options.targets, spec), options.targets.parent)
    options = replace(options, tokens={**logged_in(access.logins), **options.tokens})
    line = over_http(options.url, options.timeout, context=access.context)
    transport = with_access(line, access.headers, access.logins)
    known = Recognition()
    if is_loopback(options.url):
        shipped = shipped_targets(options.setup.api, spec) if options.setup.spec is None else {}
        known = recognised(transport, shipped.get("identity", _IDENTITY), WORLD_HEADER)
    target = target_for(options, spec, api, mock, known)
    profile = profile_for(options, known)
    notes = _notes(options, known, profile)
    return ReachedTarget(spec, api, target, profile, transport, secrets.token_hex(3), notes, access)


def _notes(options: TargetOptions, known: Recognition, profile: Profile) -> tuple[str, ...]:
    """Lines on what was not done because of what the target is."""
    notes = []
    if options.targets is None and known.differs:
        notes.append(f"the mock has other data ({known.differs}), so the shipped ids were not sent")
    elif options.targets is None and not known.is_mock:
        notes.append("the shipped ids were not sent to a stranger; name the target's own by --targets FILE")
    if not options.profile and profile.name != LOCAL and is_loopback(options.url):
        notes.append(
            f"only what reads was sent, as {options.url} is no mock with worlds; --profile local writes, too"
        )
    return tuple(notes)


def chosen(names: frozenset[str] | None, spec: Spec) -> frozenset[str] | None:
    """`names`, all of which are operations. Raises `UsageError` for one that is not."""
    for name in names or ():
        if name not in spec.operations:
            known = hint(name, spec.operations)
            raise UsageError("--operation", f"the spec has no operation {name!r}{known}")
    return names


def check_profile(options: TargetOptions) -> None:
    """Raises `UsageError` for an unknown profile, and for `local` where the target is not on this machine."""
    name = options.profile
    if name and name not in PROFILES:
        raise UsageError("--profile", f"there is no profile {name!r}{hint(name, PROFILES)}")
    if name == LOCAL and options.url and not is_loopback(options.url):
        raise UsageError("--profile", f"local writes and deletes, and {options.url} is not on this machine")


def profile_for(options: TargetOptions, known: Recognition) -> Profile:
    """The profile asked for, else the one that does no harm: everything in worlds of a mock, reading only elsewhere.

    Raises `UsageError` where somebody at a terminal has to be sure that a target without worlds is written to.
    """
    check_profile(options)
    name = options.profile or (LOCAL if known.has_worlds else "remote-readonly")
    if name == LOCAL and not (known.has_worlds or options.sure) and sys.stdin.isatty():
        problem = (
            f"writes to {options.url} for good, as it is no mock with worlds; add --yes if that is meant"
        )
        raise UsageError("--profile local", problem)
    profile = PROFILES[name]
    return profile if options.rate is None else replace(profile, rate=options.rate)


def target_for(options: TargetOptions, spec: Spec, api: Api, mock: Mock | None, known: Recognition) -> Target:
    """The knowledge about the target, from the file that was named, else from the shipped one.

    Of the shipped one a stranger gets only what fits any target; a mock with other data gets its tokens, too. The
    header of worlds is that of the file where it was not tried out. Raises `MockportalError`.
    """
    shipped = options.targets is None
    path = options.targets or Path()
    if not shipped:
        value = _targets_file(path, spec)
    else:
        value = shipped_targets(options.setup.api, spec) if options.setup.spec is None else {}
    if mock is None and _has_tags(value):
        mock = load_mock(Setup())
    if mock is not None:
        value = resolved(value, mock.scenario(None))
    if shipped and not known.has_same_data:
        value = for_strangers(value, spec) | ({"tokens": value.get("tokens", {})} if known.is_mock else {})
    if not options.url or is_loopback(options.url):
        value = {**value, "isolation": WORLD_HEADER if known.has_worlds else ""}
    schemes = {
        scheme for operation in spec.operations.values() for found in operation.security for scheme in found
    }
    unknown = sorted(options.tokens.keys() - schemes)
    if unknown:
        scheme = unknown[0]
        raise UsageError("--token", f"the spec has no security scheme {scheme!r}{hint(scheme, schemes)}")
    tokens = _tokens_from_environment(schemes) | dict(options.tokens)
    return read_target(value, spec, _with_either(tokens, schemes), os.environ, api.side_effects)


def for_strangers(value: Record, spec: Spec) -> Record:
    """The part of a targets file that fits any deployment: operations that run apart, parameters that are no ids."""
    parameters = [one for operation in spec.operations.values() for one in operation.parameters]
    params = {
        name: given
        for name, given in value.get("params", {}).items()
        if all(_fits_all(spec, one, given) for one in parameters if one.name == name)
    }
    return {"params": params, "apart": value.get("apart", [])}


def _fits_all(spec: Spec, parameter: Parameter, value: Json) -> bool:
    """True for a value that is no name of a thing: a number, a time, one of those that the document lists."""
    schema, _ = follow(spec.document, parameter.schema, parameter.pointer)
    times = ("date", "date-time")
    listed = isinstance(schema, dict) and ("enum" in schema or schema.get("format") in times)
    return not isinstance(value, str) or listed


def shipped_targets(api: str, spec: Spec) -> Record:
    """The shipped knowledge for a version of the shipped document: that of the first version, and what is different."""
    value = _targets_file(content("targets/default.yaml"), spec)
    if api == VERSIONS[0]:
        return value
    more = _targets_file(content(f"targets/{api}.yaml"), spec)
    asked = [_question(one) for one in more.get("outcomes", ())]
    value["outcomes"] = [one for one in value["outcomes"] if _question(one) not in asked]
    joined: Record = _joined(value, more)
    return joined


def _question(outcome: Record) -> Record:
    """The request of an outcome, without what is known of the answer."""
    return {name: value for name, value in outcome.items() if name not in _ANSWER}


def _joined(value: Json, more: Json) -> Json:
    """Lists one after the other, objects key by key; any other value is that of `more`."""
    if isinstance(value, dict) and isinstance(more, dict):
        return value | {key: _joined(value[key], one) if key in value else one for key, one in more.items()}
    return [*value, *more] if isinstance(value, list) and isinstance(more, list) else more


def resolved(value: Json, scenario: Scenario) -> Json:
    """The value with each `!id kind/alias` as the id. Raises `UsageError` for one that the scenario does not have."""
    if isinstance(value, Tagged):
        kind, _, alias = str(value.value).partition("/")
        try:
            return scenario.aliases[kind][alias]
        except KeyError:
            problem = f"the scenario {scenario.name} has no such record"
            raise UsageError(f"!id {value.value}", problem) from None
    if isinstance(value, dict):
        return {key: resolved(item, scenario) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, scenario) for item in value]
    return value


def _targets_file(path: Path, spec: Spec) -> Record:
    """The content of the file, with the parts that stand in files beside it. Raises `FileError`."""
    schema = targets_schema(spec)
    value: Record = read_file(path, schema, ("!id",)).value
    for part in PARTS:
        beside = path.with_name(f"{path.stem}-{part}.yaml")
        if beside.exists():
            more = load_yaml(beside, ("!id",))
            check_shape(more, schema["properties"][part])
            value[part] = more.value
    return value


def _with_either(tokens: dict[str, str], schemes: set[str]) -> dict[str, str]:
    """A token of a customer or of an administrator is good for the scheme that takes either."""
    known = knowledge("schemes")
    either = tokens.get(known["customer"]) or tokens.get(known["administrator"])
    return {known["either"]: either, **tokens} if either and known["either"] in schemes else tokens


def _tokens_from_environment(schemes: set[str]) -> dict[str, str]:
    named = {scheme: os.environ.get(variable(scheme)[1:], "") for scheme in schemes}
    return {scheme: token for scheme, token in named.items() if token}


def _has_tags(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_has_tags, value.values()))
    return any(map(_has_tags, value)) if isinstance(value, list) else isinstance(value, Tagged)
