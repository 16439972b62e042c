"""`mockportal contract`: the judge put together with what only the whole knows: the files that are shipped, the ids of
a scenario, the mock in this process."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from mockportal.config import content
from mockportal.errors import UsageError, hint
from mockportal.files.shape import check_shape
from mockportal.files.strict_yaml import Tagged, load_yaml
from mockportal.judge.deviations import accept, load_deviations
from mockportal.judge.model import Report
from mockportal.judge.replay import Step, is_still_so, replay
from mockportal.judge.reports.stored import all_findings, exchanges_of
from mockportal.judge.run import STAGES, Plan, Progress, Watch, gate_of, judge
from mockportal.judge.target.profiles import PROFILES, Profile
from mockportal.judge.target.targets import Target, read_target
from mockportal.judge.target.targets_schema import PARTS, targets_schema
from mockportal.judge.target.write_journal import address_of, clean_up
from mockportal.judge.target.write_permissions import Allowance, load_allowances
from mockportal.judge.wire.gate import Blocked, Sender, Stopped, variable
from mockportal.judge.wire.transports import Transport, in_process, is_loopback, over_http
from mockportal.mock import Mock, Setup, load_mock, load_mock_spec
from mockportal.spec.overlay import load_overlay
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario
from mockportal.values import Json, Record
from mockportal.web.app import create_app

IN_PROCESS = "the mock in this process"
MOCK_ADDRESS = "http://127.0.0.1:8080"  # where it would answer, for requests that are shown as curl


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; `url` "" means the mock in this process. `tokens` are by security scheme."""

    setup: Setup = field(default_factory=Setup)
    url: str = ""
    profile: str = ""
    operations: frozenset[str] | None = None
    tokens: Mapping[str, str] = field(default_factory=dict)
    targets: Path | None = None
    deviations: Path | None = None
    allow_writes: Path | None = None
    journal: Path = Path("mockportal-writes.jsonl")
    seed: int = 1
    max_examples: int = 20
    rate: float | None = None
    timeout: float = 10.0
    stages: tuple[str, ...] = STAGES
    allow_untested: bool = False


def run_judge(
    options: Options,
    plan: Plan,
    transport: Transport,
    progress: Progress,
    watch: Watch = lambda received: None,
) -> Report:
    """The report on a prepared plan; `watch` sees every answer.

    Raises `MockportalError` for deviations that cannot be used, and for a target that cannot be judged.
    """
    path = _deviations_file(options)
    deviations = load_deviations(path, plan.spec.operations) if path else []
    started = datetime.now(UTC)
    report = judge(plan, transport, progress, watch)
    tested = [name for name, record in report.operations.items() if not record.untested]
    report.findings, report.known, stale = accept(
        report.findings, deviations, started.date(), tested, report.idle
    )
    report.problems += stale
    report.started = started.isoformat(timespec="seconds")
    return report


def _deviations_file(options: Options) -> Path | None:
    """The file that was named; else, for the mock in this process, what is known of it."""
    setup = options.setup
    if options.deviations or options.url or setup.spec or setup.overlay:
        return options.deviations
    return content("deviations.yaml" if setup.use_overlay else "deviations-raw.yaml")


def run_again(options: Options, record: Record, finding: str) -> tuple[list[Step], bool]:
    """The steps of a finding of a report, then and now, and whether it is still so.

    Raises `MockportalError`, also where the profile does not allow a step.
    """
    plan, transport = prepared(options)
    entry = next((one for one in all_findings(record) if one["id"] == finding), {})
    exchanges = exchanges_of(record, finding)
    if not exchanges:
        raise UsageError("--replay", f"the finding {finding} has no requests to play")
    with Sender(gate_of(plan, transport)) as sender:
        try:
            steps = replay(sender, exchanges, f"replay-{finding}")
        except (Blocked, Stopped) as refused:
            raise UsageError("--replay", str(refused)) from None
    return steps, is_still_so(plan.spec, entry["check"], entry["signature"], steps)


def prepared(options: Options) -> tuple[Plan, Transport]:
    """What to judge, and the way there. Raises `MockportalError`."""
    profile = profile_for(options)
    if not options.url:
        mock = load_mock(options.setup)
        transport, spec, run = in_process(create_app(mock)), mock.spec, ""
        target = target_for(options, spec, mock)
    else:
        transport = over_http(options.url, options.timeout)
        spec, run = load_mock_spec(options.setup), secrets.token_hex(3)
        target = target_for(options, spec, None)
    allowances = allowances_for(options, profile, spec)
    if allowances:
        profile, target = replace(profile, allowed=frozenset(allowances)), replace(target, isolation="")
    plan = Plan(
        spec=spec,
        target=target,
        profile=profile,
        url=options.url or IN_PROCESS,
        seed=options.seed,
        max_examples=options.max_examples,
        stages=options.stages,
        operations=chosen(options.operations, spec),
        links=load_overlay(content("links.yaml")) if options.setup.spec is None else [],
        run=run,
        allow_untested=options.allow_untested,
        allowances=allowances,
        journal=options.journal if allowances else None,
    )
    return plan, transport


