"""`mockportal new`: a scenario file to begin with."""

import argparse
import re

from mockportal.commands.output import say
from mockportal.commands.setup_flags import setup_of
from mockportal.engine.api import load_api
from mockportal.errors import UsageError
from mockportal.files.writing import write_files
from mockportal.mock import Setup, load_mock_spec
from mockportal.spec.spec import Spec
from mockportal.state.scenario import ScenarioPlan, load_scenario

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_STARTER = """\
about: One sentence that tells what a tester sees.
extends: {extends}

# Where the world stands; `!date -3d` and `!time -2h` count from here.
#clock: 2026-06-20T09:00:00+02:00

# Records by collection and alias. An alias that is inherited changes that record, and `!patch` makes sure of it;
# any other alias makes a new record.
#entities:
#  {kind}:
#    {alias}: !patch {{_title: Another title}}

# Bearer tokens, on top of the inherited ones.
#tokens:
#  my-token: {entry}

# Canned answers, delays and faults in place of the ordinary answer.
#rules:
#  - {{operation: {operation}, times: 1, fault: {{status: 503, headers: {{Retry-After: "2"}}}}}}

# What must hold, played by `mockportal verify {name}`.
#expect:
#  - {{as: nobody, operation: {operation}, status: 401}}
"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `new`."""
    parser.add_argument("name", metavar="NAME", help="its name; the file is NAME.yaml in ./scenarios")
    parser.add_argument(
        "--extends", default="default", metavar="SCENARIO", help="what it starts from (default: default)"
    )


def run(given: argparse.Namespace) -> int:
    """Writes the scenario. Raises `MockportalError`."""
    return new(given.name, given.extends, setup_of(given))


def new(name: str, extends: str, setup: Setup) -> int:
    """Writes a scenario that extends another one, and tells what to do with it. Raises `MockportalError`."""
    if not _NAME.fullmatch(name):
        raise UsageError(name, "is not a name for a scenario: use lower-case letters, digits and -")
    folder = setup.folders()[0]
    path = folder / f"{name}.yaml"
    if path.exists():
        raise UsageError(str(path), "exists already")
    spec = load_mock_spec(setup)
    plan = load_scenario(extends, setup.folders(), spec, load_api(setup.package, spec).data)
    plan.build()
    write_files(folder, {path.name: starter(name, extends, plan, spec)})
    say(
        f"{path} is written; `mockportal verify {name}` plays it, `mockportal serve {name} --watch` serves it"
    )
    return 0


def starter(name: str, extends: str, plan: ScenarioPlan, spec: Spec) -> str:
    """The text of a scenario whose examples name records and operations that there are."""
    records = plan.tree.get("entities", {})
    kind = next((one for one in records if records[one] and plan.data.has_entity(one)), "collection")
    user = next((entry for entry in plan.tree.get("tokens", {}).values() if entry), {"kind": "bearer"})
    key, value = next(iter(user.items()))
    operations = [one for one in spec.operations.values() if one.method == "GET" and not one.parameters]
    return _STARTER.format(
        name=name,
        extends=extends,
        kind=kind,
        alias=next(iter(records.get(kind, ())), "alias"),
        entry=f"{{{key}: {str(value).lower() if isinstance(value, bool) else value}}}",
        operation=next((one.id for one in operations if one.security), "operationId"),
    )
