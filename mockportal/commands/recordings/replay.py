"""`mockportal replay`: an exported session, played at a running mock or at a real deployment."""

import argparse
import os
from collections.abc import Mapping, Sequence

from mockportal.commands.output import say, warn
from mockportal.commands.recordings.control import CONTROL, message_of, must
from mockportal.commands.recordings.deployment import Deployment
from mockportal.commands.recordings.mock_stage import WiredStage, wired_difference
from mockportal.commands.recordings.wire import NotAnswered, address, ask
from mockportal.commands.setup_flags import setup_of
from mockportal.errors import UsageError
from mockportal.expectations import Failure, Play, play_all
from mockportal.files.inline import as_inline
from mockportal.files.pointers import pointer_to
from mockportal.mock import Setup, load_mock
from mockportal.recordings.sessions.callers import STRANGER
from mockportal.spec.spec import Spec
from mockportal.state.rules.check import NOBODY
from mockportal.state.scenario import Scenario, load_scenario
from mockportal.values import Record, decode

_READS = ("GET", "HEAD")


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `replay`."""
    parser.add_argument("file", metavar="FILE", help="a scenario's file, such as an export")
    parser.add_argument("--target", required=True, metavar="URL", help="a running mock, or a real deployment")
    parser.add_argument(
        "--token", action="append", default=[], metavar="ALIAS=TOKEN",
        help="the deployment's token for a token of the file, such as dev-anna; `$NAME` reads the environment",
    )  # fmt: skip
    parser.add_argument(
        "--allow-writes", action="store_true", help="send what may change something to a deployment, too"
    )


def run(given: argparse.Namespace) -> int:
    """Plays the file and prints what differs; 1 if something does. Raises `MockportalError`."""
    target, setup = address("--target", given.target), setup_of(given)
    spec, scenario = _loaded(given.file, setup)
    if _is_mock(target):
        found = _at_mock(target, spec, scenario)
    else:
        tokens = dict(map(_token, given.token))
        _check(scenario, spec, tokens, given.allow_writes)
        found = _at_deployment(Deployment(target, tokens), spec, scenario)
    say(f"{'differs' if found else 'same':8}{given.file}")
    for failure in found:
        say(f"  {scenario.plan.where(pointer_to('expect', failure.entry))}: {failure}")
    return 1 if found else 0


def _loaded(name: str, setup: Setup) -> tuple[Spec, Scenario]:
    mock = load_mock(setup)
    return mock.spec, load_scenario(name, setup.folders(), mock.spec, mock.api.data).build()


def _is_mock(target: str) -> bool:
    """True if a mock answers at an address, False for a deployment. Raises `UsageError` if nothing answers, or a mock
    without its control API."""
    try:
        answer = ask(target, "GET", f"{CONTROL}/health")  # without the control token: it may be anybody
    except NotAnswered as problem:
        raise UsageError("--target", f"nothing answers at {target} ({problem})") from None
    if b'"spec_sha256"' in answer.content or b"control API needs its token" in answer.content:
        return True
    if b"the control API" in answer.content:
        raise UsageError("--target", message_of(answer))
    return False


def _at_mock(target: str, spec: Spec, scenario: Scenario) -> list[Failure]:
    """The differences at a mock, in a world of its own, which stays if there are any."""
    source: Record = as_inline(scenario.plan.files[0].value)
    asked = {name: value for name, value in source.items() if name != "expect"}
    made = decode(must(target, "POST", "/worlds", {"scenario": asked}).content)
    found = play_all(scenario.expect, Play(WiredStage(target, made["name"]), spec, wired_difference))
    if found:
        warn(f"the world is kept: {target}/@{made['name']}")
    else:
        must(target, "DELETE", f"/worlds/{made['name']}")
    return found


def _at_deployment(stage: Deployment, spec: Spec, scenario: Scenario) -> list[Failure]:
    """The differences at a deployment, without the entries that only a mock can take."""
    only_mock = [number for number, entry in enumerate(scenario.expect) if "as" not in entry]
    if only_mock:
        warn(f"left out, since only a mock can take them: {len(only_mock)} entries without a request")
    found = play_all(scenario.expect, Play(stage, spec, stage.difference))
    return [failure for failure in found if failure.entry not in only_mock]


def _check(scenario: Scenario, spec: Spec, tokens: Mapping[str, str], allow_writes: bool) -> None:
    """Raises `UsageError` for a session that writes without leave, or whose people have no token."""
    entries: Sequence[Record] = [entry for entry in scenario.expect if "as" in entry]
    writing = sorted(
        {one["operation"] for one in entries if spec.operations[one["operation"]].method not in _READS}
    )
    if writing and not allow_writes:
        raise UsageError(
            "--allow-writes", f"is needed, as the session may change something: {', '.join(writing)}"
        )
    people = {entry["as"] for entry in entries} - {NOBODY, STRANGER, *tokens}
    if people:
        raise UsageError("--token", f"is needed for {', '.join(sorted(people))}, as {min(people)}=TOKEN")


def _token(text: str) -> tuple[str, str]:
    alias, _, token = text.partition("=")
    if token.startswith("$"):
        token = os.environ.get(token[1:], "")
    if not (alias and token):
        raise UsageError(
            "--token", "is ALIAS=TOKEN, such as dev-anna=eyJ…, or dev-anna=$VARIABLE that is set"
        )
    return alias, token