def chosen(names: frozenset[str] | None, spec: Spec) -> frozenset[str] | None:
    """`names`, all of which are operations. Raises `UsageError` for one that is none."""
    for name in names or ():
        if name not in spec.operations:
            raise UsageError(
                "--operation", f"the spec has no operation {name!r}{hint(name, spec.operations)}"
            )
    return names


def allowances_for(options: Options, profile: Profile, spec: Spec) -> dict[str, Allowance]:
    """What may be written: what the file says for `remote-write`, and nothing for the others. Raises `UsageError`."""
    if (profile.name == "remote-write") != (options.allow_writes is not None):
        raise UsageError("--profile remote-write", "and --allow-writes FILE go together")
    return load_allowances(options.allow_writes, spec) if options.allow_writes is not None else {}


def remove_leftovers(options: Options, journal: Path) -> list[str]:
    """Removes what an earlier run noted in `journal`; the answer is what is still there, a line each.

    Raises `MockportalError`.
    """
    url = options.url or address_of(journal)
    spec = load_mock_spec(options.setup)
    target = replace(target_for(replace(options, url=url), spec, None), isolation="")
    return clean_up(journal, spec, target, over_http(url, options.timeout), url)


def profile_for(options: Options) -> Profile:
    """The profile asked for, else the one that is safe: everything on this machine, reading only elsewhere.

    Raises `UsageError` for an unknown one, and for `local` where the target is not on this machine.
    """
    near = not options.url or is_loopback(options.url)
    name = options.profile or ("local" if near else "remote-readonly")
    if name not in PROFILES:
        raise UsageError("--profile", f"there is no profile {name!r}{hint(name, PROFILES)}")
    if name == "local" and not near:
        raise UsageError("--profile", f"local writes and deletes, and {options.url} is not on this machine")
    profile = PROFILES[name]
    return profile if options.rate is None else replace(profile, rate=options.rate)


def target_for(options: Options, spec: Spec, mock: Mock | None) -> Target:
    """What is known of the target: from the file that was named, else from the shipped one. Of that one a target
    elsewhere gets only the parameters: its tokens and its worlds are the mock's. Raises `MockportalError`."""
    shipped = options.targets is None
    path = options.targets or content("targets/default.yaml")
    value = {} if shipped and options.setup.spec is not None else _targets_file(path, spec)
    if mock is None and _has_tags(value):
        mock = load_mock(Setup())
    if mock is not None:
        value = resolved(value, mock.scenario(None))
    if shipped and options.url and not is_loopback(options.url):
        value = {"params": value.get("params", {})}
    known = {
        scheme for operation in spec.operations.values() for found in operation.security for scheme in found
    }
    for scheme in options.tokens.keys() - known:
        raise UsageError("--token", f"the spec has no security scheme {scheme!r}{hint(scheme, known)}")
    tokens = _tokens_from_environment(known) | dict(options.tokens)
    return read_target(value, spec, _with_either(tokens, known), os.environ)


def _targets_file(path: Path, spec: Spec) -> Record:
    """What the file says, with the parts that stand beside it. Raises `ScenarioError`."""
    file, schema = load_yaml(path), targets_schema(spec)
    check_shape(file, schema)
    value: Record = file.value
    for part in PARTS:
        beside = path.with_name(f"{path.stem}-{part}.yaml")
        if beside.exists():
            more = load_yaml(beside)
            check_shape(more, schema["properties"][part])
            value[part] = more.value
    return value


def resolved(value: Json, scenario: Scenario) -> Json:
    """The value with each `!id kind/alias` as the id. Raises `UsageError` for one that the scenario has not."""
    if isinstance(value, Tagged):
        kind, _, alias = str(value.value).partition("/")
        try:
            return scenario.aliases[kind][alias]
        except KeyError:
            raise UsageError(
                f"!id {value.value}", f"the scenario {scenario.name} has no such record"
            ) from None
    if isinstance(value, dict):
        return {key: resolved(item, scenario) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, scenario) for item in value]
    return value


def _with_either(tokens: dict[str, str], schemes: set[str]) -> dict[str, str]:
    """A token of a customer or of an administrator is good for the scheme that takes either."""
    either = tokens.get("PortalAuth") or tokens.get("EpilotAuth")
    return {"EitherAuth": either, **tokens} if either and "EitherAuth" in schemes else tokens


def _tokens_from_environment(schemes: set[str]) -> dict[str, str]:
    named = {scheme: os.environ.get(variable(scheme)[1:], "") for scheme in schemes}
    return {scheme: token for scheme, token in named.items() if token}


def _has_tags(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_has_tags, value.values()))
    return any(map(_has_tags, value)) if isinstance(value, list) else isinstance(value, Tagged)
